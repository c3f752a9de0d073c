"""One page that holds a whole report: no script, no other file, readable for ever."""

import base64
import json
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from weilidai.pipeline.birth import STATEMENT
from weilidai.pipeline.markup import Html, element, join, page

_FIRST: Final = (
    "headlines", "weights_by_dimension", "recourse", "population_fidelity", "population_fidelity_worst", "gates",
    "challengers",
)
"""Tables that stand above the pictures."""
_NOTES: Final = {
    "recourse": (
        "Advice sought for a few refused test people, who stand for all, and tried in the simulator on the same people "
        "with the same noise; weilidai study recourse does it for a thousand, with any number of actions."
    ),
    "population_fidelity": "The people against the documented figures about them.",
    "population_fidelity_worst": "Worst first; fidelity.html in the same folder holds all of them, with pictures.",
}
"""Table -> what a reader must know of it."""


def report_page(
    title: str,
    pictures: Mapping[str, bytes],
    tables: Mapping[str, pd.DataFrame],
    settings: str,
    certificate: Mapping[str, Any],
) -> str:
    """Put a training's tables and pictures on one page.

    Parameters
    ----------
    title
        What people call the run.
    pictures
        Name -> PNG.
    tables
        Name -> table.
    settings
        Resolved settings as YAML.
    certificate
        Where it all comes from.
    """
    return page(
        title,
        *(_section(name, tables[name]) for name in _FIRST if name in tables),
        element("div", *(_picture(name, content) for name, content in pictures.items()), class_="pictures"),
        *(_section(name, table) for name, table in tables.items() if name not in _FIRST),
        element("h2", "settings"), element("pre", settings),
        *birth_section(certificate),
        statement=str(certificate.get("statement", STATEMENT)),
    )


def birth_section(certificate: Mapping[str, Any]) -> tuple[Html, Html]:
    """Show where a page's matter comes from."""
    return element("h2", "birth certificate"), element("pre", json.dumps(certificate, indent=2, ensure_ascii=False))


def spell(value: float) -> str:
    """Write a figure short: thousands separated, three decimals below a hundred, nothing when there is none.

    Examples
    --------
    >>> spell(1329.8), spell(0.97877), spell(float("nan"))
    ('1,330', '0.979', '')
    """
    if value != value:  # noqa: PLR0124  # only NaN differs from itself
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3f}"  # noqa: PLR2004  # where decimals stop mattering


def _section(name: str, table: pd.DataFrame) -> Html:
    shown = table.to_html(index=False, border=0, float_format=spell, na_rep="", escape=True)
    note = element("p", _NOTES[name]) if name in _NOTES else Html()
    return join(element("h2", name.replace("_", " ")), note, element("div", Html(shown), class_="wide"))


def _picture(name: str, content: bytes) -> Html:
    return element("img", alt=name, src=f"data:image/png;base64,{base64.b64encode(content).decode()}")
