import numpy as np


def test_only_opened_accounts_are_watched(everyone) -> None:
    c = everyone.columns
    assert np.array_equal(~np.isnan(c["largest_transfer_cny"]), c["is_opened"])
    for flag in ("has_transfer_alert", "has_second_check", "has_limit_freeze", "has_forbidden_use"):
        assert not c[flag][~c["is_opened"]].any()


def test_no_transfer_is_larger_than_a_year_of_flow(everyone) -> None:
    opened = everyone.columns["is_opened"]
    largest, flow = everyone.columns["largest_transfer_cny"][opened], everyone.people["annual_flow_cny"][opened]
    assert (largest <= flow).all()


def test_the_alert_is_raised_above_the_documented_amount_and_nowhere_else(everyone) -> None:
    c = everyone.columns
    assert np.array_equal(c["has_transfer_alert"], np.nan_to_num(c["largest_transfer_cny"]) > 50_000)


def test_credit_elsewhere_freezes_increases_from_three_incomes(everyone) -> None:
    people, opened = everyone.people, everyone.columns["is_opened"]
    above = people["other_credit_line_cny"] > 3 * people["annual_income_cny"]
    assert np.array_equal(everyone.columns["has_limit_freeze"], above & opened)


def test_forbidden_use_is_rare(everyone) -> None:
    c = everyone.columns
    assert 0 < c["has_forbidden_use"].sum() < 0.05 * c["is_opened"].sum()


def test_a_limit_freeze_or_a_forbidden_use_stops_every_increase(everyone) -> None:
    for flag in ("has_limit_freeze", "has_forbidden_use"):
        stopped = everyone.columns[flag]
        assert stopped.sum() > 50
        assert not everyone.columns["has_quota_increase"][stopped].any()
        assert not everyone.chances["increase"][everyone.would_get[flag]].any()


def test_a_forbidden_use_ends_borrowing(everyone) -> None:
    c, opened = everyone.columns, everyone.columns["is_opened"]
    assert not c["has_reborrowed"][c["has_forbidden_use"]].any()
    assert c["has_reborrowed"][opened & ~c["has_forbidden_use"]].mean() > 0.5
