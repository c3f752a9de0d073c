"""The product table, its conditions, and the cheapest product for a need."""

import numpy as np
import pandas as pd
import pytest

from weilidai.errors import ConfigError
from weilidai.facts import Book, load_book
from weilidai.lender.products import Need, ProductParameters, answers, assess, cheapest, compare, summary
from weilidai.lender.terms import cost_of, overdue_daily_rate
from weilidai.matching.compose import compose

PERSON = {
    "age_years": 30, "real_name_months": 24, "debit_card_count": 1, "pay_score": 650.0, "is_invited": False,
    "housing_fund_months": 14, "has_salary_card": False, "licaitong_balance_cny": 0.0,
}


@pytest.fixture(scope="module")
def book() -> Book:
    return load_book()


@pytest.fixture(scope="module")
def products(book: Book) -> ProductParameters:
    return compose(book).part("products", ProductParameters)


@pytest.fixture
def people() -> pd.DataFrame:
    rows = [PERSON, {**PERSON, "pay_score": 599.0}, {**PERSON, "pay_score": np.nan}, {**PERSON, "is_invited": True}]
    return pd.DataFrame(rows)


def test_every_product_of_the_documents_is_in_the_table(products: ProductParameters) -> None:
    assert set(products.table) == {
        "weilidai", "we2000", "xiaoe_huaqian", "jiebei", "jd_jintiao", "douyin_fangxinjie", "bank_credit_loan",
        "state_bank_digital_loan", "other_online_lenders", "weilidai_plus", "zhouzhuan",
    }


def test_every_condition_step_wish_and_price_cites_a_fact(book: Book, products: ProductParameters) -> None:
    for product in products.table.values():
        cited = [product.fact, *(one.fact for one in product.requirements.values()),
                 *(one.fact for one in (*product.steps.values(), *product.wishes.values()))]
        assert [book.fact(name).id for name in cited] == cited


def test_a_frame_is_answered_person_by_person(people: pd.DataFrame, products: ProductParameters) -> None:
    found = answers(assess(people, products))
    assert list(found["we2000"]) == ["yes", "no", "unknown", "yes"]
    assert list(found["weilidai"]) == ["no", "no", "no", "yes"]


def test_one_person_and_a_frame_of_one_agree(products: ProductParameters) -> None:
    alone, framed = (summary(assess(people, products)) for people in (PERSON, pd.DataFrame([PERSON])))
    pd.testing.assert_frame_equal(alone, framed)


def test_the_deciding_condition_comes_with_its_fact(products: ProductParameters) -> None:
    told = summary(assess({**PERSON, "pay_score": 599.0}, products)).set_index("product")
    assert told.loc["we2000", "because"] == ["pay_score"]
    assert told.loc["we2000", "facts"] == ["D3.2.we2000_pay_score_least"]
    assert told.loc["jiebei", "to_ask"] == ["zhima_score"]


def test_a_miss_weighs_more_than_a_question(products: ProductParameters) -> None:
    told = answers(assess({"real_name_months": 0, "debit_card_count": 1}, products))
    assert told.loc[0, "we2000"] == "no"


def test_what_no_column_knows_is_listed_with_who_asks_it(products: ProductParameters) -> None:
    asked = products.questions()
    assert asked["zhima_score"] == ("jiebei",)
    assert "pay_score" not in asked


@pytest.mark.parametrize(("column", "mark", "product"), [
    ("zhima_score", 600, "jiebei"), ("xiaobai_score", 80, "jd_jintiao"),
    ("douyin_follower_count", 1_000, "douyin_fangxinjie"),
])
def test_a_question_answered_at_its_mark_opens_the_product(
    products: ProductParameters, column: str, mark: int, product: str,
) -> None:
    scores = pd.DataFrame([{**PERSON, column: mark - 1}, {**PERSON, column: mark}])
    assert list(answers(assess(scores, products))[product]) == ["no", "yes"]


def test_an_unseen_flag_among_objects_is_unknown(products: ProductParameters) -> None:
    flags = {**{name: [value] * 3 for name, value in PERSON.items()},
             "is_invited": np.array([True, None, False], dtype=object)}
    assert list(answers(assess(flags, products))["weilidai"]) == ["yes", "unknown", "no"]


def test_nobody_cannot_be_assessed(products: ProductParameters) -> None:
    with pytest.raises(ConfigError):
        assess({}, products)


def test_an_unknown_product_is_refused_with_the_near_name(products: ProductParameters) -> None:
    with pytest.raises(ConfigError, match="jiebei"):
        products.product("jiebai")


