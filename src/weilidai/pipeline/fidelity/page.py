"""The fidelity page: one file that holds every target, the coverage of the facts and pictures of the people."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from weilidai.columns import CATALOGUE
from weilidai.facts import Book, Conflict
from weilidai.facts.coverage import Coverage, Untargeted, untargeted_facts
from weilidai.matching.compose import REFERENCE_REGIME
from weilidai.matching.fidelity import Finding
from weilidai.pipeline.fidelity.charts import correlation_chart, spread_chart, target_chart
from weilidai.pipeline.fidelity.figures import NONE, short
from weilidai.pipeline.fidelity.numbers_table import numbers_section
from weilidai.pipeline.fidelity.report import FidelityReport
from weilidai.pipeline.fidelity.tables import table
from weilidai.pipeline.markup import Html, element, join, page
from weilidai.pipeline.report_page import birth_section

STYLE: Final = """
body{max-width:74rem}td,th{vertical-align:top}th{white-space:nowrap;color:#555;font-weight:600}
td{font-variant-numeric:tabular-nums}td.words,th.words{text-align:left}small{color:#666}code{font-size:.85em}
td.figure{white-space:nowrap}
td.words:first-child{min-width:19rem}td code{white-space:nowrap}
.wide{overflow-x:auto}.wide td,.wide th{padding:.2rem .55rem}
svg{max-width:100%;height:auto}
.tiles{display:flex;flex-wrap:wrap;gap:1rem;padding:0}.tiles div{flex:1 1 10rem;background:#f6f6f6;padding:.6rem 1rem}
.tiles b{display:block;font-size:1.6rem;line-height:1.2}.spreads{display:flex;flex-wrap:wrap;gap:.6rem}
.within{color:#0b6e4f;font-weight:600}.outside{color:#b3261e;font-weight:600}.undecided{color:#8a5a00;font-weight:600}td.none{color:#bbb}
tr.last td{font-weight:600;border-top:2px solid #999}details{margin:.5rem 0}summary{cursor:pointer}
"""
WAYS: Final = {
    "facts": "facts", "fit": "target, fitted", "check": "target, checked", "untargeted": "testable, no target",
    "rule": "rule", "scenario": "scenario", "context": "context", "sets": "sets a number",
    "held": "people are held to it", "drives": "drives something",
}
"""Count of a coverage row -> heading."""
UNIT_SHOWN: Final = {"share", "share_change", "weight", "points", "annual_rate", "daily_rate", "count", "none"}
"""Units that a figure shows by itself."""
RELATIONS: Final = {"equal": "", "times_reference": "change, ", "plus_reference": "difference, "}
"""What a figure is against the same people under the reference."""
BOUNDS: Final = {"near": "", "at_least": "≥ ", "at_most": "≤ "}


def fidelity_page(report: FidelityReport, certificate: Mapping[str, Any]) -> str:
    """Put everything found on one page that needs no other file."""
    return page(
        "Documented against generated",
        _tiles(report),
        *(element("p", remark, class_="synthetic") for remark in report.remarks),
        *_targets(report),
        *_moved(report),
        *_clashes(report),
        *_coverage(report),
        *_untargeted(untargeted_facts(report.book)),
        *numbers_section(report.numbers),
        *_looks(report),
        *_impossible(report),
        *birth_section(certificate),
        style=STYLE,
    )


def _tiles(report: FidelityReport) -> Html:
    found, book = report.findings, report.book
    within = len(found) - len(report.outside) - len(report.undecided)
    chance = f", {len(report.undecided)} beyond it by no more than chance" if report.undecided else ""
    outside = len(report.outside) or "none"
    worst = report.metrics.get("fidelity.worst", float("nan"))
    tiles = (
        (f"{within} of {len(found)}", f"targets within their tolerance{chance}, {outside} outside"),
        (short(worst), "tolerances: the farthest target (1 is the edge)"),
        (f"{report.impossible.rows:,} of {report.impossible.people:,}", "impossible rows"),
        (f"{len(book.facts):,}", f"facts of five documents, {len(book.conflicts)} conflicts between them"),
        (report.regime, "regime the people live in"),
    )
    return element("div", *(element("div", element("b", figure), words) for figure, words in tiles), class_="tiles")


def _targets(report: FidelityReport) -> tuple[Html, ...]:
    told = (
        "Every documented figure about people that generated people can be held against, worst first. A fitted one "
        "steers the simulator; a checked one was never shown to it. The interval covers the chance of the draw of "
        "people (95 %, a twentieth of them left out in turn)."
    )
    headings = ("what", "document", "role", "wanted", "got", "95 % interval", "tolerance", "off by", "verdict")
    return (
        element("h2", "Targets"), element("p", told),
        element("p", "Distance from the wanted figure in tolerances; the band is what is accepted, and "
                     "an arrow stands for more than three:"),
        target_chart(report.findings),
        table(headings, (_target(one) for one in report.findings), words=(0, 1, 2, 8)),
    )


def _moved(report: FidelityReport) -> tuple[Html, ...]:
    if not report.moved:
        return ()
    told = f"What the reference {REFERENCE_REGIME} is held to and this regime is meant to move; measured, not judged:"
    rows = [
        [
            one.label_en, element("code", one.fact_id), BOUNDS[one.bound] + short(one.wanted, one.unit),
            short(one.got, one.unit), one.why,
        ]
        for one in report.moved
    ]
    summary = element("summary", f"{len(rows)} figures of the reference that the regime moves")
    headings = ("what", "fact", "in the reference", "here", "why")
    return (
        element("h2", "What the regime moves"), element("p", told),
        element("details", summary, table(headings, rows, words=(0, 1, 4))),
    )


def _target(one: Finding) -> list[str]:
    def figure(value: float) -> str:
        return short(value, one.unit)

    about = element("small", element("code", one.fact_id), " ", one.why)
    return [
        join(element("span", one.label_en, title=one.label_zh), element("br"), about),
        _place(one.document, one.section), RELATIONS[one.relation] + one.role, _wanted(one), figure(one.got),
        f"{figure(one.low)} to {figure(one.high)}", "±" + figure(one.tolerance), f"{abs(one.distance):.2f}",
        element("span", one.verdict, class_=one.verdict),
    ]


def _wanted(one: Finding) -> str:
    unit = "" if one.unit in UNIT_SHOWN else " " + one.unit.replace("count_per", "a").replace("_", " ")
    unit = unit.replace("cny", "yuan")
    return BOUNDS[one.bound] + short(one.wanted, one.unit) + unit


def _place(document: str, section: int) -> str:
    """Name a place in one line; its spaces do not break."""
    where = {0: "introduction", 9: "closing"}.get(section, f"section {section}")
    return f"{document}, {where}".replace(" ", "\u00a0")


def _clashes(report: FidelityReport) -> tuple[Html, ...]:
    outside = {one.fact_id for one in report.outside}
    shared = [c for c in report.book.conflicts.values() if len(_targeted(c, report.book)) > 1]
    open_ones = [c for c in shared if outside & set(c.facts)]
    settled = [c for c in shared if c not in open_ones]
    told = (
        "Conflicts in which a target outside its tolerance meets other targets, with the arithmetic:" if open_ones
        else "No target outside its tolerance meets another one in a conflict."
    )
    return (
        element("h2", "Targets that meet in a conflict"), element("p", told),
        *(_conflicts(open_ones, report.book),) * bool(open_ones),
        element("details", element("summary", f"{len(settled)} conflicts between targets that hold as they are read"),
                _conflicts(settled, report.book)),
    )


def _targeted(conflict: Conflict, book: Book) -> list[str]:
    return [name for name in conflict.facts if book.facts[name].targets]


def _conflicts(conflicts: Sequence[Conflict], book: Book) -> Html:
    rows = [
        [
            element("code", c.id), element("code", ", ".join(_targeted(c, book))), c.clash, c.arithmetic or NONE,
            c.reading,
        ]
        for c in conflicts
    ]
    return table(("conflict", "targets", "clash", "arithmetic", "reading chosen"), rows, words=range(5))


def _coverage(report: FidelityReport) -> tuple[Html, ...]:
    by_document, by_mechanism = report.coverage
    told = (
        "What becomes of each fact: a target that is fitted or only checked, a rule the lender applies, a scenario of "
        "another regime, context that is not modelled and says why. Whatever its way, a fact may also set a number of "
        "the simulator; people are held to it when a target, of the reference or of a regime, tests generated ones; a "
        "fact drives something when a number, target, mark, rule, setting or module follows it."
    )
    return (
        element("h2", "Coverage"), element("p", told), element("h3", "By document"),
        _counts("document", by_document, totalled=True),
        element("h3", "By mechanism"), _counts("mechanism", by_mechanism, totalled=False),
    )


def _counts(heading: str, rows: Sequence[Coverage], *, totalled: bool) -> Html:
    head = element("tr", element("th", heading), *(element("th", name) for name in WAYS.values()))
    body = []
    for n, row in enumerate(rows):
        counts = [int(row.to_dict()[way]) for way in WAYS]
        cells = [element("td", str(count), class_="none" if not count else "figure") for count in counts]
        is_last = totalled and n == len(rows) - 1
        name = row.group.replace("_", " ")
        body.append(element("tr", element("td", name), *cells, class_="last" if is_last else "row"))
    return element("div", element("table", element("thead", head), element("tbody", *body)), class_="wide")


def _untargeted(facts: Sequence[Untargeted]) -> tuple[Html, ...]:
    rows = [
        [element("code", one.fact.id), one.fact.label_en, one.fact.role, one.fact.mechanism.replace("_", " "),
         one.why or element("span", "no reason on the register yet", class_="outside")]
        for one in facts
    ]
    heading = f"{len(rows)} testable facts without a target"
    return (
        element("h3", "Testable, no target"),
        element("details", element("summary", heading),
                table(("fact", "what", "role", "mechanism", "why"), rows, words=range(5))),
    )


def _looks(report: FidelityReport) -> tuple[Html, ...]:
    told = (
        "Bars are shares of the people who have a value; amounts and other skewed columns are on a logarithmic scale "
        "with zeros in a bar apart, cut off at its top where it is the tallest."
    )
    ranked = (
        "Spearman's rank correlation, blue for columns that rise together, red for columns of which one falls; "
        "figures from 0.3 on, the others on hover."
    )
    return (
        element("h2", "What the people look like"), element("p", told),
        element("div", *(spread_chart(spread) for spread in report.looks.spreads), class_="spreads"),
        element("h3", "How columns go together"), element("p", ranked), correlation_chart(report.looks),
    )


def _impossible(report: FidelityReport) -> tuple[Html, ...]:
    found = report.impossible
    verdict = _judged(f"{found.rows:,} of {found.people:,}", is_good=not found.rows)
    checks = [
        [join(*_marked_up(check.what)), _judged(f"{check.count:,}", is_good=not check.count)]
        for check in sorted(found.checks, key=lambda check: -check.count)
    ]
    return (
        element("h2", "Impossible rows"), element("p", "Impossible rows: ", verdict, "."),
        table(("what can never be", "people"), checks),
    )


def _judged(words: str, *, is_good: bool) -> Html:
    return element("span", words, class_="within" if is_good else "outside")


def _marked_up(words: str) -> Iterable[str]:
    for word in words.split(" "):
        yield element("code", word) if word.strip(",") in CATALOGUE else word
        yield " "
