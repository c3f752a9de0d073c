"""Facts on a terminal: a table of many, a card of one, the list of conflicts, in English or Chinese."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from weilidai.facts.amounts import Language, spell_values
from weilidai.facts.book import Book
from weilidai.facts.dated import DatedTarget, dated_targets
from weilidai.facts.schema import Conflict, Fact
from weilidai.facts.targets import Target, targets_of
from weilidai.facts.tracing import Drive, reason_of, trace

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "label": ("claim", "内容"), "values": ("value", "数值"), "role": ("role", "用途"),
    "facts": ("fact", "事实"), "found": ("fact", "条事实"), "conflicts": ("conflict", "处矛盾"),
    "document": ("document", "文档"), "place": ("place", "位置"), "universe": ("counted among", "统计范围"),
    "period": ("period", "时期"), "kind": ("kind", "类型"), "mechanism": ("mechanism", "机制"),
    "factor": ("factor", "因素"), "target": ("target", "目标"), "sets": ("sets", "设定参数"),
    "why": ("why", "理由"), "note": ("note", "备注"), "conflict": ("conflict", "矛盾"),
    "clash": ("clash", "矛盾之处"), "arithmetic": ("arithmetic", "算术"), "reading": ("reading", "采用的解读"),
    "alternatives": ("other reading", "其他解读"), "mark": ("mark of", "作为标准"),
    "drives": ("drives", "驱动"), "nothing": ("nothing", "无"),
    "switch": ("switched by", "切换键"), "equal": ("", ""),
    "times_reference": (", change against the reference", "，相对参照期的变化"),
    "plus_reference": (", difference from the reference", "，与参照期之差"),
}
"""What the terminal calls each part, in English and Chinese."""


def render_facts(
    book: Book, console: Console, *, facts: Sequence[Fact] | None = None, language: Language = "en"
) -> None:
    """Print facts as a table, grouped by document.

    Parameters
    ----------
    book
        The book they come from.
    console
        Where to print.
    facts
        Which facts; left out, all.
    language
        ``en`` or ``zh``.
    """
    chosen = list(book.facts.values()) if facts is None else list(facts)
    followed = trace(book)
    for document in sorted({fact.document for fact in chosen}):
        table = _table(_title(book, document, language), language)
        for fact in chosen:
            if fact.document == document:
                value = spell_values(fact.values, fact.unit, language)
                table.add_row(_claim(fact, followed[fact.id], language), value, fact.role)
        console.print(table)
    console.print(_count(len(chosen), "found", language))


def render_fact(book: Book, console: Console, fact: Fact, *, language: Language = "en") -> None:
    """Print one fact as a card, with its targets and the conflicts it takes part in."""
    console.print(_card(fact.id, _fact_rows(book, fact, language), language))


def render_conflicts(
    book: Book, console: Console, *, conflicts: Sequence[Conflict] | None = None, language: Language = "en"
) -> None:
    """Print conflicts, each with the facts that clash and how they are read; all when none are named."""
    chosen = list(book.conflicts.values()) if conflicts is None else list(conflicts)
    for conflict in chosen:
        console.print(_card(conflict.id, _conflict_rows(book, conflict, language), language))
    console.print(_count(len(chosen), "conflicts", language))


def _fact_rows(book: Book, fact: Fact, language: Language) -> Iterator[tuple[str, str]]:
    yield "label", _label(fact, language)
    if fact.values:
        yield "values", spell_values(fact.values, fact.unit, language)
    yield "document", _title(book, fact.document, language)
    yield "place", f"{_section(fact.section, language)}, {fact.locator}"
    for part in ("universe", "period", "kind", "role", "mechanism"):
        if value := getattr(fact, part):
            yield part, value
    if fact.factor:
        factor = book.factors.factors[fact.factor]
        yield "factor", f"{factor.id} ({factor.label_zh if language == 'zh' else factor.label_en})"
    yield from _uses(book, fact, language)
    for part, told in (("why", reason_of(book, fact)), ("note", fact.note)):
        if told:
            yield part, told
    for conflict in book.conflicts_of(fact.id):
        yield "conflict", f"{conflict.id}: {conflict.reading}"


def _uses(book: Book, fact: Fact, language: Language) -> Iterator[tuple[str, str]]:
    for target in targets_of(fact):
        yield "target", f"{target.moment}: {target.wanted:g}, accepted {target.low:g} to {target.high:g}; {target.why}"
    for dated in dated_targets().get(fact.id, ()):
        yield "target", _dated(dated, fact, language)
    for sets in fact.sets:
        yield "sets", f"{sets.path} = {fact.value_of(sets)}"
    for factor in book.factors.factors.values():
        for mark in factor.marks:
            if mark.fact == fact.id:
                yield "mark", f"{factor.id}: {mark.column} {mark.comparison} {mark.value}"
    followed = trace(book)[fact.id]
    for drive in followed:
        yield "drives", str(drive)
    if not followed:
        yield "drives", _word("nothing", language)


def _dated(target: DatedTarget, fact: Fact, language: Language) -> str:
    aim = Target(fact.id, target.moment, target.wanted_of(fact), target.tolerance, "check", target.why, target.bound)
    against = _word(target.relation, language)
    accepted = f"{aim.wanted:g}, accepted {aim.low:g} to {aim.high:g}"
    return f"{target.regime}: {target.moment}{against}: {accepted}; {target.why}"


def _conflict_rows(book: Book, conflict: Conflict, language: Language) -> Iterator[tuple[str, str]]:
    for name in conflict.facts:
        fact = book.facts[name]
        value = spell_values(fact.values, fact.unit, language)
        yield "facts", f"{name}: {_label(fact, language)}" + (f" ({value})" if value else "")
    for part in ("clash", "arithmetic", "reading"):
        if value := getattr(conflict, part):
            yield part, value
    for alternative in conflict.alternatives:
        yield "alternatives", alternative
    if conflict.switch:
        yield "switch", conflict.switch


def _card(title: str, rows: Iterable[tuple[str, str]], language: Language) -> Panel:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column()
    for part, value in rows:
        grid.add_row(_word(part, language), Text(value))
    return Panel(grid, title=title, title_align="left")


def _table(title: str, language: Language) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column(_word("label", language), ratio=1)
    table.add_column(_word("values", language), justify="right")
    table.add_column(_word("role", language), no_wrap=True)
    return table


def _claim(fact: Fact, followed: Sequence[Drive], language: Language) -> Text:
    more = f" (+{len(followed) - 1})" if len(followed) > 1 else ""
    told = f"{followed[0]}{more}" if followed else _word("nothing", language)
    drives = f"\n{_word('drives', language)}: {told}"
    return Text.assemble((fact.id, "cyan"), "\n", _label(fact, language), (drives, "dim"))


def _title(book: Book, document: str, language: Language) -> str:
    header = book.documents[document]
    return f"{document}  {header.title_zh if language == 'zh' and header.title_zh else header.title_en}"


def _label(fact: Fact, language: Language) -> str:
    return fact.label_zh if language == "zh" else fact.label_en


def _section(section: int, language: Language) -> str:
    return f"第{section}节" if language == "zh" else f"section {section}"


def _count(number: int, noun: str, language: Language) -> str:
    if language == "zh":
        return f"共 {number} {_word(noun, language)}"
    return f"{number} {_word(noun, language)}{'' if number == 1 else 's'}"


def _word(name: str, language: Language) -> str:
    return _WORDS[name][language == "zh"]
