from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from weilidai.evaluation.invite_metrics import InviteScores
from weilidai.evaluation.quota_metrics import QuotaScores
from weilidai.evaluation.settings import EvaluationSettings
from weilidai.pipeline import paired
from weilidai.pipeline.kept_scores import INVITE, QUOTA, KeptScores, read_scores, write_scores
from weilidai.pipeline.paired import judged_elsewhere, paired_differences
from weilidai.tracking.listing import RunRow
from weilidai.tracking.settings import TrackingSettings

SETTINGS = EvaluationSettings(replicates=80)
PEOPLE = 4000
RANDOM = np.random.default_rng(3)
CHANCE = RANDOM.uniform(0.01, 0.9, PEOPLE)
LABEL = RANDOM.random(PEOPLE) < CHANCE
AMOUNT = np.exp(RANDOM.normal(8, 1, 500))
TRUE = KeptScores(LABEL, CHANCE, np.arange(PEOPLE) % 3 > 0, QuotaScores(AMOUNT, AMOUNT * 1.05))


def row(name: str, people: str | None = "people") -> RunRow:
    return RunRow(name, name, "FINISHED", None, 1.0, None, {}, {}, {}, people)


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> dict[str, KeptScores]:
    """Let runs have kept what stands here."""
    shelf: dict[str, KeptScores] = {}
    monkeypatch.setattr(paired, "_kept", lambda _tracking, row: shelf.get(row.id))
    return shelf


def differences(*rows: RunRow) -> dict[str, paired.PairedDifference]:
    return {one.metric: one for one in paired_differences(TrackingSettings(), rows, SETTINGS)}


def test_a_model_that_knows_less_is_worse_on_what_it_knows_less_of(kept) -> None:
    blurred = np.clip(CHANCE + RANDOM.normal(0, 0.2, PEOPLE), 0.001, 0.999)
    kept.update(a=TRUE, b=replace(TRUE, score=blurred))
    found = differences(row("a"), row("b"))
    assert found["test.invite.auc"].verdict == found["test.invite.logloss"].verdict == "worse"
    assert found["test.invite.auc"].difference.high < 0 < found["test.invite.logloss"].difference.low
    assert "test.quota.r2" not in found
    back = differences(row("b"), row("a"))
    assert back["test.invite.auc"].verdict == back["test.invite.logloss"].verdict == "better"


def test_the_range_of_a_difference_is_narrower_than_that_of_the_figures(kept) -> None:
    kept.update(a=TRUE, b=replace(TRUE, score=np.clip(CHANCE + RANDOM.normal(0, 0.01, PEOPLE), 0.001, 0.999)))
    gap = differences(row("a"), row("b"))["test.invite.auc"].difference
    draws = [InviteScores(LABEL[s], CHANCE[s]).metrics()["auc"] for s in RANDOM.integers(PEOPLE, size=(60, PEOPLE))]
    assert gap.high - gap.low < np.ptp(np.quantile(draws, (0.025, 0.975))) / 3


def test_the_same_scores_have_nothing_to_tell(kept) -> None:
    kept.update(a=TRUE, b=TRUE)
    assert differences(row("a"), row("b")) == {}


@pytest.mark.parametrize("people", ["others", None])
def test_other_or_unknown_people_are_told_apart_and_not_paired(kept, people: str | None) -> None:
    kept.update(a=TRUE, b=replace(TRUE, score=CHANCE**2))
    assert differences(row("a"), row("b", people)) == {}
    assert [one.name for one in judged_elsewhere([row("a"), row("b", people)])] == ["b"]


def test_other_labels_on_the_same_people_are_another_question(kept) -> None:
    kept.update(a=TRUE, b=replace(TRUE, label=~LABEL, quota=QuotaScores(AMOUNT, AMOUNT)))
    assert {name.split(".")[1] for name in differences(row("a"), row("b"))} == {"quota"}


def test_runs_that_kept_no_scores_are_left_out(kept) -> None:
    kept.update(b=TRUE)
    assert differences(row("a"), row("b")) == {}


def test_scores_come_back_as_they_were(tmp_path: Path) -> None:
    grants = QuotaScores(AMOUNT, AMOUNT * 2, AMOUNT / 2, AMOUNT * 3)
    write_scores(SimpleNamespace(label=LABEL, chances={"test": CHANCE}, is_eligible=TRUE.is_eligible,
                                 grants={"test": grants}), tmp_path)  # fmt: skip
    back = read_scores(tmp_path / INVITE, tmp_path / QUOTA)
    assert np.array_equal(back.score, CHANCE)
    assert np.array_equal(back.label, LABEL)
    assert back.quota is not None
    assert back.quota.metrics() == grants.metrics()
    assert read_scores(tmp_path / INVITE, None).quota is None
