"""How people use an open quota."""

import numpy as np

from weilidai.lender.habits import bill_payment_count, has_habit


def test_who_uses_more_of_the_quota_pays_no_fewer_bills_and_comes_back_more_often(lender, one):
    size = len(one.people["age_years"])
    uniform = ((np.arange(size) + 0.5) / size).astype(np.float32)
    little, much = np.full(size, 0.1, np.float32), np.full(size, 0.9, np.float32)
    for made, habit in ((bill_payment_count, lender.habits.bills), (has_habit, lender.habits.instalments),
                        (has_habit, lender.habits.reborrowing)):
        assert (made(one.people, much, uniform, habit) >= made(one.people, little, uniform, habit)).all()


def test_every_documented_way_of_using_a_quota_is_found_among_borrowers(everyone):
    c, opened = everyone.columns, everyone.columns["is_opened"]
    bills = c["bill_payment_count_1m"][opened]
    assert 0.2 < ((bills >= 3) & (bills <= 5)).mean() < 0.5
    for name in ("uses_instalments", "has_reborrowed"):
        assert 0.2 < c[name][opened].mean() < 0.8
        assert not c[name][~opened].any()
