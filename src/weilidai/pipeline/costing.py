"""What each source of columns costs a lender, and what the ranking would lose without it.

The documents name no fees: what a query costs and how long it takes are assumptions, and stand in the settings
(``evaluation.sources``), where a team writes its own.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from weilidai.columns import Contract
from weilidai.evaluation.settings import ColumnSource, SourceCost
from weilidai.facts import FactorCatalogue
from weilidai.models.invite import InviteModel

BUREAU: Final = "bureau"
"""Dimension whose columns are asked for at the credit bureau."""
TOO_LITTLE: Final = 0.001
"""Loss of AUC below which a source that costs something is not worth it."""
_SEED: Final = 5
_PEOPLE: Final = 50_000
"""Eligible people on whom the loss is measured; more change its third digit only."""


def source_of_column(name: str, factors: FactorCatalogue, contract: Contract) -> ColumnSource:
    """Say where a column comes from: asked for at the bureau, shared on a permission, or the lender's own."""
    if factors.of_column(name).dimension == BUREAU:
        return "bureau"
    return "permission" if contract.columns[name].permission else "own"


def cost_table(
    model: InviteModel,
    people: pd.DataFrame,
    factors: FactorCatalogue,
    contract: Contract,
    costs: Mapping[ColumnSource, SourceCost],
) -> pd.DataFrame:
    """Hold what each source costs against what it is worth, on eligible people of the test.

    Parameters
    ----------
    model
        Who is invited.
    people
        People of the test, with the label.
    factors, contract
        What the columns are.
    costs
        Source -> its cost.

    Returns
    -------
    DataFrame
        One row per source the model reads: ``source``, ``columns`` (how many), ``cost_cny`` and ``latency_ms`` for
        one person, ``missing_share`` of its values, ``auc_loss`` when its columns are shuffled among people,
        ``auc_loss_per_cny`` (NaN where it costs nothing), ``is_worth_it``.
    """
    eligible = people[model.is_eligible(people)].iloc[:_PEOPLE].reset_index(drop=True)
    label, order = eligible["is_invited"].to_numpy(bool), np.random.default_rng(_SEED).permutation(len(eligible))
    if label.all() or not label.any():
        return pd.DataFrame()
    whole = roc_auc_score(label, model.log_odds(eligible))
    rows = []
    for source in costs:
        read = [name for name in model.features.names if source_of_column(name, factors, contract) == source]
        if read:
            shuffled = eligible.assign(**{name: eligible[name].to_numpy()[order] for name in read if name in eligible})
            loss = float(whole - roc_auc_score(label, model.log_odds(shuffled)))
            rows.append(_row(source, costs[source], eligible.reindex(columns=read), loss))
    return pd.DataFrame(rows)


def cost_metrics(table: pd.DataFrame) -> dict[str, float]:
    """Name the losses ``cost.<source>.auc_loss``."""
    return {f"cost.{row['source']}.auc_loss": float(row["auc_loss"]) for row in table.to_dict("records")}


def _row(source: str, cost: SourceCost, read: pd.DataFrame, loss: float) -> dict[str, object]:
    return {
        "source": source, "columns": read.shape[1], "cost_cny": cost.cost_cny, "latency_ms": cost.latency_ms,
        "missing_share": float(read.isna().to_numpy().mean()), "auc_loss": loss,
        "auc_loss_per_cny": loss / cost.cost_cny if cost.cost_cny else float("nan"),
        "is_worth_it": cost.cost_cny == 0 or loss >= TOO_LITTLE,
    }  # fmt: skip
