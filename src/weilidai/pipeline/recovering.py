"""Whether documented weights come back: one training more on each of several populations, and what they agree on."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
from scipy.stats import t as student

from weilidai.config import TrainSettings
from weilidai.explain.weights import weight_table
from weilidai.models.invite import fit_invite
from weilidai.pipeline.generating import generate_frames, lender_of
from weilidai.pipeline.learning import choose_inputs, prepare
from weilidai.pipeline.weighing import agreement_with, found_contributions, recovery_metrics, weighting_of
from weilidai.progress import Progress
from weilidai.tracking.runs import Run

FIGURES: Final = ("oracle_share", "model_share", "difference")
AGREED: Final = "agreed_"
"""Before the name of a figure that says how far a population's people agree with the truth, one for all its rows."""


def recover_weights(
    settings: TrainSettings, seeds: Sequence[int], progress: Progress, parent: Run | None = None
) -> pd.DataFrame:
    """Train the invite model on one population per seed and weigh each; below ``parent``, a child run for each.

    Returns
    -------
    DataFrame
        One row per seed and dimension: ``seed``, ``dimension``, ``documented_weight``, ``oracle_share``,
        ``model_share``, ``difference`` and their intervals over people, and ``agreed_*`` of the seed.
    """
    tables = []
    for seed in seeds:
        table, agreed = _weighed(settings, seed, progress)
        if parent:
            metrics = recovery_metrics(table) | {f"explain.agreement.{name}": value for name, value in agreed.items()}
            with parent.child(f"{parent.name}, weights of seed {seed}", {"kind": "weights", "seed": str(seed)}) as run:
                run.log_params({"data": {"seed": seed, "policy": settings.data.policy}})
                run.log_metrics({name: value for name, value in metrics.items() if np.isfinite(value)})
        tables.append(of_seed(table, agreed, seed))
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()


def of_seed(table: pd.DataFrame, agreed: Mapping[str, float], seed: int) -> pd.DataFrame:
    """Add to a population's weights its seed and how far its people agree with the truth."""
    return table.assign(seed=seed, **{f"{AGREED}{name}": value for name, value in agreed.items()})


def seed_agreement(tables: pd.DataFrame) -> dict[str, float]:
    """Name mean and worst of each agreement over seeds ``explain.agreement.<name>.seeds.{mean,worst}``."""
    told = [str(name) for name in tables.columns if str(name).startswith(AGREED)]
    by_seed = tables.groupby("seed")[told].first()
    named: dict[str, float] = {}
    for name in told:
        metric = f"explain.agreement.{name.removeprefix(AGREED)}.seeds"
        named |= {f"{metric}.mean": float(by_seed[name].mean()), f"{metric}.worst": float(by_seed[name].min())}
    return {name: value for name, value in named.items() if np.isfinite(value)}


def over_seeds(tables: pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
    """Give mean and interval of each dimension's figures over seeds, and the worst difference of any seed.

    Parameters
    ----------
    tables
        One row per seed and dimension, as from :func:`recover_weights`.
    level
        Coverage of the t interval for the mean over seeds.

    Returns
    -------
    DataFrame
        One row per dimension: ``documented_weight``; per figure its mean, ``_low`` and ``_high``;
        ``worst_difference`` and ``seeds``.
    """
    rows = []
    for dimension, own in tables.groupby("dimension", sort=False):
        row = {"dimension": dimension, "documented_weight": own["documented_weight"].iloc[0], "seeds": len(own)}
        for name in FIGURES:
            mean, half = float(own[name].mean()), _half_width(own[name], level)
            row |= {name: mean, f"{name}_low": mean - half, f"{name}_high": mean + half}
        rows.append(row | {"worst_difference": float(own["difference"].abs().max())})
    return pd.DataFrame(rows)


def seed_metrics(table: pd.DataFrame) -> dict[str, float]:
    """Name the figures over seeds ``weight.<dimension>.seeds.*``, and the worst of a documented dimension."""
    named = {}
    for row in table.to_dict("records"):
        for name in ("oracle_share", "model_share", "difference", "difference_low", "difference_high"):
            told = name.replace("_share", "")
            named[f"weight.{row['dimension']}.seeds.{told}"] = float(row[name])
    weighed = table.loc[table["documented_weight"].notna(), "worst_difference"]
    named["weight.seeds.worst_difference"] = float(weighed.max())
    return {name: value for name, value in named.items() if np.isfinite(value)}


def _weighed(settings: TrainSettings, seed: int, progress: Progress) -> tuple[pd.DataFrame, dict[str, float]]:
    data = settings.data.model_copy(update={"seed": seed})
    settings = settings.model_copy(update={"data": data})
    applicants, truth, parameters = generate_frames(
        data.rows, seed, data.regime, progress, data.readings, data.policy
    )
    lender = lender_of(parameters)
    inputs = choose_inputs(lender, settings)
    tables = prepare(applicants, inputs, lender, settings, progress)
    with progress.stage(f"learning who is invited, seed {seed}"):
        model = fit_invite(
            tables.train, tables.valid, tables.calibrate, inputs.invite, lender.policy, settings.model.invite
        )
    eligible = model.is_eligible(tables.test)
    behind = truth.iloc[tables.split.test].loc[eligible]
    _, found = found_contributions(model, tables.test.loc[eligible], lender.factors)
    weighting = weighting_of(data.policy, lender.factors)
    table = weight_table(
        found, behind, lender.factors, weighting.parts, weighting.documented,
        replicates=settings.evaluation.replicates,
    )
    return table, agreement_with(found, behind, lender.factors, weighting)


def _half_width(values: "pd.Series[float]", level: float) -> float:
    if len(values) < 2:  # noqa: PLR2004  (one value has no spread)
        return float("nan")
    return float(student.ppf((1 + level) / 2, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values)))
