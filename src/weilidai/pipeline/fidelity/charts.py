"""The drawings of the fidelity page, as plain SVG: targets, spreads of columns, rank correlations."""

import math
from collections.abc import Callable, Iterator, Sequence
from textwrap import shorten
from typing import Final

from weilidai.columns import CATALOGUE
from weilidai.matching.fidelity import Finding
from weilidai.pipeline.fidelity.figures import short
from weilidai.pipeline.fidelity.looks import Looks, Spread
from weilidai.pipeline.markup import Html, element, join

WITHIN: Final = "#0b6e4f"
OUTSIDE: Final = "#b3261e"
UNDECIDED: Final = "#8a5a00"
BAR: Final = "#4a6fa5"
PALE: Final = "#c9c9c9"
INK: Final = "#222"
NAMES: Final = 370
"""Width of the names beside a chart."""
LETTERS: Final = 60
"""Letters that fit there."""
REACH: Final = 3.0
"""Tolerances drawn on either side; what is farther off ends in an arrow."""


def target_chart(found: Sequence[Finding]) -> Html:
    """Draw got minus wanted in tolerances, with its 95 % interval, one line a target; the band is what is accepted."""
    row, top, plot = 18, 26, 700
    height = top + row * len(found) + 8

    def across(tolerances: float) -> float:
        return NAMES + plot * (min(max(tolerances, -REACH), REACH) + REACH) / (2 * REACH)

    bands = [_band(one, top + row * n, row, across) for n, one in enumerate(found)]
    marks = [_tick(across(mark), height, f"{mark:+.0f}" if mark else "wanted") for mark in range(-3, 4)]
    rows = [join(*_target(one, top + row * n + row / 2, across)) for n, one in enumerate(found)]
    return _svg(NAMES + plot + 20, height, *bands, *marks, *rows)


def spread_chart(spread: Spread) -> Html:
    """Draw how one column is spread; zeros beside a logarithmic scale have a paler bar of their own."""
    width, height, top, left = 214, 128, 36, 6
    base, column = height - 18, CATALOGUE[spread.column]
    said = [f"missing {spread.missing:.0%}"] if spread.missing else []
    said += [f"zero {spread.zero:.0%}"] if spread.zero else []
    title = [
        _text(shorten(column.label_en, 32, placeholder=" …"), left, 12, font_size=11, font_weight=600),
        _text(" · ".join([spread.column, *said]), left, 26, font_size=9, fill="#666"),
    ]
    draw = _levels if spread.levels else _histogram
    return _svg(width, height, *title, *draw(spread, left, top, width - 2 * left, base - top))


def correlation_chart(looks: Looks) -> Html:
    """Draw rank correlations as a square of colours, blue for together and red for against; hover for the figure."""
    cell, left, top = 24, 210, 170
    names = looks.columns
    side = cell * len(names)
    parts: list[Html] = []
    for place, name in enumerate(names):
        middle = place * cell + cell / 2
        parts.append(_text(name, left - 6, top + middle + 4, text_anchor="end", font_size=11))
        x, y = left + middle + 4, top - 6
        parts.append(_text(name, x, y, font_size=11, transform=f"rotate(-60 {x:.0f} {y:.0f})"))
    for row, one in enumerate(names):
        for place, other in enumerate(names):
            value = float(looks.correlation[row, place])
            parts.append(_cell(left + place * cell, top + row * cell, cell, value, f"{one}, {other}"))
    return _svg(left + side + 110, top + side + 4, *parts)


def _target(one: Finding, y: float, across: Callable[[float], float]) -> Iterator[Html]:
    colour = {"within": WITHIN, "undecided": UNDECIDED}.get(one.verdict, OUTSIDE)
    yield _text(shorten(one.label_en, LETTERS, placeholder=" …"), NAMES - 10, y + 4, text_anchor="end", font_size=11)
    if not math.isfinite(one.got):
        yield _text("cannot be measured on these people", across(0) + 6, y + 4, font_size=11, fill=OUTSIDE)
        return
    low, got, high = ((value - one.wanted) / one.tolerance for value in (one.low, one.got, one.high))
    yield element("line", x1=across(low), x2=across(high), y1=y, y2=y, stroke=colour, stroke_width=2)
    told = f"{one.fact_id}: wanted {short(one.wanted, one.unit)}, got {short(one.got, one.unit)}"
    shape = _arrow(across(got), y, got) if abs(got) > REACH else {"cx": across(got), "cy": y, "r": 4}
    yield element("path" if "d" in shape else "circle", element("title", told), fill=colour, **shape)


def _band(one: Finding, y: float, tall: float, across: Callable[[float], float]) -> Html:
    low = -REACH if one.bound == "at_most" else -1
    high = REACH if one.bound == "at_least" else 1
    return element("rect", x=across(low), y=y, width=across(high) - across(low), height=tall, fill="#e6f2ec")


