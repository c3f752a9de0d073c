"""How commands speak: their examples, and JSON on standard output."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

Scale = Annotated[Path | None, typer.Option(
    "--scale", metavar="FILE", help="Let Dask workers do it, as configs/scale/dask.yaml says; the result is the same.",
)]
ScaleSets = Annotated[list[str] | None, typer.Option(
    "--set", metavar="scale.KEY=VALUE", help="Change one setting of the workers; repeatable.",
)]


def examples(*commands: str) -> str:
    """Write the examples that stand at the end of a command's help, one line each."""
    return "\n".join(["[bold]Examples[/bold]", *commands])


def print_json(rows: Any) -> None:  # noqa: ANN401  # whatever JSON can hold
    """Write JSON, and nothing else, to standard output."""
    typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
