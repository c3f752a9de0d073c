from pathlib import Path

import pytest

from weilidai.config import load_settings
from weilidai.pipeline.run_labels import headlines_first, run_name, run_params, run_tags, settings_digest
from weilidai.tracking.values import MOST_PARAMS, flat_params

EXPERIMENTS = sorted((Path(__file__).resolve().parents[2] / "configs" / "experiments").glob("*.yaml"))


def test_a_run_is_called_by_file_size_and_seed(tmp_path: Path) -> None:
    file = tmp_path / "my_own_idea.yaml"
    file.write_text("data: {rows: 1234567, seed: 9}\n", encoding="utf-8")
    assert run_name(load_settings(file)) == "my own idea, 1,234,567 people, seed 9"


@pytest.mark.parametrize("file", EXPERIMENTS, ids=lambda file: file.stem)
def test_a_table_of_runs_can_be_read(file: Path) -> None:
    params = flat_params(run_params(load_settings(file).settings))
    assert 20 <= len(params) <= MOST_PARAMS
    assert max(map(len, params.values())) < 120


@pytest.mark.parametrize("file", EXPERIMENTS, ids=lambda file: file.stem)
def test_an_experiment_can_be_told_from_the_reference_by_what_is_logged(file: Path) -> None:
    reference = flat_params(run_params(load_settings().settings))
    assert flat_params(run_params(load_settings(file).settings)) != reference


def test_parameters_have_the_names_that_set_takes() -> None:
    reference = load_settings()
    for name, value in flat_params(run_params(reference.settings)).items():
        if name not in ("data.readings", "model.challengers", "evaluation.protected"):
            assert load_settings(sets=[f"{name}={value}"]).settings == reference.settings


def test_the_digest_is_of_what_decides_the_outcome_and_of_nothing_else() -> None:
    def digest(*sets: str) -> str:
        return settings_digest(load_settings(sets=sets).settings)

    assert digest() == digest("tracking.experiment=other") == digest("search.trials=3")
    others = [digest(change) for change in ("data.seed=1", "model.rate.max_depth=3", "evaluation.replicates=7")]
    assert len({digest(), *others}) == 4


def test_tags_say_regime_policy_and_readings() -> None:
    tags = run_tags(load_settings(sets=["data.readings={thin_files: gate}", "evaluation.protected=[region]"]))
    assert (tags["regime"], tags["policy"], tags["protected"]) == ("optimisation", "composite", "region")
    assert tags["readings"] == '{"thin_files": "gate"}'


def test_the_figures_looked_at_first_are_logged_first() -> None:
    told = headlines_first({"z": 1.0, "test.quota.r2": 0.9, "a": 2.0, "test.invite.auc": 0.8})
    assert list(told) == ["test.invite.auc", "test.quota.r2", "z", "a"]
