"""How the regret falls with the number of people learnt from, and where it leads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from weilidai.config import TrainSettings
from weilidai.dataset.split import split
from weilidai.evaluation.learning_floor import FEWEST_SIZES, Floor, fit_floor
from weilidai.evaluation.plots import curve_plot
from weilidai.evaluation.study_settings import LearningCurveSettings
from weilidai.evaluation.truth_scores import ChanceScores, MeanScores
from weilidai.models.baselines import fit_plain_quota, fit_woe_scorecard
from weilidai.models.invite import fit_invite
from weilidai.models.quota import fit_quota
from weilidai.pipeline.forecast import spell_seconds
from weilidai.pipeline.generating import lender_of
from weilidai.pipeline.learning import Inputs, Lender, choose_inputs
from weilidai.pipeline.memory import GIGABYTE, memory_needed, require_memory
from weilidai.pipeline.numbers import numbers_of
from weilidai.pipeline.studies.outcome import Study, certify, ends
from weilidai.pipeline.studies.people import SEED_STEP, Crowd, gather, seeds_of
from weilidai.progress import Progress

CURVES: Final[Mapping[str, str]] = {
    "invite.excess_logloss": "invite: log-loss above the truth's",
    "invite.auc_regret": "invite: AUC below the truth's",
    "quota.excess_r2": "first grant: R2 below the truth's",
    "woe_scorecard.invite.excess_logloss": "weight-of-evidence scorecard: log-loss above the truth's",
    "plain_quota.quota.excess_r2": "linear first grant: R2 below the truth's",
}
"""What is followed, and in words."""
SECONDS_PER_POINT: Final = 1.0
SECONDS_PER_PERSON: Final = 0.00005
"""Measured on two cores between 5,000 and 500,000 people, rounded up: five models and their people."""
LAST_POINTS: Final = 4
"""Points a curve is laid through, the largest; with very few people trees cannot grow at all, which is another law."""


@dataclass(frozen=True)
class _Ground:
    """What stays the same along the curve."""

    inputs: Inputs
    lender: Lender
    settings: TrainSettings
    eligible: Crowd
    opened: Crowd


def study_learning_curve(settings: TrainSettings, study: LearningCurveSettings, progress: Progress) -> Study:
    """Learn from more and more people, and measure every model against the truth on the same unseen people.

    Parameters
    ----------
    settings
        Data and models of a training; ``data.rows`` is not read.
    study
        Numbers of people, populations, size of the test.
    progress
        Where to report to.
    """
    data = settings.data
    parameters = numbers_of(data.regime, data.readings, data.policy)
    lender = lender_of(parameters)
    require_memory(max(study.rows))
    progress.say(takes(study))
    tested = _last_months(gather(parameters, study.test_rows, data.seed + SEED_STEP // 2, progress), settings)
    ground = _Ground(choose_inputs(lender, settings), lender, settings, *_testers(tested))
    points = []
    for seed in seeds_of(data.seed, study.populations):
        whole = gather(parameters, max(study.rows), seed, progress)
        for number, rows in enumerate(sorted(study.rows), 1):
            with progress.stage(f"learning from {rows:,} people ({number} of {len(study.rows)}, seed {seed})"):
                points.append({"rows": rows, "seed": seed, **_regrets(whole.rows(slice(0, rows)), ground)})
    table = _summed_up(pd.DataFrame(points))
    floors = _floors(table)
    choices = {"populations": study.populations, "seed": data.seed, "regime": data.regime, "most": max(study.rows)}
    return Study(
        "learning_curve", choices, tuple(_answer(table, floors)), {"curve": table, "floors": _floor_table(floors)},
        certify(parameters, "learning_curve", {**choices, "rows": list(study.rows)}, data.seed),
        pictures={"curve": curve_plot(table, floors, CURVES)},
        metrics={f"curve.{name}.floor": floor.floor for name, floor in floors.items()},
        steps=_steps(table),
    )


def takes(study: LearningCurveSettings) -> str:
    """Say beforehand how long a curve takes and how much memory, from what its points took on two cores."""
    points = len(study.rows) * study.populations
    seconds = points * SECONDS_PER_POINT + sum(study.rows) * study.populations * SECONDS_PER_PERSON
    return (f"{points} points up to {max(study.rows):,} people take about {spell_seconds(seconds)} on two cores and at "
            f"most {memory_needed(max(study.rows)) / GIGABYTE:.1f} GB of memory; fewer with --rows")


def _last_months(crowd: Crowd, settings: TrainSettings) -> Crowd:
    return crowd.rows(split(crowd.people, settings.data).test)


def _testers(crowd: Crowd) -> tuple[Crowd, Crowd]:
    eligible, opened = (crowd.rows(crowd.people[name].to_numpy(dtype=bool)) for name in ("is_eligible", "is_opened"))
    return eligible, opened


def _regrets(crowd: Crowd, ground: _Ground) -> dict[str, float]:
    parts = split(crowd.people, ground.settings.data)
    train, valid, aside = (crowd.people.iloc[rows] for rows in (parts.train, parts.valid, parts.calibrate))
    model, inputs, policy = ground.settings.model, ground.inputs, ground.lender.policy
    people, chance = ground.eligible.people, ground.eligible.truth["p_invite"].to_numpy(dtype=np.float64)
    ceiling = ChanceScores(chance, chance).metrics()["auc"]
    measured = {}
    invite = fit_invite(train, valid, aside, inputs.invite, policy, model.invite)
    scorecard = fit_woe_scorecard(train, inputs.invite, policy)
    for prefix, told in (("", invite.probability(people)), ("woe_scorecard.", scorecard.probability(people))):
        found = ChanceScores(chance, told).metrics()
        measured[f"{prefix}invite.excess_logloss"] = found["excess_logloss"]
        measured[f"{prefix}invite.auc_regret"] = ceiling - found["auc"]
        measured[f"{prefix}invite.share_of_ceiling"] = (found["auc"] - 0.5) / (ceiling - 0.5)
    opened, mean = ground.opened.people, ground.opened.truth["quota_mean_cny"].to_numpy(dtype=np.float64)
    actual = opened["initial_quota_cny"].to_numpy(dtype=np.float64)
    grants = {"": fit_quota(train, valid, aside, inputs.quota, model.quota).mean_cny(opened),
              "plain_quota.": fit_plain_quota(train, inputs.quota).mean_cny(opened)}
    for prefix, told in grants.items():
        measured[f"{prefix}quota.excess_r2"] = MeanScores(mean, told, actual).metrics()["excess_r2"]
    return measured


def _summed_up(points: pd.DataFrame) -> pd.DataFrame:
    """Give, by number of people and measure, mean, least and most over the populations."""
    measures = [name for name in points.columns if name not in ("rows", "seed")]
    long = points.melt(id_vars=["rows", "seed"], value_vars=measures, var_name="measure", value_name="value")
    grouped = long.groupby(["measure", "rows"], sort=True)["value"]
    return grouped.agg(mean="mean", least="min", most="max", populations="size").reset_index()


def _floors(table: pd.DataFrame) -> dict[str, Floor]:
    found = {}
    for name in CURVES:
        part = table.loc[table["measure"] == name].sort_values("rows").tail(LAST_POINTS)
        if len(part) >= FEWEST_SIZES and (part["mean"] > 0).all():
            found[name] = fit_floor(part["rows"].tolist(), part["mean"].tolist())
    return found


def _floor_table(floors: Mapping[str, Floor]) -> pd.DataFrame:
    rows = [{"measure": name, "what": CURVES[name], "floor": floor.floor, "scale": floor.scale, "power": floor.power,
             "rows_for_twice_the_floor": floor.rows_for(2 * floor.floor)} for name, floor in floors.items()]
    return pd.DataFrame(rows)


def _answer(table: pd.DataFrame, floors: Mapping[str, Floor]) -> Iterator[str]:
    largest = int(table["rows"].max())
    for name, floor in floors.items():
        part = table.loc[(table["measure"] == name) & (table["rows"] == largest), "mean"]
        regret = float(part.iloc[0])
        yield (
            f"{CURVES[name]}: {regret:.3g} with {largest:,} people; more people would take it down to "
            f"{floor.floor:.3g} (regret = {floor.floor:.3g} + {floor.scale:.3g} / people^{floor.power:.2f})"
        )


def _steps(table: pd.DataFrame) -> dict[int, dict[str, float]]:
    steps: dict[int, dict[str, float]] = {}
    for row in table.sort_values("rows").to_dict("records"):
        metric = f"curve.{row['measure']}"
        named = {metric: float(row["mean"]), **ends(metric, row["least"], row["most"])}
        steps.setdefault(int(row["rows"]), {}).update(named)
    return steps
