"""Growth of a quota over six months."""

import numpy as np
import pytest

from weilidai.lender.half_year import half_year
from weilidai.lender.increase import STOPS, growth_score, increase_chance, increase_share, insurance_gain, use_value
from weilidai.lender.some_people import SomePeople
from weilidai.noise import Noise


def _f(*values):
    return np.array(values, np.float32)


def _score(lender, people, months=24, repaid=12, remainder=0.0):
    size = len(people["licaitong_balance_cny"])
    account = {"opened_months_ago": np.full(size, months, np.float32),
               "on_time_count": np.full(size, repaid, np.float32)}
    return growth_score(people, account, np.full(size, remainder, np.float32), lender.increase)


def _person(merchants=0.0, holding=0.0, held=0.0):
    return {"merchant_category_count": _f(merchants), "licaitong_balance_cny": _f(holding),
            "licaitong_months": _f(held)}


@pytest.mark.parametrize(("person", "history", "score"), [
    (_person(), {"repaid": 2}, 0), (_person(), {"repaid": 3}, 0.175), (_person(), {"repaid": 6}, 0.35),
    (_person(), {"repaid": 60}, 0.35), (_person(merchants=10), {"repaid": 0}, 0.2),
    (_person(merchants=10), {"repaid": 0, "months": 5}, 0), (_person(holding=50_000, held=5), {"repaid": 0}, 0.25),
    (_person(holding=50_000, held=4), {"repaid": 0}, 0), (_person(), {"repaid": 0, "remainder": 1}, 0.2),
    (_person(10, 50_000, 12), {"remainder": 1}, 1),
])
def test_the_documented_weights_count_after_their_lags(lender, person, history, score):
    assert _score(lender, person, **history) == pytest.approx(score, abs=1e-6)


def test_use_is_best_from_seventy_to_ninety_percent(lender):
    value = use_value(_f(0, 0.35, 0.7, 0.8, 0.9, 1), lender.increase.use)
    assert value[:5] == pytest.approx([0, 0.5, 1, 1, 1])
    assert 0.5 < value[5] < 1


def _chance(lender, one, **changes):
    size = len(one.people["age_years"])
    account = {"utilisation_share": 0.8, "uses_instalments": False, "bill_payment_count_1m": 1, "is_overdue": False,
               "opened_months_ago": 24, "has_reborrowed": True,
               "has_limit_freeze": False, "has_forbidden_use": False, "is_assessment_frozen": False}
    filled = {name: np.full(size, value, type(value) if isinstance(value, bool) else np.float32)
              for name, value in (account | changes).items()}
    return increase_chance(one.people, filled, np.full(size, 0.4, np.float32), lender.increase)


def test_bills_instalments_and_use_raise_the_chance(lender, one):
    usual = _chance(lender, one)
    for better in ({"bill_payment_count_1m": 3}, {"uses_instalments": True}):
        assert (_chance(lender, one, **better) >= usual).all()
    assert (_chance(lender, one, utilisation_share=0.2) <= usual).all()


def test_staying_and_borrowing_again_count_only_where_they_are_favoured(lender, one):
    favour = lender.increase.loyalty.model_copy(update={"reborrowed": 0.5, "retained": 0.5})
    favouring = lender.model_copy(update={"increase": lender.increase.model_copy(update={"loyalty": favour})})
    others = {"has_reborrowed": False, "opened_months_ago": 3}
    assert (_chance(lender, one) == _chance(lender, one, **others)).all()
    assert (_chance(favouring, one, **others) == _chance(lender, one)).all()
    for loyal in ({"has_reborrowed": True, "opened_months_ago": 3}, {"has_reborrowed": False}):
        more, less = _chance(favouring, one, **loyal), _chance(favouring, one, **others)
        assert (more[less > 0] > less[less > 0]).all()


@pytest.mark.parametrize("stop", STOPS)
def test_nothing_is_added_for_who_is_overdue_or_stopped(lender, one, stop):
    assert _chance(lender, one).all()
    assert not _chance(lender, one, **{stop: True}).any()


def test_ten_thousand_of_premium_earn_eight_hundred(lender):
    assert insurance_gain({"insurance_premium_cny": _f(10_000, 0)}, lender.increase.insurance).tolist() == [800, 0]


def test_a_better_score_earns_a_larger_increase(lender):
    shares = increase_share(_f(0, 0.5, 1), _f(0, 0, 0), lender.increase.size)
    assert (np.diff(shares) > 0).all()


def test_a_premium_raises_the_quota_more_than_the_same_money_in_a_fund(lender, one):
    """D3.5.insurance_beats_money_funds: the growth of the same accounts, all draws the same."""
    who = SomePeople.where(one.made.columns["is_eligible"])

    def grown(column):
        more = one.people if column is None else {**one.people, column: one.people[column] + np.float32(10_000)}
        told = half_year(more, one.made.would_get, who, lender, Noise(4242, 0))
        return told["quota_after_6m_cny"].mean(dtype=np.float64)

    assert grown("insurance_premium_cny") > grown("licaitong_balance_cny") > grown(None)


def test_salary_cards_and_bills_bring_the_documented_increases(everyone):
    c, opened = everyone.columns, everyone.columns["is_opened"]
    grows, salaried = c["has_quota_increase"][opened], everyone.people["has_salary_card"][opened]
    assert grows[salaried].mean() / grows[~salaried].mean() == pytest.approx(1.4, abs=0.12)
    payers = (c["bill_payment_count_1m"][opened] >= 3) & (c["bill_payment_count_1m"][opened] <= 5)
    assert grows[payers].mean() == pytest.approx(0.68, abs=0.04)
