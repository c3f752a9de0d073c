"""How commands speak: their examples, and JSON on standard output."""

import json
from typing import Any

import typer


def examples(*commands: str) -> str:
    """Write the examples that stand at the end of a command's help, one line each."""
    return "\n".join(["[bold]Examples[/bold]", *commands])


def print_json(rows: Any) -> None:  # noqa: ANN401  # whatever JSON can hold
    """Write JSON, and nothing else, to standard output."""
    typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
