"""Tencent's three-part profile."""

import numpy as np
import pytest

from weilidai.lender.profile import part_score, tencent_profile_score

BEST = {
    "age_years": 30, "pay_score": 850, "licaitong_balance_cny": 1e8, "lingqiantong_earnings_cny": 1e7,
    "friend_count": 5000, "managed_group_count": 10,
}


def person(**columns):
    return {name: np.array([value], np.float32) for name, value in {**BEST, **columns}.items()}


def test_the_profile_has_the_documented_number_of_parts(lender):
    assert len(lender.profile.parts) == 3


def test_who_has_everything_has_the_whole_score(lender):
    assert tencent_profile_score(person(), lender.profile) == pytest.approx([1], abs=0.01)


def test_a_score_switched_off_takes_its_third_away(lender):
    off = tencent_profile_score(person(pay_score=np.nan), lender.profile)
    assert off == pytest.approx([2 / 3], abs=0.01)


def test_the_pay_score_counts_by_half_at_600_points(lender):
    assert part_score(person(pay_score=600), lender.profile.parts["pay_score"]) == pytest.approx([0.5], abs=1e-6)


@pytest.mark.parametrize(("column", "less"), [
    ("pay_score", 500), ("licaitong_balance_cny", 100), ("lingqiantong_earnings_cny", 10), ("friend_count", 20),
    ("managed_group_count", 0),
])
def test_less_of_anything_never_raises_it(lender, column, less):
    less_of_it = tencent_profile_score(person(**{column: less}), lender.profile)
    assert less_of_it < tencent_profile_score(person(), lender.profile)


def test_it_is_no_tencent_credit_score_but_goes_with_it(everyone):
    profile, score = everyone.columns["tencent_profile_score"], everyone.people["tencent_credit_score"]
    assert 0.1 < np.corrcoef(profile, score)[0, 1] < 0.8