def test_documented_speed_runs_from_the_shorter_to_the_longer(products: ProductParameters) -> None:
    until = {name: products.until_money(product) for name, product in products.table.items()}
    assert until["weilidai"] == (70, 150)
    assert until["jiebei"] == (0, 60)
    assert until["jd_jintiao"] == (30, 86_400)
    assert until["bank_credit_loan"] == (86_400, 3 * 86_400)
    assert np.isnan(until["we2000"][0])


def test_yearly_quotes_become_daily_rates_by_360(products: ProductParameters) -> None:
    rate = products.product("jiebei").rate
    assert rate is not None
    assert rate.daily == pytest.approx((0.00015, 0.24 / 360))


def test_own_quota_and_rate_replace_the_range(products: ProductParameters) -> None:
    offer = assess({**PERSON, "current_quota_cny": 8_000.0, "daily_rate": 0.0003}, products)["weilidai"]
    assert (offer.quota_high_cny[0], offer.daily_rate_low[0], offer.daily_rate_high[0]) == (8_000, 0.0003, 0.0003)
    without = assess(PERSON, products)["weilidai"]
    assert (without.quota_low_cny[0], without.quota_high_cny[0]) == (500, 300_000)


def test_the_housing_fund_decides_the_half_of_the_range(products: ProductParameters) -> None:
    funds = pd.DataFrame({"housing_fund_months": [11.0, 12.0, np.nan]})
    offer = assess(funds, products)["xiaoe_huaqian"]
    assert offer.daily_rate_low == pytest.approx([0.00074, 0.0005, 0.0005])
    assert offer.daily_rate_high == pytest.approx([0.00098, 0.00074, 0.00098])


def test_lateness_at_the_siblings_comes_on_top_of_the_rate(products: ProductParameters) -> None:
    siblings = [products.product(name).overdue for name in ("we2000", "xiaoe_huaqian")]
    rates = [float(overdue_daily_rate(0.00098, rule)) for rule in siblings if rule is not None]
    assert rates == pytest.approx([0.00148, 0.00148])


def test_instalments_at_xiaoe_cost_a_fee_instead_of_interest(products: ProductParameters) -> None:
    product = products.product("xiaoe_huaqian")
    by_fee, by_day = (cost_of(product.loan(1_000, n, 0.0005, "equal_principal")) for n in (12, 1))
    assert (by_fee.interest_cny, by_fee.fees_cny) == (0, pytest.approx(180))
    assert (by_day.interest_cny, by_day.fees_cny) == (pytest.approx(15), 0)


def test_open_products_are_ranked_before_those_to_ask(products: ProductParameters) -> None:
    table = compare(PERSON, Need(2_000, 12), products)
    assert list(table["product"][:2]) == ["we2000", "xiaoe_huaqian"]
    assert table["answer"].is_monotonic_decreasing
    assert {"weilidai", "weilidai_plus", "zhouzhuan"}.isdisjoint(table["product"])
    assert table.set_index("product").loc["state_bank_digital_loan", "cheaper_than"] == "weilidai"


def test_a_product_too_small_for_the_amount_is_left_out(products: ProductParameters) -> None:
    assert "we2000" not in set(compare(PERSON, Need(2_001, 12), products)["product"])


def test_the_view_decides_which_end_of_a_range_is_compared(products: ProductParameters) -> None:
    cost = {
        view: compare(PERSON, Need(1_000, 12, view=view), products).set_index("product").loc["jiebei", "irr_annual"]
        for view in ("low", "middle", "high")
    }
    assert cost["low"] < cost["middle"] < cost["high"]


def test_the_cheapest_of_a_frame_is_the_first_of_each_comparison(
    people: pd.DataFrame, products: ProductParameters,
) -> None:
    need = Need(2_000, 6)
    found = cheapest(people, need, products)
    assert found["product"].fillna("none").tolist() == ["we2000", "none", "none", "weilidai"]
    for person in (0, 3):
        first = compare(people, need, products, person).iloc[0]
        assert found.loc[person, "irr_annual"] == pytest.approx(first["irr_annual"])
        assert found.loc[person, "cost_cny"] == pytest.approx(first["cost_cny"])


def test_whoever_has_nothing_open_learns_what_could_be(products: ProductParameters) -> None:
    found = cheapest({**PERSON, "pay_score": 500.0}, Need(5_000, 12), products).iloc[0]
    assert found["product_if_met"] == "bank_credit_loan"
    assert found[["product", "irr_annual"]].isna().all()
