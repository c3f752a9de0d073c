"""Entries that disagree, and the message each mistake gets."""

from typing import Any

import pytest

Folder = Any
"""The fixture of this folder's conftest."""

FACT_MISTAKES = [
    ("kind: rate", "kind: ratee", "D0.yaml:10: kind: unknown word 'ratee', did you mean 'rate'?"),
    ("role: fit", "role: fitt", "D0.yaml:14: role: unknown word 'fitt', did you mean 'fit'?"),
    ("unit: share", "unit: shares", "D0.yaml:12: unit: unknown unit 'shares', did you mean 'share'?"),
    ("mechanism: activity_filter", "mechanism: activity_filtr",
     "D0.yaml:29: mechanism: unknown word 'activity_filtr', did you mean 'activity_filter'?"),
    ("factor: daily_open_count", "factor: daily_open_counts",
     "D0.yaml:15: unknown factor 'daily_open_counts', did you mean 'daily_open_count'?"),
    ("    period:", "    perod:", "D0.yaml:40: unknown key 'perod', did you mean 'period'?"),
    ("    period:", "    ｐeriod:", "D0.yaml:40: unknown key 'ｐeriod', did you mean 'period'?"),
    ("tolerance: 0.02", "tolerence: 0.02",
     "D0.yaml:18: unknown key 'tolerence', did you mean 'tolerance'?"),
    ("title_en:", "title_eng:", "D0.yaml:2: unknown key 'title_eng', did you mean 'title_en'?"),
    ("    locator: sentence 2\n", "", "D0.yaml:5: key 'locator' is missing"),
    ("locator: sentence 2", "locator: 2", "D0.yaml:7: locator: must be text; put it in quotes"),
    ("locator: sentence 2", "locator: ' '", "D0.yaml:7: locator: must not be empty"),
    ("values: [0.45]", "values: [45]",
     "D0.yaml:11: 45 is no share: it lies outside 0 to 1; 45 % is written 0.45"),
    ("values: [0.45]", "values: ['0.45']",
     "D0.yaml:11: values.0: must be a number without quotes or thousands separators"),
    ("values: [0.45]", "values: 0.45", "D0.yaml:11: values: must be a list"),
    ("values: [0.45]", "values: [.nan]", "D0.yaml:11: values.0: must be a finite number"),
    ("values: [8]", "values: []", "D0.yaml:26: unit count_per_day, but there is no value; the unit is then none"),
    ("values: [500, 30000]", "values: [30000, 500]", "D0.yaml:37: a range has two values, low before high"),
    ("id: D0.5.grant\n    section: 5", "id: D0.5.grant\n    section: 4",
     "D0.yaml:32: section 4 does not agree with the id 'D0.5.grant'"),
    ("id: D0.5.grant", "id: D1.5.grant", "D0.yaml:31: 'D1.5.grant' belongs in D1.yaml"),
    ("id: D0.5.grant", "id: grant",
     "D0.yaml:31: id: 'grant' is not a fact id; write document.section.key, as in D0.2.rate_high_activity"),
    ("document: D0", "document: D1", "D0.yaml:1: document D1 belongs in D1.yaml"),
    ("role: rule", "role: context",
     "D0.yaml:28: 'D0.2.opens_mark' has the role context; say why nothing follows it"),
    ("role: fit", "role: context\n    why: nothing follows it",
     "D0.yaml:18: 'D0.2.rate_high' has targets, so its role is one of fit, check, rule, scenario, not context"),
    ("tolerance: 0.02", "tolerance: 0.02, value_index: 1", "D0.yaml:18: 'D0.2.rate_high' has no value number 1"),
    ("tolerance: 0.02", "tolerance: 0",
     "D0.yaml:18: targets.0.tolerance: input should be greater than 0"),
    ("{path: lender.grant.high, value_index: 1}", "{path: lender.grant.high, value_index: 2}",
     "D0.yaml:45: 'D0.5.grant' has no value number 2"),
    ("path: lender.grant.high", "path: lender.grant.low",
     "D0.yaml:45: parameter 'lender.grant.low' is already fixed by D0.5.grant"),
    ("path: lender.grant.high", "path: population.friends.median",
     "assumptions/population.yaml:4: parameter 'population.friends.median' is already fixed by D0.5.grant"),
    ("path: lender.grant.high", "path: lender.grant.low.most",
     "D0.yaml:44: 'lender.grant.low' is a parameter here and a group of parameters elsewhere"),
    ("sets: lender.invitation.opens.mark", "sets: opens",
     "D0.yaml:30: sets.0.path: 'opens' is not a parameter path; write words joined by dots"),
]


@pytest.mark.parametrize(("old", "new", "problem"), FACT_MISTAKES, ids=[new.strip() for _, new, _ in FACT_MISTAKES])
def test_a_mistake_in_a_fact_names_its_line_and_the_right_word(
    folder: Folder, old: str, new: str, problem: str
) -> None:
    folder.edit("D0.yaml", old, new)
    assert problem in folder.problems()


