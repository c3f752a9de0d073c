"""One page that holds a whole report: no script, no other file, readable for ever."""

import base64
import json
from collections.abc import Mapping
from html import escape
from typing import Any, Final

import pandas as pd

from weilidai.pipeline.birth import STATEMENT

_FIRST: Final = ("headlines", "weights_by_dimension", "gates")
"""Tables that stand above the pictures."""
_STYLE: Final = """
body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#222}
table{border-collapse:collapse;margin:1rem 0}th,td{padding:.25rem .8rem;border-bottom:1px solid #ddd;text-align:right}
th:first-child,td:first-child{text-align:left}.pictures{display:flex;flex-wrap:wrap;gap:1rem}
img{max-width:30rem;width:100%}.synthetic{background:#fff3cd;padding:.5rem 1rem}
pre{background:#f6f6f6;padding:1rem;overflow:auto}
"""


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
    certified = json.dumps(certificate, indent=2, ensure_ascii=False)
    parts = [
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{escape(title)}</title><style>{_STYLE}</style>",
        f"<h1>{escape(title)}</h1><p class=synthetic>{escape(STATEMENT)}</p>",
        *(_section(name, tables[name]) for name in _FIRST),
        "<div class=pictures>",
        *(_picture(name, content) for name, content in pictures.items()),
        "</div>",
        *(_section(name, table) for name, table in tables.items() if name not in _FIRST),
        f"<h2>settings</h2><pre>{escape(settings)}</pre>",
        f"<h2>birth certificate</h2><pre>{escape(certified)}</pre>",
    ]
    return "\n".join(parts)


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


def _section(name: str, table: pd.DataFrame) -> str:
    shown = table.to_html(index=False, border=0, float_format=spell, na_rep="", escape=True)
    return f"<h2>{escape(name.replace('_', ' '))}</h2>{shown}"


def _picture(name: str, content: bytes) -> str:
    return f'<img alt="{escape(name)}" src="data:image/png;base64,{base64.b64encode(content).decode()}">'
