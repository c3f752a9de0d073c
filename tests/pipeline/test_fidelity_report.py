"""The fidelity report of a table of people."""

import json
import math
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from weilidai.columns import CATALOGUE
from weilidai.errors import DataError, ResourceError
from weilidai.matching import load_parameters
from weilidai.matching.regimes import load_regime
from weilidai.pipeline.fidelity.charts import correlation_chart, spread_chart, target_chart
from weilidai.pipeline.fidelity.looks import SPREADS, TOGETHER, look_at
from weilidai.pipeline.fidelity.page import fidelity_page
from weilidai.pipeline.fidelity.report import Origin, hold_against_documents
from weilidai.pipeline.fidelity.writing import write_fidelity
from weilidai.pipeline.generating import generate_files
from weilidai.pipeline.matched import judge_folder, write_judgement
from weilidai.pipeline.simulate import simulate
from weilidai.progress import Silent

ROWS, SEED = 20_000, 23


@pytest.fixture(scope="module")
def tables():
    return simulate(load_parameters(), ROWS, SEED)


@pytest.fixture(scope="module")
def report(tables):
    return hold_against_documents(*tables, load_parameters())


@pytest.fixture(scope="module")
def shown(report):
    return fidelity_page(report, {"seed": SEED})


class Balance(HTMLParser):
    """Reads a page and keeps which elements are still open."""

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, _attributes):
        if tag not in {"html", "meta", "br", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_needs_no_other_file_and_says_it_is_synthetic(shown):
    assert "synthetic" in shown
    for outside in ("http:", "https:", "<script", "<link", "src="):
        assert outside not in shown


def test_every_element_of_the_page_is_closed(shown):
    reader = Balance()
    reader.feed(shown)
    assert reader.open == []


def test_every_target_is_on_the_page(report, shown):
    for one in report.findings:
        assert f"<code>{one.fact_id}</code>" in shown


def test_markup_in_a_label_is_shown_and_not_run(report):
    first = replace(report.findings[0], label_en="<script>alert(1)</script>", why="<b>")
    page = fidelity_page(replace(report, findings=[first]), {"note": "<i>"})
    for markup in ("<script>", "<b><", "<i>"):
        assert markup not in page


def test_an_outside_target_shows_the_arithmetic_of_its_conflicts(report):
    book = report.book
    conflict = next(
        c for c in book.conflicts.values() if c.arithmetic and sum(bool(book.facts[f].targets) for f in c.facts) > 1
    )
    names = [name for name in conflict.facts if book.facts[name].targets]
    found = [replace(one, verdict="outside" if one.fact_id in names else "within") for one in report.findings]
    text = fidelity_page(replace(report, findings=found), {}).split("<details>")[0]
    assert conflict.id in text
    told = fidelity_page(replace(report, findings=[replace(one, verdict="within") for one in found]), {})
    assert conflict.id not in told.split("<details>")[0]


def test_the_metrics_say_how_many_are_within_and_how_far_the_worst_is(report):
    within = [one for one in report.findings if one.verdict == "within"]
    assert report.metrics["fidelity.share_within"] == len(within) / len(report.findings)
    assert report.metrics["fidelity.worst"] == max(abs(one.distance) for one in report.findings)


def test_what_cannot_be_measured_is_outside_and_has_no_distance(report):
    lost = [replace(one, got=math.nan, distance=math.inf, verdict="outside") for one in report.findings]
    alone = replace(report, findings=lost)
    assert alone.metrics == {"fidelity.share_within": 0.0, "fidelity.outside": float(len(lost))}
    assert "cannot be measured" in fidelity_page(alone, {})


def test_the_files_hold_every_target_and_every_check(report, tmp_path):
    page = write_fidelity(report, tmp_path / "report", {})
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    rows = json.loads((page.parent / "fidelity.json").read_text(encoding="utf-8"))
    assert [row["fact_id"] for row in rows] == [one.fact_id for one in report.findings]
    assert {"wanted", "got", "low", "high", "tolerance", "role", "verdict", "bound"} <= set(rows[0])
    assert {row["bound"] for row in rows} == {"near", "at_least", "at_most"}
    coverage = json.loads((page.parent / "coverage.json").read_text(encoding="utf-8"))
    assert coverage["people"] == ROWS
    assert coverage["impossible_rows"] == report.impossible.rows


def test_a_generated_folder_is_judged_and_its_page_cites_its_birth(tmp_path):
    people, out = tmp_path / "people", tmp_path / "report"
    generate_files(3000, SEED, "optimisation", people, Silent())
    page = write_judgement(judge_folder(people), people, out)
    names = ["coverage.json", "fidelity.html", "fidelity.json", "parameters.json"]
    assert sorted(file.name for file in out.iterdir()) == names
    assert "facts_digest" in page.read_text(encoding="utf-8")
    with pytest.raises(ResourceError):
        write_judgement(judge_folder(people), people, out)


def test_the_fitted_numbers_are_shown_the_least_known_first(report, shown, tmp_path):
    assert [one.left_open for one in report.numbers] == sorted((n.left_open for n in report.numbers), reverse=True)
    for one in report.numbers:
        assert f"<code>{one.path}</code>" in shown
        assert f"<code>{one.source}</code>" in shown
    write_fidelity(report, tmp_path / "report", {})
    rows = json.loads((tmp_path / "report" / "parameters.json").read_text(encoding="utf-8"))
    assert [row["path"] for row in rows] == [one.path for one in report.numbers]
    assert {"value", "spread", "prior", "prior_sd", "source", "left_open"} <= set(rows[0])


def test_people_of_another_regime_are_held_against_its_own_figures():
    parameters = load_parameters("contraction")
    report = hold_against_documents(*simulate(parameters, ROWS, SEED), parameters, Origin(SEED))
    own = [one for one in report.findings if one.regime == "contraction"]
    assert {(one.fact_id, one.moment) for one in own} == {
        (target.fact, target.moment) for target in load_regime("contraction").targets
    }
    kept = {one.moment for one in report.findings if one.regime == "optimisation"}
    moved = {one.moment for one in report.moved}
    assert {"overdue_share", "invited_share"} <= {one.moment for one in own} & moved
    assert not kept & (moved | {one.moment for one in own})
    assert any("contraction" in remark for remark in report.remarks)
    page = fidelity_page(report, {})
    assert "What the regime moves" in page
    assert all(one.fact_id != "D2.2.entry_share" for one in report.findings)


def test_a_regime_that_is_not_what_it_says_is_seen():
    parameters = load_parameters("trial")
    people, truth = simulate(load_parameters(), ROWS, SEED)
    report = hold_against_documents(people, truth, parameters, Origin(SEED))
    share = next(one for one in report.findings if one.moment == "invited_share")
    assert (share.verdict, share.regime) == ("outside", "trial")


def test_other_readings_are_said_and_those_by_default_are_not(tmp_path):
    people = tmp_path / "people"
    generate_files(3000, SEED, "optimisation", people, Silent(), {"thin_files": "gate", "licaitong_use": "strength"})
    said = " ".join(judge_folder(people).remarks)
    assert "thin_files is 'gate'" in said
    assert "licaitong_use" not in said


def test_people_without_a_birth_certificate_are_judged_and_it_is_said(tmp_path):
    people = tmp_path / "people"
    generate_files(3000, SEED, "optimisation", people, Silent())
    assert judge_folder(people).remarks == ()
    (people / "birth_certificate.json").unlink()
    assert "no birth_certificate.json" in judge_folder(people).remarks[0]


@pytest.mark.parametrize("written", ["{", "[]", '{"regime": "trial"}'])
def test_a_birth_certificate_that_is_none_is_refused(tmp_path, written):
    people = tmp_path / "people"
    generate_files(500, SEED, "optimisation", people, Silent())
    (people / "birth_certificate.json").write_text(written, encoding="utf-8")
    with pytest.raises(DataError, match="birth certificate"):
        judge_folder(people)


def test_people_made_with_other_numbers_are_told_apart(tmp_path):
    people = tmp_path / "people"
    generate_files(500, SEED, "optimisation", people, Silent())
    file = people / "birth_certificate.json"
    certificate = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**certificate, "parameters_digest": "0" * 64}), encoding="utf-8")
    assert "other numbers" in judge_folder(people).remarks[0]


