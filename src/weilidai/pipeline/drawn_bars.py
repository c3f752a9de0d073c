"""Charts as inline SVG: bars on one axis, and stacked columns. Labels wrap, and every text is escaped."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from unicodedata import east_asian_width

from weilidai.pipeline.markup import Html, element

Tone = Literal["adverse", "favourable", "neutral", "open"]

COLOURS: Final = {"adverse": "#b4472f", "favourable": "#2a6f97", "neutral": "#7d8590", "open": "#c9a227"}
"""Tone -> colour; told apart by people who see no red and green, too."""
WIDTH: Final = 760
LABEL_WIDTH: Final = 270
NOTE_WIDTH: Final = 150
LINE: Final = 17
GAP: Final = 9
NARROW: Final = 7.5
"""Width of a narrow letter of a note."""
LETTERS: Final = 40
"""Narrow letters in a line of a label; a Chinese character takes two."""


@dataclass(frozen=True)
class Bar:
    """One bar from ``start`` to ``end`` with its label, and a figure behind it."""

    label: str
    start: float
    end: float
    note: str
    tone: Tone = "neutral"


@dataclass(frozen=True)
class Mark:
    """A vertical line on the axis with its label."""

    label: str
    at: float


def draw_bars(title: str, bars: Sequence[Bar], marks: Sequence[Mark] = ()) -> Html:
    """Draw bars below one another on one axis.

    Parameters
    ----------
    title
        Said above the chart and to who cannot see it.
    bars
        From the top down.
    marks
        Lines across all bars, as the mark from which a model invites.
    """
    ends = [0.0, *(end for bar in bars for end in (bar.start, bar.end)), *(mark.at for mark in marks)]
    axis = _Axis(min(ends), max(ends))
    parts, top = [], 4.0 + (LINE if marks else 0)
    head = top
    for bar in bars:
        lines = wrap(bar.label, LETTERS)
        height = LINE * len(lines)
        parts += [_text(line, LABEL_WIDTH - 8, top + LINE * (row + 0.72), "end") for row, line in enumerate(lines)]
        left, right = sorted((axis.place(bar.start), axis.place(bar.end)))
        parts.append(element(
            "rect", x=left, y=top + height / 2 - 7, width=max(right - left, 1.5), height=14, rx=2,
            fill=COLOURS[bar.tone],
        ))
        beside = _beside(right, bar.note, (axis.place(mark.at) for mark in marks))
        parts.append(_text(bar.note, beside, top + height / 2 + 4.5, "start", class_="figure"))
        top += height + GAP
    drawn = [_line(axis.place(mark.at), head - 3, top - GAP + 3, "mark") for mark in marks]
    named = [_text(mark.label, axis.place(mark.at), head - 7, "middle", class_="mark") for mark in marks]
    return _figure(title, top, [_line(axis.place(0), head, top - GAP, "axis"), *drawn, *named, *parts])


def draw_columns(
    title: str, columns: Sequence[tuple[float, ...]], names: Sequence[str], tones: Sequence[Tone], highest: str
) -> Html:
    """Draw stacked columns side by side, numbered from 1.

    Parameters
    ----------
    title
        Said above the chart and to who cannot see it.
    columns
        Heights of the layers of each column, from the bottom.
    names, tones
        Name and colour of each layer.
    highest
        Figure of the highest column, in words.
    """
    tallest, height, base = max(sum(column) for column in columns), 150.0, 186.0
    step = (WIDTH - 20) / len(columns)
    parts: list[Html] = []
    for place, column in enumerate(columns):
        bottom = base
        for size, tone in zip(column, tones, strict=True):
            tall = size / tallest * height if tallest else 0.0
            bottom -= tall
            parts.append(element("rect", x=10 + place * step + step * 0.1, y=bottom, width=step * 0.8, height=tall,
                                 fill=COLOURS[tone]))
        if len(columns) <= 24 or place % 12 == 11:  # noqa: PLR2004  # more numbers would run into each other
            parts.append(_text(str(place + 1), 10 + (place + 0.5) * step, base + 14, "middle", class_="figure"))
    legend = []
    for place, (name, tone) in enumerate(zip(names, tones, strict=True)):
        legend.append(element("rect", x=10 + 170 * place, y=6, width=12, height=12, fill=COLOURS[tone]))
        legend.append(_text(name, 28 + 170 * place, 16, "start"))
    top = _text(highest, WIDTH - 10, 16, "end", class_="figure")
    return _figure(title, base + 22, [*legend, top, _line_across(base), *parts])


def _beside(end: float, note: str, lines: Iterable[float]) -> float:
    """Give where a note behind a bar begins, so that no line runs through it."""
    start = end + 6
    for line in sorted(lines):
        if end < line < start + NARROW * _wide(note):
            start = max(start, line + 6)
    return start


def wrap(label: str, letters: int) -> list[str]:
    """Break a label into lines, at spaces in English and anywhere in Chinese.

    Examples
    --------
    >>> wrap("payment frequency", 10)
    ['payment', 'frequency']
    >>> wrap("征信查询次数", 8)
    ['征信查询', '次数']
    """
    lines, line = [], ""
    for piece in _pieces(label):
        if line and _wide(line) + _wide(piece.rstrip()) > letters:
            lines.append(line.rstrip())
            line = ""
        line += piece
    return [*lines, line.rstrip()]


@dataclass(frozen=True)
class _Axis:
    low: float
    high: float

    def place(self, value: float) -> float:
        """Give where a value lies, in the units of the chart."""
        room = WIDTH - LABEL_WIDTH - NOTE_WIDTH
        return LABEL_WIDTH + (value - self.low) / ((self.high - self.low) or 1.0) * room


def _pieces(label: str) -> list[str]:
    pieces, word = [], ""
    for letter in label:
        word += letter
        if letter == " " or _wide(letter) > 1:
            pieces.append(word)
            word = ""
    return [*pieces, word] if word else pieces


def _wide(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _figure(title: str, height: float, parts: Sequence[Html]) -> Html:
    drawing = element("svg", *parts, viewBox=f"0 0 {WIDTH} {height:.0f}", role="img", aria_label=title)
    return element("figure", element("figcaption", title), drawing)


def _text(said: str, x: float, y: float, anchor: str, **attributes: str) -> Html:
    return element("text", said, x=x, y=y, text_anchor=anchor, **attributes)


def _line(x: float, top: float, bottom: float, kind: str) -> Html:
    return element("line", x1=x, x2=x, y1=top, y2=bottom, class_=kind)


def _line_across(y: float) -> Html:
    return element("line", x1=10, x2=WIDTH - 10, y1=y, y2=y, class_="axis")
