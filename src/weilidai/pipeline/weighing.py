"""What each documented dimension weighs: in the documents, in truth, and in the model."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.explain.attributions import by_factor, credit_missing, gather_dimensions, seen_averages, shares
from weilidai.explain.recovery import agreement
from weilidai.explain.weights import COLUMNS, Parts, parts_of, rank_agreement, weight_table, with_others
from weilidai.facts import FactorCatalogue, load_book
from weilidai.matching.policies import COMPOSITE, load_policy
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
    """One row per dimension of the weighting that decides: ``dimension``, ``documented_weight``,
    ``oracle_share``, ``model_share``."""
    agreement: dict[str, float]
    contributions: npt.NDArray[np.float64]
    """Log-odds of the eligible people, shape (people, features + 1)."""
    values: Matrix
    """What the model read of them, shape (people, features)."""
    quota: pd.DataFrame
    """What the first grant follows: one row per factor with ``dimension``, ``factor``, ``model_share``."""
    recovery: pd.DataFrame
    """``dimensions`` with the difference of model and oracle, and intervals over people."""

    @property
    def metrics(self) -> dict[str, float]:
        """Finite figures by fixed name: ``explain.agreement.*``, ``explain.{share,quota_share}.*``, ``weight.*``."""
        named = {f"explain.agreement.{name}": value for name, value in self.agreement.items()}
        rows = zip(self.dimensions["dimension"], self.dimensions["model_share"], strict=True)
        named |= {f"explain.share.{name}": float(share) for name, share in rows}
        by_dimension = self.quota.groupby("dimension", sort=False)["model_share"].sum()
        named |= {f"explain.quota_share.{name}": float(share) for name, share in by_dimension.items()}
        named |= recovery_metrics(self.recovery)
        return {name: value for name, value in named.items() if np.isfinite(value)}


def documented_weights() -> dict[str, float]:
    """Give dimension -> documented weight in the assessment at invitation, 0 to 1."""
    targets = (target for target in load_book().targets() if target.moment.startswith(_MOMENT))
    return {target.moment.removeprefix(_MOMENT): target.wanted for target in targets}


@dataclass(frozen=True)
class Weighting:
    """The weighting that decides about invitations: its parts and what the documents say they weigh."""

    parts: Parts
    documented: dict[str, float]


def weighting_of(policy: str, factors: FactorCatalogue) -> Weighting:
    """Give the parts and documented weights of the composite lender or of a named policy.

    Under a named policy what the documents leave open is weighed too, as they leave it; every factor that no
    part names stands under ``others``.
    """
    if policy == COMPOSITE:
        return Weighting(parts_of(factors), documented_weights())
    named = load_policy(policy)
    return Weighting(with_others(named.factors(), factors), named.weights(load_book()))


def recovery_metrics(table: pd.DataFrame) -> dict[str, float]:
    """Name a table's figures ``weight.<dimension>.{documented,oracle,model,difference}``, and the worst difference.

    ``weight.worst_difference`` is looked for among the dimensions with a documented weight, on the scale of their
    sum; ``weight.worst_difference_overall`` among all of them, as parts of everything.
    """
    called = {"documented_weight": "documented", "oracle_share": "oracle", "model_share": "model"}
    named = {}
    for row in table.to_dict("records"):
        for column in (*COLUMNS, "difference", *(name for name in row if str(name).endswith(("_low", "_high")))):
            told = str(column).replace("_share", "")
            named[f"weight.{row['dimension']}.{called.get(str(column), told)}"] = float(row[column])
    weighed = table.loc[table["documented_weight"].notna(), "difference"]
    named["weight.worst_difference"] = float(weighed.abs().max())
    of_all = table["model_share"] / table["model_share"].sum() - table["oracle_share"] / table["oracle_share"].sum()
    named["weight.worst_difference_overall"] = float(of_all.abs().max())
    return named


def weigh(
    model: InviteModel, quota: QuotaModel, people: pd.DataFrame, truth: pd.DataFrame, factors: FactorCatalogue,
    policy: str = COMPOSITE, replicates: int = 200,
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
    policy
        What decides about an invitation.
    replicates
        Bootstrap draws of people; 0 measures no intervals.
    """
    eligible = model.is_eligible(people)
    looked_at, behind = people.loc[eligible], truth.loc[eligible]
    contributions, found = found_contributions(model, looked_at, factors)
    weighting = weighting_of(policy, factors)
    table = weight_table(
        found, behind, factors, weighting.parts, weighting.documented, replicates=replicates
    )
    agreed = agreement_with(found, behind, factors, weighting)
    return Weighing(
        model.features.names, table[["dimension", *COLUMNS]], agreed, contributions,
        encode(looked_at, model.features), quota_weights(quota, people.loc[people["is_opened"]], factors), table,
    )


def agreement_with(
    found: npt.NDArray[np.float64], truth: pd.DataFrame, factors: FactorCatalogue, weighting: Weighting
) -> dict[str, float]:
    """Measure, person by person, how far found contributions agree with the truth, rank by rank, too."""
    agreed = agreement(found, truth, factors, weighting.parts)
    return agreed | {"rank": rank_agreement(found, truth, factors)}


def weigh_found(
    model: InviteModel, quota: QuotaModel | None, people: pd.DataFrame, factors: FactorCatalogue
) -> Weighing:
    """Say what each dimension weighs in the model alone, where neither documents nor truth say what it should."""
    contributions, found = found_contributions(model, people, factors)
    sizes = np.abs(gather_dimensions(found, factors)).mean(axis=0)
    nothing = np.full(len(sizes), np.nan)
    table = pd.DataFrame({
        "dimension": list(factors.dimensions), "documented_weight": nothing, "oracle_share": nothing,
        "model_share": sizes / sizes.sum() if sizes.sum() else sizes, "difference": nothing,
    })
    grants = pd.DataFrame(columns=["dimension", "factor", "model_share"])
    if quota is not None:
        grants = quota_weights(quota, people.loc[people["is_opened"]], factors)
    return Weighing(
        model.features.names, table[["dimension", *COLUMNS]], {}, contributions, encode(people, model.features),
        grants, table,
    )


def found_contributions(
    model: InviteModel, looked_at: pd.DataFrame, factors: FactorCatalogue
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Share out the log-odds of eligible people by column, shape (people, features + 1), and by factor."""
    names = model.features.names
    raw = model.contributions(looked_at)
    shared = credit_missing(looked_at, raw, names, averages=seen_averages(looked_at, raw, names))
    return shared, by_factor(shared, names, factors)


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
