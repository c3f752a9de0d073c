"""Looking things up in the book."""

import json
from pathlib import Path
from typing import Any

import pytest

from weilidai.errors import ConfigError
from weilidai.facts import Fixed, Target, load_book, untargeted

Folder = Any
"""The fixture of this folder's conftest."""


def test_the_book_holds_every_entry_by_id(folder: Folder) -> None:
    book = folder.load()
    assert list(book.facts) == ["D0.2.rate_high", "D0.2.opens_mark", "D0.5.grant"]
    assert list(book.conflicts) == ["X.D0.opens"]
    assert list(book.assumptions) == ["A.population.friends", "A.lender.intercept"]
    assert book.documents["D0"].title_zh == "入口缺失的原因"


def test_the_same_folder_is_read_once(folder: Folder) -> None:
    assert folder.load() is load_book(Path(f"{folder.path}/../{folder.path.name}"))


def test_the_book_cannot_be_changed(folder: Folder) -> None:
    with pytest.raises(TypeError):
        folder.load().facts["D0.2.more"] = None


def test_an_unknown_fact_is_refused_with_the_near_name(folder: Folder) -> None:
    with pytest.raises(ConfigError, match=r"did you mean 'D0\.2\.rate_high'"):
        folder.load().fact("D0.2.rate_hihg")


def test_a_target_reads_its_wanted_value_from_the_fact(folder: Folder) -> None:
    assert folder.load().targets() == (
        Target("D0.2.rate_high", "invited_share.active", 0.45, 0.02, "fit", "given in whole percent"),
    )


def test_a_target_may_name_its_own_wanted_value_and_bound(folder: Folder) -> None:
    folder.edit("D0.yaml", "tolerance: 0.02", "wanted: 0.5, tolerance: 0.02, bound: at_least")
    (target,) = folder.load().targets()
    assert (target.wanted, target.low, target.high) == (0.5, 0.48, float("inf"))


def test_parameters_are_fixed_by_facts_and_assumptions(folder: Folder) -> None:
    book = folder.load()
    assert book.fixed() == {
        "lender.invitation.opens.mark": Fixed("lender.invitation.opens.mark", 8.0, "D0.2.opens_mark"),
        "lender.grant.low": Fixed("lender.grant.low", 500.0, "D0.5.grant"),
        "lender.grant.high": Fixed("lender.grant.high", 30000.0, "D0.5.grant"),
        "population.friends.median": Fixed("population.friends.median", 190, "A.population.friends"),
        "population.friends.kind": Fixed("population.friends.kind", "lognormal", "A.population.friends"),
        "population.friends.shares": Fixed("population.friends.shares", [0.2, 0.8], "A.population.friends"),
        "lender.intercept": Fixed("lender.intercept", -0.2, "A.lender.intercept"),
    }
    assert {path: prior.start for path, prior in book.priors().items()} == {
        "population.friends.median": 190.0, "lender.intercept": 0.0,
    }


def test_a_search_keeps_what_meets_every_condition(folder: Folder) -> None:
    book = folder.load()
    found = {
        "text": book.search("OPENS"), "chinese": book.search("首次额度"), "section": book.search(section=5),
        "factor": book.search(factor="daily_open_count"), "role": book.search(role="rule", document="D0"),
        "both": book.search("opens", kind="rate"), "none": book.search(mechanism="pricing"),
    }
    assert {name: [fact.id for fact in facts] for name, facts in found.items()} == {
        "text": ["D0.2.rate_high", "D0.2.opens_mark"], "chinese": ["D0.5.grant"], "section": ["D0.5.grant"],
        "factor": ["D0.2.rate_high"], "role": ["D0.2.opens_mark"], "both": ["D0.2.rate_high"], "none": [],
    }


@pytest.mark.parametrize(
    ("condition", "near"),
    [({"document": "D7"}, "D0"), ({"factor": "daily_opens_count"}, "daily_open_count"), ({"role": "fits"}, "fit"),
     ({"kind": "rates"}, "rate"), ({"mechanism": "prising"}, "pricing")],
)
def test_a_search_for_what_cannot_exist_is_refused(folder: Folder, condition: dict[str, str], near: str) -> None:
    with pytest.raises(ConfigError, match=near):
        folder.load().search(**condition)


def test_rows_are_plain_json(folder: Folder) -> None:
    book = folder.load()
    rows = json.loads(json.dumps(book.catalogue_rows()))
    assert rows[2] == {
        "id": "D0.5.grant", "document": "D0", "section": 5, "label_en": "Range of the first grant",
        "label_zh": "首次额度区间", "kind": "range", "values": [500.0, 30000.0], "unit": "cny", "role": "check",
        "universe": "first grants", "period": "2021-", "factor": None, "mechanism": "first_grant",
        "locator": "sentence 1",
    }
    assert json.loads(json.dumps(book.conflict_rows())) == [{
        "id": "X.D0.opens", "facts": ["D0.2.rate_high", "D0.2.opens_mark"],
        "clash": "the profile and the rate do not agree", "arithmetic": "45 % is less than all",
        "reading": "the profile is typical", "alternatives": ["the profile is a bound"], "switch": None,
    }]
    assert book.catalogue_rows(book.search(section=5)) == rows[2:]
    assert book.conflict_rows(book.conflicts_of("D0.5.grant")) == []


def test_a_testable_fact_without_target_or_reason_is_listed(folder: Folder) -> None:
    assert [fact.id for fact in untargeted(folder.load())] == ["D0.5.grant"]


def test_a_reason_on_the_register_takes_a_fact_off_the_list(folder: Folder) -> None:
    folder.write("untested.yaml", "untested:\n  - {fact: D0.5.grant, why: bounds hold by construction}\n")
    assert untargeted(folder.load()) == ()
