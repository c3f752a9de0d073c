"""Pieces of a page that needs no other file: elements that escape whatever is not markup already."""

from html import escape
from typing import Final

from weilidai.pipeline.birth import STATEMENT

STYLE: Final = """
body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#222}
table{border-collapse:collapse;margin:1rem 0}th,td{padding:.25rem .8rem;border-bottom:1px solid #ddd;text-align:right}
th:first-child,td:first-child{text-align:left}.pictures{display:flex;flex-wrap:wrap;gap:1rem}
img{max-width:30rem;width:100%}.synthetic{background:#fff3cd;padding:.5rem 1rem}
.wide{overflow-x:auto}
pre{background:#f6f6f6;padding:1rem;overflow:auto}
"""
_VOID: Final = {"meta", "img", "br"}


class Html(str):
    """Text that is markup already and is not escaped again."""

    __slots__ = ()


def element(name: str, /, *children: str, **attributes: str | float) -> Html:
    """Write an element; children and attributes that are plain text are escaped.

    A trailing underscore in an attribute's name is dropped, others become hyphens.

    Examples
    --------
    >>> element("td", "a < b", class_="wide")
    '<td class="wide">a &lt; b</td>'
    >>> element("p", element("b", "bold"))
    '<p><b>bold</b></p>'
    """
    spelt = "".join(f' {_attribute(key)}="{escape(_text(value))}"' for key, value in attributes.items())
    if name in _VOID:
        return Html(f"<{name}{spelt}>")
    return Html(f"<{name}{spelt}>{join(*children)}</{name}>")


def join(*children: str) -> Html:
    """Put pieces one after the other; plain text is escaped."""
    return Html("".join(child if isinstance(child, Html) else escape(child) for child in children))


def page(title: str, *parts: str, style: str = "", language: str = "en", statement: str = STATEMENT) -> str:
    """Put parts on a page that says first of all that everything on it is synthetic.

    Parameters
    ----------
    title
        Heading and name of the page.
    parts
        Elements in order, one to a line; plain text is escaped.
    style
        Style rules of this page beside the common ones.
    language
        Language of its words.
    statement
        What is said first, in that language.
    """
    head = join(element("meta", charset="utf-8"), element("title", title), element("style", Html(STYLE + style)))
    body = [element("h1", title), element("p", statement, class_="synthetic"), *(join(part) for part in parts)]
    return "\n".join([f"<!doctype html><html lang={language}>{head}", *body])


def _attribute(key: str) -> str:
    return key.removesuffix("_").replace("_", "-")


def _text(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.6g}"