def _arrow(x: float, y: float, side: float) -> dict[str, str | float]:
    tip = 7 if side > 0 else -7
    return {"d": f"M{x:.1f} {y - 5:.1f}L{x + tip:.1f} {y:.1f}L{x:.1f} {y + 5:.1f}Z"}


def _tick(x: float, height: float, name: str) -> Html:
    line = element("line", x1=x, x2=x, y1=18, y2=height - 4, stroke=PALE, stroke_width=1)
    return join(line, _text(name, x, 12, text_anchor="middle", font_size=11, fill="#666"))


def _histogram(spread: Spread, left: float, top: float, width: float, height: float) -> Iterator[Html]:
    room = 16 if spread.zero else 0
    step = (width - room) / len(spread.shares)
    highest = max(*spread.shares, 1e-9)
    if spread.zero:
        tall = height * min(spread.zero / highest, 1)
        yield element("rect", element("title", f"zero: {spread.zero:.1%}"), x=left, y=top + height - tall, width=10,
                      height=tall, fill=PALE)
    for n, share in enumerate(spread.shares):
        tall = height * share / highest
        told = f"{short(spread.edges[n])} to {short(spread.edges[n + 1])}: {share:.1%}"
        yield element("rect", element("title", told), x=left + room + n * step, y=top + height - tall,
                      width=max(step - 0.6, 0.4), height=tall, fill=BAR)
    yield from _axis(spread, left, room, width, top + height)


def _axis(spread: Spread, left: float, room: float, width: float, base: float) -> Iterator[Html]:
    first, last = spread.edges[0], spread.edges[-1]
    if CATALOGUE[spread.column].kind == "count" and spread.scale == "linear":
        highest = CATALOGUE[spread.column].high
        first, last = first + 0.5, min(last - 0.5, math.inf if highest is None else highest)
    yield element("line", x1=left, x2=left + width, y1=base, y2=base, stroke="#888", stroke_width=1)
    if room:
        yield _text("0", left + 2, base + 12, font_size=9, fill="#666")
    yield _text(short(first), left + room, base + 12, font_size=9, fill="#666")
    middle = f"median {short(spread.median)}" + (", log" if spread.scale == "log" else "")
    yield _text(middle, left + room + (width - room) / 2, base + 12, text_anchor="middle", font_size=9, fill=INK)
    yield _text(short(last), left + width, base + 12, text_anchor="end", font_size=9, fill="#666")


def _levels(spread: Spread, left: float, top: float, width: float, height: float) -> Iterator[Html]:
    step = min((height + 14) / len(spread.levels), 22)
    highest = max(*spread.shares, 1e-9)
    for n, (level, share) in enumerate(zip(spread.levels, spread.shares, strict=True)):
        y = top + n * step
        yield _text(level, left + 76, y + step - 4, text_anchor="end", font_size=9)
        yield element("rect", x=left + 80, y=y + 2, width=(width - 112) * share / highest, height=step - 4, fill=BAR)
        yield _text(f"{share:.0%}", left + 84 + (width - 112) * share / highest, y + step - 4, font_size=9)


def _cell(x: float, y: float, side: float, value: float, names: str) -> Html:
    if not math.isfinite(value):
        return element("rect", element("title", f"{names}: nobody has both"), x=x, y=y, width=side - 1, height=side - 1,
                       fill="#f4f4f4")
    told = element("title", f"{names}: {value:+.2f}")
    square = element("rect", told, x=x, y=y, width=side - 1, height=side - 1, fill=_colour(value))
    if abs(value) < 0.3:  # noqa: PLR2004  # weaker ones are told by colour and on hover
        return square
    ink = "#fff" if abs(value) > 0.6 else INK  # noqa: PLR2004  # where dark text stops being read
    sign = "−" if value < 0 else ""
    number = "1" if value > 0.995 else f"{sign}.{abs(value) * 100:02.0f}"  # noqa: PLR2004
    return join(square, _text(number, x + side / 2 - 0.5, y + side / 2 + 3.5, text_anchor="middle", font_size=9,
                              fill=ink, pointer_events="none"))


def _colour(value: float) -> str:
    strong = (33, 82, 148) if value >= 0 else (178, 38, 30)
    part = min(abs(value), 1.0) ** 0.8
    red, green, blue = (round(255 + (end - 255) * part) for end in strong)
    return f"#{red:02x}{green:02x}{blue:02x}"


def _text(text: str, x: float, y: float, **attributes: str | float) -> Html:
    return element("text", text, x=x, y=y, **attributes)


def _svg(width: float, height: float, *children: Html) -> Html:
    return element(
        "svg", *children, viewBox=f"0 0 {width:.0f} {height:.0f}", width=width, height=height, role="img",
        font_family="system-ui,sans-serif",
    )
