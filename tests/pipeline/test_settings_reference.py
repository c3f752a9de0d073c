"""What docs/ and editors are told of the settings is what the settings classes say."""

import json

import pytest
import yaml
from jsonschema import Draft202012Validator
from pydantic import BaseModel

from weilidai.config import TrainSettings
from weilidai.pipeline.settings_reference import reference, schema


@pytest.fixture(scope="module")
def validator():
    return Draft202012Validator(schema())


def test_the_page_and_the_schema_kept_are_the_ones_written_now(root):
    assert (root / "docs" / "settings.md").read_text(encoding="utf-8") == reference() + "\n", "run 'make docs'"
    assert json.loads((root / "configs" / "schema.json").read_text(encoding="utf-8")) == schema(), "run 'make docs'"


def keys(model, above=()):
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from keys(field.annotation, (*above, name))
        else:
            yield ".".join(above), name, field


def test_every_setting_stands_in_its_group_with_its_meaning():
    sections = {part.partition("\n")[0].strip("# "): part for part in reference().split("\n## ")}
    parts = {}
    for section in sections.values():
        for part in ("## " + section).split("\n##"):
            parts[part.partition("\n")[0].strip("# ")] = part
    for group, name, field in keys(TrainSettings):
        assert f"\n| `{name}` |" in parts[group], f"{group}.{name}"
        assert field.description.replace("|", "\\|") in parts[group]


def test_every_settings_file_of_the_project_is_valid_for_an_editor(root, validator):
    files = [root / "configs" / "train.yaml", *(root / "configs" / "experiments").glob("*.yaml"),
             *(root / "configs" / "sweep").glob("*.yaml")]  # fmt: skip
    assert len(files) > 4
    for file in files:
        faults = [fault.message for fault in validator.iter_errors(yaml.safe_load(file.read_text(encoding="utf-8")))]
        assert faults == [], file


@pytest.mark.parametrize("wrong", [
    {"data": {"rwos": 5}}, {"data": {"rows": "many"}}, {"data": {"rows": 0}}, {"modell": {}},
    {"model": {"quota": {"objective": "mae"}}}, {"tracking": {"champion_metric_is": "best"}}, {"extends": 5},
])  # fmt: skip
def test_an_editor_marks_what_a_training_would_refuse(validator, wrong):
    assert list(validator.iter_errors(wrong))


def test_a_file_need_hold_only_what_differs(validator):
    assert not list(validator.iter_errors({"evaluation": {"gates": {"calibrated": {"at_most": 0.1}}}}))
