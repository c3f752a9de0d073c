"""Commands that hold the simulator against the documents."""

from collections import Counter
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from weilidai.cli.wording import Scale, ScaleSets, examples, print_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from weilidai.config import ScaleSettings
    from weilidai.pipeline.matched import FidelityReport, Finding, MatchSettings, Standing

PANEL = "Documents and data"
WIDE = 130
"""Terminal width from which intervals and roles are shown."""

FEW_NUMBERS = 8
"""Fitted numbers shown in a terminal."""

FEW_NAMES = 5
"""Names given with an error."""

OFF_BY = "off by: parts of the tolerance"
WORST_FIRST = f"documented against generated, worst first; {OFF_BY}"
BOUNDS = {"near": "", "at_least": ">= ", "at_most": "<= "}

Check = Annotated[bool, typer.Option("--check", help="Only tell whether the stored parameters still hold.")]
Regime = Annotated[str, typer.Option(help="Whose parameters; 'all' takes one regime after the other.")]
Policy = Annotated[str | None, typer.Option(help="A documented weighting that decides alone; 'all' takes each.")]
Steps = Annotated[int, typer.Option(min=1, max=200, help="Most Gauss-Newton steps.")]
Seed = Annotated[int, typer.Option(min=0, max=2**32 - 1, help="People the fit is made on.")]
CheckSeed = Annotated[int, typer.Option(min=0, max=2**32 - 1, help="Unseen people the result is judged on.")]
People = Annotated[int, typer.Option(min=10_000, max=2_000_000_000, help="Number of unseen people.")]
Away = Annotated[float, typer.Option(min=0, max=3, help="Start this many prior widths away, at random.")]
Json = Annotated[bool, typer.Option("--json", help="Plain JSON on standard output.")]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="A folder made by 'weilidai generate'.")]
Out = Annotated[Path | None, typer.Option(metavar="FOLDER", help="Write a readable page and JSON files here.")]
Failing = Annotated[bool, typer.Option("--strict", help="Exit with 7 when a target is outside its tolerance.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("match", rich_help_panel=PANEL, epilog=examples(
        "weilidai match --check",
        "weilidai match --check --people 20000000 --scale configs/scale/dask.yaml",
        "weilidai match",
        "weilidai match --regime contraction",
        "weilidai match --policy all",
        "weilidai match --away 0.5 --seed 9",
    ))(match)
    app.command("fidelity", rich_help_panel=PANEL, epilog=examples(
        "weilidai generate --rows 300000 --seed 7 --out people",
        "weilidai fidelity people",
        "weilidai fidelity people --out report",
        "weilidai fidelity people --json > fidelity.json",
    ))(fidelity)


def match(
    check: Check = False, regime: Regime = "optimisation", steps: Steps = 30, seed: Seed = 1,
    check_seed: CheckSeed = 20_211, people: People = 300_000, away: Away = 0.0, policy: Policy = None,
    scale: Scale = None, sets: ScaleSets = None,
) -> None:
    """Fit the simulator's free numbers to the facts and store them with wanted and got (some minutes)."""
    from weilidai.config import load_scale
    from weilidai.errors import ConfigError
    from weilidai.pipeline.matched import MatchSettings, regimes_meant

    workers = load_scale(scale, sets or ())
    if workers.is_dask and (policy is not None or not check):
        raise ConfigError("workers do the check of a regime only", where="--scale", cure="add --check, or leave it out")
    settings = MatchSettings(seed=seed, steps=steps, check_seed=check_seed, check_people=people)
    if policy is not None:
        _match_policies(settings, policy, check=check)
        return
    for name in regimes_meant(regime):
        if check:
            _check(settings, name, workers)
        else:
            _match(settings, name, away)


def _match_policies(settings: "MatchSettings", policy: str, *, check: bool) -> None:
    from weilidai.errors import GateError
    from weilidai.pipeline.matched import check_policy, match_policy_and_store, policies_meant
    from weilidai.progress import for_this_terminal

    for name in policies_meant(policy):
        if check:
            fresh, rows = check_policy(settings, name)
        else:
            matched, file = match_policy_and_store(settings, name, for_this_terminal())
            fresh, rows = True, matched.rows
            typer.echo(f"written to {file}")
        for row in rows:
            typer.echo(f"{name} {row.part}: wanted {row.wanted:.3f}, got {row.got:.3f}")
        if not fresh:
            raise GateError(f"the stored numbers of policy {name} are not up to date",
                            cure=f"run 'weilidai match --policy {name}'")


def _check(settings: "MatchSettings", regime: str, workers: "ScaleSettings") -> None:
    from weilidai.errors import GateError
    from weilidai.pipeline.matched import check_stored
    from weilidai.progress import for_this_terminal

    standing = check_stored(settings, regime, for_this_terminal(), workers)
    if standing.kept:
        if standing.findings:
            _show(standing.findings, f"targets of {regime} itself, worst first; {OFF_BY}")
        else:
            typer.echo(f"{regime} has no targets of its own\n")
        _show(standing.kept, f"targets of the reference that {regime} leaves as they are, worst first; {OFF_BY}")
    else:
        _show(standing.findings)
    if not standing.holds:
        raise GateError(f"the stored parameters of {regime} do not hold any more{_reasons(standing)}",
                        cure=f"run 'weilidai match --regime {regime}'")
    judged = (*standing.findings, *standing.kept)
    typer.echo(f"the stored parameters of {regime} belong to these facts: {_tally(judged)}")


