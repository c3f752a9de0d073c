"""Which documented mark tells about a value, and where it is documented."""

from collections.abc import Mapping

import pytest

from weilidai.columns import FEATURES, LEVELS
from weilidai.explain.directions import ALARMS, CITED, STRICT, cited_place
from weilidai.explain.marks import comparison_of, is_met, telling
from weilidai.explain.selection import Side
from weilidai.explain.words import Value
from weilidai.facts import Fact, FactorCatalogue, load_book


@pytest.fixture(scope="module")
def facts() -> Mapping[str, Fact]:
    return load_book().facts


def tell(catalogue: FactorCatalogue, column: str, value: Value, side: Side = "adverse") -> tuple[Value, str | None]:
    found = telling(catalogue.of_column(column), column, value, side)
    return found.value, found.fact


@pytest.mark.parametrize("column", FEATURES)
@pytest.mark.parametrize("side", ["adverse", "favourable"])
def test_every_column_ends_at_a_fact(
    catalogue: FactorCatalogue, facts: Mapping[str, Fact], column: str, side: Side
) -> None:
    for value in (*LEVELS.get(column, (0, 1e9)), None):
        found = telling(catalogue.of_column(column), column, value, side)
        assert found.fact in facts
        fact = facts[str(found.fact)]
        assert found.place == (fact.document, fact.section)
        assert catalogue.factors[str(fact.factor)].dimension == catalogue.of_column(column).dimension


def test_what_is_cited_without_a_figure_exists(facts: Mapping[str, Fact]) -> None:
    assert {fact for fact in (*CITED.values(), *STRICT) if fact not in facts} == set()
    assert {name.split("=")[0] for name in CITED} <= set(FEATURES)
    assert {level for name in CITED if "=" in name for level in name.split("=")[1:]} <= {
        level for levels in LEVELS.values() for level in levels
    }


def test_a_mark_stands_in_the_columns_own_unit(catalogue: FactorCatalogue) -> None:
    units = {(mark.column, mark.unit) for factor in catalogue.factors.values() for mark in factor.marks}
    assert ("daily_payment_count", "count_per_day") in units
    assert not {unit for _, unit in units} & {"coefficient", "weight", "points", "share_change", "count_per_month"}


@pytest.mark.parametrize(
    ("column", "value", "mark", "fact"),
    [
        ("daily_open_count", 2.0, 8.0, "D0.2.opens_opened"),
        ("daily_open_count", 20.0, 8.0, "D0.2.opens_opened"),
        ("daily_open_count", None, 8.0, "D0.2.opens_opened"),
        ("overdue_count_24m", 3, 3, "D1.2.overdue_max"),
        ("overdue_count_24m", 4, 3, "D1.2.overdue_max"),
        ("open_loan_count", 5, 5, "D1.2.open_loans_below"),
        ("open_loan_count", 4, 5, "D1.2.open_loans_below"),
        ("has_salary_card", False, True, "D1.5.advice_salary_card"),
        ("region", "northeast", "yangtze_delta", "D0.4.delta_gap"),
        ("region", "pearl_delta", "pearl_delta", "D0.4.delta_gap"),
        ("user_type", "student", None, "D0.7.students_strict"),
        ("user_type", "office_worker", None, "D1.5.types_differ"),
        ("complaint_count_12m", 2, None, "D2.4.feature_complaints"),
        ("managed_group_count", 0, None, "D0.2.manages_groups_opened"),
    ],
)
def test_the_mark_that_is_missed_tells_what_is_adverse(
    catalogue: FactorCatalogue, column: str, value: Value, mark: Value, fact: str
) -> None:
    assert tell(catalogue, column, value) == (mark, fact)


def test_the_mark_that_is_met_tells_what_is_favourable(catalogue: FactorCatalogue) -> None:
    assert tell(catalogue, "daily_open_count", 20.0, "favourable") == (8.0, "D0.2.opens_opened")
    assert tell(catalogue, "daily_open_count", 2.0, "favourable") == (8.0, "D0.2.opens_opened")
    assert tell(catalogue, "region", "pearl_delta", "favourable") == ("pearl_delta", "D0.4.delta_gap")


def test_a_contribution_against_the_mark_says_so(catalogue: FactorCatalogue) -> None:
    def words(value: float, side: Side) -> str:
        return telling(catalogue.of_column("daily_open_count"), "daily_open_count", value, side).words("en")

    mark, average = "the documented mark of over 8 opens a day", "approved people on average"
    assert words(20.0, "adverse") == f"meets {mark}, yet less favourable than {average}"
    assert words(2.0, "favourable") == f"misses {mark}, yet more favourable than {average}"


@pytest.mark.parametrize("column", ["verification_failure_count", "device_count_7d", "location_jump_km_7d"])
def test_short_of_an_alarm_is_no_standard_met(catalogue: FactorCatalogue, column: str) -> None:
    found = telling(catalogue.of_column(column), column, 1, "adverse")
    assert found.goes_against
    assert found.value is not None
    assert found.words("en", brief=True).startswith("short of the documented alarm at ")
    assert found.words("zh", brief=True).startswith("未触及文档警戒线")
    assert {mark.fact for mark in found.marks} <= ALARMS


@pytest.mark.parametrize("side", ["adverse", "favourable"])
def test_a_column_with_marks_always_tells_one(catalogue: FactorCatalogue, side: Side) -> None:
    for column in FEATURES:
        marks = catalogue.of_column(column).marks_of(column)
        for value in (*(mark.value for mark in marks), 0, 1e9, None):
            found = telling(catalogue.of_column(column), column, value, side)
            assert bool(found.marks) == bool(marks)
            assert found.words("en")
            assert found.words("zh")


def test_above_and_below_exclude_the_mark_itself(catalogue: FactorCatalogue) -> None:
    (opens,) = catalogue.factors["app_activity"].marks
    (overdue,) = catalogue.factors["overdue_history"].marks
    assert (comparison_of(opens), comparison_of(overdue)) == (">", "<=")
    assert [is_met(opens, value) for value in (8.0, 8.1, None)] == [False, True, False]
    assert [is_met(overdue, value) for value in (3, 4)] == [True, False]


def test_an_assumption_has_no_document() -> None:
    assert cited_place("A.lender.rules") == (None, None)
    assert cited_place(None) == (None, None)
