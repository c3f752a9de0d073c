"""What each documented dimension weighs: in the documents, in truth, and in the model."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.explain.attributions import by_factor, credit_missing, shares
from weilidai.explain.recovery import agreement, dimension_table
from weilidai.facts import FactorCatalogue, load_book
from weilidai.models.features import Matrix, encode
from weilidai.models.invite import InviteModel
from weilidai.models.quota import QuotaModel

_MOMENT: Final = "assessment_share."
"""Targets of this name hold the documented weight of a dimension at invitation."""


@dataclass(frozen=True)
class Weighing:
    """Weights by dimension, how often the model names the true main reason, and what that rests on."""

    features: tuple[str, ...]
    dimensions: pd.DataFrame
    """One row per dimension: ``dimension``, ``documented_weight``, ``oracle_share``, ``model_share``."""
    agreement: dict[str, float]
    contributions: npt.NDArray[np.float64]
    """Log-odds of the eligible people, shape (people, features + 1)."""
    values: Matrix
    """What the model read of them, shape (people, features)."""
    quota: pd.DataFrame
    """What the first grant follows: one row per factor with ``dimension``, ``factor``, ``model_share``."""

    @property
    def metrics(self) -> dict[str, float]:
        """Finite figures under fixed names: ``explain.agreement.*``, ``explain.{share,quota_share}.<dimension>``."""
        named = {f"explain.agreement.{name}": value for name, value in self.agreement.items()}
        rows = zip(self.dimensions["dimension"], self.dimensions["model_share"], strict=True)
        named |= {f"explain.share.{name}": float(share) for name, share in rows}
        by_dimension = self.quota.groupby("dimension", sort=False)["model_share"].sum()
        named |= {f"explain.quota_share.{name}": float(share) for name, share in by_dimension.items()}
        return {name: value for name, value in named.items() if np.isfinite(value)}


def documented_weights() -> dict[str, float]:
    """Give dimension -> documented weight in the assessment at invitation, 0 to 1."""
    targets = (target for target in load_book().targets() if target.moment.startswith(_MOMENT))
    return {target.moment.removeprefix(_MOMENT): target.wanted for target in targets}


def weigh(
    model: InviteModel, quota: QuotaModel, people: pd.DataFrame, truth: pd.DataFrame, factors: FactorCatalogue
) -> Weighing:
    """Set documented, true and found weights side by side, on eligible people.

    Parameters
    ----------
    model
        The invite model.
    quota
        The quota model; its contributions are weighed on the opened people.
    people, truth
        The same people in the same order.
    factors
        Which column belongs to which factor and dimension.
    """
    eligible = model.is_eligible(people)
    looked_at, behind = people.loc[eligible], truth.loc[eligible]
    names = model.features.names
    contributions = credit_missing(looked_at, model.contributions(looked_at), names)
    found = by_factor(contributions, names, factors)
    table = dimension_table(found, behind, factors, documented_weights())
    return Weighing(
        names, table, agreement(found, behind, factors), contributions, encode(looked_at, model.features),
        quota_weights(quota, people.loc[people["is_opened"]], factors),
    )


def quota_weights(model: QuotaModel, opened: pd.DataFrame, factors: FactorCatalogue) -> pd.DataFrame:
    """Say how much of the first grant's logarithm each documented factor makes, largest first.

    A share is the factor's mean absolute contribution as a part of all factors'.
    """
    names = model.features.names
    found = shares(credit_missing(opened, model.contributions(opened), names), names, factors)
    rows = [{"dimension": factors.factors[str(name)].dimension, "factor": str(name), "model_share": share}
            for name, share in found.items() if share > 0]
    return pd.DataFrame(rows, columns=["dimension", "factor", "model_share"]).sort_values(
        "model_share", ascending=False, ignore_index=True,
    )
