"""Commands about what is documented, and about people made from it."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from weilidai.cli.wording import Scale, ScaleSets, examples, print_json

PANEL = "Documents and data"
Language = Literal["en", "zh"]

FactId = Annotated[str | None, typer.Argument(metavar="ID", help="One fact, as in D0.2.rate_high_activity.")]
Document = Annotated[str | None, typer.Option(metavar="D0..D4", help="Facts of one document.")]
Section = Annotated[int | None, typer.Option(help="Facts of one section; 0 is the introduction, 9 the closing.")]
Factor = Annotated[str | None, typer.Option(help="Facts behind one driver, as in app_activity.")]
Mechanism = Annotated[str | None, typer.Option(help="Facts behind one mechanism, as in invitation.")]
Role = Annotated[str | None, typer.Option(help="By use: fit, check, rule, scenario or context.")]
Kind = Annotated[str | None, typer.Option(help="By kind of claim: rate, mean, threshold, ...")]
Search = Annotated[str | None, typer.Option(metavar="TEXT", help="Facts that mention a word, in either language.")]
Conflicts = Annotated[bool, typer.Option("--conflicts", help="Where facts clash, and how they are read.")]
Calendar = Annotated[bool, typer.Option("--calendar", help="The regimes in order of time, with their dated rules.")]
Json = Annotated[bool, typer.Option("--json", help="Plain JSON on standard output.")]
LabelLanguage = Annotated[Language, typer.Option(help="Language of the labels.")]

Rows = Annotated[int, typer.Option(min=1, max=1_000_000_000, help="People to make.")]
Seed = Annotated[int, typer.Option(min=0, max=2**32 - 1, help="Same seed, same people, to the last bit.")]
Out = Annotated[Path, typer.Option(metavar="DIR", help="Folder to make; must not exist, or be empty.")]
Regime = Annotated[str, typer.Option(help="The dated state of rules and market they live in; see configs/regime.")]
Policy = Annotated[str, typer.Option(help="What decides about an invitation: 'composite', or one of configs/policy.")]
Readings = Annotated[
    list[str] | None,
    typer.Option("--reading", metavar="KEY=CHOICE", help="Read a contradiction otherwise; see configs/readings.yaml."),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("facts", rich_help_panel=PANEL, epilog=examples(
        "weilidai facts --document D2 --role fit",
        "weilidai facts D0.2.rate_high_activity --language zh",
        "weilidai facts --conflicts",
        "weilidai facts --calendar",
        "weilidai facts --json > facts.json",
    ))(facts)
    app.command("generate", rich_help_panel=PANEL, epilog=examples(
        "weilidai generate --rows 100000 --seed 1 --out people",
        "weilidai generate --rows 100000 --seed 1 --out fewer --regime contraction",
        "weilidai generate --rows 100000 --seed 1 --out four --policy four_part",
        "weilidai generate --rows 10000000 --seed 1 --out many --scale configs/scale/dask.yaml",
        "weilidai predict --input people --out decisions.parquet",
    ))(generate)


def facts(
    fact: FactId = None,
    document: Document = None,
    section: Section = None,
    factor: Factor = None,
    mechanism: Mechanism = None,
    role: Role = None,
    kind: Kind = None,
    search: Search = None,
    conflicts: Conflicts = False,
    calendar: Calendar = False,
    as_json: Json = False,
    language: LabelLanguage = "en",
) -> None:
    """Browse what the five documents say, claim by claim."""
    from weilidai.pipeline import documented

    wanted = documented.Wanted(fact, search, document, section, factor, mechanism, role, kind)
    if calendar:
        _show_calendar(as_json=as_json, language=language, stands_alone=wanted == documented.Wanted() and not conflicts)
        return
    if as_json:
        print_json(documented.conflict_rows(wanted) if conflicts else documented.fact_rows(wanted))
        return
    from rich.console import Console

    show = documented.print_conflicts if conflicts else documented.print_facts
    show(wanted, Console(), language)


def _show_calendar(*, as_json: bool, language: Language, stands_alone: bool) -> None:
    from rich.console import Console

    from weilidai.errors import ConfigError
    from weilidai.pipeline.policy_calendar import calendar_rows, print_calendar

    if not stands_alone:
        raise ConfigError("the calendar is shown whole", where="--calendar", cure="leave the other conditions out")
    if as_json:
        print_json(calendar_rows())
    else:
        print_calendar(Console(), language)


def generate(
    rows: Rows, seed: Seed, out: Out, regime: Regime = "optimisation", readings: Readings = None,
    policy: Policy = "composite", scale: Scale = None, sets: ScaleSets = None,
) -> None:
    """Make people and what the lender decides about them: DIR/applicants, DIR/truth and a birth certificate."""
    from weilidai.config import load_scale
    from weilidai.pipeline.generating import generate_files
    from weilidai.progress import for_this_terminal

    chosen = dict(map(_chosen, readings or []))
    workers = load_scale(scale, sets or ())
    typer.echo(generate_files(rows, seed, regime, out, for_this_terminal(), chosen, policy, workers))


def _chosen(text: str) -> tuple[str, str]:
    from weilidai.errors import ConfigError

    key, equals, choice = text.partition("=")
    if not equals or not key or not choice:
        raise ConfigError(f"'{text}' chooses no reading", where="--reading", cure="write --reading KEY=CHOICE")
    return key, choice