def _reasons(standing: "Standing") -> str:
    named = {
        "numbers that changed": standing.changed,
        "targets that changed": standing.retargeted,
        "outside": [one.fact_id for one in standing.outside],
    }
    return "".join(f"; {what}: {', '.join(names[:FEW_NAMES])}" for what, names in named.items() if names)


def _match(settings: "MatchSettings", regime: str, away: float) -> None:
    from weilidai.pipeline.matched import match_and_store
    from weilidai.progress import for_this_terminal

    matched, file = match_and_store(settings, regime, away, for_this_terminal())
    _show(matched.findings)
    typer.echo(f"distance {matched.fit.distance_before:,.0f} -> {matched.fit.distance_after:,.1f}; written to {file}")


def fidelity(folder: Folder, out: Out = None, as_json: Json = False, strict: Failing = False) -> None:
    """Hold generated people against the documents, fact by fact, worst first."""
    from weilidai.errors import GateError
    from weilidai.pipeline.matched import judge_folder, write_judgement

    report = judge_folder(folder)
    found = report.findings
    page = write_judgement(report, folder, out) if out else None
    if as_json:
        print_json([one.to_dict() for one in found])
    else:
        for remark in report.remarks:
            typer.echo(f"{remark}\n")
        _show(found)
        _show_numbers(report)
        _show_coverage(report)
        if page:
            typer.echo(f"written to {page}")
    outside = [one.fact_id for one in found if one.verdict == "outside"]
    if strict and outside:
        raise GateError(f"{len(outside)} of {len(found)} targets are outside: {', '.join(outside[:5])}")


def _show(found: "Sequence[Finding]", title: str = WORST_FIRST) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    table = Table(title=title, title_justify="left", box=None, padding=(0, 1))
    longest = max((len(one.fact_id) for one in found), default=0)
    room = console.width - longest - (74 if console.width >= WIDE else 38)
    table.add_column("fact", no_wrap=True, min_width=longest)
    for name in ("wanted", "got", "off by"):
        table.add_column(name, justify="right", no_wrap=True, min_width=8)
    if console.width >= WIDE:
        table.add_column("95 % interval", no_wrap=True, min_width=20)
        table.add_column("role", no_wrap=True, min_width=5)
    if room > 0:
        table.add_column("what", no_wrap=True)
    for one in found:
        wide = [f"{_figure(one.low)} to {_figure(one.high)}", one.role] if console.width >= WIDE else []
        off = f"{abs(one.distance):.2f}"
        style = {"outside": "red", "undecided": "yellow"}.get(one.verdict, "")
        what = [one.label_en[:room]] if room > 0 else []
        wanted = BOUNDS[one.bound] + _figure(one.wanted)
        table.add_row(one.fact_id, wanted, _figure(one.got), off, *wide, *what, style=style)
    console.print(table)
    console.print(_tally(found))


def _tally(found: "Sequence[Finding]") -> str:
    """Count targets by verdict; those that these people are too few to judge are not counted as within."""
    count = Counter(one.verdict for one in found)
    within, undecided, outside = (count[verdict] for verdict in ("within", "undecided", "outside"))
    chance = f"{undecided} beyond it by no more than chance, " if undecided else ""
    return f"{within} of {len(found)} targets within their tolerance, {chance}{outside or 'none'} outside"


def _show_numbers(report: "FidelityReport") -> None:
    from rich.console import Console
    from rich.table import Table

    title = "\nfitted numbers, the least known first; left open: part of the assumed spread"
    table = Table(title=title, title_justify="left", box=None, padding=(0, 1))
    table.add_column("number", overflow="fold")
    for name in ("value", "spread", "assumed", "left open"):
        table.add_column(name, justify="right", no_wrap=True, min_width=8)
    for one in report.numbers[:FEW_NUMBERS]:
        spread, left = ("-", "-") if one.spread is None else (_figure(one.spread), f"{one.left_open:.1%}")
        table.add_row(one.path, _figure(one.value), spread, _figure(one.prior), left)
    console = Console()
    console.print(table)
    console.print(f"{len(report.numbers)} fitted numbers; --out FOLDER writes all of them")


def _show_coverage(report: "FidelityReport") -> None:
    from rich.console import Console
    from rich.table import Table

    by_document, by_mechanism = report.coverage
    table = Table(title="\nwhat becomes of each fact", title_justify="left", box=None, padding=(0, 1))
    for name in by_document[0].to_dict():
        table.add_column("no target" if name == "untargeted" else name, justify="left" if name == "group" else "right")
    for row in (*by_document, *by_mechanism):
        table.add_row(*(str(cell).replace("_", " ") for cell in row.to_dict().values()),
                      style="bold" if row is by_document[-1] else "", end_section=row is by_document[-1])
    console = Console()
    console.print(table)
    console.print(f"impossible rows: {report.impossible.rows:,} of {report.impossible.people:,}")


def _figure(value: float) -> str:
    """Write a figure with as many digits as it deserves; what is not known is a dash."""
    if not isfinite(value):
        return "-"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"  # noqa: PLR2004
