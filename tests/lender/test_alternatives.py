"""What people choose who do not get Weilidai."""

import numpy as np
import pandas as pd
import pytest

from current_numbers import current_numbers
from weilidai.columns import ALTERNATIVES, USER_TYPES
from weilidai.lender.alternatives import alternative_weights
from weilidai.lender.products import ProductParameters, answers, assess
from weilidai.lender.some_people import NO_LEVEL

BESIDE_THE_TABLE = {"huabei", "jd_baitiao", "bank_vip_service", "bank_savings"}
"""Instalment credit of shops and what a bank does beside lending: no loans to be compared."""


@pytest.fixture(scope="module")
def products():
    return current_numbers().part("products", ProductParameters)


def share(everyone, name, who):
    return float((everyone.columns["chosen_alternative"][who] == ALTERNATIVES.index(name)).mean())


def without_it(everyone, who):
    return ~everyone.columns["is_opened"] & (everyone.people["age_years"] >= 18) & who


def test_every_alternative_is_weighed_and_known(lender, products):
    own = lender.alternatives
    assert set(own.weight) == set(ALTERNATIVES)
    assert {name for group in own.drawn.values() for name in group} | set(own.rules) <= set(ALTERNATIVES)
    assert set(ALTERNATIVES) - set(products.table) == BESIDE_THE_TABLE


def test_borrowers_and_minors_choose_nothing(everyone):
    chosen = everyone.columns["chosen_alternative"] != NO_LEVEL
    assert chosen.any()
    assert not chosen[everyone.columns["is_opened"]].any()
    assert not chosen[everyone.people["age_years"] < 18].any()


def test_nobody_chooses_what_the_product_table_refuses_them(everyone, products):
    people = pd.DataFrame({name: everyone.people[name] for name in products.columns() if name in everyone.people})
    told = answers(assess(people, products))
    for name in set(ALTERNATIVES) & set(products.table):
        chose = everyone.columns["chosen_alternative"] == ALTERNATIVES.index(name)
        assert not (told[name][chose] == "no").any(), name


@pytest.mark.parametrize(("name", "kind"), [
    ("huabei", "student"), ("jd_baitiao", "student"), ("bank_vip_service", "high_net_worth"),
    ("bank_savings", "retired"),
])
def test_each_kind_of_people_goes_where_the_documents_send_it(everyone, name, kind):
    of_kind = everyone.people["user_type"] == USER_TYPES.index(kind)
    here, there = (share(everyone, name, without_it(everyone, who)) for who in (of_kind, ~of_kind))
    assert here > 1.5 * there


def test_the_young_choose_shop_credit_and_the_older_their_bank(everyone):
    age = everyone.people["age_years"]
    young, older = without_it(everyone, age <= 24), without_it(everyone, age >= 45)
    assert share(everyone, "huabei", young) > 2 * share(everyone, "huabei", older)
    assert share(everyone, "bank_savings", older) > 5 * share(everyone, "bank_savings", young)


def test_nobody_chooses_zhouzhuan_before_it_is_promoted(everyone):
    assert share(everyone, "zhouzhuan", slice(None)) == 0


def test_a_thin_or_slightly_blemished_file_draws_to_the_product_that_takes_it(lender):
    people = {
        "age_years": np.full(4, 30, np.float32), "user_type": np.full(4, USER_TYPES.index("office_worker"), np.uint8),
        "has_bureau_record": np.array([True, False, True, True]),
        "overdue_count_24m": np.array([0, np.nan, 1, 6], np.float32), "real_name_months": np.full(4, 24, np.float32),
        "debit_card_count": np.full(4, 1, np.float32), "has_pay_score_enabled": np.ones(4, bool),
        "pay_score": np.full(4, 700, np.float32),
    }
    weights = alternative_weights(people, lender.alternatives, lender.take_up)[ALTERNATIVES.index("xiaoe_huaqian")]
    assert weights[1] == weights[2] > weights[0] == weights[3]
