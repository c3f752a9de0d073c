"""Stories of one borrower's quota, told in ``growth.yaml``: what makes it grow, what stops it, what takes it away."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from current_numbers import current_numbers
from stories import read
from weilidai.lender import LenderParameters
from weilidai.lender.increase import STOPS, growth_score, increase_chance, insurance_gain, use_value
from weilidai.lender.reduction import applies_for_many, reduced_quota, stays_first_borrower

TOLD = {"weight", "use_value", "more_likely_than", "insured", "grows", "left"}
FILE = Path(__file__).resolve().parent / "growth.yaml"
STORIES = read(FILE, keys={"title", "person", "account", "rule_in_force", *TOLD})
PERSON = {
    "merchant_category_count": 0, "licaitong_balance_cny": 0, "licaitong_months": 0, "insurance_premium_cny": 0,
    "age_years": 35, "has_salary_card": False, "lingqiantong_earnings_cny": 0, "nonsocial_function_count": 0,
    "bureau_inquiry_count_3m": 0,
}
ACCOUNT = {
    "on_time_count": 0, "opened_months_ago": 0, "utilisation_share": 0, "uses_instalments": False,
    "bill_payment_count_1m": 0, "has_reborrowed": False, **dict.fromkeys(STOPS, False),
}
QUOTA, GRANT = np.float32([10_000]), np.float32([8_000])
NOTHING = np.float32([0])


@pytest.fixture(scope="module")
def lender() -> LenderParameters:
    return current_numbers().part("lender", LenderParameters)


def arrays(usual: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    assert set(told) <= set(usual), "nothing follows this"
    known = {name: np.nan if value is None else value for name, value in {**usual, **told}.items()}
    return {name: np.array([v], dtype=bool if isinstance(v, bool) else np.float32) for name, v in known.items()}


def chance(person: Mapping[str, Any], account: Mapping[str, Any], lender: LenderParameters) -> float:
    people, own = arrays(PERSON, person), arrays(ACCOUNT, account)
    score = growth_score(people, own, NOTHING, lender.increase)
    return float(increase_chance(people, own, score, lender.increase)[0])


def left(people: Mapping[str, Any], own: Mapping[str, Any], lender: LenderParameters, *, is_in_force: bool) -> float:
    rules = lender.reduction.model_copy(update={"no_reborrow_share_applies": float(is_in_force)})
    is_first = stays_first_borrower(own["opened_months_ago"], own["has_reborrowed"], NOTHING, rules)
    return float(reduced_quota(QUOTA, GRANT, applies_for_many(people, rules), is_first, rules)[0])


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story["title"])
def test_it_happens_as_told(story: dict[str, Any], lender: LenderParameters) -> None:
    assert TOLD & set(story), "the story says nothing"
    person, account = story.get("person", {}), story.get("account", {})
    people, own = arrays(PERSON, person), arrays(ACCOUNT, account)
    measured = {
        "weight": float(growth_score(people, own, NOTHING, lender.increase)[0]),
        "use_value": float(use_value(own["utilisation_share"], lender.increase.use)[0]),
        "insured": float(insurance_gain(people, lender.increase.insurance)[0]),
        "grows": chance(person, account, lender) > 0,
        "left": left(people, own, lender, is_in_force=story.get("rule_in_force", False)),
    }
    for name in measured.keys() & story.keys():
        assert measured[name] == pytest.approx(story[name], abs=1e-5), name


@pytest.mark.parametrize("story", [s for s in STORIES if "more_likely_than" in s], ids=lambda story: story["title"])
def test_it_makes_an_increase_more_likely(story: dict[str, Any], lender: LenderParameters) -> None:
    person, account, other = story.get("person", {}), story.get("account", {}), story["more_likely_than"]
    without = ({**told, **{k: v for k, v in other.items() if k in told}} for told in (person, account))
    assert set(other) <= {*person, *account}
    assert chance(person, account, lender) > chance(*without, lender)
