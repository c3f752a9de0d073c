"""The statistics of the documented profiles: what is typical of people with the entry, and of people without.

A profile mark is a typical value and no bound (X.D0.rate_bounds), so a side is asked what share of it lies
beyond the mark. Everyone not on the list counts as being without the entry.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from weilidai.matching.crowd import Crowd

Array = npt.NDArray[Any]
Moment = Callable[[Crowd], float]
Select = Callable[[Crowd], Array]
Side = Literal["with", "without"]

PROFILE_MARKS: Final[Mapping[str, str]] = {
    "few_friends": "D0.2.friends_not_opened",
    "many_friends": "D0.2.friends_opened",
    "low_spend_cny": "D0.1.spend_not_opened",
    "high_flow_cny": "D0.1.flow_opened",
    "functions": "D0.2.functions_opened",
    "weight.bureau": "D3.3.weight_bureau",
    "weight.social_behaviour": "D3.3.weight_social",
    "weight.spending": "D3.3.weight_spending",
    "weight.assets": "D3.3.weight_assets",
}
"""Name of a mark -> the fact that holds it."""


def mean_of(values: Array, weights: Array) -> float:
    """Mean of the values that are known, under the weights; NaN when nobody known weighs anything."""
    known = ~np.isnan(values) if values.dtype.kind == "f" else np.ones(len(values), dtype=bool)
    weight = weights[known].astype(np.float64)
    total = float(weight.sum())
    return float((values[known] * weight).sum()) / total if total > 0 else float("nan")


def weighted_quantile(values: Array, weights: Array, share: float) -> float:
    """Smallest known value below or at which the given share of the weight lies; NaN when nothing weighs."""
    known = ~np.isnan(values) & (weights > 0)
    if not known.any():
        return float("nan")
    order = np.argsort(values[known], kind="stable")
    heaped = np.cumsum(weights[known][order].astype(np.float64))
    place = int(np.searchsorted(heaped, share * heaped[-1]))
    return float(values[known][order][min(place, len(order) - 1)])


def side(crowd: Crowd, which: Side) -> Array:
    """Weights of the people with the entry, or of those without; shape (people,)."""
    invited = crowd.weights["invited"]
    return invited if which == "with" else 1 - invited


def _share(select: Select, which: Side) -> Moment:
    return lambda c: mean_of(select(c), side(c, which))


def _with(column: str, mark: str | float) -> Select:
    """People above a mark; those whose value is unknown stay unknown."""
    return lambda c: known_flags(c.columns[column], c.columns[column] > at(c, mark))


def _from(column: str, mark: str | float) -> Select:
    return lambda c: known_flags(c.columns[column], c.columns[column] >= at(c, mark))


def _below(column: str, mark: str | float) -> Select:
    return lambda c: known_flags(c.columns[column], c.columns[column] < at(c, mark))


def at(crowd: Crowd, mark: str | float) -> float:
    """Give a mark by name, or a bare number as it is."""
    return crowd.marks[mark] if isinstance(mark, str) else mark


def known_flags(values: Array, flags: Array) -> Array:
    """Turn flags into 0 and 1, NaN where the value behind them is unknown."""
    return np.where(np.isnan(values), np.nan, flags) if values.dtype.kind == "f" else flags


def _no_borrowing(crowd: Crowd) -> Array:
    """Nothing borrowed on record: no bureau record at all, or no loan in it that is still open."""
    return ~(crowd.columns["open_loan_count"] > 0)


def _gap(column: str) -> Moment:
    """Mean of people with the entry minus mean of people without."""
    return lambda c: mean_of(c.columns[column], side(c, "with")) - mean_of(c.columns[column], side(c, "without"))


def _among_invited_by_opens(column: str) -> Moment:
    """Among people with the entry: mean of the highly active minus mean of the others."""
    def moment(crowd: Crowd) -> float:
        active = crowd.columns["daily_open_count"] > crowd.marks["high_opens"]
        weights, values = crowd.weights["invited"], crowd.columns[column]
        return mean_of(values, weights * active) - mean_of(values, weights * ~active)

    return moment


def charity_gain(parts: Mapping[str, tuple[str, ...]]) -> Moment:
    """Mean gain in the four-part score of long-term donors over the same people without a donation.

    Parameters
    ----------
    parts
        Dimension of the assessment -> its factors; a part counts as the logistic of their log-odds.
    """
    social = next(dimension for dimension, factors in parts.items() if "charity" in factors)

    def moment(crowd: Crowd) -> float:
        with_gift = np.asarray(sum(crowd.logits[name] for name in parts[social]), dtype=np.float64)
        without = with_gift - (crowd.logits["charity"] - crowd.logits["charity"].min())
        weights = {name: crowd.marks[f"weight.{name}"] for name in parts}
        gain = (_logistic(with_gift) - _logistic(without)) * weights[social] / sum(weights.values())
        long_term = crowd.columns["charity_months_12m"] >= crowd.marks["charity_months"]
        return mean_of(gain, crowd.weights["eligible"] * long_term)

    return moment


def _logistic(log_odds: Array) -> Array:
    return 1 / (1 + np.exp(-log_odds))


PROFILE_MOMENTS: Final[Mapping[str, Moment]] = {
    "invited.share.opens_above_mark": _share(_with("daily_open_count", "high_opens"), "with"),
    "invited.share.functions_from_mark": _share(_from("nonsocial_function_count", "functions"), "with"),
    "invited.share.friends_above_mark": _share(_with("friend_count", "many_friends"), "with"),
    "invited.share.flow_above_mark": _share(_with("annual_flow_cny", "high_flow_cny"), "with"),
    "invited.share.groups_from_mark": _share(_from("managed_group_count", "groups"), "with"),
    "invited.share.card_bound": _share(_with("debit_card_count", 0), "with"),
    "invited.share.salary_card": _share(_with("has_salary_card", 0), "with"),
    "invited.share.name_verified": _share(_with("real_name_months", 0), "with"),
    "invited.share.thin_file": _share(lambda c: ~c.columns["has_bureau_record"].astype(bool), "with"),
    "invited.share.minor": _share(_below("age_years", "adult_years"), "with"),
    "invited.median.repayment_elsewhere": lambda c: weighted_quantile(
        c.columns["other_repayment_on_time_share"], side(c, "with"), 0.5
    ),
    "not_invited.share.opens_below_mark": _share(_below("daily_open_count", "low_opens"), "without"),
    "not_invited.share.functions_below_mark": _share(_below("nonsocial_function_count", "functions"), "without"),
    "not_invited.share.friends_below_mark": _share(_below("friend_count", "few_friends"), "without"),
    "not_invited.share.spend_below_mark": _share(_below("monthly_spend_cny", "low_spend_cny"), "without"),
    "not_invited.share.no_credit_card": _share(_below("credit_card_count", 1), "without"),
    "not_invited.share.no_borrowing": _share(_no_borrowing, "without"),
    "not_invited.share.no_licaitong": _share(_below("licaitong_balance_cny", 1), "without"),
    "profile_gap.salary_card": _gap("has_salary_card"),
    "profile_gap.managed_groups": _gap("managed_group_count"),
    "profile_gap.functions": _gap("nonsocial_function_count"),
    "invited.gap_by_opens.payments": _among_invited_by_opens("daily_payment_count"),
    "invited.gap_by_opens.functions": _among_invited_by_opens("nonsocial_function_count"),
}
"""Moment name -> how it is measured on a crowd."""
