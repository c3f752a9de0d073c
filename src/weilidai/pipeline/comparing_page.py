"""Runs side by side on one page that needs no other file: what differs, by how much, and how sure that is."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from weilidai.evaluation.bootstrap import Interval
from weilidai.evaluation.challengers import LOSSES
from weilidai.pipeline.comparing_charts import colour, difference_chart, figure_chart, ranking_chart
from weilidai.pipeline.fidelity.tables import table
from weilidai.pipeline.kept_scores import KeptScores
from weilidai.pipeline.looking_back import HEADLINE_METRICS, Comparison, spelt
from weilidai.pipeline.markup import Html, element, page
from weilidai.tracking.listing import Difference

STYLE: Final = """
body{max-width:70rem}td,th{vertical-align:top}th{color:#555;font-weight:600}td.words,th.words{text-align:left}
td:first-child code{overflow-wrap:anywhere}td:first-child{min-width:14rem}
.figure{max-width:11rem;overflow-wrap:break-word}svg{max-width:100%;height:auto}.wide{overflow-x:auto}.better{color:#0b6e4f;font-weight:600}
.worse{color:#b3261e;font-weight:600}.undecided{color:#8a5a00}small{color:#666}
"""
CURVE_POINTS: Final = 200
"""Points of a curve that are drawn; more are not seen."""


def comparing_page(comparison: Comparison, scores: Mapping[str, KeptScores]) -> str:
    """Put a comparison on one page.

    Parameters
    ----------
    comparison
        The runs and what differs.
    scores
        Run id -> what its model said of the people of the test, where that was kept.
    """
    return page(
        f"{len(comparison.rows)} runs compared",
        _runs(comparison),
        *_settings(comparison),
        *_paired(comparison),
        *_figures(comparison),
        *_rankings(comparison, scores),
        *_everything(comparison),
        style=STYLE,
    )


def _runs(comparison: Comparison) -> Html:
    rows = [
        [
            element("span", comparison.labels[row.id], style=f"color:{colour(n)};font-weight:600"),
            element("code", row.id[:8]), row.status, "" if row.started is None else f"{row.started:%Y-%m-%d %H:%M} UTC",
            "" if row.seconds is None else f"{row.seconds:,.0f} s", row.tags.get("gates", ""),
            (row.people or "")[:8],
        ]
        for n, row in enumerate(comparison.rows)
    ]
    return table(("run", "id", "ended", "begun", "took", "gates", "people of the test"), rows, words=(0, 1, 2, 3, 5, 6))


def _settings(comparison: Comparison) -> tuple[Html, ...]:
    kept = [one for one in comparison.differences if one.kind != "metric"]
    if not kept:
        return (element("h2", "Settings"), element("p", "The runs have the same settings and tags."))
    return (element("h2", "What is set otherwise"), _side_by_side(comparison, kept))


def _paired(comparison: Comparison) -> tuple[Html, ...]:
    labels = comparison.labels
    first = labels[comparison.rows[0].id]
    remark = [
        element("p", f"{labels[row.id]} was judged on other people than {first}: its differences are partly chance.",
                class_="synthetic")
        for row in comparison.elsewhere
    ]
    if not comparison.paired:
        return (*remark,)
    rows = [
        [
            labels[one.run_id], one.metric, f"{one.theirs:,.4g}", f"{one.own:,.4g}", f"{one.difference.value:+,.4g}",
            f"{one.difference.low:+,.4g} to {one.difference.high:+,.4g}",
            element("span", one.verdict, class_=one.verdict),
        ]
        for one in comparison.paired
    ]
    told = (
        f"Each run less {first}, on the same people drawn anew many times. A difference whose range holds 0 is "
        "undecided. Of losses (" + ", ".join(LOSSES) + ") less is better."
    )
    charts = [part for metric in dict.fromkeys(one.metric for one in comparison.paired)
              for part in _difference_of(comparison, metric)]  # fmt: skip
    headings = ("run", "figure", first, "this run", "difference", "its range", "verdict")
    return (
        *remark, element("h2", f"Differences from {first}"), element("p", told),
        table(headings, rows, words=(0, 1, 6)), *charts,
    )


def _difference_of(comparison: Comparison, metric: str) -> Iterator[Html]:
    kept = [one for one in comparison.paired if one.metric == metric]
    yield element("h3", metric)
    names, differences = [comparison.labels[one.run_id] for one in kept], [one.difference for one in kept]
    yield difference_chart(names, differences, [one.verdict for one in kept])


def _figures(comparison: Comparison) -> Iterator[Html]:
    kept = [one for one in comparison.differences if one.kind == "metric" and one.name in HEADLINE_METRICS]
    if not kept:
        return
    yield element("h2", "Figures that differ, with their own ranges")
    for one in kept:
        known = [
            (row, value) for row, value in zip(comparison.rows, one.values, strict=True) if isinstance(value, float)
        ]
        yield element("h3", one.name)
        yield figure_chart([comparison.labels[row.id] for row, _ in known], [
            Interval(value, *(row.metrics.get(f"{one.name}_{end}", float("nan")) for end in ("low", "high")))
            for row, value in known
        ])


def _rankings(comparison: Comparison, scores: Mapping[str, KeptScores]) -> Iterator[Html]:
    known = [row for row in comparison.rows if row.id in scores and scores[row.id].label.any()]
    if not known:
        return
    yield element("h2", "Ranking among the eligible")
    yield element("p", "How many of the invited are reached before how many of the others; up and left is better.")
    yield ranking_chart({f"{row.name} ({row.id[:8]})": _curve(scores[row.id]) for row in known})


def _curve(said: KeptScores) -> npt.NDArray[np.float64]:
    label = said.label[said.is_eligible]
    ranked = label[np.argsort(-said.score[said.is_eligible], kind="stable")]
    up = np.cumsum(ranked) / max(ranked.sum(), 1)
    across = np.cumsum(~ranked) / max((~ranked).sum(), 1)
    chosen = np.unique(np.linspace(0, len(ranked) - 1, CURVE_POINTS).astype(int))
    return np.vstack([[0.0, 0.0], np.column_stack([across[chosen], up[chosen]])])


def _everything(comparison: Comparison) -> tuple[Html, ...]:
    kept = [one for one in comparison.differences if one.kind == "metric"]
    if not kept:
        return ()
    summary = element("summary", f"All {len(kept)} figures that differ")
    return (element("h2", "Everything"), element("details", summary, _side_by_side(comparison, kept)))


def _side_by_side(comparison: Comparison, differences: Sequence[Difference]) -> Html:
    rows = [
        [element("code", one.name),
         *(spelt(one, row, value) for row, value in zip(comparison.rows, one.values, strict=True))]
        for one in differences
    ]
    return table(("", *comparison.labels.values()), rows)
