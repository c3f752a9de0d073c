"""Who a person is before anything is observed."""

import numpy as np
import pytest

from weilidai.columns import CITY_TIERS, REGIONS, USER_TYPES
from weilidai.noise import Noise
from weilidai.population import make_people

SIGMAS = 4.5


def assert_share(got, wanted, size):
    assert abs(got - wanted) <= SIGMAS * np.sqrt(wanted * (1 - wanted) / size) + 1e-9


def test_ages_follow_the_curve(people, numbers):
    curve = numbers.context.age
    for years, below in zip(curve.years, curve.below, strict=True):
        assert_share((people["age_years"] < years).mean(), below, len(people["age_years"]))


def test_regions_come_in_their_shares(people, numbers):
    for code, region in enumerate(REGIONS):
        assert_share((people["region"] == code).mean(), numbers.context.region[region], len(people["region"]))


@pytest.mark.parametrize("region", REGIONS)
def test_city_tiers_come_in_the_shares_of_their_region(people, numbers, region):
    here = people["city_tier"][people["region"] == REGIONS.index(region)]
    for code, tier in enumerate(CITY_TIERS):
        assert_share((here == code).mean(), numbers.context.city_tier_by_region[region][tier], len(here))


@pytest.mark.parametrize("tier", CITY_TIERS)
def test_the_roll_out_reaches_the_stated_share_of_each_tier(people, numbers, tier):
    here = people["is_covered_area"][people["city_tier"] == CITY_TIERS.index(tier)]
    assert_share(here.mean(), numbers.context.covered_share[tier], len(here))


def test_kinds_of_users_belong_to_their_age(people, numbers):
    band = np.searchsorted(numbers.context.user_type_by_age.up_to, people["age_years"])
    for number, shares in enumerate(numbers.context.user_type_by_age.shares):
        here = people["user_type"][band == number]
        for code, kind in enumerate(USER_TYPES):
            assert_share((here == code).mean(), shares[kind], len(here))


def test_months_are_spread_evenly(people, numbers):
    counts = np.bincount(people["snapshot_month"])
    assert len(counts) == numbers.context.months
    for count in counts:
        assert_share(count / counts.sum(), 1 / numbers.context.months, counts.sum())


def test_all_shares_add_up_to_one(numbers):
    context = numbers.context
    tables = [context.region, *context.city_tier_by_region.values(), *context.user_type_by_age.shares]
    assert [sum(table.values()) for table in tables] == pytest.approx([1] * len(tables))


def test_nothing_was_used_before_it_was_launched_or_before_the_age_for_it(people, numbers):
    year, month = numbers.bounds.launched.wechat
    known = (numbers.context.latest_tenure_year - year) * 12 + 1 - month + people["snapshot_month"]
    lived = (people["age_years"] - numbers.bounds.ages.account_from) * 12
    assert (people["longest_account_months"] == np.minimum(known, lived)).all()
    assert (people["account_age_months"] <= people["longest_account_months"]).all()
    assert not people["longest_licaitong_months"][~people["is_adult"]].any()


def test_nobody_pays_into_the_housing_fund_for_students_and_pensioners(people, numbers):
    codes = [USER_TYPES.index(kind) for kind in numbers.bounds.means.without_housing_fund]
    unpaid = np.isin(people["user_type"], codes)
    assert unpaid.any()
    assert not people["fund_months"][unpaid].any()
    assert not people["housing_fund_months"][unpaid].any()
    assert (people["fund_months"] <= people["working_months"]).all()


def test_an_earlier_year_leaves_no_time_for_what_came_later(numbers):
    context = numbers.context.model_copy(update={"latest_tenure_year": 2016})
    then = make_people(numbers.model_copy(update={"context": context}), Noise(77, 0)).columns
    assert not then["longest_lingqiantong_months"].any()
    assert not then["lingqiantong_earnings_cny"].any()
    assert then["account_age_months"].max() <= 71


def test_people_stand_at_the_origin_of_age_at_the_stated_years(people, numbers):
    here = people["age_years"] == numbers.context.age_origin_years
    assert here.any()
    assert not people["age_decades"][here].any()
