"""What a mapping means, in memory."""

import json

import pytest

from own_tables import taiwan
from weilidai.errors import ConfigError
from weilidai.own_table import OwnTable, code


def test_a_code_is_the_same_however_a_file_holds_it() -> None:
    assert {code(held) for held in (1, 1.0, True, " 1 ", "1")} == {"1"}


def test_a_mapping_survives_json() -> None:
    assert OwnTable.from_dict(json.loads(json.dumps(taiwan().to_dict()))) == taiwan()


def test_a_mapping_of_another_version_is_refused() -> None:
    with pytest.raises(ConfigError, match="not a mapping of a table"):
        OwnTable.from_dict({**taiwan().to_dict(), "colour": "red"})


def test_codes_of_one_name_are_one_level() -> None:
    assert taiwan().contract.levels["education"] == ("graduate_school", "university", "high_school", "other")


def test_without_amounts_only_the_chance_is_learnt() -> None:
    assert taiwan().contract.labels == ("is_invited",)


def test_an_amount_brings_the_label_of_the_grant() -> None:
    with_amount = OwnTable.from_dict({**taiwan().to_dict(), "amount": "GRANTED"})
    assert with_amount.contract.labels == ("is_invited", "is_opened", "initial_quota_cny")
