"""The drawings of the comparison page, as plain SVG: figures with intervals, differences, rankings."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from weilidai.evaluation.bootstrap import Interval
from weilidai.pipeline.markup import Html, element

COLOURS: Final = ("#4a6fa5", "#b3261e", "#0b6e4f", "#8a5a00", "#6b4c9a", "#1f7a8c", "#a23e72", "#555555")
"""One per run, in order; from the ninth on they begin again."""
VERDICTS: Final = {"better": "#0b6e4f", "worse": "#b3261e", "undecided": "#8a5a00"}
FAINT: Final = "#d0d0d0"
NAMES: Final = 250
PLOT: Final = 430
ROW: Final = 22
_MARGIN: Final = 0.08


def colour(number: int) -> str:
    """Give the colour of the run with this number."""
    return COLOURS[number % len(COLOURS)]


def figure_chart(names: Sequence[str], values: Sequence[Interval]) -> Html:
    """Draw one figure of every run as a point with its interval, one line a run."""
    low, high = _reach([v for one in values for v in (one.value, one.low, one.high)])
    rows = [
        part for n, (name, one) in enumerate(zip(names, values, strict=True))
        for part in _line(n, name, one, (low, high), colour(n), f"{one.value:.4g}")
    ]
    return _svg(NAMES + PLOT + 70, ROW * len(names) + 6, *rows)


def difference_chart(names: Sequence[str], values: Sequence[Interval], verdicts: Sequence[str]) -> Html:
    """Draw differences with their intervals around no difference, one line each."""
    low, high = _reach([0.0, *(v for one in values for v in (one.value, one.low, one.high))])
    x = _across(0.0, (low, high))
    zero = element("line", x1=x, x2=x, y1=0, y2=ROW * len(names), stroke="#222", stroke_dasharray="3 3")
    rows = [
        part for n, (name, one, verdict) in enumerate(zip(names, values, verdicts, strict=True))
        for part in _line(n, name, one, (low, high), VERDICTS[verdict], f"{one.value:+.4f}")
    ]
    return _svg(NAMES + PLOT + 70, ROW * len(names) + 6, zero, *rows)


def ranking_chart(curves: Mapping[str, npt.NDArray[np.float64]]) -> Html:
    """Draw the share of the invited that is reached against the share of the others, one curve a run.

    Parameters
    ----------
    curves
        Name -> points; shape (points, 2), both columns from 0 to 1.
    """
    side, left = 320, 40
    square = element("rect", x=left, y=6, width=side, height=side, fill="none", stroke=FAINT)
    chance = element("line", x1=left, y1=6 + side, x2=left + side, y2=6, stroke=FAINT, stroke_dasharray="3 3")
    lines = []
    for n, (name, points) in enumerate(curves.items()):
        spots = " ".join(f"{left + side * x:.1f},{6 + side * (1 - y):.1f}" for x, y in points)
        lines.append(element("polyline", points=spots, fill="none", stroke=colour(n), stroke_width=1.6))
        lines.append(_text(name, left + side + 14, 20 + 18 * n, fill=colour(n)))
    words = (
        _text("share of those not invited", left, side + 24, fill="#666"),
        _text("share of the invited", 14, side, fill="#666", transform=f"rotate(-90 14 {side})"),
    )
    return _svg(left + side + 330, side + 32, square, chance, *lines, *words)


def _line(
    row: int, name: str, one: Interval, reach: tuple[float, float], ink: str, told: str
) -> tuple[Html, ...]:
    y = ROW * row + ROW / 2
    x = _across(one.value, reach)
    ends = [_across(end, reach) for end in (one.low, one.high)] if np.isfinite([one.low, one.high]).all() else [x, x]
    return (
        _text(_shortened(name), NAMES - 10, y + 4, text_anchor="end"),
        element("line", x1=NAMES, x2=NAMES + PLOT, y1=y, y2=y, stroke=FAINT, stroke_width=0.5),
        element("line", x1=ends[0], x2=ends[1], y1=y, y2=y, stroke=ink, stroke_width=3, stroke_opacity=0.45),
        element("circle", element("title", f"{name}: {told}"), cx=x, cy=y, r=4.5, fill=ink),
        _text(told, NAMES + PLOT + 8, y + 4, fill=ink),
    )


def _across(value: float, reach: tuple[float, float]) -> float:
    low, high = reach
    return NAMES + PLOT * (value - low) / (high - low)


def _reach(values: Sequence[float]) -> tuple[float, float]:
    known = [value for value in values if np.isfinite(value)]
    low, high = min(known), max(known)
    room = (high - low or abs(high) or 1.0) * _MARGIN
    return low - room, high + room


def _shortened(name: str, most: int = 36) -> str:
    return name if len(name) <= most else name[: most - 1] + "…"


def _text(text: str, x: float, y: float, **attributes: str | float) -> Html:
    return element("text", text, x=x, y=y, **{"font_size": 12, **attributes})


def _svg(width: float, height: float, *children: Html) -> Html:
    return element(
        "svg", *children, viewBox=f"0 0 {width:.0f} {height:.0f}", width=width, height=height, role="img",
        font_family="system-ui,sans-serif",
    )
