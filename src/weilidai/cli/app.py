"""The commands of ``weilidai`` and what they say about themselves."""

from typing import Annotated

import typer

from weilidai.cli import (
    deciding,
    documents,
    experimenting,
    learning,
    looking,
    matching,
    promoting,
    searching,
    serving,
    studying,
)

START = """[bold]Start here[/bold]
weilidai train            learn from configs/train.yaml, a minute or two
weilidai ui               look at the runs and the models
weilidai facts            browse what is documented
weilidai COMMAND --help   what a command does, with examples

[bold]Exit codes[/bold]
0 done, 2 settings, 3 data, 4 model file, 5 tracking store, 6 disk or memory, 7 gate refused

Everything here is synthetic: a simulated lender, neither the bank's model nor its data."""

app = typer.Typer(
    name="weilidai",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=START,
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"weilidai {version('weilidai')}")
        raise typer.Exit


Version = Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error; may stand anywhere.")]


@app.callback()
def _weilidai(_version: Version = False, _debug: Debug = False) -> None:
    """From public documents about Weilidai to a credit decision with reasons."""


for part in (documents, matching, learning, experimenting, searching, studying, promoting, deciding, serving, looking):
    part.register(app)
