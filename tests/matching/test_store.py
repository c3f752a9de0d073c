"""Where matched parameters are kept."""

import pytest

from weilidai.errors import ConfigError
from weilidai.matching import load_parameters
from weilidai.matching.standing import agrees


def test_the_stored_numbers_agree_with_the_facts_and_assumptions(stored, book):
    assert agrees(stored, book)


def test_every_stored_number_has_an_origin_that_exists(stored, book):
    measured = (
        "lender.invitation.centres.", "lender.invitation.neutral.", "lender.invitation.meetings.",
        "lender.first_grant.signal_",
    )
    for path, number in stored.numbers.items():
        if number.kind == "parameter":
            assert path in book.priors() or path.startswith(measured), path
        else:
            assert number.source in (book.facts if number.kind == "fact" else book.assumptions), path


def test_every_free_number_is_found_inside_its_bounds(stored, book):
    for path, prior in book.priors().items():
        assert stored.numbers[path].kind == "parameter", path
        assert prior.low <= stored.numbers[path].value <= prior.high, path


def test_an_unknown_regime_is_refused_with_the_near_name():
    with pytest.raises(ConfigError, match="optimisation"):
        load_parameters("optimization")
