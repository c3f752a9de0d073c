"""What it costs in ranking to keep protected columns out of the invite model."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.config import TrainSettings
from weilidai.evaluation.bootstrap import Interval, measure
from weilidai.evaluation.truth_scores import ChanceScores
from weilidai.models.features import choose_features, settled_columns
from weilidai.models.invite import InviteModel, fit_invite
from weilidai.pipeline.learning import Lender, Tables
from weilidai.progress import Progress

FloatArray = npt.NDArray[np.float64]

PRICE: Final = "price.protection.invite_eligible.auc"
"""Metric: AUC a model with the protected columns has more, on the same people."""


def learn_with_protected(tables: Tables, lender: Lender, settings: TrainSettings, protected: tuple[str, ...],
                         progress: Progress) -> InviteModel:
    """Learn the same invite model with the protected columns; to measure, never to use."""
    own = settings.model.invite
    kept_out = {*own.excluded_columns, *settled_columns(lender.policy)} - set(protected)
    features = choose_features(
        lender.factors, excluded_dimensions=own.excluded_dimensions, excluded_columns=kept_out, with_protected=True
    )
    with progress.stage("learning who is invited, with the protected columns"):
        return fit_invite(tables.train, tables.valid, tables.calibrate, features, lender.policy, own)


def price_of_protection(
    tables: Tables, truth: pd.DataFrame, model: InviteModel, lender: Lender, settings: TrainSettings,
    progress: Progress,
) -> dict[str, float]:
    """Give the price as metrics with interval, or nothing when the settings protect no column.

    Parameters
    ----------
    tables
        People by what they are for.
    truth
        The truth table, row by row beside all applicants.
    model
        The invite model in use, which does not read the protected columns.
    lender, settings, progress
        As in a training.
    """
    protected = settings.evaluation.protected
    if not protected:
        return {}
    free = learn_with_protected(tables, lender, settings, protected, progress)
    found = ranking_price(tables.test, truth.iloc[tables.split.test], {"with": free, "without": model}, settings)
    price = found["with"]
    return {PRICE: price.value, f"{PRICE}_low": price.low, f"{PRICE}_high": price.high}


def ranking_price(
    people: pd.DataFrame, truth: pd.DataFrame, models: Mapping[str, InviteModel], settings: TrainSettings,
    base: str = "without",
) -> dict[str, Interval]:
    """Give how much better each model ranks the eligible than ``base`` does, by expected AUC with paired range."""
    eligible = people["is_eligible"].to_numpy(dtype=bool)
    looked_at, chance = people.loc[eligible], truth["p_invite"].to_numpy(dtype=np.float64)[eligible]
    scored = {name: ChanceScores(chance, model.log_odds(looked_at), is_probability=False)
              for name, model in models.items()}
    own = settings.evaluation
    found = measure(scored, len(chance), replicates=own.replicates, level=own.level, seed=own.seed)
    return {name: found.difference(f"{name}.auc", f"{base}.auc") for name in models}
