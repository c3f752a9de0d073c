"""How good the students are on people of later months, beside the truth and the plain models."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.evaluation.quota_metrics import QuotaScores, RateScores
from weilidai.evaluation.report import Report, report_invite, report_quota, report_rate
from weilidai.evaluation.settings import EvaluationSettings
from weilidai.evaluation.stability import column_stability, score_stability
from weilidai.models.rate import nearest_grade
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
    quota: Report
    rate: Report
    score_stability: pd.DataFrame
    column_stability: pd.DataFrame

    @property
    def metrics(self) -> dict[str, float]:
        """Fixed name -> value, of all three models."""
        joined: dict[str, float] = {}
        for report in (self.invite, self.quota, self.rate):
            joined.update(report.metrics)
        joined["test.invite.psi_max"] = float(self.score_stability["psi"].max())
        return joined


def judge(
    students: Students, tables: Tables, truth: pd.DataFrame, settings: EvaluationSettings, progress: Progress
) -> Judgement:
    """Measure everything on the out-of-time people.

    Parameters
    ----------
    students
        The grown models.
    tables
        People by what they are for.
    truth
        The truth table, row by row beside all applicants.
    settings
        Bootstrap, slices.
    progress
        Where to report to.
    """
    with progress.stage("scoring the test months"):
        seen = _look(students, tables.test, truth.iloc[tables.split.test])
    with progress.stage("measuring, with intervals"):
        decision = seen.chances["test"] >= students.invite.threshold
        return Judgement(
            seen,
            report_invite(seen.people, seen.label, seen.chances, decision, seen.is_eligible, settings),
            report_quota(seen.opened, seen.grants, settings),
            report_rate(_rates(students, seen.opened), settings),
            _score_stability(students, tables, seen),
            column_stability(tables.train, tables.test, students.invite.features.names),
        )


def _look(students: Students, people: pd.DataFrame, truth: pd.DataFrame) -> Seen:
    chances = {
        "test": students.invite.probability(people),
        "ceiling": truth["p_invite"].to_numpy(dtype=np.float64),
        "baseline.woe_scorecard": students.scorecard.probability(people),
        "baseline.documented_rules": students.rules.score(people),
    }
    is_opened = people["is_opened"].to_numpy(dtype=bool)
    opened = people.loc[is_opened]
    return Seen(
        people, people["is_invited"].to_numpy(dtype=bool), chances, students.invite.is_eligible(people),
        opened, dict(_grants(students, opened, truth.loc[is_opened])),
    )


def _grants(students: Students, opened: pd.DataFrame, truth: pd.DataFrame) -> Iterator[tuple[str, QuotaScores]]:
    actual = opened["initial_quota_cny"].to_numpy(dtype=np.float64)
    told = students.quota.predict(opened)
    low, high = (told[name].to_numpy(dtype=np.float64) for name in ("quota_low_cny", "quota_high_cny"))
    share = students.quota.interval_share
    yield "test", QuotaScores(actual, students.quota.mean_cny(opened), low, high, share)
    yield "ceiling", QuotaScores(actual, truth["quota_mean_cny"].to_numpy(dtype=np.float64))
    yield "baseline.plain_quota", QuotaScores(actual, students.plain_quota.mean_cny(opened))


def _rates(students: Students, opened: pd.DataFrame) -> RateScores:
    predicted = students.rate.daily_rate(opened)
    grades = np.array(nearest_grade(predicted, students.rate.marks), dtype=object)
    actual = opened["daily_rate"].to_numpy(dtype=np.float64)
    return RateScores(actual, predicted, grades == opened["credit_grade"].to_numpy(dtype=object))


def _score_stability(students: Students, tables: Tables, seen: Seen) -> pd.DataFrame:
    months = seen.people["snapshot_month"].to_numpy(dtype=object)
    return score_stability(students.invite.probability(tables.train), seen.chances["test"], months)
