"""Columns, factors, dimensions and documented marks."""

import json
from typing import Any

import pytest

from weilidai.errors import ConfigError
from weilidai.facts import Book, FactorCatalogue

Folder = Any
"""The fixture of this folder's conftest."""

AGE = "    columns: {age_years: 1}\n"
OPENS = "    columns: {daily_open_count: 1}\n"
VPN = "    columns: {uses_vpn: 1}\n"
REGION = "    columns: {region: 0}\n"
MARK = "    marks: [{column: daily_open_count, comparison: '>=', fact: D0.2.opens_mark}]\n"
TEXTS = (
    "    texts: {adverse_en: 'only {value}, mark {mark}', adverse_zh: '仅{value}', "
    "favourable_en: good, favourable_zh: 良好}\n"
)


@pytest.fixture
def book(folder: Folder) -> Book:
    folder.edit("factors.yaml", OPENS, OPENS + MARK + TEXTS)
    folder.edit("factors.yaml", VPN, "    columns: {uses_vpn: -1}\n"
                "    marks: [{column: uses_vpn, comparison: ==, fact: D0.2.opens_mark, level: false}]\n")
    folder.edit("factors.yaml", REGION, REGION
                + "    marks: [{column: region, comparison: ==, fact: D0.2.opens_mark, level: yangtze_delta}]\n")
    loaded: Book = folder.load()
    return loaded


def test_a_mark_reads_its_number_from_the_fact(book: Book) -> None:
    (mark,) = book.factors.of_column("daily_open_count").marks
    assert (mark.column, mark.comparison, mark.value, mark.unit) == ("daily_open_count", ">=", 8.0, "count_per_day")
    assert (mark.fact, mark.document, mark.section) == ("D0.2.opens_mark", "D0", 2)
    assert (mark.label_en, mark.label_zh) == ("Opens a day of people with the entry", "有入口者的日打开次数")


def test_a_mark_given_by_the_month_is_read_by_the_day(folder: Folder) -> None:
    folder.edit("D0.yaml", "values: [8]\n    unit: count_per_day", "values: [15]\n    unit: count_per_month")
    folder.edit("factors.yaml", OPENS, OPENS + MARK)
    (mark,) = folder.load().factors.of_column("daily_open_count").marks
    assert (mark.value, mark.unit) == (0.5, "count_per_day")


def test_a_flag_and_a_category_are_marked_by_level(book: Book) -> None:
    assert [mark.value for mark in book.factors.of_column("uses_vpn").marks] == [0.0]
    assert [mark.value for mark in book.factors.of_column("region").marks] == ["yangtze_delta"]


def test_a_column_leads_to_its_factor_and_direction(book: Book) -> None:
    catalogue = book.factors
    assert catalogue.of_column("uses_vpn").id == "uses_vpn"
    assert [catalogue.direction(name) for name in ("uses_vpn", "region", "age_years")] == [-1, 0, 1]
    assert {factor.dimension for factor in catalogue.factors.values()} == {"everything"}
    assert catalogue.factors["region"].marks_of("city_tier") == ()


def test_an_unknown_column_is_refused_with_the_near_name(book: Book) -> None:
    with pytest.raises(ConfigError, match="did you mean 'uses_vpn'"):
        book.factors.of_column("use_vpn")


def test_the_catalogue_survives_a_model_file(book: Book) -> None:
    stored = json.loads(json.dumps(book.factors.to_dict()))
    back = FactorCatalogue.from_dict(stored)
    assert back == book.factors
    assert back.of_column("daily_open_count").marks[0].value == 8.0
    assert list(back.factors) == list(book.factors.factors)


@pytest.mark.parametrize("spoil", [{"more": 1}, {"factors": []}, {"dimensions": None}])
def test_something_else_is_not_read_as_a_catalogue(book: Book, spoil: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match="not a factor catalogue"):
        FactorCatalogue.from_dict({**book.factors.to_dict(), **spoil})


def test_wording_with_an_unknown_placeholder_is_refused(folder: Folder) -> None:
    folder.edit("factors.yaml", OPENS, OPENS + TEXTS.replace("{mark}", "{marks}"))
    assert folder.problems()[0].endswith("unknown placeholder '{marks}', did you mean 'mark'?")


@pytest.mark.parametrize(
    ("where", "mark", "problem"),
    [
        (OPENS, "column: daily_open_count, comparison: '>=', fact: D0.2.open_mark",
         "unknown fact 'D0.2.open_mark', did you mean 'D0.2.opens_mark'?"),
        (OPENS, "column: daily_open_count, comparison: '>=', fact: D0.2.opens_mark, value_index: 1",
         "fact 'D0.2.opens_mark' has no value number 1"),
        (OPENS, "column: daily_open_count, comparison: '>', fact: D0.2.opens_mark",
         "marks.0.comparison: unknown word '>', did you mean '>='?"),
        (OPENS, "column: friend_count, comparison: '>=', fact: D0.2.opens_mark",
         "column 'friend_count' is not one of the factor's, did you mean 'daily_open_count'?"),
        (OPENS, "column: daily_open_count, comparison: '>=', fact: D0.2.opens_mark, level: high",
         "column 'daily_open_count' is a number; the mark reads it from the fact, without a level"),
        (OPENS, "column: daily_open_count, comparison: '>=', fact: D0.5.grant",
         "fact 'D0.5.grant' is in cny, which column 'daily_open_count' does not count in"),
        (VPN, "column: uses_vpn, comparison: ==, fact: D0.2.opens_mark",
         "column 'uses_vpn' is a flag; say level: true or false"),
        (REGION, "column: region, comparison: ==, fact: D0.2.opens_mark, level: yangtse_delta",
         "unknown level 'yangtse_delta', did you mean 'yangtze_delta'?"),
        (REGION, "column: region, comparison: '>=', fact: D0.2.opens_mark, level: other",
         "column 'region' is a category; compare with == and a level"),
    ],
)
def test_a_mark_that_cannot_be_resolved_is_named(folder: Folder, where: str, mark: str, problem: str) -> None:
    folder.edit("factors.yaml", where, f"{where}    marks: [{{{mark}}}]\n")
    assert [line.split(": ", 1)[1] for line in folder.problems()] == [problem]


def test_age_stays_a_column_of_the_contract_when_its_factor_is_protected(folder: Folder) -> None:
    folder.edit("factors.yaml", AGE + "    is_actionable: true\n    is_protected: false",
                AGE + "    is_actionable: false\n    is_protected: true")
    protected = [factor.id for factor in folder.load().factors.factors.values() if factor.is_protected]
    assert protected == ["age_years"]
