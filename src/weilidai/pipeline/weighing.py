"""What each documented dimension weighs: in the documents, in truth, and in the model."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.explain.attributions import by_factor, credit_missing
from weilidai.explain.recovery import agreement, dimension_table
from weilidai.facts import FactorCatalogue, load_book
from weilidai.models.features import Matrix, encode
from weilidai.models.invite import InviteModel

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

    @property
    def metrics(self) -> dict[str, float]:
        """Finite figures under fixed names: ``explain.agreement.*`` and ``explain.share.<dimension>``."""
        named = {f"explain.agreement.{name}": value for name, value in self.agreement.items()}
        shares = zip(self.dimensions["dimension"], self.dimensions["model_share"], strict=True)
        named |= {f"explain.share.{name}": float(share) for name, share in shares}
        return {name: value for name, value in named.items() if np.isfinite(value)}


def documented_weights() -> dict[str, float]:
    """Give dimension -> documented weight in the assessment at invitation, 0 to 1."""
    targets = (target for target in load_book().targets() if target.moment.startswith(_MOMENT))
    return {target.moment.removeprefix(_MOMENT): target.wanted for target in targets}


def weigh(model: InviteModel, people: pd.DataFrame, truth: pd.DataFrame, factors: FactorCatalogue) -> Weighing:
    """Set documented, true and found weights side by side, on eligible people.

    Parameters
    ----------
    model
        The invite model.
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
    return Weighing(names, table, agreement(found, behind, factors), contributions, encode(looked_at, model.features))
