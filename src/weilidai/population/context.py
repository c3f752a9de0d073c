"""Who a person is before anything is observed: age, place, kind of user, month of the snapshot."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from weilidai.columns import CITY_TIERS, REGIONS, USER_TYPES
from weilidai.population.block import People
from weilidai.population.settings import ContextParameters
from weilidai.units import MONTHS_PER_YEAR


def add_context(people: People, context: ContextParameters) -> None:
    """Draw age, region, city tier, roll-out, kind of user and snapshot month."""
    noise = people.noise
    age = np.interp(noise.uniform("age_years"), context.age.below, context.age.years)
    people.put("age_years", np.floor(age).astype(np.float32))
    worked = (people["age_years"] - np.float32(context.working_from_years)) * np.float32(MONTHS_PER_YEAR)
    people.put("working_months", np.maximum(worked, np.float32(0)))
    people.put("region", _pick(noise.uniform("region"), _row(context.region, REGIONS)))
    tiers = np.stack([_row(context.city_tier_by_region[region], CITY_TIERS) for region in REGIONS])
    people.put("city_tier", _pick(noise.uniform("city_tier"), tiers[people["region"]]))
    covered = _row(context.covered_share, CITY_TIERS)[people["city_tier"]]
    people.put("is_covered_area", noise.uniform("is_covered_area") < covered)
    band = np.searchsorted(np.asarray(context.user_type_by_age.up_to), people["age_years"])
    kinds = np.stack([_row(shares, USER_TYPES) for shares in context.user_type_by_age.shares])
    people.put("user_type", _pick(noise.uniform("user_type"), kinds[band]))
    month = (noise.uniform("snapshot_month") * np.float32(context.months)).astype(np.uint8)
    people.put("snapshot_month", np.minimum(month, np.uint8(context.months - 1)))


def _row(shares: Mapping[str, float], levels: Sequence[str]) -> npt.NDArray[np.float32]:
    return np.array([shares[level] for level in levels], dtype=np.float32)


def _pick(uniform: npt.NDArray[np.float32], shares: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """Pick a level code by cumulative shares, one row for all people or one each."""
    below = np.cumsum(shares, axis=-1)[..., :-1]
    codes: npt.NDArray[np.uint8] = (uniform[:, None] >= below).sum(axis=1).astype(np.uint8)
    return codes
