"""The policy calendar: which dated rules and events fall into which regime, and what each regime changes."""

from typing import TYPE_CHECKING, Any, Final

from weilidai.explain.sources import say_source
from weilidai.facts import Fact, load_book
from weilidai.facts.amounts import Language, spell_values
from weilidai.matching.regimes import Event, Regime, calendar, load_regime, regime_names

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_WORDS: Final = {
    "date": ("date", "日期"), "event": ("rule or event", "规则或事件"), "place": ("document", "出处"),
    "changes": ("{} changes to the reference", "与参照期相比有{}处改动"),
    "none": ("no change: the reference", "参照期，无改动"),
}


def calendar_rows() -> list[dict[str, Any]]:
    """Give every regime in the order of time, with its dated events and its changes, as plain data."""
    book = load_book()
    return [
        {
            "regime": regime.name, "title_en": regime.title.en, "title_zh": regime.title.zh,
            "period": regime.period, "year": regime.year,
            "events": [_event(event, book.fact(event.fact)) for event in calendar(regime, book)],
            "changes": [change.model_dump(exclude_defaults=True) for change in regime.changes],
        }
        for regime in _in_time()
    ]


def print_calendar(console: "Console", language: Language) -> None:
    """Print one table for each regime, earliest first."""
    for row in calendar_rows():
        console.print(_table(row, language))


def _in_time() -> list[Regime]:
    return sorted((load_regime(name) for name in regime_names()), key=lambda regime: regime.year)


def _event(event: Event, fact: Fact) -> dict[str, Any]:
    return {
        "date": event.date, "fact": fact.id, "document": fact.document, "section": fact.section,
        "values": list(fact.values), "unit": fact.unit, "label_en": fact.label_en, "label_zh": fact.label_zh,
    }


def _table(row: dict[str, Any], language: Language) -> "Table":
    from rich.table import Table

    place = 0 if language == "en" else 1
    count = len(row["changes"])
    caption = _WORDS["changes"][place].format(count) if count else _WORDS["none"][place]
    title = f"{row[f'title_{language}']} [{row['regime']}]"
    table = Table(title=title.replace("[", r"\["), caption=caption, title_justify="left", caption_justify="left")
    for name in ("date", "event", "place"):
        table.add_column(_WORDS[name][place], overflow="fold")
    for event in row["events"]:
        where = say_source(event["document"], event["section"], language)
        table.add_row(event["date"], f"{event[f'label_{language}']}{_figure(event, language)}\n{event['fact']}", where)
    return table


def _figure(event: dict[str, Any], language: Language) -> str:
    """Figure that a rule demands; the date of an event stands beside it anyway."""
    is_date = event["unit"] in ("year", "year_month", "year_quarter")
    return "" if is_date or not event["values"] else f" ({spell_values(event['values'], event['unit'], language)})"
