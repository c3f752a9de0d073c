import math

import pytest

from weilidai.errors import StoreError
from weilidai.tracking.values import MOST_PARAMS, checked_metrics, flat_params, shortened


def test_nested_settings_become_dotted_names() -> None:
    assert flat_params({"data": {"rows": 5, "months": ("2021-01",)}, "is_free": True, "empty": {}}) == {
        "data.rows": "5", "data.months": '["2021-01"]', "is_free": "True", "empty": "{}"
    }  # fmt: skip


def test_more_parameters_than_a_table_can_show_are_refused() -> None:
    with pytest.raises(StoreError, match="41 parameters are too many"):
        flat_params({f"p{number}": number for number in range(MOST_PARAMS + 1)})


@pytest.mark.parametrize("odd", [math.nan, math.inf, -math.inf])
def test_a_metric_that_is_no_number_is_an_error_by_name(odd: float) -> None:
    with pytest.raises(StoreError, match=r"test\.invite\.ks"):
        checked_metrics({"test.invite.auc": 0.7, "test.invite.ks": odd})


@pytest.mark.parametrize("name", ["", "x" * 251, "a\nb", "p=1"])
def test_a_name_the_store_cannot_hold_is_refused(name: str) -> None:
    with pytest.raises(StoreError, match="cannot be the name"):
        checked_metrics({name: 1.0})


def test_a_long_text_is_cut_and_says_where_the_whole_is() -> None:
    cut = shortened("x" * 900, 500, "params.json")
    assert len(cut) == 500
    assert cut.endswith("(cut; whole in params.json)")
    assert shortened("short", 500, "params.json") == "short"
