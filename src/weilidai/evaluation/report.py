"""One report per model: every metric under its fixed name, with ranges, baselines, ceiling and slices."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.errors import ConfigError
from weilidai.evaluation.bootstrap import Interval, Measured, Scored, measure
from weilidai.evaluation.ceiling import regrets, share_of_ceiling, share_of_r2
from weilidai.evaluation.challengers import COMPARED, GAIN, LOSSES
from weilidai.evaluation.invite_metrics import InviteScores, decision_metrics
from weilidai.evaluation.quota_metrics import QuotaScores, RateScores
from weilidai.evaluation.settings import EvaluationSettings
from weilidai.evaluation.slices import (
    DOCUMENTED_SLICES,
    Slices,
    invite_extremes,
    invite_slices,
    quota_extremes,
    quota_slices,
)

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

MODEL: Final = "test"
CEILING: Final = "ceiling"
BASELINE: Final = "baseline."
RANGED: Final = (
    "auc", "ks", "pr_auc", "logloss", "brier", "r2", "mae_cny", "rmsle", "coverage", "coverage_true", "bias_share",
)
"""Metrics of the model whose range is logged beside the value, as ``<name>_low`` and ``<name>_high``."""


@dataclass(frozen=True)
class Report:
    """What was measured of one model.

    Parameters
    ----------
    metrics
        Fixed name -> finite value.
    intervals
        The same names -> value with range, for the headline metrics, regrets and gains.
    slices
        Group by group; see :mod:`weilidai.evaluation.slices`. Empty when the model has no slices.
    unmeasured
        Names whose value is not a number, because a label or a group did not occur.
    """

    metrics: Mapping[str, float]
    intervals: Mapping[str, Interval]
    slices: pd.DataFrame = field(default_factory=pd.DataFrame)
    unmeasured: tuple[str, ...] = ()


def report_invite(
    people: pd.DataFrame,
    label: BoolArray,
    scores: Mapping[str, FloatArray],
    decision: BoolArray,
    is_eligible: BoolArray,
    settings: EvaluationSettings,
    ranking_only: Collection[str] = ("baseline.documented_rules",),
    slices: Slices = DOCUMENTED_SLICES,
) -> Report:
    """Measure the invite model on everybody and, harder, among the eligible.

    Parameters
    ----------
    people
        Out-of-time people with the slicing columns.
    label
        Whether each was invited.
    scores
        ``"test"`` -> the model's probability, ``"ceiling"`` -> the true one, ``"baseline.<name>"`` -> the others'.
    decision
        Whether the model invites at its threshold.
    is_eligible
        Who passes the lender's policy.
    settings
        Bootstrap and slices.
    ranking_only
        Names in ``scores`` that are no probabilities.
    slices
        What makes the groups.

    Returns
    -------
    Report
        Names: ``<who>.invite.<metric>`` and ``<who>.invite_eligible.<metric>`` for every who in ``scores``;
        ``regret.*``, ``share_of_ceiling.*.auc``, ``gain.<baseline>.*``; ``test.invite.coverage``,
        ``precision``, ``recall`` and ``slice_*``.
    """
    _require_model(scores)
    everybody = {f"{who}.invite": InviteScores(label, score, who not in ranking_only) for who, score in scores.items()}
    among = {
        f"{who}.invite_eligible": InviteScores(label[is_eligible], score[is_eligible], who not in ranking_only)
        for who, score in scores.items()
    }
    table = invite_slices(people, label, scores[MODEL], decision, is_eligible, settings.slice_minimum, slices)
    extra = {**decision_metrics(label, decision), **invite_extremes(table)}
    judged = [
        ("invite", _measure(everybody, len(label), settings)),
        ("invite_eligible", _measure(among, int(is_eligible.sum()), settings)),
    ]
    return _report(judged, {f"{MODEL}.invite.{name}": value for name, value in extra.items()}, table)


def report_quota(
    people: pd.DataFrame, scores: Mapping[str, QuotaScores], settings: EvaluationSettings,
    slices: Slices = DOCUMENTED_SLICES,
) -> Report:
    """Measure the quota model on people who opened.

    Parameters
    ----------
    people
        Out-of-time people who opened, with the slicing columns.
    scores
        ``"test"`` -> the model's, ``"ceiling"`` -> the true mean's, ``"baseline.<name>"`` -> the others'.
    settings
        Bootstrap and slices.

    Returns
    -------
    Report
        Names: ``<who>.quota.<metric>``, ``regret.quota.<metric>``, ``gain.<baseline>.quota.*``,
        ``test.quota.slice_*``.
    """
    _require_model(scores)
    table = quota_slices(people, scores[MODEL], settings.slice_minimum, slices)
    measured = _measure({f"{who}.quota": score for who, score in scores.items()}, len(people), settings)
    extra = {f"{MODEL}.quota.{name}": value for name, value in quota_extremes(table).items()}
    return _report([("quota", measured)], extra, table)


def report_rate(scores: RateScores, settings: EvaluationSettings) -> Report:
    """Measure ``test.rate.r2``, ``test.rate.mae`` and ``test.rate.grade_accuracy`` on people who opened."""
    measured = _measure({f"{MODEL}.rate": scores}, len(scores.actual), settings)
    return _report([("rate", measured)], {}, pd.DataFrame())


def _require_model(scores: Mapping[str, object]) -> None:
    if MODEL not in scores:
        raise ConfigError(f"the model's own scores are wanted under {MODEL!r}", where="scores")


def _measure(scored: Mapping[str, Scored], people: int, settings: EvaluationSettings) -> Measured:
    return measure(scored, people, replicates=settings.replicates, level=settings.level, seed=settings.seed)


def _report(
    judged: list[tuple[str, Measured]], extra: Mapping[str, float], table: pd.DataFrame
) -> Report:
    values: dict[str, float] = dict(extra)
    intervals: dict[str, Interval] = {}
    for subject, measured in judged:
        values.update(measured.values)
        intervals.update(_ranged(measured, subject))
        intervals.update(_compared(measured, subject))
    for name, interval in intervals.items():
        values.update({name: interval.value, f"{name}_low": interval.low, f"{name}_high": interval.high})
    finite = {name: value for name, value in values.items() if np.isfinite(value)}
    return Report(finite, intervals, table, tuple(sorted(set(values) - set(finite))))


def _ranged(measured: Measured, subject: str) -> Iterator[tuple[str, Interval]]:
    for metric in RANGED:
        name = f"{MODEL}.{subject}.{metric}"
        if name in measured.values:
            yield name, measured.interval(name)


def _compared(measured: Measured, subject: str) -> Iterator[tuple[str, Interval]]:
    """Set the model against the truth and against each baseline, on the same draws of people."""
    for metric, regret in regrets(measured, subject).items():
        yield f"regret.{subject}.{metric}", regret
    if f"{CEILING}.{subject}.auc" in measured.values:
        yield f"share_of_ceiling.{subject}.auc", share_of_ceiling(measured, subject)
    if f"{CEILING}.{subject}.r2" in measured.values:
        yield f"share_of_ceiling.{subject}.r2", share_of_r2(measured, subject)
    for metric in COMPARED:
        end = f".{subject}.{metric}"
        for name in measured.values:
            if name.startswith(BASELINE) and name.endswith(end):
                baseline = name.removeprefix(BASELINE).removesuffix(end)
                ours, theirs = f"{MODEL}{end}", name
                better, worse = (theirs, ours) if metric in LOSSES else (ours, theirs)
                yield f"{GAIN}{baseline}{end}", measured.difference(better, worse)