def test_few_people_are_judged_without_failing(tables):
    few = (table.iloc[:200] for table in tables)
    assert 0 <= hold_against_documents(*few, load_parameters()).metrics["fidelity.share_within"] <= 1


def test_the_bars_of_a_column_add_up_to_everybody_who_has_a_value(report):
    assert [spread.column for spread in report.looks.spreads] == list(SPREADS)
    for spread in report.looks.spreads:
        assert sum(spread.shares) + spread.zero == pytest.approx(1), spread.column


def test_amounts_are_drawn_on_a_logarithmic_scale_with_zeros_apart(report):
    spreads = {spread.column: spread for spread in report.looks.spreads}
    assert spreads["licaitong_balance_cny"].scale == "log"
    assert spreads["licaitong_balance_cny"].zero > 0.5
    assert spreads["age_years"].scale == "linear"
    assert spreads["credit_grade"].levels == ("AAA", "AA", "A")


def test_the_correlations_are_a_square_with_ones_on_the_diagonal(report):
    square = report.looks.correlation
    assert square.shape == (len(TOGETHER), len(TOGETHER))
    assert square.diagonal() == pytest.approx(1)
    assert len(set(TOGETHER)) == len(TOGETHER) >= 25
    assert set(TOGETHER) <= set(CATALOGUE)


def test_a_column_without_any_value_or_spread_is_drawn_all_the_same(tables):
    people = tables[0].iloc[:500].assign(pay_score=math.nan, annual_income_cny=5.0, daily_open_count=0.0)
    looks = look_at(people)
    assert all(spread_chart(spread).startswith("<svg") for spread in looks.spreads)
    assert "nobody has both" in correlation_chart(looks)


def test_a_target_far_off_ends_in_an_arrow(report):
    far = replace(report.findings[0], got=report.findings[0].wanted + 9 * report.findings[0].tolerance)
    assert "<path" in target_chart([far])
    assert "<path" not in target_chart([replace(far, got=far.wanted)])
