"""The command that says whether everything is in its place."""

from dataclasses import asdict
from typing import Annotated

import typer

from weilidai.cli.wording import examples, print_json

PANEL = "Training"
SIGNS = {"fine": "[green]fine[/green]", "note": "[yellow]note[/yellow]", "wrong": "[red]wrong[/red]"}

Json = Annotated[bool, typer.Option("--json", help="Plain JSON on standard output.")]
Sets = Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Look at another store or cache.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("doctor", rich_help_panel=PANEL, epilog=examples(
        "weilidai doctor",
        "weilidai doctor --set tracking.uri=sqlite:///elsewhere.db",
    ))(doctor)


def doctor(sets: Sets = None, as_json: Json = False) -> None:
    """Look whether packages, facts, parameters, store, runs, cache are in order; exit code 1 when one is not."""
    from weilidai.config import load_settings
    from weilidai.pipeline.doctoring import examine

    settings = load_settings(sets=sets or ()).settings
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
