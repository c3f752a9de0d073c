"""Whole trainings on people among whom somebody hid the answer: none of them ends with a model in use."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from own_tables import LABEL, drawn_table, written
from weilidai.errors import StoreError
from weilidai.pipeline import sources
from weilidai.places import configs_dir
from weilidai.tracking.champion import standing
from weilidai.tracking.listing import list_runs
from weilidai.tracking.settings import TrackingSettings

pytestmark = pytest.mark.slow

HABITS = ("friend_count", "nonsocial_function_count", "monthly_spend_cny", "wallet_balance_cny")
"""Columns of which more helps and which no rule of the lender reads."""
Plant = Callable[[pd.DataFrame], pd.DataFrame]


@pytest.fixture
def lab(world, tmp_path: Path):
    """An empty store beside the settings of a small training."""
    (tmp_path / "small.yaml").write_text((world.folder / "small.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    return type(world)(tmp_path, "")


def own(lab, plant: Plant) -> tuple[str, ...]:
    """Give the words that train on a table of one's own with something planted."""
    written(plant(drawn_table()), lab.folder / "own.csv")
    sets = (f"data.file={lab.folder / 'own.csv'}", "model.invite.num_iterations=60", "model.invite.learning_rate=0.2",
            "model.explain.background_rows=100", "evaluation.replicates=10")  # fmt: skip
    words = [word for one in sets for word in ("--set", one)]
    return ("train", str(configs_dir() / "own_data" / "taiwan.yaml"), *words)


def generated(patch: pytest.MonkeyPatch, plant: Plant) -> tuple[str, ...]:
    """Give the words that train on generated people with something planted before anybody has looked at them."""
    make = sources.generate_frames

    def planted(*asked: object) -> object:
        applicants, truth, parameters = make(*asked)
        return plant(applicants), truth, parameters

    patch.setattr(sources, "generate_frames", planted)
    return ("train", "small.yaml")


def copied(people: pd.DataFrame) -> pd.DataFrame:
    return people.assign(PAY_AMT3=1000 - 900 * people[LABEL])


def hinted(people: pd.DataFrame) -> pd.DataFrame:
    """Let six payments know the outcome, each of them only roughly."""
    random = np.random.default_rng(17)
    hints = {f"PAY_AMT{place}": np.exp(random.normal(8 - people[LABEL], 0.5)).round() for place in range(1, 7)}
    return people.assign(**hints)


def copied_habit(people: pd.DataFrame) -> pd.DataFrame:
    return people.assign(friend_count=(100 + 400 * people["is_invited"]).astype(people["friend_count"].dtype))


def hinted_habits(people: pd.DataFrame) -> pd.DataFrame:
    """Let four habits know the decision, each of them only roughly."""
    random = np.random.default_rng(17)
    told = people.copy()
    for name in HABITS:  # who withholds a permission goes on withholding it
        hint = np.clip(np.round(np.exp(random.normal(1.0 + people["is_invited"], 0.4))), 0, 20)
        told[name] = np.where(people[name].isna(), np.nan, hint) if people[name].isna().any() else hint
    return told.astype({name: people[name].dtype for name in HABITS})


def in_use(lab, model: str) -> str | None:
    """Name the champion, the only version anybody decides by."""
    return standing(TrackingSettings(uri=lab.store, experiment=model, registered_model=model)).champion


@pytest.mark.parametrize(("planted", "column", "model"), [
    (copied, "paid_3_twd", "taiwan"), (copied_habit, "friend_count", "weilidai"),
])
def test_a_copy_of_the_label_ends_with_3_and_nothing_is_registered(
    lab, monkeypatch: pytest.MonkeyPatch, planted: Plant, column: str, model: str
) -> None:
    words = own(lab, planted) if model == "taiwan" else generated(monkeypatch, planted)
    ended = lab.run(*words, code=3)
    assert f"{column}: separates the invited from the others alone (AUC 1.000)" in ended.err
    with pytest.raises(StoreError, match="has no model"):
        in_use(lab, model)
    experiment = TrackingSettings(uri=lab.store, experiment=model)
    assert [run.status for run in list_runs(experiment)] == ["FAILED"]


@pytest.mark.parametrize(("planted", "model", "gates"), [
    (hinted, "taiwan", {"too_good_to_be_true", "short_of_perfect_over_everybody"}),
    (hinted_habits, "weilidai", {"not_above_the_truth"}),
])
def test_what_several_columns_know_together_ends_with_7_and_is_never_used(
    lab, monkeypatch: pytest.MonkeyPatch, planted: Plant, model: str, gates: set[str]
) -> None:
    words = own(lab, planted) if model == "taiwan" else generated(monkeypatch, planted)
    ended = lab.run(*words, "--json", code=7)
    told = json.loads(ended.out)
    assert gates <= {name for name, passed in told["gates"].items() if not passed}
    assert told["alias"] == "challenger"
    assert in_use(lab, model) is None
