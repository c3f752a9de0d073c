"""Commands that train, and look at what was trained."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from weilidai.cli.wording import examples, print_json

if TYPE_CHECKING:
    from rich.table import Table

    from weilidai.config import Configured
    from weilidai.pipeline.looking_back import Comparison, TrackingSettings, WhereItIs
    from weilidai.pipeline.training import TrainResult

PANEL = "Training"

Config = Annotated[Path | None, typer.Argument(metavar="CONFIG", help="Settings file; left out, configs/train.yaml.")]
Sets = Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Change one setting; repeatable.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and do none of it.")]
PrintConfig = Annotated[bool, typer.Option("--print-config", help="Show all settings and where each comes from.")]
Export = Annotated[Path | None, typer.Option(metavar="DIR", help="Leave the model there too, as a plain folder.")]
Fresh = Annotated[bool, typer.Option("--fresh", help="Learn everything anew: neither use nor fill the cache.")]
AllowDirty = Annotated[bool, typer.Option(
    "--allow-dirty", help="Let the model become champion although files were changed and not committed.",
)]
Json = Annotated[bool, typer.Option("--json", help="Plain JSON on standard output.")]
Runs = Annotated[list[str], typer.Argument(metavar="RUN", help="Runs by id, beginning of an id, or name.")]
Html = Annotated[Path | None, typer.Option(metavar="FILE", help="Write one page with charts; must not exist.")]
UiPort = Annotated[int, typer.Option(min=1, max=65535, help="Port on this machine.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("train", rich_help_panel=PANEL, epilog=examples(
        "weilidai train",
        "weilidai train configs/experiments/quick.yaml",
        "weilidai train --set data.rows=500000 --set model.invite.learning_rate=0.1",
        "weilidai train --print-config",
        "weilidai train --dry-run",
        "weilidai train --export models/first",
    ))(train)
    app.command("compare", rich_help_panel=PANEL, epilog=examples(
        "weilidai compare 39362b4d 5e0b7a11",
        'weilidai compare "quick, 20,000 people, seed 1" "quick, 20,000 people, seed 2"',
        "weilidai compare 39362b4d 5e0b7a11 --html compared.html",
    ))(compare)
    app.command("ui", rich_help_panel=PANEL, epilog=examples(
        "weilidai ui",
        "weilidai ui --port 5001",
        "weilidai ui --set tracking.uri=sqlite:///elsewhere.db",
    ))(ui)


def train(
    config: Config = None,
    sets: Sets = None,
    dry_run: DryRun = False,
    print_config: PrintConfig = False,
    export: Export = None,
    fresh: Fresh = False,
    allow_dirty: AllowDirty = False,
    as_json: Json = False,
) -> None:
    """Make people, learn who is invited, how large the grant is and what it costs, and register the model.

    Ends with exit code 7 when a gate failed; the run, its report and the model are kept all the same.
    """
    from weilidai.config import load_settings

    configured = load_settings(config, [*(sets or ()), *(["cache.is_used=false"] if fresh else ())])
    if print_config:
        typer.echo(configured.as_yaml(), nl=False)
    elif dry_run:
        from weilidai.pipeline.forecast import forecast

        typer.echo(forecast(configured.settings))
    else:
        _train(configured, export, allow_dirty=allow_dirty, as_json=as_json)


def compare(runs: Runs, html: Html = None, sets: Sets = None, as_json: Json = False) -> None:
    """Show in what runs differ, and only that: settings, tags, headline metrics with intervals; all metrics as JSON.

    Runs that were judged on the same people are held against the first one, with the range of the difference.
    """
    from weilidai.cli.comparing import show_comparison
    from weilidai.config import load_settings
    from weilidai.pipeline.looking_back import compare_runs
    from weilidai.pipeline.whole import require_file_place

    if html:
        require_file_place(html)
    settings = load_settings(sets=sets or ()).settings
    comparison = compare_runs(settings.tracking, runs, settings.evaluation)
    if html:
        write_comparison(html, settings.tracking, comparison)
    if as_json:
        print_json([{"kind": d.kind, "name": d.name, "values": list(d.values)} for d in comparison.differences])
    else:
        show_comparison(comparison)
        if html:
            typer.echo(f"written to {html}")


def ui(port: UiPort = 5000, sets: Sets = None) -> None:
    """Serve MLflow's pages on the project's store, for this machine only, until Ctrl-C."""
    from weilidai.config import load_settings
    from weilidai.pipeline.looking_back import become, ui_server

    server, page = ui_server(load_settings(sets=sets or ()).settings.tracking, port)
    typer.echo(f"{page} (Ctrl-C stops it)", err=True)
    become(server)


def _train(configured: "Configured", export: Path | None, *, allow_dirty: bool, as_json: bool) -> None:
    from weilidai.pipeline.looking_back import where_it_is
    from weilidai.pipeline.training import refuse_failed_gates, train
    from weilidai.progress import for_this_terminal

    result = train(configured, for_this_terminal(), export, allow_dirty=allow_dirty)
    places = where_it_is(configured.settings.tracking, result.registered.uri)
    if as_json:
        print_json({
            "run_id": result.run_id, "run_name": result.run_name, "model": result.registered.version_uri,
            "alias": result.registered.alias, "because": result.registered.why, "store": places.store,
            "gates": {gate.name: gate.passed for gate in result.gates}, "metrics": dict(result.metrics),
        })
    else:
        _show(result, places)
    refuse_failed_gates(result)


def write_comparison(file: Path, tracking: "TrackingSettings", comparison: "Comparison") -> None:
    """Write a comparison as one page."""
    from weilidai.pipeline.comparing_page import comparing_page
    from weilidai.pipeline.paired import scores_of
    from weilidai.pipeline.whole import whole_file

    with whole_file(file) as aside:
        aside.write_text(comparing_page(comparison, scores_of(tracking, comparison.rows)), encoding="utf-8")


def _show(result: "TrainResult", places: "WhereItIs") -> None:
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False)
    console.print(_headlines(result))
    named = result.registered
    console.print(f"{named.name} version {named.version} is [bold]{named.alias}[/bold]: {named.why}", soft_wrap=True)
    python = Path(sys.executable)
    shown = python.relative_to(Path.cwd()) if python.is_relative_to(Path.cwd()) else python
    for what, line in (
        ("run", f"{result.run_name} ({result.run_id})"),
        ("store", places.store),
        ("look", places.ui),
        ("load", f"in {shown}:"),
    ):
        console.print(f"[dim]{what:<6}[/dim]{escape(line)}", soft_wrap=True)
    console.print(places.load, soft_wrap=True, markup=False)


def _headlines(result: "TrainResult") -> "Table":
    from rich.table import Table

    from weilidai.pipeline.report_page import spell
    from weilidai.pipeline.reporting import headline_table

    is_own = not result.metrics.get("truth.is_known", 1.0)
    title = "a table of one's own: no simulator, so no ceiling" if is_own else "synthetic people, simulated lender"
    table = Table("on people of the test" if is_own else "on people of later months", title=title, title_justify="left")
    for name in ("model", "ceiling", "plain model"):
        table.add_column(name, justify="right")
    rows = headline_table(result.metrics)
    for row in rows[rows["model"].notna()].to_dict("records") if is_own else rows.to_dict("records"):
        table.add_row(row["what"], *(spell(row[name]) for name in ("model", "ceiling", "plain")))
    return table

