"""A training refuses parameters that the facts have left behind, unless it is told otherwise."""

import re
import shutil

import pytest

from weilidai.config import load_settings
from weilidai.dataset.settings import DataSettings
from weilidai.errors import ConfigError
from weilidai.matching import MatchSettings, store
from weilidai.pipeline import doctoring, numbers, training
from weilidai.pipeline.matched import check_stored
from weilidai.pipeline.numbers import numbers_of, require_fresh
from weilidai.progress import Silent
from weilidai.tracking.listing import list_runs
from weilidai.tracking.settings import TrackingSettings
from weilidai.tracking.store import open_store


@pytest.fixture
def _facts_moved_on(monkeypatch):
    monkeypatch.setattr(numbers, "why_stale", lambda *_: "do not agree with the facts any more")


def test_fresh_parameters_are_taken():
    assert not require_fresh(DataSettings())


@pytest.mark.usefixtures("_facts_moved_on")
def test_stale_parameters_are_refused_with_the_cure():
    with pytest.raises(ConfigError, match="run 'weilidai match'"):
        require_fresh(DataSettings())


@pytest.mark.usefixtures("_facts_moved_on")
def test_stale_parameters_are_taken_when_the_settings_say_so():
    assert require_fresh(DataSettings(allow_stale_parameters=True))


@pytest.fixture
def edited(monkeypatch, tmp_path):
    """Lay a copy of the stored parameters aside, one number of the contraction changed in its file."""
    matched = tmp_path / "matched"
    shutil.copytree(store.parameters_file().parent, matched)
    file = matched / "contraction.yaml"
    text = file.read_text(encoding="utf-8")
    by_hand, times = re.subn(r"(?m)^(  lender\.invitation\.intercept: \[)[^,]*", r"\g<1>-9.0", text)
    assert times == 1
    file.write_text(by_hand, encoding="utf-8")
    for module in (store, doctoring):
        monkeypatch.setattr(module, "data_dir", lambda: tmp_path)


@pytest.mark.usefixtures("edited")
def test_parameters_edited_by_hand_are_refused_by_their_name():
    with pytest.raises(ConfigError, match="regime 'contraction' were edited by hand"):
        require_fresh(DataSettings(regime="contraction"))
    with pytest.raises(ConfigError, match="regime 'contraction' were edited by hand") as refused:
        check_stored(MatchSettings(check_people=10_000), "contraction", Silent())
    assert refused.value.exit_code == 2
    said = [finding.says for finding in doctoring.examine(TrackingSettings()) if finding.state == "wrong"]
    assert [words for words in said if "edited by hand" in words] == [words for words in said if "contraction" in words]
    assert any("contraction" in words for words in said)


def test_a_reading_is_laid_over_any_regime():
    changed = numbers_of("contraction", {"rate_within_grade": "fixed"})
    plain = numbers_of("contraction")
    assert {path for path in plain.numbers if plain.numbers[path] != changed.numbers[path]} == {
        "lender.pricing.half_width"
    }


def test_an_unknown_regime_names_the_near_one():
    with pytest.raises(ConfigError, match="did you mean 'contraction'"):
        numbers_of("contractoin")


@pytest.mark.usefixtures("_facts_moved_on")
def test_a_run_that_learnt_from_stale_parameters_says_so(monkeypatch, tmp_path):
    def stop(*_):
        raise ConfigError("far enough")

    monkeypatch.setattr(training, "_make", stop)
    sets = ["data.allow_stale_parameters=true", f"tracking.uri=sqlite:///{tmp_path / 'runs.db'}"]
    configured = load_settings(sets=sets)
    with pytest.raises(ConfigError, match="far enough"):
        training.train(configured, Silent())
    open_store(configured.settings.tracking)
    assert [run.tags["stale_parameters"] for run in list_runs(configured.settings.tracking)] == ["true"]


def test_an_unknown_policy_names_the_near_one():
    with pytest.raises(ConfigError, match="did you mean 'four_part'"):
        numbers_of("optimisation", policy="fourpart")


def test_a_policy_found_on_another_lender_is_refused_with_the_cure(monkeypatch):
    monkeypatch.setattr(numbers, "why_stale", lambda *_: None)
    monkeypatch.setattr(numbers, "policy_agrees", lambda *_: False)
    with pytest.raises(ConfigError, match="weilidai match --policy four_part") as refused:
        require_fresh(DataSettings(policy="four_part"))
    assert refused.value.where == "data.policy"
