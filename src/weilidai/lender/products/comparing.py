"""Which product is cheapest for an amount and a number of instalments, fees included."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.lender.products.assessing import ANSWERS, UNKNOWN, YES, Columns, Offer, assess
from weilidai.lender.products.catalogue import Product, ProductParameters
from weilidai.lender.terms.cost import cost_of
from weilidai.lender.terms.loan import Method

FloatArray = npt.NDArray[np.float64]
View = Literal["low", "middle", "high"]


@dataclass(frozen=True)
class Need:
    """What a borrower needs, and at which end of a rate range it is priced."""

    amount_cny: float
    instalments: int
    method: Method = "equal_instalment"
    view: View = "middle"


def compare(people: Columns, need: Need, parameters: ProductParameters, person: int = 0) -> pd.DataFrame:
    """Rank every product for one person: open ones first, then those with something to ask, each by its IRR.

    A product without a documented rate has no IRR and comes last of its group; ``cheaper_than`` says what the
    documents say instead. ``daily_rate`` is 0 where a monthly fee replaces interest. Products
    that are closed, too small, or only named by the documents are left out.
    """
    rows = [
        row for name, offer in assess(people, parameters).items()
        if (row := _row(name, offer, need, parameters, person)) is not None
    ]
    names = ["product", "answer", "to_ask", "daily_rate", "cost_cny", "irr_annual", "seconds_slowest", "cheaper_than"]
    table = pd.DataFrame(rows, columns=names)
    order = table["answer"].map({"yes": 0, "unknown": 1})
    return table.assign(order=order).sort_values(["order", "irr_annual"], kind="stable").drop(
        columns="order").reset_index(drop=True)


def _row(
    name: str, offer: Offer, need: Need, parameters: ProductParameters, person: int,
) -> dict[str, object] | None:
    if not _fits(offer, need, UNKNOWN)[person]:
        return None
    rate = float(_rate_seen(offer, need, parameters)[person])
    irr, share = _price(offer.product, need, rate)
    fee = offer.product.instalment_fee if need.instalments > 1 else None
    asked = [one.column for rule, one in offer.product.requirements.items()
             if offer.by_requirement[rule][person] == UNKNOWN]
    return {
        "product": name, "answer": ANSWERS[offer.answer[person]], "to_ask": asked,
        "daily_rate": 0.0 if fee and fee.replaces_interest else rate,
        "cost_cny": share * need.amount_cny, "irr_annual": irr, "seconds_slowest": offer.seconds[1],
        "cheaper_than": offer.product.cheaper_than,
    }


def cheapest(people: Columns, need: Need, parameters: ProductParameters) -> pd.DataFrame:
    """Find the cheapest open product of every person; one row per person.

    Columns: ``product`` (missing when nothing open covers the amount), ``irr_annual``, ``cost_cny``, and
    ``product_if_met``, the cheapest once every open question is answered well.
    """
    offers = assess(people, parameters)
    prices = {name: _prices(offer, need, parameters) for name, offer in offers.items()}
    best = _least(offers, prices, need, YES)
    hoped = _least(offers, prices, need, UNKNOWN)
    return pd.DataFrame({**best, "product_if_met": hoped["product"]}).astype(
        {"product": "str", "product_if_met": "str"})


def _least(
    offers: Mapping[str, Offer], prices: Mapping[str, tuple[FloatArray, FloatArray]], need: Need, least: int,
) -> dict[str, npt.NDArray[np.object_] | FloatArray]:
    names = np.array([*offers, None], dtype=object)
    irr = np.stack([np.where(_fits(offer, need, least), prices[name][0], np.nan) for name, offer in offers.items()])
    ranked = np.where(np.isnan(irr), np.inf, irr)
    chosen = np.argmin(ranked, axis=0)
    nothing = np.isinf(ranked.min(axis=0))
    share = np.stack([prices[name][1] for name in offers])
    rows = np.arange(irr.shape[1])
    return {
        "product": names[np.where(nothing, len(names) - 1, chosen)],
        "irr_annual": np.where(nothing, np.nan, irr[chosen, rows]),
        "cost_cny": np.where(nothing, np.nan, share[chosen, rows] * need.amount_cny),
    }


def _fits(offer: Offer, need: Need, least: int) -> npt.NDArray[np.bool_]:
    """Whether the answer is at least this good and the quota covers the amount; an undocumented quota does."""
    if offer.product.kind == "context":
        return np.zeros(len(offer.answer), dtype=np.bool_)
    fits: npt.NDArray[np.bool_] = (offer.answer >= least) & ~(need.amount_cny > offer.quota_high_cny)
    return fits


def _rate_seen(offer: Offer, need: Need, parameters: ProductParameters) -> FloatArray:
    """Daily rate that the view takes out of each person's range."""
    return offer.daily_rate_low + (offer.daily_rate_high - offer.daily_rate_low) * parameters.in_range[need.view]


def _prices(offer: Offer, need: Need, parameters: ProductParameters) -> tuple[FloatArray, FloatArray]:
    """IRR a year and cost as a share of the amount; the distinct rates are few, so each is solved once."""
    rates, where = np.unique(_rate_seen(offer, need, parameters), return_inverse=True)
    solved = np.array([_price(offer.product, need, float(rate)) for rate in rates])
    return solved[where, 0], solved[where, 1]


def _price(product: Product, need: Need, daily_rate: float) -> tuple[float, float]:
    if np.isnan(daily_rate):
        return float("nan"), float("nan")
    cost = cost_of(product.loan(need.amount_cny, need.instalments, daily_rate, need.method))
    return cost.irr_annual, cost.total_cny / need.amount_cny
