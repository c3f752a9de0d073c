"""What people look like: the spread of the main columns, and how columns go together."""

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.columns import CATALOGUE, LEVELS

FloatArray = npt.NDArray[np.float64]
Scale = Literal["linear", "log", "levels"]

SPREADS: Final = (
    "age_years", "user_type", "city_tier", "account_age_months", "friend_count", "daily_open_count",
    "daily_payment_count", "monthly_spend_cny", "annual_flow_cny", "wallet_balance_cny", "offline_payment_share",
    "utility_on_time_share", "licaitong_balance_cny", "lingqiantong_earnings_cny", "annual_income_cny",
    "housing_fund_months", "overdue_count_24m", "open_loan_count", "bureau_inquiry_count_3m", "other_credit_line_cny",
    "debt_to_income_share", "pay_score", "tencent_credit_score", "location_jump_km_7d", "initial_quota_cny",
    "current_quota_cny", "credit_grade", "daily_rate",
)
"""Columns whose spread is drawn."""
TOGETHER: Final = (
    "age_years", "account_age_months", "friend_count", "daily_open_count", "nonsocial_function_count",
    "daily_payment_count", "monthly_spend_cny", "wallet_balance_cny", "merchant_category_count",
    "utility_on_time_share", "licaitong_balance_cny", "lingqiantong_earnings_cny", "insurance_premium_cny",
    "monthly_card_flow_cny", "annual_income_cny", "housing_fund_months", "credit_card_count", "overdue_count_24m",
    "open_loan_count", "bureau_inquiry_count_3m", "debt_to_income_share", "card_on_time_share", "pay_score",
    "tencent_credit_score", "initial_quota_cny",
)
"""Columns whose rank correlation is drawn, neighbours in meaning side by side."""
BINS: Final = 28
FEW: Final = 12
"""Up to so many different values each has a bar of its own."""
SKEWED: Final = 8.0
"""Positive values whose 95th percentile is this many times their median are drawn on a logarithmic scale."""
MOST_ALIKE: Final = 1.001
"""Values that all but agree are drawn as if they spread so far."""
RANKED: Final = 20_000
"""About so many people have their ranks compared; more no longer change what is seen."""


@dataclass(frozen=True)
class Spread:
    """How one column is spread over people; shares are of the people who have a value."""

    column: str
    scale: Scale
    edges: tuple[float, ...]
    """Borders of the bars, one more than bars; empty for levels."""
    levels: tuple[str, ...]
    shares: tuple[float, ...]
    zero: float
    """Share of zeros where the scale has no room for them; counted apart from the bars."""
    missing: float
    """Share of all people without a value."""
    median: float
    """NaN for levels."""


@dataclass(frozen=True)
class Looks:
    """Spread of the main columns and rank correlations."""

    spreads: tuple[Spread, ...]
    columns: tuple[str, ...]
    correlation: FloatArray
    """Spearman's, among people who have both values; shape (columns, columns), NaN where nobody has."""


def look_at(applicants: pd.DataFrame) -> Looks:
    """Describe a generated table: one row per person, every column of the contract."""
    spreads = tuple(spread_of(applicants[name], name) for name in SPREADS)
    step = max(len(applicants) // RANKED, 1)
    ranked = applicants[list(TOGETHER)].iloc[::step].corr(method="spearman")
    return Looks(spreads, TOGETHER, ranked.to_numpy(dtype=np.float64))


def spread_of(values: "pd.Series[Any]", name: str) -> Spread:
    """Describe one column; the scale is logarithmic where positive values are skewed."""
    missing = float(values.isna().mean()) if len(values) else float("nan")
    if name in LEVELS:
        shares = values.value_counts(normalize=True).reindex(list(LEVELS[name]), fill_value=0.0)
        return Spread(name, "levels", (), LEVELS[name], tuple(map(float, shares)), 0.0, missing, float("nan"))
    known = values.dropna().to_numpy(dtype=np.float64)
    if not known.size:
        return Spread(name, "linear", (0.0, 1.0), (), (0.0,), 0.0, missing, float("nan"))
    positive = known[known > 0]
    if _is_skewed(name, positive):
        low, high = np.quantile(positive, [0.001, 0.999]).tolist()
        return _binned(name, "log", positive, np.geomspace(low, max(high, low * MOST_ALIKE), BINS + 1), known, missing)
    return _binned(name, "linear", known, _even_edges(name, known), known, missing)


def _is_skewed(name: str, positive: FloatArray) -> bool:
    if not positive.size or (CATALOGUE[name].kind == "count" and len(np.unique(positive)) <= FEW):
        return False
    return name.endswith("_cny") or bool(np.quantile(positive, 0.95) > SKEWED * np.median(positive))


def _even_edges(name: str, known: FloatArray) -> FloatArray:
    if CATALOGUE[name].kind != "count":
        bottom, top = np.quantile(known, [0.0005, 0.9995]).tolist()
        return np.linspace(bottom, max(top, bottom + abs(bottom) * (MOST_ALIKE - 1) or 1.0), BINS + 1)
    low, high = (round(float(v)) for v in np.quantile(known, [0.0005, 0.9995]))
    width = max(-(-(high - low + 1) // BINS), 1)
    return np.arange(low, high + width + 1, width, dtype=np.float64) - 0.5


def _binned(name: str, scale: Scale, drawn: FloatArray, edges: FloatArray, known: FloatArray, missing: float) -> Spread:
    inside = np.clip(drawn, edges[0], edges[-1])
    counts, _ = np.histogram(inside, edges)
    zero = float((known == 0).mean()) if scale == "log" else 0.0
    shares = tuple((counts / known.size).tolist())
    return Spread(name, scale, tuple(edges.tolist()), (), shares, zero, missing, float(np.median(known)))
