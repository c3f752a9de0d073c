"""Who a person is before anything is observed: age, place, kind of user, month of the snapshot."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from weilidai.bounds import Bounds
from weilidai.columns import CITY_TIERS, REGIONS, USER_TYPES
from weilidai.population.block import People
from weilidai.population.settings import ContextParameters
from weilidai.population.traits import level_shift
from weilidai.units import MONTHS_PER_YEAR

FloatArray = npt.NDArray[np.float32]
YEARS_PER_DECADE: Final = 10


def add_context(people: People, context: ContextParameters, bounds: Bounds) -> None:
    """Draw age, region, city tier, roll-out, kind of user and snapshot month."""
    noise = people.noise
    age = np.interp(noise.uniform("age_years"), context.age.below, context.age.years)
    people.put("age_years", np.floor(age).astype(np.float32))
    decades = (people["age_years"] - np.float32(context.age_origin_years)) * np.float32(1 / YEARS_PER_DECADE)
    people.put("age_decades", decades)
    people.put("region", _pick(noise.uniform("region"), _row(context.region, REGIONS)))
    tiers = np.stack([_row(context.city_tier_by_region[region], CITY_TIERS) for region in REGIONS])
    people.put("city_tier", _pick(noise.uniform("city_tier"), tiers, people["region"]))
    covered = _row(context.covered_share, CITY_TIERS)[people["city_tier"]]
    people.put("is_covered_area", noise.uniform("is_covered_area") < covered)
    band = np.zeros(people.size, dtype=np.uint8)
    for up_to in context.user_type_by_age.up_to:
        band += people["age_years"] > up_to
    kinds = np.stack([_row(shares, USER_TYPES) for shares in context.user_type_by_age.shares])
    people.put("user_type", _pick(noise.uniform("user_type"), kinds, band))
    people.put("least_income_cny", level_shift(people, "user_type", bounds.means.least_income_cny))
    month = (noise.uniform("snapshot_month") * np.float32(context.months)).astype(np.uint8)
    people.put("snapshot_month", np.minimum(month, np.uint8(context.months - 1)))
    _add_longest(people, context, bounds)


def _add_longest(people: People, context: ContextParameters, bounds: Bounds) -> None:
    """Most months since a person's birthdays and since the launches; a month counts once it is over."""
    launched, ages = bounds.launched, bounds.ages
    people.put("is_adult", people["age_years"] >= np.float32(ages.adult_from))
    worked = _months_lived(people, ages.working_from)
    people.put("working_months", worked)
    unpaid = np.isin(people["user_type"], [USER_TYPES.index(kind) for kind in bounds.means.without_housing_fund])
    paid = np.where(unpaid, np.float32(0), worked)
    people.put("fund_months", np.minimum(paid, _months_since(launched.housing_fund, people, context)))
    invested = _months_lived(people, ages.adult_from)
    lived = _months_lived(people, ages.account_from)
    people.put("longest_account_months", np.minimum(lived, _months_since(launched.wechat, people, context)))
    people.put("wechat_pay_months", _months_since(launched.wechat_pay, people, context))
    people.put("weilidai_months", _months_since(launched.weilidai, people, context))
    for product, launch in (("licaitong", launched.licaitong), ("lingqiantong", launched.lingqiantong)):
        people.put(f"longest_{product}_months", np.minimum(invested, _months_since(launch, people, context)))


def _months_lived(people: People, since_years: int) -> FloatArray:
    lived = (people["age_years"] - np.float32(since_years)) * np.float32(MONTHS_PER_YEAR)
    months: FloatArray = np.maximum(lived, np.float32(0))
    return months


def _months_since(launch: tuple[int, int], people: People, context: ContextParameters) -> FloatArray:
    year, month = launch
    first = np.float32((context.latest_tenure_year - year) * MONTHS_PER_YEAR + 1 - month)
    months: FloatArray = np.maximum(first + people["snapshot_month"].astype(np.float32), np.float32(0))
    return months


def _row(shares: Mapping[str, float], levels: Sequence[str]) -> npt.NDArray[np.float32]:
    return np.array([shares[level] for level in levels], dtype=np.float32)


def _pick(
    uniform: npt.NDArray[np.float32], shares: npt.NDArray[Any], group: npt.NDArray[np.uint8] | None = None
) -> npt.NDArray[np.uint8]:
    """Pick a level code by cumulative shares, one row for all people or the row of each one's group."""
    below = np.cumsum(shares, axis=-1)[..., :-1]
    codes = np.zeros(len(uniform), dtype=np.uint8)
    for k in range(below.shape[-1]):
        codes += uniform >= (below[k] if group is None else below[:, k].take(group))
    return codes
