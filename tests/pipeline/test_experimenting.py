from pathlib import Path
from types import SimpleNamespace

import pytest

from weilidai.config import Configured
from weilidai.errors import ConfigError, DataError
from weilidai.pipeline import experimenting
from weilidai.pipeline.experimenting import experiment_files, run_experiments
from weilidai.pipeline.run_labels import run_name, run_tags
from weilidai.progress import PlainLines
from weilidai.stores import prepare_mlflow
from weilidai.tracking.runs import training_run


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a place with a store of its own, where a training is one run without a model."""
    prepare_mlflow()
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path / 'mlflow.db'}")

    def train(configured: Configured, _progress: object) -> SimpleNamespace:
        if configured.settings.data.seed == 13:
            raise DataError("too few people")
        origin = experimenting.origin_tags(configured.settings)
        with training_run(configured.settings.tracking, run_name(configured), run_tags(configured) | origin) as run:
            run.log_metrics({"test.invite.auc": 0.8})
        return SimpleNamespace(run_id=run.id)

    monkeypatch.setattr(experimenting, "train", train)
    monkeypatch.setattr(experimenting, "origin_tags", lambda _: {"facts_digest": "f", "parameters_digest": "p"})
    return tmp_path


def files(here: Path, *seeds: int) -> list[Path]:
    made = [here / f"seed_{seed}.yaml" for seed in seeds]
    for file, seed in zip(made, seeds, strict=True):
        file.write_text(f"data: {{rows: 6000, seed: {seed}}}\n", encoding="utf-8")
    return made


def test_the_reference_comes_first_and_there_are_six_more_to_compare() -> None:
    names = [file.stem for file in experiment_files()]
    assert names[0] == "train"
    assert len(names) >= 7


def test_what_was_run_with_the_same_settings_is_not_run_again_and_it_says_so(here: Path, capsys) -> None:
    asked = files(here, 1, 2)
    first = run_experiments(asked[:1], (), PlainLines())
    tried = run_experiments(asked, (), PlainLines())
    assert [one.outcome for one in tried] == ["there already", "trained"]
    assert tried[0].run.id == first[0].run.id
    assert "there already, with the same settings, facts and parameters" in capsys.readouterr().err


def test_other_settings_other_parameters_and_being_asked_to_run_it_again(here: Path, monkeypatch) -> None:
    asked = files(here, 1)
    run_experiments(asked, (), PlainLines())
    assert run_experiments(asked, ("data.rows=7000",), PlainLines())[0].outcome == "trained"
    assert run_experiments(asked, ("tracking.champion_margin=0.1",), PlainLines())[0].outcome == "there already"
    assert run_experiments(asked, (), PlainLines(), again=True)[0].outcome == "trained"
    monkeypatch.setattr(experimenting, "origin_tags", lambda _: {"facts_digest": "f", "parameters_digest": "new"})
    assert run_experiments(asked, (), PlainLines())[0].outcome == "trained"


def test_one_that_fails_does_not_keep_the_others_from_being_run(here: Path) -> None:
    tried = run_experiments(files(here, 13, 2), (), PlainLines())
    assert [one.outcome for one in tried] == ["failed", "trained"]
    assert isinstance(tried[0].error, DataError)
    assert tried[0].metrics == {}


def test_a_run_that_died_is_run_again(here: Path, monkeypatch) -> None:
    def die(configured: Configured, _progress: object) -> None:
        origin = experimenting.origin_tags(configured.settings)
        with training_run(configured.settings.tracking, "dies", run_tags(configured) | origin):
            raise KeyboardInterrupt

    asked = files(here, 1)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(experimenting, "train", die)
        run_experiments(asked, (), PlainLines())
    assert run_experiments(asked, (), PlainLines())[0].outcome == "trained"


def test_a_file_that_cannot_be_meant_ends_it_before_anything_is_trained(here: Path) -> None:
    (here / "wrong.yaml").write_text("data: {rws: 3}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="did you mean 'rows'"):
        run_experiments([*files(here, 1), here / "wrong.yaml"], (), PlainLines())
    assert not (here / "mlflow.db").exists()
