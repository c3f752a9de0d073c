import pytest

from weilidai.explain.product_words import say_condition, say_duration


@pytest.mark.parametrize(("fastest", "slowest", "english", "chinese"), [
    (0, 0, "at once", "即时"),
    (30, 86_400, "30 seconds to 1 day", "30秒至1天"),
    (7200, 7200, "2 hours", "2小时"),
    (70, 150, "1.2 minutes to 2.5 minutes", "1.2分钟至2.5分钟"),
])
def test_a_time_is_said_in_the_unit_that_suits(fastest: float, slowest: float, english: str, chinese: str) -> None:
    assert say_duration(fastest, slowest, "en") == english
    assert say_duration(fastest, slowest, "zh") == chinese


def test_a_condition_is_said_whether_or_not_the_contract_knows_its_column() -> None:
    assert say_condition("debit_card_count", ">=", 1, "en") == "at least 1 debit card bound"
    assert say_condition("zhima_score", ">=", 600, "zh") == "芝麻分至少600分"
    assert say_condition("is_invited", "==", 1, "en") == "an invitation from the lender"
