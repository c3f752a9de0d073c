"""Two models on the same people: the difference of every figure, with the range it takes when people are redrawn.

The two are measured on the same draws, so what both find hard cancels out; ranges of single figures overlap long
before a difference becomes doubtful.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from weilidai.evaluation.bootstrap import Interval, Scored, measure
from weilidai.evaluation.challengers import LOSSES
from weilidai.evaluation.invite_metrics import InviteScores
from weilidai.evaluation.settings import EvaluationSettings
from weilidai.pipeline.kept_scores import INVITE, QUOTA, KeptScores, read_scores
from weilidai.tracking.listing import RunRow, kept_file
from weilidai.tracking.settings import TrackingSettings

Verdict = Literal["better", "worse", "undecided"]

COMPARED: Final[Mapping[str, tuple[str, ...]]] = {
    "invite": ("auc", "ks", "pr_auc", "logloss", "brier"),
    "invite_eligible": ("auc", "ks", "logloss"),
    "quota": ("r2", "mae_cny", "rmsle"),
}
"""Subject -> figures whose differences are told."""


@dataclass(frozen=True)
class PairedDifference:
    """One figure of a run less that of the first run, on the same people."""

    run_id: str
    run_name: str
    metric: str
    """Fixed name, as it is logged."""
    theirs: float
    own: float
    difference: Interval

    @property
    def verdict(self) -> Verdict:
        """Tell whether the run is better than the first one; undecided when the range holds 0."""
        if not self.difference.excludes(0.0):
            return "undecided"
        is_less = self.difference.value < 0
        return "better" if is_less == (self.metric.rpartition(".")[2] in LOSSES) else "worse"


def paired_differences(
    tracking: TrackingSettings, rows: Sequence[RunRow], evaluation: EvaluationSettings
) -> tuple[PairedDifference, ...]:
    """Hold every run against the first one, where both were judged on the same people and kept what they said.

    Parameters
    ----------
    tracking
        The store.
    rows
        The runs; the first is what the others are held against.
    evaluation
        Draws, level and seed of the bootstrap.
    """
    first, *others = rows
    same = [row for row in others if first.people is not None and row.people == first.people]
    kept = scores_of(tracking, (first, *same))
    if first.id not in kept:
        return ()
    theirs = kept[first.id]
    return tuple(one for row in same if row.id in kept for one in _differences(row, theirs, kept[row.id], evaluation))


def scores_of(tracking: TrackingSettings, rows: Sequence[RunRow]) -> dict[str, KeptScores]:
    """Read what the models of runs said of the people of the test: run id -> scores, where they were kept."""
    return {row.id: scores for row in rows if (scores := _kept(tracking, row))}


def judged_elsewhere(rows: Sequence[RunRow]) -> tuple[RunRow, ...]:
    """Give the runs that were judged on other people than the first one; their differences are partly chance."""
    first, *others = rows
    return tuple(row for row in others if first.people is None or row.people != first.people)


def _kept(tracking: TrackingSettings, row: RunRow) -> KeptScores | None:
    invite = kept_file(tracking, row.id, INVITE)
    return None if invite is None else read_scores(invite, kept_file(tracking, row.id, QUOTA))


def _differences(
    row: RunRow, theirs: KeptScores, own: KeptScores, evaluation: EvaluationSettings
) -> Iterator[PairedDifference]:
    for subject, (one, other, people) in _subjects(theirs, own):
        measured = measure(
            {"first": one, "other": other}, people,
            replicates=evaluation.replicates, level=evaluation.level, seed=evaluation.seed,
        )
        for metric in COMPARED[subject]:
            name, before = f"other.{metric}", f"first.{metric}"
            if not np.isfinite([measured.values[name], measured.values[before]]).all():
                continue
            if not np.array_equal(measured.draws[name], measured.draws[before]) or not evaluation.replicates:
                yield PairedDifference(
                    row.id, row.name, f"test.{subject}.{metric}", measured.values[before], measured.values[name],
                    measured.difference(name, before),
                )


def _subjects(theirs: KeptScores, own: KeptScores) -> Iterator[tuple[str, tuple[Scored, Scored, int]]]:
    """Pair what was judged of the same people; labels that differ are another question, not another answer."""
    if np.array_equal(theirs.label, own.label):
        both = theirs.is_eligible & own.is_eligible
        for subject, among in (("invite", np.ones(len(own.label), dtype=bool)), ("invite_eligible", both)):
            one, other = (InviteScores(said.label[among], said.score[among]) for said in (theirs, own))
            yield subject, (one, other, int(among.sum()))
    if theirs.quota and own.quota and np.array_equal(theirs.quota.actual, own.quota.actual):
        yield "quota", (theirs.quota, own.quota, len(own.quota.actual))
