"""The simulator's numbers before matching."""

from weilidai.lender import LenderParameters
from weilidai.matching.compose import compose, with_fitted
from weilidai.population import PopulationParameters


def test_every_number_has_a_source_that_exists(book):
    for path, number in compose(book).numbers.items():
        known = book.facts if number.kind == "fact" else book.assumptions
        assert number.kind in ("fact", "assumption"), path
        assert number.source in known, path


def test_a_documented_number_is_one_of_its_facts_values(book):
    for path, number in compose(book).numbers.items():
        if number.kind == "fact":
            values = number.value if isinstance(number.value, list) else [number.value]
            assert set(values) <= set(book.fact(number.source).values), path


def test_the_composed_numbers_fit_the_simulator(book):
    composed = compose(book)
    assert composed.part("population", PopulationParameters).columns
    assert composed.part("lender", LenderParameters).invitation.terms


def test_rules_keep_the_order_in_which_the_assumption_lists_them(book, stored):
    listed = list(book.assumptions["A.lender.rules"].values)
    assert list(compose(book).part("lender", LenderParameters).eligibility.rules) == listed
    assert list(stored.part("lender", LenderParameters).eligibility.rules) == listed


def test_fitted_numbers_are_marked_and_the_others_stay(book):
    before = compose(book)
    after = with_fitted(before, {"lender.invitation.intercept": 1.25})
    assert after.numbers["lender.invitation.intercept"].kind == "parameter"
    assert after.numbers["lender.invitation.intercept"].value == 1.25
    rest = {path: n for path, n in after.numbers.items() if path != "lender.invitation.intercept"}
    assert rest == {path: n for path, n in before.numbers.items() if path in rest}
