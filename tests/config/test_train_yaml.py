"""The tracked settings files say what the defaults are, and say it of every key."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from weilidai.config import TrainSettings, load_settings
from weilidai.config.layers import read_layers
from weilidai.config.yaml_text import read_mapping

EXPERIMENTS = sorted((Path(__file__).resolve().parents[2] / "configs" / "experiments").glob("*.yaml"))


def leaves(model: type[BaseModel], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from leaves(field.annotation, (*above, name))
        else:
            yield (*above, name)


def test_the_main_file_holds_every_key(root: Path) -> None:
    _, places = read_mapping(root / "configs" / "train.yaml")
    assert [key for key in leaves(TrainSettings) if key not in places] == []


def test_the_main_file_holds_the_defaults_but_for_the_gates(root: Path) -> None:
    written, defaults = load_settings(root / "configs" / "train.yaml").settings, TrainSettings()
    keys = [key for key in leaves(TrainSettings) if key[-1] != "gates"]
    assert {key: value_of(written, key) for key in keys} == {key: value_of(defaults, key) for key in keys}


def value_of(settings: BaseModel, key: tuple[str, ...]) -> object:
    value: object = settings
    for name in key:
        value = getattr(value, name)
    return value


def test_every_key_of_the_main_file_is_explained_once(root: Path) -> None:
    explained, bare = set(), set()
    for line in (root / "configs" / "train.yaml").read_text(encoding="utf-8").splitlines():
        if found := re.match(r" *(?P<key>[a-z_0-9]+):(?P<rest>.*)", line):
            (explained if " # " in found["rest"] else bare).add(found["key"])
    gates = {"gates", "metric", "at_least", "at_most", "why", *load_settings().settings.evaluation.gates}
    assert bare - explained - gates - {"model"} == set()


@pytest.mark.parametrize("file", EXPERIMENTS, ids=lambda file: file.stem)
def test_an_experiment_can_be_run_and_says_how(file: Path, root: Path) -> None:
    assert file.read_text(encoding="utf-8").splitlines()[0] == f"# weilidai train {file.relative_to(root)}"
    assert load_settings(file).settings != load_settings().settings


@pytest.mark.parametrize("file", EXPERIMENTS, ids=lambda file: file.stem)
def test_an_experiment_holds_only_what_differs(file: Path, root: Path) -> None:
    base = read_layers(root / "configs" / "train.yaml").values
    own, places = read_mapping(file)
    own.pop("extends")

    def same(values: dict[str, object], below: object, above: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        for key, value in values.items():
            under = below.get(key) if isinstance(below, dict) else None
            if isinstance(value, dict):
                yield from same(value, under, (*above, key))
            elif value == under:
                yield (*above, key)

    assert [places[key] for key in same(own, base, ())] == []
