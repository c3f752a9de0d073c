"""How good the students are on people of the test, beside the plain models and, where it is known, the truth."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtri

from weilidai.evaluation.calibration_floor import calibration_floor, distance_from_truth
from weilidai.evaluation.challengers import challenger_table
from weilidai.evaluation.promise import interval_slices
from weilidai.evaluation.quota_metrics import QuotaScores, RateScores
from weilidai.evaluation.report import Report, report_invite, report_quota, report_rate
from weilidai.evaluation.settings import EvaluationSettings
from weilidai.evaluation.slices import DOCUMENTED_SLICES, Slices
from weilidai.evaluation.stability import ALL_MONTHS, column_stability, farthest_column, score_stability
from weilidai.models.monotonicity import Proof, prove
from weilidai.models.quota import QuotaModel
from weilidai.models.rate import RateModel, nearest_grade
from weilidai.pipeline.learning import Students, Tables
from weilidai.progress import Progress

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Seen:
    """What everybody said of the people of the test, for metrics and pictures."""

    people: pd.DataFrame
    label: BoolArray
    chances: Mapping[str, FloatArray]
    """Who -> score of an invitation: ``test``, ``ceiling`` and baselines."""
    is_eligible: BoolArray
    opened: pd.DataFrame
    grants: Mapping[str, QuotaScores]


@dataclass(frozen=True)
class Judgement:
    """All that was measured."""

    seen: Seen
    invite: Report
    quota: Report | None
    rate: Report | None
    """None where the table has no label for the model."""
    score_stability: pd.DataFrame
    column_stability: pd.DataFrame
    interval: pd.DataFrame = field(default_factory=pd.DataFrame)
    """How many grants the interval holds, group by group."""
    proofs: Mapping[str, Proof] = field(default_factory=dict)
    """Model -> what is proved of its documented directions; models without directions are left out."""

    @property
    def challengers(self) -> pd.DataFrame:
        """Model against challengers, metric by metric."""
        reports = [report for report in (self.invite, self.quota) if report is not None]
        tables = [challenger_table(report.metrics, report.intervals) for report in reports]
        return pd.concat([table for table in tables if len(table)] or tables[:1], ignore_index=True)

    @property
    def metrics(self) -> dict[str, float]:
        """Fixed name -> value, of all models there are."""
        joined: dict[str, float] = {}
        for report in (self.invite, self.quota, self.rate):
            joined.update(report.metrics if report else {})
        joined["truth.is_known"] = float("ceiling" in self.seen.chances)
        joined |= _moves(self.score_stability, self.column_stability)
        joined |= _calibration(self.seen) | (_promise(self.interval) if self.quota else {})
        return joined | _directions(self.proofs, joined)


def judge(
    students: Students, tables: Tables, truth: pd.DataFrame | None, settings: EvaluationSettings, progress: Progress,
    slices: Slices = DOCUMENTED_SLICES,
) -> Judgement:
    """Measure everything on the people of the test.

    Parameters
    ----------
    students
        The grown models.
    tables
        People by what they are for.
    truth
        The truth table, row by row beside all applicants; None where nobody knows it, and then there is no ceiling.
    settings
        Bootstrap, and the fewest people of a group.
    progress
        Where to report to.
    slices
        What makes the groups.
    """
    who = "test months" if tables.split.test_months else "people set aside"
    with progress.stage(f"scoring the {who}"):
        seen = _look(students, tables.test, None if truth is None else truth.iloc[tables.split.test])
    with progress.stage("measuring, with intervals"):
        decision = seen.chances["test"] >= students.invite.threshold
        return Judgement(
            seen,
            report_invite(
                seen.people, seen.label, seen.chances, decision, seen.is_eligible, settings, _ranking_only(students),
                slices,
            ),
            report_quota(seen.opened, seen.grants, settings, slices) if seen.grants else None,
            report_rate(_rates(students.rate, seen.opened), settings) if students.rate else None,
            _score_stability(students, tables, seen),
            column_stability(tables.train, tables.test, students.invite.features.names, _months(seen.people)),
            interval_slices(seen.opened, seen.grants["test"], settings.slice_minimum, slices=slices)
            if seen.grants else pd.DataFrame(),
            dict(_proofs(students)),
        )


def _look(students: Students, people: pd.DataFrame, truth: pd.DataFrame | None) -> Seen:
    chances = {
        "test": students.invite.probability(people),
        **({} if truth is None else {"ceiling": truth["p_invite"].to_numpy(dtype=np.float64)}),
        **{f"baseline.{name}": said.chance(people) for name, said in students.challengers.items() if said.chance},
    }
    is_opened = people["is_opened"].to_numpy(dtype=bool) if students.quota else np.zeros(len(people), dtype=np.bool_)
    opened = people.loc[is_opened]
    behind = None if truth is None else truth.loc[is_opened]
    return Seen(
        people, people["is_invited"].to_numpy(dtype=bool), chances, students.invite.is_eligible(people),
        opened, dict(_grants(students, students.quota, opened, behind)) if students.quota else {},
    )


def _grants(
    students: Students, quota: QuotaModel, opened: pd.DataFrame, truth: pd.DataFrame | None
) -> Iterator[tuple[str, QuotaScores]]:
    actual = opened["initial_quota_cny"].to_numpy(dtype=np.float64)
    told = quota.predict(opened)
    low, high = (told[name].to_numpy(dtype=np.float64) for name in ("quota_low_cny", "quota_high_cny"))
    share = quota.interval_share
    held = None if truth is None else quota.grants.chance_held(low, high, *_log_moments(truth))
    yield "test", QuotaScores(actual, quota.mean_cny(opened), low, high, share, held)
    if truth is not None:
        true_mean = truth["quota_mean_cny"].to_numpy(dtype=np.float64)
        yield "ceiling", QuotaScores(actual, true_mean, *_true_ends(quota, truth), share)
    for name, challenger in students.challengers.items():
        if challenger.amounts:
            yield f"baseline.{name}", QuotaScores(actual, *challenger.amounts(opened), share)


def _true_ends(quota: QuotaModel, truth: pd.DataFrame) -> tuple[FloatArray, FloatArray]:
    """Give the ends of the interval that the grant's own distribution promises, yuan; shapes (people,)."""
    mean, sd = _log_moments(truth)
    tail = (1 - quota.interval_share) / 2
    low, high = (np.exp(mean + float(ndtri(place)) * sd) for place in (tail, 1 - tail))
    return quota.grants.bound(low), quota.grants.bound(high)


