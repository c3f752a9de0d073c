"""Whether a product is open to a person, by which condition, at which quota, price and speed.

Every condition is met, missed or unknown. A product is open when all are met, closed when one is missed, and
unknown when something has yet to be asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.errors import ConfigError
from weilidai.lender.products.catalogue import Product, ProductParameters, Quota, Rate, Requirement

FloatArray = npt.NDArray[np.float64]
CodeArray = npt.NDArray[np.int8]
Columns = Mapping[str, Any]
"""Column name -> one value per person, or a single value; a DataFrame is one."""

NO, UNKNOWN, YES = 0, 1, 2
ANSWERS: Final = ("no", "unknown", "yes")
"""Words for the codes 0, 1 and 2."""
_COMPARE = {">=": np.greater_equal, "<=": np.less_equal, "==": np.equal}


@dataclass(frozen=True)
class Offer:
    """One product for a number of people; all arrays (people,)."""

    product: Product
    answer: CodeArray
    """0 closed, 1 unknown, 2 open."""
    by_requirement: dict[str, CodeArray]
    quota_low_cny: FloatArray
    quota_high_cny: FloatArray
    daily_rate_low: FloatArray
    daily_rate_high: FloatArray
    seconds: tuple[float, float]
    """Shortest and longest time from click to money."""

    def because(self, person: int = 0) -> tuple[tuple[str, Requirement], ...]:
        """Conditions that decide one person's answer: the missed ones, else the unknown, else all."""
        answer = self.answer[person]
        deciding = {name for name, codes in self.by_requirement.items() if codes[person] == answer}
        return tuple((name, self.product.requirements[name]) for name in self.by_requirement if name in deciding)


def assess(people: Columns, parameters: ProductParameters) -> dict[str, Offer]:
    """Hold every product against a person or a frame of people.

    Parameters
    ----------
    people
        Columns of the contract, each with one value per person or a single value. What no column knows
        (see :meth:`ProductParameters.questions`) may be added as further columns once it has been asked.
    parameters
        The product table.

    Raises
    ------
    ConfigError
        There is no column at all.
    """
    if not len(people.keys()):
        raise ConfigError("a product can be assessed for people only, and there is no column")
    count = len(np.atleast_1d(people[next(iter(people.keys()))]))
    columns = {name: np.atleast_1d(np.asarray(people[name])) for name in parameters.columns() if name in people}
    return {name: _offer(product, columns, count, parameters) for name, product in parameters.table.items()}


def _offer(product: Product, columns: Columns, count: int, parameters: ProductParameters) -> Offer:
    codes = {name: _answer(one, columns, count) for name, one in product.requirements.items()}
    worst: CodeArray = np.min(np.stack([*codes.values(), np.full(count, YES, dtype=np.int8)]), axis=0)
    return Offer(
        product, worst, codes, *_quota(product.quota, columns, count), *_rate(product.rate, columns, count),
        parameters.until_money(product),
    )


def _answer(requirement: Requirement, columns: Columns, count: int) -> CodeArray:
    """Code of one condition for each person; a value nobody has seen is unknown."""
    seen = _column(requirement.column, columns, count)
    met = _COMPARE[requirement.comparison](seen, requirement.value)
    missed = NO if requirement.otherwise == "no" else UNKNOWN
    return np.where(np.isnan(seen), UNKNOWN, np.where(met, YES, missed)).astype(np.int8)


def _column(name: str | None, columns: Columns, count: int) -> FloatArray:
    if name is None or name not in columns:
        return np.full(count, np.nan)
    values = columns[name]
    # An object column mixes flags with None; None becomes NaN.
    return np.asarray(values if values.dtype.kind != "O" else np.where(pd.isna(values), np.nan, values), np.float64)


def _quota(quota: Quota, columns: Columns, count: int) -> tuple[FloatArray, FloatArray]:
    """Own limit where there is one, else the product's range."""
    own = _column(quota.own_column, columns, count)
    low, high = (np.nan if end is None else end for end in (quota.low_cny, quota.high_cny))
    return np.where(np.isnan(own), low, own), np.where(np.isnan(own), high, own)


def _rate(rate: Rate | None, columns: Columns, count: int) -> tuple[FloatArray, FloatArray]:
    """Own daily rate where there is one, else the product's range, or the part of it the person belongs to."""
    if rate is None:
        return np.full(count, np.nan), np.full(count, np.nan)
    own = _column(rate.own_column, columns, count)
    low, high = (np.full(count, end) for end in rate.daily)
    if rate.better is not None:
        between = low + (high - low) * rate.better.lower_part
        seen = _column(rate.better.column, columns, count)
        low = np.where(seen < rate.better.mark, between, low)
        high = np.where(seen >= rate.better.mark, between, high)
    is_priced = ~np.isnan(own)
    return np.where(is_priced, own, low), np.where(is_priced, own, high)


def answers(offers: Mapping[str, Offer]) -> pd.DataFrame:
    """Write the answers of many people: one column per product, ``yes``, ``no`` or ``unknown``."""
    words = np.array(ANSWERS)
    return pd.DataFrame({name: words[offer.answer] for name, offer in offers.items()})


def summary(offers: Mapping[str, Offer], person: int = 0) -> pd.DataFrame:
    """Write one person's answers: one row per product, with the deciding conditions and their facts."""
    rows = []
    for name, offer in offers.items():
        deciding = offer.because(person)
        rows.append({
            "product": name, "name_en": offer.product.name_en, "name_zh": offer.product.name_zh,
            "answer": ANSWERS[offer.answer[person]],
            "because": [rule for rule, _ in deciding], "facts": [one.fact for _, one in deciding],
            "to_ask": [one.column for rule, one in offer.product.requirements.items()
                       if offer.by_requirement[rule][person] == UNKNOWN],
            "quota_low_cny": offer.quota_low_cny[person], "quota_high_cny": offer.quota_high_cny[person],
            "daily_rate_low": offer.daily_rate_low[person], "daily_rate_high": offer.daily_rate_high[person],
            "seconds_fastest": offer.seconds[0], "seconds_slowest": offer.seconds[1],
        })
    return pd.DataFrame(rows)
