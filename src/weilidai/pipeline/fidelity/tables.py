"""Tables of the fidelity page."""

from collections.abc import Iterable, Sequence

from weilidai.pipeline.markup import Html, element


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], words: Sequence[int] = (0,)) -> Html:
    """Write a table; the columns numbered in ``words`` are set as words, the others as figures."""
    head = element("tr", *(element("th", name, class_=_kind(n, words)) for n, name in enumerate(headings)))
    body = [
        element("tr", *(element("td", cell, class_=_kind(n, words)) for n, cell in enumerate(row))) for row in rows
    ]
    shown = element("table", element("thead", head), element("tbody", *body))
    return element("div", shown, class_="wide")


def _kind(number: int, words: Sequence[int]) -> str:
    return "words" if number in words else "figure"
