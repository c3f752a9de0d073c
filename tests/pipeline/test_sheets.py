"""Tables while they are filled."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from weilidai.columns import CATALOGUE
from weilidai.pipeline.sheets import Sheet, arrow_table, of_the_contract, type_of, words_of

WORDS = {"credit_grade": ("AAA", "AA", "A")}


@pytest.fixture
def columns():
    return {
        "person_id": np.arange(4, dtype=np.int64), "is_opened": np.array([True, False, True, False]),
        "age_years": np.array([20, 30, 40, 50], dtype=np.float32),
        "credit_grade": np.array([0, 255, 2, 1], dtype=np.uint8),
        "p_invite": np.array([0.1, np.nan, 0.3, 0.4], dtype=np.float32),
    }


def test_parts_may_come_in_any_order(columns):
    sheet = Sheet(columns, WORDS, 4)
    sheet.put(2, columns, 2, 4)
    sheet.put(0, columns, 0, 2)
    frame = sheet.frame()
    assert list(frame) == list(columns)
    assert frame["person_id"].tolist() == [0, 1, 2, 3]
    assert frame["age_years"].tolist() == [20, 30, 40, 50]
    assert frame["credit_grade"].fillna("").tolist() == ["AAA", "", "A", "AA"]
    assert [str(kind) for kind in frame.dtypes] == ["int64", "bool", "int32", "str", "float32"]


def test_a_frame_of_nobody_with_a_word_still_holds_text(columns):
    sheet = Sheet(columns, WORDS, 1)
    sheet.put(0, columns, 1, 2)
    assert str(sheet.frame()["credit_grade"].dtype) == "str"


def test_two_columns_of_one_array_are_changed_apart(columns):
    both = {"is_approved": columns["is_opened"], "is_opened": columns["is_opened"]}
    sheet = Sheet(both, {}, 4)
    sheet.put(0, both, 0, 4)
    frame = sheet.frame()
    frame.loc[0, "is_approved"] = False
    assert frame["is_opened"].tolist() == [True, False, True, False]


def test_a_frame_takes_a_further_column_without_complaint(columns):
    sheet = Sheet(columns, WORDS, 4)
    sheet.put(0, columns, 0, 4)
    frame = sheet.frame()
    frame["new"] = 1.0
    assert len(frame.columns) == len(columns) + 1


def test_what_is_written_is_what_the_frame_holds(columns):
    sheet = Sheet(columns, WORDS, 2)
    sheet.put(0, columns, 1, 3)
    table = arrow_table(columns, WORDS, 1, 3)
    assert pa.types.is_dictionary(table.schema.field("credit_grade").type)
    written = table.to_pandas().astype({"credit_grade": "str"})
    pd.testing.assert_frame_equal(written, sheet.frame())
    assert table.column("p_invite").null_count == 1


def test_the_contract_adds_the_regime_to_a_block_and_leaves_out_inner_columns():
    block = {name: np.zeros(3, dtype=np.float32) for name in [*CATALOGUE, "an_inner_column"] if name != "regime"}
    assert list(of_the_contract(block)) == list(CATALOGUE)
    assert words_of("optimisation")["regime"] == ("optimisation",)


@pytest.mark.parametrize(("name", "given", "kept"), [
    ("is_opened", "uint8", "bool"), ("age_years", "float32", "int32"), ("person_id", "int64", "int64"),
    ("overdue_count_24m", "float32", "float32"), ("p_invite", "float32", "float32"),
])  # fmt: skip
def test_flags_and_counts_are_kept_as_such(name, given, kept):
    assert type_of(name, np.zeros(1, dtype=given)) == kept
