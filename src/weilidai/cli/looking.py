"""The command that says whether everything is in its place."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from weilidai.cli.wording import examples, print_json

if TYPE_CHECKING:
    from weilidai.pipeline.looking_back import TrackingSettings

PANEL = "Training"
SIGNS = {"fine": "[green]fine[/green]", "note": "[yellow]note[/yellow]", "wrong": "[red]wrong[/red]"}

Json = Annotated[bool, typer.Option("--json", help="Plain JSON on standard output.")]
Sets = Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Look at another store or cache.")]
Sync = Annotated[bool, typer.Option("--sync", help="Upload what trainings kept while the store did not answer.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("doctor", rich_help_panel=PANEL, epilog=examples(
        "weilidai doctor",
        "weilidai doctor --sync",
        "weilidai doctor --set tracking.uri=sqlite:///elsewhere.db",
    ))(doctor)


def doctor(sets: Sets = None, sync: Sync = False, as_json: Json = False) -> None:
    """Look whether packages, facts, parameters, store, runs, cache are in order; exit code 1 when one is not.

    With --sync, runs that were kept beside a store that did not answer are uploaded, as the runs they are;
    exit code 5 when one could not be, and it stays then.
    """
    from weilidai.config import load_settings
    from weilidai.pipeline.doctoring import examine

    settings = load_settings(sets=sets or ()).settings
    if sync:
        _sync(settings.tracking, as_json=as_json)
        return
    findings = examine(settings.tracking, settings.cache)
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table.grid(padding=(0, 2))
        for finding in findings:
            table.add_row(SIGNS[finding.state], finding.what, Text(finding.says))
        Console().print(table)
    if any(finding.state == "wrong" for finding in findings):
        raise typer.Exit(1)


def _sync(tracking: "TrackingSettings", *, as_json: bool) -> None:
    from weilidai.errors import StoreError
    from weilidai.pipeline.syncing import sync
    from weilidai.progress import for_this_terminal

    outcomes = sync(tracking, for_this_terminal())
    if as_json:
        print_json([asdict(one) for one in outcomes])
    else:
        for one in outcomes:
            typer.echo(f"{one.name}: {one.says}")
        if not outcomes:
            typer.echo("nothing waits to be uploaded")
    left = [one.folder for one in outcomes if one.is_wrong]
    if left:
        raise StoreError(
            f"{len(left)} of {len(outcomes)} runs could not be uploaded", where=left[0],
            cure="each one above says why; nothing is lost, and --sync can be repeated",
        )
