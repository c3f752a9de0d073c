"""The command that answers over HTTP, for this machine only."""

from typing import Annotated

import typer

from weilidai.cli.deciding import CHAMPION, PANEL, Store
from weilidai.cli.wording import examples

Model = Annotated[str, typer.Option(metavar="URI", help="A bundle folder, models:/name@alias or runs:/id/model.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="Port on this machine; 0 takes a free one.")]
Rows = Annotated[int, typer.Option("--max-rows", min=1, max=100_000, help="Most people of one request.")]
Megabytes = Annotated[int, typer.Option("--max-megabytes", min=1, max=1024, help="Largest body of one request.")]
Seconds = Annotated[float, typer.Option(min=0.1, max=600, help="Time in which a request must arrive.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("serve", rich_help_panel=PANEL, epilog=examples(
        "weilidai serve",
        "weilidai serve --model models/first --port 8080",
    ))(serve)


def serve(
    model: Model = CHAMPION,
    port: Port = 8080,
    max_rows: Rows = 2_000,
    max_megabytes: Megabytes = 8,
    seconds: Seconds = 10.0,
    tracking_uri: Store = None,
) -> None:
    """Answer POST /decide on 127.0.0.1 with the figures of every other door, until Ctrl-C.

    A body is {"people": [{column: value}], "reasons": "zh" or "en", "partial": true}; with partial, good rows are
    decided and bad ones listed. Bodies, rows, time and callers are bounded; nothing asked is written down.
    """
    from weilidai.inference.front import HOST, Front, Limits
    from weilidai.inference.loading import load_model

    limits = Limits(most_bytes=max_megabytes * 2**20, most_rows=max_rows, seconds=seconds)
    with Front(load_model(model, tracking_uri=tracking_uri), port, limits) as front:
        typer.echo(f"http://{HOST}:{front.server_port}/decide (Ctrl-C stops it)", err=True)
        front.serve_forever()
