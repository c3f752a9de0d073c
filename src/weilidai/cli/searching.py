"""The command that looks for better settings."""

from pathlib import Path
from typing import Annotated

import typer

from weilidai.cli.learning import PANEL, Json, PrintConfig, Sets
from weilidai.cli.wording import examples, print_json

Config = Annotated[Path, typer.Argument(metavar="CONFIG", help="Settings file with a search, as in configs/sweep.")]
Out = Annotated[Path | None, typer.Option(metavar="FILE", help="Write the best settings there too; must not exist.")]


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("sweep", rich_help_panel=PANEL, epilog=examples(
        "weilidai sweep configs/sweep/invite.yaml",
        "weilidai sweep configs/sweep/quota.yaml --set search.trials=10 --set search.name=short",
        "weilidai sweep configs/sweep/invite.yaml --out configs/experiments/tuned.yaml",
    ))(sweep)


def sweep(
    config: Config, sets: Sets = None, out: Out = None, print_config: PrintConfig = False, as_json: Json = False
) -> None:
    """Look for better settings of one model, and say how far the defaults are from the best found.

    Every trial is a run below one parent run; trials that lag behind are given up early and marked so. A search
    that was stopped goes on when it is called again.
    """
    from weilidai.config import load_settings

    configured = load_settings(config, sets or ())
    if print_config:
        typer.echo(configured.as_yaml(), nl=False)
        return
    from weilidai.pipeline.search.outcome import best_as_yaml
    from weilidai.pipeline.search.sweep import sweep as search
    from weilidai.pipeline.whole import require_file_place, whole_file
    from weilidai.progress import for_this_terminal

    if out:
        require_file_place(out)
    result = search(configured, for_this_terminal())
    best = best_as_yaml(result.outcome, configured.settings.search)
    if out:
        with whole_file(out) as aside:
            aside.write_text(best, encoding="utf-8")
    if as_json:
        print_json({
            "run_id": result.run_id, "run_name": result.run_name, "study": result.study.name,
            "best": dict(result.outcome.best_values), "metrics": result.outcome.metrics,
            "default_is_within": result.outcome.is_within,
        })
    else:
        typer.echo(best, nl=False)
        typer.echo(f"# run {result.run_name} ({result.run_id})")
