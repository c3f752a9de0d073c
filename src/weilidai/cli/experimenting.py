"""The command that runs all experiments and sets them side by side."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from weilidai.cli.learning import PANEL, Html, Json, Sets, write_comparison
from weilidai.cli.wording import examples, print_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from weilidai.pipeline.experimenting import Tried

Files = Annotated[list[Path] | None, typer.Argument(
    metavar="[CONFIG]...", help="Settings files; left out, configs/train.yaml and all of configs/experiments.",
)]
Again = Annotated[bool, typer.Option("--again", help="Train also what was trained with the same settings already.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="List what would be run, and run none of it.")]


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("experiments", rich_help_panel=PANEL, epilog=examples(
        "weilidai experiments",
        "weilidai experiments --dry-run",
        "weilidai experiments --set data.rows=50000 --html experiments.html",
        "weilidai experiments configs/train.yaml configs/experiments/pairs.yaml",
    ))(experiments)


def experiments(
    files: Files = None, html: Html = None, sets: Sets = None, again: Again = False, dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Train from several settings files, one after the other, and show what came out side by side.

    What was trained with the same settings, facts and parameters is not trained again. A closed gate is shown and
    ends nothing; an experiment that fails is told, the others are run, and its exit code is given at the end.
    """
    from weilidai.pipeline.experimenting import experiment_files, run_experiments
    from weilidai.pipeline.whole import require_file_place
    from weilidai.progress import for_this_terminal

    chosen = files or experiment_files()
    if dry_run:
        for file in chosen:
            typer.echo(str(file))
        return
    if html:
        require_file_place(html)
    tried = run_experiments(chosen, sets or (), for_this_terminal(), again=again)
    if html:
        _write(html, tried, sets or [])
    if as_json:
        print_json([
            {"config": str(one.config), "name": one.name, "outcome": one.outcome, "gates": one.gates,
             "run_id": one.run.id if one.run else None, "metrics": dict(one.metrics)}
            for one in tried
        ])  # fmt: skip
    else:
        _show(tried)
    for one in tried:
        if one.error:
            raise one.error


def _show(tried: "Sequence[Tried]") -> None:
    from rich.console import Console
    from rich.table import Table

    from weilidai.pipeline.experimenting import SHOWN
    from weilidai.pipeline.report_page import spell

    table = Table(title="synthetic people, simulated lender", title_justify="left", box=None, padding=(0, 1, 0, 0))
    table.add_column("experiment", no_wrap=True)
    for heading in ("people", *(heading for heading, _ in SHOWN)):
        table.add_column(heading, justify="right")
    table.add_column("gates")
    table.add_column("run", no_wrap=True, min_width=8)
    table.add_column("")
    for one in tried:
        figures = [spell(one.metrics.get(metric, float("nan"))) for _, metric in SHOWN]
        people = f"{int(one.people):,}" if one.people else ""
        run = one.run.id[:8] if one.run else ""
        done = {"trained": "", "there already": "before"}.get(one.outcome, one.outcome)
        table.add_row(one.config.stem, people, *figures, one.gates.partition(":")[0], run, done)
    console = Console(highlight=False)
    console.print(table)
    if ids := " ".join(one.run.id[:8] for one in tried if one.run):
        console.print(f"[dim]compare[/dim] weilidai compare {ids}", soft_wrap=True)


def _write(html: Path, tried: "Sequence[Tried]", sets: list[str]) -> None:
    from weilidai.config import load_settings
    from weilidai.pipeline.looking_back import FEWEST_COMPARED, compare_runs

    settings = load_settings(sets=sets).settings
    ids = list(dict.fromkeys(one.run.id for one in tried if one.run))
    if len(ids) >= FEWEST_COMPARED:
        write_comparison(html, settings.tracking, compare_runs(settings.tracking, ids, settings.evaluation))
