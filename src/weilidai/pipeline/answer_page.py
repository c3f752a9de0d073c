"""One self-contained page for an answer: its words as on a terminal, its charts, and nothing from elsewhere."""

from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from weilidai.explain.sources import SYNTHETIC
from weilidai.pipeline.answer_charts import charts
from weilidai.pipeline.markup import Html, element, join, page
from weilidai.pipeline.whole import whole_file

if TYPE_CHECKING:
    from rich.table import Table

QUESTIONS: Final[Mapping[str, tuple[str, str]]] = {
    "why-not": ("Why don't I have it?", "为什么我没有入口？"),
    "how-to": ("How do I get it, or a higher quota?", "怎样才能获得邀请或更高额度？"),
    "terms": ("What would I get, on what terms?", "我能获得多少，条件如何？"),
    "which-product": ("Which product fits me?", "哪款产品适合我？"),
    "why-gone": ("Why did it disappear?", "入口为什么消失了？"),
}
_PERSON: Final = ("Person {}", "人员{}")
STYLE: Final = """
body{font-family:system-ui,"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif;max-width:56rem}
h1{font-size:1.6rem;margin-bottom:.4rem}.lead{font-size:1.15rem;font-weight:600;margin:1rem 0 .2rem}
p{margin:.3rem 0}.dim{color:#5c6470;font-size:.85rem}.synthetic{border-radius:4px;font-size:.85rem}
table{width:100%;font-size:.9rem}caption{text-align:left;font-weight:600;padding:.4rem 0}
th,td{text-align:left;vertical-align:top;white-space:pre-line}th{color:#5c6470;font-weight:600}
td.right,th.right{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
tr.total td{border-top:2px solid #9aa1ab;font-weight:600}
figure{margin:1.2rem 0;padding:.8rem 1rem;border:1px solid #e2e5e9;border-radius:6px}
figcaption{font-weight:600;margin-bottom:.5rem}figure{overflow-x:auto}
svg{width:100%;min-width:34rem;height:auto;display:block}td:last-child{min-width:4.5em}
svg text{font-size:12.5px;fill:#222}svg text.figure{fill:#444;font-variant-numeric:tabular-nums;
paint-order:stroke;stroke:#fff;stroke-width:4px}
svg text.mark{fill:#5c6470;font-size:11px}line.axis{stroke:#9aa1ab}line.mark{stroke:#222;stroke-dasharray:3 3}
@media print{body{margin:0;max-width:none}figure{break-inside:avoid}}
"""
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""What a browser may load for the page: nothing beyond the page."""


class Answer(Protocol):
    """Whatever can be shown on a terminal and written as plain data with its question and language."""

    def to_dict(self) -> dict[str, Any]: ...  # noqa: D102


def write_page(answer: Answer, file: Path, person_id: str | None = None) -> None:
    """Write the page of an answer into a new file, whole or not at all.

    Raises
    ------
    ResourceError
        The file exists, or cannot be written.
    """
    with whole_file(file) as aside:
        aside.write_text(answer_page(answer, person_id), encoding="utf-8")


def answer_page(answer: Answer, person_id: str | None = None) -> str:
    """Put an answer on one page that needs no network and no other file.

    Parameters
    ----------
    answer
        Any of the answers; one whose question has no charts gets its words alone.
    person_id
        Which of many people it is about, to be said on the page.
    """
    told = answer.to_dict()
    language = str(told["language"])
    place = 0 if language == "en" else 1
    question = str(told["question"])
    title = QUESTIONS[question][place] if question in QUESTIONS else question
    words = [part for part in map(_written, _parts(answer)) if part]
    # The decision comes first, then what there is to see, then the rest of the words.
    first = next((number for number, part in enumerate(words) if part.startswith("<table")), len(words))
    person = [] if person_id is None else [element("p", _PERSON[place].format(person_id), class_="dim")]
    body = [*person, *words[:first], *charts(told), *words[first:]]
    policy = element("meta", http_equiv="Content-Security-Policy", content=POLICY)
    phone = element("meta", name="viewport", content="width=device-width, initial-scale=1")
    spoken = "en" if language == "en" else "zh-CN"
    made = page(title, *body, style=STYLE, language=spoken, statement=SYNTHETIC[told["language"]])
    return made.replace('<meta charset="utf-8">', f'<meta charset="utf-8">{policy}{phone}', 1)


def _parts(answer: Answer) -> Iterator[Any]:
    """Give what the answer shows; in full where a terminal gets a selection."""
    from rich.console import Console

    if hasattr(answer, "in_full"):
        yield from answer.in_full()
        return
    console = Console(file=StringIO(), width=200, force_terminal=False)
    shown = answer.__rich_console__(console, console.options)  # type: ignore[attr-defined]  # every answer has it
    yield from shown


def _written(part: Any) -> Html:  # noqa: ANN401  # whatever a terminal can show
    from rich.table import Table
    from rich.text import Text

    if isinstance(part, Table):
        return _table(part)
    if isinstance(part, Text):
        said, style = part.plain, str(part.style)
    else:
        said, style = (part, "") if isinstance(part, str) else (_plain(part), "")
    if said in SYNTHETIC.values():  # stands at the top of the page already
        return Html("")
    return element("p", said, class_={"bold": "lead", "dim": "dim"}.get(style, "said"))


def _table(table: "Table") -> Html:
    sides = ["right" if column.justify == "right" else "left" for column in table.columns]
    named = zip(table.columns, sides, strict=True)
    heads = (element("th", _said(column.header), class_=side) for column, side in named)
    rows = [
        _row([_said(cell) for cell in cells], sides, is_total=_is_total(table, number))
        for number, cells in enumerate(zip(*(column.cells for column in table.columns), strict=True))
    ]
    parts = [element("thead", element("tr", *heads)), element("tbody", *rows)]
    title = [element("caption", _said(table.title))] if table.title else []
    below = [element("p", _said(table.caption), class_="dim")] if table.caption else []
    return join(element("table", *title, *parts), *below)


def _is_total(table: "Table", row: int) -> bool:
    """Tell whether a row stands below a line."""
    return row > 0 and table.rows[row - 1].end_section


def _row(cells: Iterable[str], sides: Iterable[str], *, is_total: bool) -> Html:
    written = (element("td", cell, class_=side) for cell, side in zip(cells, sides, strict=True))
    return element("tr", *written, class_="total" if is_total else "part")


def _said(cell: Any) -> str:  # noqa: ANN401  # whatever a cell can hold
    from rich.text import Text

    if isinstance(cell, Text):
        return cell.plain
    return cell if isinstance(cell, str) else _plain(cell)


def _plain(part: Any) -> str:  # noqa: ANN401  # whatever a terminal can show
    from rich.console import Console

    out = StringIO()
    Console(file=out, width=120, force_terminal=False, color_system=None).print(part)
    return out.getvalue().rstrip()
