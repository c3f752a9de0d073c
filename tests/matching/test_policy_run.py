"""The numbers of a named policy are found so that truth weighs as documented."""

import pytest

from weilidai.lender import LenderParameters
from weilidai.matching.compose import compose, with_fitted
from weilidai.matching.policies import laid_over, load_policy, policy_names
from weilidai.matching.policy_run import INVITED, match_policy
from weilidai.matching.settings import MatchSettings
from weilidai.matching.simulated import centred, populate
from weilidai.noise import BLOCK
from weilidai.parameters import flatten
from weilidai.population import PopulationParameters

SETTINGS = MatchSettings(blocks=2, check_people=2 * BLOCK, check_seed=1)
"""The unseen people are the seen ones here, so that shares must come out exactly."""


@pytest.fixture(scope="module")
def reference(book):
    """The lender before matching, with what only a population can tell."""
    plain = compose(book)
    blocks = populate(plain.part("population", PopulationParameters), 1, 2)
    start = with_fitted(plain, {
        "lender.first_grant.signal_centre": 0.0, "lender.first_grant.signal_scale": 1.0,
        **{path: float(prior.start or 0.0) for path, prior in book.priors().items() if path not in plain.numbers},
    })
    invitation = centred(start.part("lender", LenderParameters), blocks, 1).invitation
    told = invitation.model_dump(include={"centres", "neutral", "meetings"})
    return with_fitted(start, flatten(told, "lender.invitation"))


@pytest.mark.parametrize("name", policy_names()[1:])
def test_the_truth_weighs_as_documented_and_as_many_are_invited(name, reference, book):
    rows = match_policy(load_policy(name), reference, book, SETTINGS).rows
    assert [row.part for row in rows] == [*load_policy(name).weights(book), INVITED]
    for row in rows:
        assert row.got == pytest.approx(row.wanted, abs=2e-4)


def test_a_factor_that_is_not_weighed_says_nothing_of_anybody(reference, book):
    found = match_policy(load_policy("tencent_track"), reference, book, SETTINGS)
    lender = laid_over(reference, found.parameters.numbers).part("lender", LenderParameters)
    weighed = {factor for factors in load_policy("tencent_track").factors().values() for factor in factors}
    silent = {name: term for name, term in lender.invitation.terms.items() if term.factor not in weighed}
    assert silent
    assert {term.weight for term in silent.values()} == {0.0}


def test_the_same_people_give_the_same_numbers(reference, book):
    first, second = (match_policy(load_policy("four_part"), reference, book, SETTINGS) for _ in range(2))
    assert first.parameters.digest == second.parameters.digest
