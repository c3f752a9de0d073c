import numpy as np

from weilidai.lender.activity import ActivityParameters, activity_flags

LIVES = {
    "profile_update_count_12m": np.array([0, 0, 1, 0]), "moments_post_count_12m": np.array([0, 1, 0, 0]),
    "daily_payment_count": np.array([0.49, 0.5, 2, 3], dtype=np.float32),
}


def test_dormant_is_who_neither_updates_nor_posts() -> None:
    flags = activity_flags(LIVES, ActivityParameters(active_from_payments_a_month=15))
    assert flags["is_zombie"].tolist() == [True, False, False, True]


def test_fifteen_payments_a_month_are_enough() -> None:
    flags = activity_flags(LIVES, ActivityParameters(active_from_payments_a_month=15))
    assert flags["is_low_activity"].tolist() == [True, False, False, False]


def test_dormant_accounts_rarely_reach_the_list(everyone) -> None:
    dormant, invited = everyone.columns["is_zombie"], everyone.columns["is_invited"]
    assert invited[dormant].mean() < 0.5 * invited[~dormant].mean()