def _log_moments(truth: pd.DataFrame) -> tuple[FloatArray, FloatArray]:
    mean, sd = (truth[name].to_numpy(dtype=np.float64) for name in ("quota_log_mean", "quota_log_sd"))
    return mean, sd


def _ranking_only(students: Students) -> set[str]:
    return {f"baseline.{name}" for name, said in students.challengers.items() if not said.is_probability}


def _proofs(students: Students) -> Iterator[tuple[str, Proof]]:
    for name, model in (("invite", students.invite), ("quota", students.quota), ("rate", students.rate)):
        if model is not None and any(model.features.directions):
            yield name, prove(model.booster, model.features)


def _directions(proofs: Mapping[str, Proof], metrics: Mapping[str, float]) -> dict[str, float]:
    """Give what is proved of the directions, and what keeping them costs against the same trees without."""
    measured = {f"monotone.{name}.proved_share": proof.proved_share for name, proof in proofs.items()}
    measured["monotone.proved_share"] = min(measured.values(), default=1.0)
    for name in ("invite.auc", "invite_eligible.auc", "quota.r2"):
        if f"gain.unconstrained.{name}" in metrics:
            measured[f"monotone.price.{name}"] = -metrics[f"gain.unconstrained.{name}"]
    return measured


def _calibration(seen: Seen) -> dict[str, float]:
    """Give the calibration error that chance alone makes, and the distance from the truth, which has no chance."""
    measured = {}
    for name, chosen in (("invite", np.ones(len(seen.label), dtype=np.bool_)), ("invite_eligible", seen.is_eligible)):
        told = seen.chances["test"][chosen]
        measured[f"test.{name}.ece_floor"] = calibration_floor(told)
        if "ceiling" in seen.chances:
            measured[f"test.{name}.ece_true"] = distance_from_truth(told, seen.chances["ceiling"][chosen])
    return measured


def _promise(interval: pd.DataFrame) -> dict[str, float]:
    """Give the group whose interval is furthest from its promise; 0 when no group is large enough to tell."""
    named = {"gap_max": "gap", "beyond_chance": "beyond_chance", "true_gap_max": "true_gap"}
    furthest = {told: interval[column].abs().max() if len(interval) else 0.0 for told, column in named.items()}
    return {f"test.quota.slice_coverage_{told}": float(gap) for told, gap in furthest.items() if np.isfinite(gap)}


def _rates(rate: RateModel, opened: pd.DataFrame) -> RateScores:
    predicted = rate.daily_rate(opened)
    grades = np.array(nearest_grade(predicted, rate.marks), dtype=object)
    actual = opened["daily_rate"].to_numpy(dtype=np.float64)
    return RateScores(actual, predicted, grades == opened["credit_grade"].to_numpy(dtype=object))


def _score_stability(students: Students, tables: Tables, seen: Seen) -> pd.DataFrame:
    return score_stability(students.invite.probability(tables.train), seen.chances["test"], _months(seen.people))


def _months(people: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Give the month of everybody in the test; a table that knows no time is one month."""
    return people.get("snapshot_month", pd.Series("test", index=people.index)).to_numpy(dtype=object)


def _moves(scores: pd.DataFrame, columns: pd.DataFrame) -> dict[str, float]:
    """Name how far score and columns moved, by the number of the month in the test, the first being 1."""
    by_month = columns.loc[columns["month"] != ALL_MONTHS].groupby("month")["psi"].max()
    named = {"test.invite.psi_max": float(scores["psi"].max())}
    named |= {f"test.invite.psi.month_{number}": float(value) for number, value in enumerate(scores["psi"], 1)}
    named |= {f"test.columns.csi_max.month_{number}": float(value) for number, value in enumerate(by_month, 1)}
    farthest = farthest_column(columns)
    return named | ({"test.columns.csi_max": float(farthest["psi"])} if farthest else {})
