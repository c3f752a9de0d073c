import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from weilidai.evaluation.bootstrap import Interval
from weilidai.pipeline.comparing_page import comparing_page
from weilidai.pipeline.kept_scores import KeptScores
from weilidai.pipeline.looking_back import Comparison
from weilidai.pipeline.paired import PairedDifference
from weilidai.tracking.listing import RunRow, compare

METRIC = "test.invite_eligible.auc"


def row(name: str, auc: float, people: str = "people") -> RunRow:
    metrics = {METRIC: auc, f"{METRIC}_low": auc - 0.01, f"{METRIC}_high": auc + 0.01, "price.small": auc / 2}
    params, tags = {"data.rows": name}, {"gates": "passed"}
    return RunRow(name * 4, name, "FINISHED", None, 1.0, None, params, metrics, tags, people)


@pytest.fixture
def comparison() -> Comparison:
    rows = [row("a", 0.8), row("b", 0.9), row("<script>", 0.7, "others")]
    gap = PairedDifference("bbbb", "b", METRIC, 0.8, 0.9, Interval(0.1, 0.05, 0.15))
    return Comparison(rows, compare(rows), (gap,), (rows[2],))


def scores() -> dict[str, KeptScores]:
    label = np.arange(900) % 7 == 0
    return {"aaaa": KeptScores(label, np.linspace(0, 1, 900), np.ones(900, dtype=bool), None)}


def test_it_needs_no_other_file_and_every_element_is_closed(comparison: Comparison) -> None:
    page = comparing_page(comparison, scores())
    assert not re.search(r"(?:src|href)=|<script|url\(|@import", page)
    open_ones: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, _attributes: list[tuple[str, str | None]]) -> None:
            if tag not in ("html", "meta", "br"):
                open_ones.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert open_ones.pop() == tag

    Reader().feed(page)
    assert open_ones == []


def test_it_says_first_that_all_of_it_is_synthetic(comparison: Comparison) -> None:
    assert "synthetic" in comparing_page(comparison, {})[:3500]


def test_it_tells_difference_range_and_verdict(comparison: Comparison) -> None:
    page = comparing_page(comparison, {})
    assert "+0.05 to +0.15" in page
    assert '<span class="better">better</span>' in page
    assert "was judged on other people than a" in page


def test_a_name_is_text_and_never_markup(comparison: Comparison) -> None:
    assert "&lt;script&gt;" in comparing_page(comparison, {})


def test_a_ranking_is_drawn_for_every_run_that_kept_its_scores(comparison: Comparison) -> None:
    assert comparing_page(comparison, scores()).count("<polyline") == 1
    assert "<polyline" not in comparing_page(comparison, {})


def test_runs_of_one_name_are_told_apart_everywhere(comparison: Comparison) -> None:
    one = replace(comparison, rows=[replace(each, name="same") for each in comparison.rows])
    page = comparing_page(one, {})
    for told in ("same (bbbb)</td>", "Differences from same (aaaa)", "same (bbbb): +0.1", "same (aaaa)</th>"):
        assert told in page, told


def test_runs_that_do_not_differ_make_a_page_too() -> None:
    one = row("a", 0.8)
    same = Comparison([one, replace(one, id="other")], [], (), ())
    assert "same settings and tags" in comparing_page(same, {})
