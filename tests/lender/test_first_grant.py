"""The first grant."""

import numpy as np
import pytest

from weilidai.lender.first_grant import expected_grant, grant, log_moments

DRAWS = 20_000
SOME = slice(0, 16_384, 60)


def test_a_grant_lies_in_the_documented_range_in_whole_steps(lender, everyone):
    first, amount = lender.first_grant, everyone.would_get["initial_quota_cny"]
    assert amount.min() >= first.low_cny
    assert amount.max() <= first.high_cny
    assert not (amount % first.step_cny).any()


def test_the_expected_grant_is_the_mean_of_many_grants(lender, one):
    mean, sd = (values[SOME] for values in log_moments(one.people, lender.first_grant))
    normal = np.random.default_rng(8).standard_normal((DRAWS, len(mean)), dtype=np.float32)
    drawn = grant(mean, sd, normal, lender.first_grant).astype(np.float64)
    off = drawn.mean(axis=0) - expected_grant(mean, sd, lender.first_grant)
    allowed = 5 * drawn.std(axis=0) / np.sqrt(DRAWS) + 0.005 * drawn.mean(axis=0)  # whole steps count for little
    assert (np.abs(off) <= allowed).all()
    assert abs(off.mean()) < 0.002 * drawn.mean()


def test_the_expected_grant_stays_in_the_range_at_both_ends(lender):
    first = lender.first_grant
    mean, sd = np.array([-5, 40], np.float32), np.full(2, 0.3, np.float32)
    assert expected_grant(mean, sd, first).tolist() == pytest.approx([first.low_cny, first.high_cny], rel=1e-3)


@pytest.mark.parametrize("name", ["monthly_spend_cny", "licaitong_balance_cny", "monthly_card_flow_cny"])
def test_a_larger_reference_means_a_larger_grant(make, one, name):
    _, made = make(set_to={name: np.minimum(one.people[name] * 2 + 1000, 1e6)})
    assert (made.truth["quota_mean_cny"] >= one.made.truth["quota_mean_cny"] * (1 - 1e-6)).all()
    assert (made.truth["quota_mean_cny"] > one.made.truth["quota_mean_cny"]).mean() > 0.5


def test_the_stated_part_of_the_variance_follows_from_columns(lender, everyone):
    mean, sd = log_moments(everyone.people, lender.first_grant)
    opened = everyone.columns["is_opened"]
    spread = np.array(list(lender.first_grant.log_spread.values()))
    assert (sd >= spread.min() * np.sqrt(1 - lender.first_grant.signal_share) - 1e-6).all()
    assert mean[opened].std() > sd[opened].mean()


def test_a_grant_refers_to_the_middle_of_the_documented_part_of_spending(lender, one):
    first = lender.first_grant

    def meant(*shares):
        references = first.references.model_copy(update={"spending_shares": shares})
        return log_moments(one.people, first.model_copy(update={"references": references}))[0]

    low, high = first.references.spending_shares
    assert (low, high) == (0.15, 0.2)
    np.testing.assert_allclose(meant(low, high), meant(0.175, 0.175), rtol=1e-6)
    assert (meant(high, high) >= meant(low, high)).all()
    assert meant(high, high).mean() > meant(low, high).mean()
