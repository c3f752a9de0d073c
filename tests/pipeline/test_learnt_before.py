"""Models that are brought back instead of learnt again, and when they are not."""

from dataclasses import replace
from pathlib import Path
from re import sub
from typing import Any

import pandas as pd
import pytest

from weilidai.cache.settings import CacheSettings
from weilidai.cache.shelf import entries
from weilidai.config import TrainSettings
from weilidai.errors import ResourceError
from weilidai.models import boosting
from weilidai.models.boosting import Grow
from weilidai.models.manifest import plain_json, read_sealed, seal
from weilidai.pipeline import stage_keys
from weilidai.pipeline.generating import generate_frames, lender_of
from weilidai.pipeline.learning import Lender, Students, Tables, choose_inputs, learn, prepare
from weilidai.pipeline.learnt_before import LearntBefore
from weilidai.progress import Silent

QUICK = {"num_iterations": 10, "learning_rate": 0.3, "min_data_in_leaf": 10}
ALL = "invite, quota, rate, challenger invite, challenger quota"


class Told(Silent):
    """Remembers the lines."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, text: str) -> None:
        self.lines.append(text)


@pytest.fixture(scope="module")
def settings() -> TrainSettings:
    return TrainSettings.model_validate({
        "data": {"rows": 6000, "limits": {"minimum_class_rows": 10}},
        "model": {
            "invite": QUICK, "quota": {**QUICK, "spread_iterations": 5, "interval_folds": 0}, "rate": QUICK,
            "challengers": ["unconstrained"],
        },
    })


@pytest.fixture(scope="module")
def simulated() -> tuple[pd.DataFrame, Lender]:
    applicants, _, parameters = generate_frames(6000, 3, "optimisation", Silent())
    return applicants, lender_of(parameters)


@pytest.fixture(scope="module")
def lender(simulated: tuple[pd.DataFrame, Lender]) -> Lender:
    return simulated[1]


@pytest.fixture(scope="module")
def tables(simulated: tuple[pd.DataFrame, Lender], settings: TrainSettings) -> Tables:
    applicants, lender = simulated
    return prepare(applicants, choose_inputs(lender, settings), lender, settings, Silent())


@pytest.fixture
def cache(tmp_path: Path) -> CacheSettings:
    return CacheSettings(folder=str(tmp_path / "cache"))


def learnt(
    tables: Tables, lender: Lender, settings: TrainSettings, cache: CacheSettings, told: Told | None = None,
    grow: Grow | None = None,
) -> tuple[Students, dict[str, str]]:
    before = LearntBefore.of(cache, told or Told())
    before = replace(before, grow=grow or before.grow)
    students = learn(tables, choose_inputs(lender, settings), lender, settings, Silent(), before)
    if told:
        before.tell(told)
    return students, {name.removeprefix("stages."): said for name, said in before.tags.items()}


def parts_of(students: Students) -> list[object]:
    return [model.to_parts() for model in (students.invite, students.quota, students.rate) if model is not None]


def changed(settings: TrainSettings, model: str, **knobs: object) -> TrainSettings:
    own = getattr(settings.model, model).model_copy(update=knobs)
    return settings.model_copy(update={"model": settings.model.model_copy(update={model: own})})


def test_the_same_again_is_brought_back_to_the_last_byte_and_says_so(tables, lender, settings, cache) -> None:
    first, tags = learnt(tables, lender, settings, cache)
    assert tags == {"reused": "none", "learnt": ALL}
    told = Told()
    again, tags = learnt(tables, lender, settings, cache, told)
    assert tags == {"reused": ALL, "learnt": "none"}
    assert told.lines == [f"reused, learnt before from the same people with the same settings: {ALL}"]
    assert parts_of(again) == parts_of(first)
    chances = [one.challengers["unconstrained"].chance(tables.test) for one in (first, again)]
    assert (chances[0] == chances[1]).all()


def test_what_is_brought_back_is_what_is_learnt_without_a_cache(tables, lender, settings, cache) -> None:
    learnt(tables, lender, settings, cache)
    unused, tags = learnt(tables, lender, settings, CacheSettings(is_used=False))
    assert tags == {"reused": "none", "learnt": ALL}
    assert parts_of(unused) == parts_of(learnt(tables, lender, settings, cache)[0])


@pytest.mark.parametrize(("model", "knobs", "anew"), [
    ("quota", {"learning_rate": 0.2}, "quota, challenger quota"),
    ("rate", {"seed": 8}, "rate"),
    ("invite", {"coverage": 0.2}, "invite, challenger invite"),
])  # fmt: skip
def test_a_changed_setting_learns_anew_only_what_reads_it(
    tables, lender, settings, cache, model: str, knobs: dict[str, object], anew: str
) -> None:
    learnt(tables, lender, settings, cache)
    assert learnt(tables, lender, changed(settings, model, **knobs), cache)[1]["learnt"] == anew


def test_one_other_value_of_one_person_learns_everything_anew(tables, lender, settings, cache) -> None:
    learnt(tables, lender, settings, cache)
    other = tables.train.copy()
    other.loc[other.index[7], "daily_open_count"] += 1
    assert learnt(replace(tables, train=other), lender, settings, cache)[1]["learnt"] == ALL


def test_other_grades_learn_the_rate_anew(tables, lender, settings, cache) -> None:
    learnt(tables, lender, settings, cache)
    dearer = replace(lender, grade_rates={grade: 2 * rate for grade, rate in lender.grade_rates.items()})
    assert learnt(tables, dearer, settings, cache)[1]["learnt"] == "rate"


def test_code_that_was_edited_since_it_was_imported_is_neither_kept_nor_brought_back(
    tables, lender, settings, cache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learnt(tables, lender, settings, cache)
    kept = list(entries(cache.place))
    edited = tmp_path / "edited.py"
    edited.write_text("x = 1\n", encoding="utf-8")
    monkeypatch.setattr(stage_keys, "_files", lambda _root: (edited,))
    assert learnt(tables, lender, settings, cache)[1] == {"reused": "none", "learnt": ALL}
    dearer = replace(lender, grade_rates={grade: 2 * rate for grade, rate in lender.grade_rates.items()})
    learnt(tables, dearer, settings, cache)
    assert list(entries(cache.place)) == kept


def test_a_training_that_stops_goes_on_from_what_it_had_finished(tables, lender, settings, cache) -> None:
    whole = parts_of(learnt(tables, lender, settings, CacheSettings(is_used=False))[0])
    grown = []

    def until_the_rate(*given: Any, **named: Any) -> Any:
        grown.append(given[0])
        if len(grown) > 3:  # the invitation, the grant and its spread
            raise ResourceError("the machine stops here", where="test")
        return boosting.grow(*given, **named)

    with pytest.raises(ResourceError):
        learnt(tables, lender, settings, cache, grow=until_the_rate)
    resumed, tags = learnt(tables, lender, settings, cache)
    assert tags == {"reused": "invite, quota", "learnt": "rate, challenger invite, challenger quota"}
    assert parts_of(resumed) == whole


def test_trees_that_grow_elsewhere_are_neither_kept_nor_brought_back(tables, lender, settings, cache) -> None:
    learnt(tables, lender, settings, cache)
    kept, grown = list(entries(cache.place)), []

    def elsewhere(*given: Any, **named: Any) -> Any:
        grown.append(given[0])
        return boosting.grow(*given, **named)

    before = LearntBefore.of(cache, Told(), elsewhere)
    learn(tables, choose_inputs(lender, settings), lender, settings, Silent(), before)
    assert before.tags == {"stages.reused": "none", "stages.learnt": ALL}
    assert grown == ["binary", settings.model.quota.objective, "regression", "regression"]
    assert list(entries(cache.place)) == kept


def test_a_damaged_model_is_learnt_anew_with_one_line(tables, lender, settings, cache) -> None:
    first, _ = learnt(tables, lender, settings, cache)
    text = next(cache.place.glob("rate-*")) / "rate.txt"
    text.write_bytes(text.read_bytes()[:-100])
    told = Told()
    again, tags = learnt(tables, lender, settings, cache, told)
    assert tags["learnt"] == "rate"
    assert [line for line in told.lines if line.startswith("cache: what was kept of rate is damaged")]
    assert parts_of(again) == parts_of(first)


def test_a_hostile_model_with_right_digests_never_reaches_lightgbm(tables, lender, settings, cache) -> None:
    learnt(tables, lender, settings, cache)
    place = next(cache.place.glob("rate-*"))
    files = read_sealed(place, ("rate.txt", "state.json", "key.json"))
    assert plain_json(files["key.json"], place)["stage"] == "rate"
    files["rate.txt"] = sub(rb"left_child=-?\d+", b"left_child=9999", files["rate.txt"], count=1)
    for file in place.iterdir():
        file.unlink()
    place.rmdir()
    seal(files, place, {})
    told = Told()
    assert learnt(tables, lender, settings, cache, told)[1]["learnt"] == "rate"
    assert told.lines[0] == "cache: what was kept of rate is no model of this version; it is made anew"
    assert len(list(entries(cache.place))) == 5


def test_nothing_of_a_person_is_kept(tables, lender, settings, cache) -> None:
    learnt(tables, lender, settings, cache)
    kept = {file.name for file in cache.place.glob("*/*")}
    assert kept == {
        "manifest.json", "key.json", "state.json", "invite.txt", "quota.txt", "quota_spread.txt", "rate.txt",
    }
