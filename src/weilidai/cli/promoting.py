"""Commands that move the champion, and tell who was it when."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from weilidai.cli.learning import PANEL, Json, Sets
from weilidai.cli.wording import examples, print_json

if TYPE_CHECKING:
    from weilidai.pipeline.promoting import Registered

_DAY = len("2026-01-31")

Model = Annotated[str, typer.Argument(metavar="MODEL", help=(
    "Version number, alias, models:/name/3, models:/name@challenger or runs:/id/model."
))]
Config = Annotated[Path | None, typer.Option(
    "--config", metavar="FILE", help="Settings with the gates and the store; else configs/train.yaml.",
)]
AllowDirty = Annotated[bool, typer.Option(
    "--allow-dirty", help="Promote a model trained from uncommitted changes; the log says so.",
)]
Leaving = Annotated[str | None, typer.Option(
    "--from", metavar="VERSION", help="Only leave this version; asked again, nothing happens.",
)]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("promote", rich_help_panel=PANEL, epilog=examples(
        "weilidai promote challenger",
        "weilidai promote 7",
        "weilidai promote 7 --allow-dirty",
        "weilidai promote runs:/39362b4d5e0b7a1139362b4d5e0b7a11/model",
    ))(promote)
    app.command("rollback", rich_help_panel=PANEL, epilog=examples(
        "weilidai rollback",
        "weilidai rollback --from 7",
    ))(rollback)
    app.command("champions", rich_help_panel=PANEL, epilog=examples(
        "weilidai champions",
        "weilidai champions --json",
    ))(champions)


def promote(
    model: Model, config: Config = None, sets: Sets = None, allow_dirty: AllowDirty = False, as_json: Json = False
) -> None:
    """Make a version champion, through the gates; what moved and why is written into the store.

    Ends with exit code 7 when a gate is closed, a library version is untested or the model was trained from changes
    that nobody committed, with 5 when somebody else moved the champion meanwhile; the champion stays as it was then.
    """
    from weilidai.config import load_settings
    from weilidai.pipeline.promoting import promote as promote_model
    from weilidai.progress import for_this_terminal

    settings = load_settings(config, sets or ()).settings
    promoted = promote_model(
        settings.tracking, settings.evaluation, model, for_this_terminal(), allow_dirty=allow_dirty
    )
    _tell(promoted, as_json=as_json)


def rollback(leaving: Leaving = None, config: Config = None, sets: Sets = None, as_json: Json = False) -> None:
    """Give the alias back to the champion before the present one; never forth to one that was left."""
    from weilidai.config import load_settings
    from weilidai.pipeline.promoting import roll_back
    from weilidai.progress import for_this_terminal

    tracking = load_settings(config, sets or ()).settings.tracking
    _tell(roll_back(tracking, leaving, for_this_terminal()), as_json=as_json)


def champions(config: Config = None, sets: Sets = None, as_json: Json = False) -> None:
    """List who was champion when, what brought each one, and its gates; --json has the whole log."""
    from weilidai.config import load_settings
    from weilidai.pipeline.promoting import who_was_live

    standing, reigns = who_was_live(load_settings(config, sets or ()).settings.tracking)
    if as_json:
        print_json({
            "model": standing.model, "champion": standing.champion, "challenger": standing.challenger,
            "champions": [{"version": reign.version, "since": reign.since, "until": reign.until} for reign in reigns],
            "log": [vars(entry) for entry in standing.log],
        })
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"{standing.model}, UTC", title_justify="left", box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for name in ("version", "since", "until", "how", "gates", "bundle"):
        table.add_column(name, min_width=_DAY if name in ("since", "until") else None)
    table.add_column("why", overflow="fold")
    for reign in reversed(reigns):
        entry = reign.entry
        table.add_row(
            reign.version, _moment(reign.since), _moment(reign.until) if reign.until else "now", entry.action,
            _gates(entry.gates), (entry.digest or "")[:8], entry.why,
        )
    console = Console(highlight=False)
    console.print(table)
    console.print(f"champion: {_named(standing.champion)}, challenger: {_named(standing.challenger)}")


def _tell(moved: "Registered", *, as_json: bool) -> None:
    if as_json:
        print_json({"model": moved.version_uri, "alias": moved.alias, "because": moved.why})
    else:
        typer.echo(f"{moved.name} version {moved.version} is {moved.alias}: {moved.why}")


def _named(version: str | None) -> str:
    return f"version {version}" if version else "none"


def _moment(when: str) -> str:
    return when[:19].replace("T", " ")


def _gates(gates: Any) -> str:  # noqa: ANN401  # as the log has them
    opened = sum(bool(gate["passed"]) for gate in gates.values())
    return f"{opened} of {len(gates)}" if gates else ""