OTHER_MISTAKES = [
    ("conflicts/D0.yaml", "D0.2.opens_mark]", "D0.2.opens_marks]",
     "conflicts/D0.yaml:3: unknown fact 'D0.2.opens_marks', did you mean 'D0.2.opens_mark'?"),
    ("conflicts/D0.yaml", "facts: [D0.2.rate_high, D0.2.opens_mark]", "facts: []",
     "conflicts/D0.yaml:3: facts: must not be empty"),
    ("conflicts/D0.yaml", "clash:", "clashes:", "conflicts/D0.yaml:4: unknown key 'clashes', did you mean 'clash'?"),
    ("conflicts/D0.yaml", "id: X.D0.opens", "id: opens",
     r"conflicts/D0.yaml:2: id: 'opens' does not have the form ^X\.[A-Za-z0-9]+(\.[a-z0-9_]+)+$"),
    ("assumptions/population.yaml", "      median:", "      medium:",
     "assumptions/population.yaml:7: free: 'medium' is not one of the values, did you mean 'median'?"),
    ("assumptions/population.yaml", "      median:", "      kind:",
     "assumptions/population.yaml:7: free: 'kind' is not a number"),
    ("assumptions/population.yaml", "low: 100", "low: 200",
     "assumptions/population.yaml:7: free: 'median' must hold low <= start <= high and low < high"),
    ("assumptions/population.yaml", "sd: 10", "sd: 0",
     "assumptions/population.yaml:7: free.median.sd: input should be greater than 0"),
    ("assumptions/population.yaml", "kind: lognormal", "rule: {fact: D0.2.opens}",
     "assumptions/population.yaml:4: unknown fact 'D0.2.opens', did you mean 'D0.2.opens_mark'?"),
    ("assumptions/population.yaml", "kind: lognormal", "term: {factor: friend_counts}",
     "assumptions/population.yaml:4: unknown factor 'friend_counts', did you mean 'friend_count'?"),
    ("assumptions/population.yaml", "    why: found by matching\n", "",
     "assumptions/population.yaml:8: key 'why' is missing"),
    ("factors.yaml", "    columns: {age_years: 1}", "    columns: {ages_years: 1}",
     "factors.yaml:8: unknown column 'ages_years', did you mean 'age_years'?"),
    ("factors.yaml", "    columns: {user_type: 0}", "    columns: {user_type: 0, age_years: 1}",
     "factors.yaml:15: column 'age_years' already belongs to factor 'age_years'"),
    ("factors.yaml", "    columns: {age_years: 1}", "    columns: {age_years: 1, is_invited: 1}",
     "factors.yaml:8: column 'is_invited' is known only after the decision; a factor holds features"),
    ("factors.yaml", "    columns: {region: 0}", "    columns: {region: 1}",
     "factors.yaml:29: column 'region' is a category; its direction is 0"),
    ("factors.yaml", "    columns: {age_years: 1}", "    columns: {age_years: 2}",
     "factors.yaml:8: columns.age_years: must be -1, 0 or 1"),
    ("factors.yaml", "  - id: age_years\n    dimension: everything", "  - id: age_years\n    dimension: everythin",
     "factors.yaml:5: unknown dimension 'everythin', did you mean 'everything'?"),
]


@pytest.mark.parametrize(
    ("name", "old", "new", "problem"), OTHER_MISTAKES, ids=[f"{row[0]}-{row[2].strip()}" for row in OTHER_MISTAKES]
)
def test_a_mistake_elsewhere_names_its_line_and_the_right_word(
    folder: Folder, name: str, old: str, new: str, problem: str
) -> None:
    folder.edit(name, old, new)
    assert problem in folder.problems()


def test_the_small_folder_itself_is_sound(folder: Folder) -> None:
    assert len(folder.load().facts) == 3


def test_an_id_given_twice_names_both_places(folder: Folder) -> None:
    folder.edit("D0.yaml", "id: D0.2.opens_mark", "id: D0.2.rate_high")
    (problem, *_) = (line for line in folder.problems() if "given before" in line)
    assert problem == "D0.yaml:19: id 'D0.2.rate_high' was given before, at D0.yaml:5"


def test_a_column_without_a_factor_is_named(folder: Folder) -> None:
    folder.edit("factors.yaml", "    columns: {age_years: 1}", "    columns: {account_age_months: 1}")
    assert "factors.yaml:3: feature column 'age_years' belongs to no factor" in folder.problems()


def test_a_fact_that_cannot_be_read_is_not_also_unknown(folder: Folder) -> None:
    folder.edit("D0.yaml", "kind: rate", "kind: ratee")
    assert len(folder.problems()) == 1


def test_all_problems_of_all_files_come_at_once_in_order(folder: Folder) -> None:
    folder.edit("D0.yaml", "kind: rate", "kind: ratee")
    folder.edit("D0.yaml", "unit: cny", "unit: yuan")
    folder.edit("conflicts/D0.yaml", "clash:", "clashes:")
    folder.edit("assumptions/population.yaml", "sd: 10", "sd: ten")
    folder.write("D3.yaml", "document: [\n")
    places = [problem.split(": ")[0] for problem in folder.problems()]
    assert places == [
        "D0.yaml:10", "D0.yaml:38", "D3.yaml:2", "assumptions/population.yaml:7", "conflicts/D0.yaml:2",
        "conflicts/D0.yaml:4",
    ]


def test_a_fact_with_a_target_leaves_the_register_of_untested_facts(folder: Folder) -> None:
    folder.write("untested.yaml", "untested:\n  - {fact: D0.2.rate_high, why: not yet}\n")
    assert folder.problems() == [
        "untested.yaml:2: 'D0.2.rate_high' is not an untested fact any more; take it off the register"
    ]


def test_the_register_names_only_known_facts(folder: Folder) -> None:
    folder.write("untested.yaml", "untested:\n  - {fact: D0.5.grants, why: later}\n")
    assert folder.problems() == ["untested.yaml:2: unknown fact 'D0.5.grants', did you mean 'D0.5.grant'?"]
