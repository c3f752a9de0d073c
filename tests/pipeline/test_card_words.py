"""Every figure of a card is explained, and every file it names is one that a training writes."""

from weilidai.models.settings import CHALLENGERS
from weilidai.pipeline import card_words
from weilidai.pipeline.card_words import CALIBRATION, FAIRNESS, PICTURES, REASONS, STABILITY
from weilidai.pipeline.reporting import HEADLINES


def test_every_headline_is_explained():
    assert [metric for _, metric, _ in HEADLINES] == list(card_words.HEADLINES)


def test_every_challenger_is_explained():
    assert set(card_words.CHALLENGERS) == set(CHALLENGERS)


def test_no_figure_is_told_twice_in_a_table_and_none_without_its_meaning():
    for told in (CALIBRATION, FAIRNESS, REASONS, STABILITY):
        assert len({one.metric for one in told}) == len(told)
        assert all(one.meaning for one in told)


def test_files_are_named_below_the_folders_of_a_run():
    assert {name.partition("/")[0] for name in PICTURES} == {"plots", "tables", "report.html"}
