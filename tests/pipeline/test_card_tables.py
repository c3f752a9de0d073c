"""Figures of a card are written so that two models can be told apart."""

from weilidai.pipeline.card_tables import ranged, span, spelt, table


def test_a_table_has_a_line_for_its_heads_one_for_its_columns_and_one_for_each_row():
    assert list(table(("a", "b"), [("x", 0.5)])) == ["| a | b |", "|---|---|", "| x | 0.5000 |"]


def test_a_figure_that_rounds_to_nothing_has_no_sign():
    assert spelt(-0.00004) == "0.0000"


def test_whole_numbers_have_no_decimals_but_one_and_nothing_do():
    assert [spelt(value) for value in (40.0, 1.0, 0.0)] == ["40", "1.0000", "0.0000"]


def test_an_interval_is_found_under_either_spelling_and_left_out_when_there_is_none():
    assert span({"search.gain.low": -0.1, "search.gain.high": 0.2}, "search.gain") == "-0.1000 to 0.2000"
    assert span({"search.gain": 0.1}, "search.gain") == ""
    assert ranged({}, "search.gain") == ""
