"""Looking at what was trained: how to open the store, how to load the model, in what runs differ."""

import os
import shlex
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

from weilidai.errors import ConfigError
from weilidai.pipeline.reporting import HEADLINES
from weilidai.stores import store_uri, without_password
from weilidai.tracking.commands import load_line, ui_arguments, ui_command
from weilidai.tracking.listing import Difference, RunRow, compare, find_run
from weilidai.tracking.settings import TrackingSettings
from weilidai.tracking.store import open_store

FEWEST_COMPARED: Final = 2
_FIRST: Final = frozenset(name.format("test") for _, name, _ in HEADLINES) | {
    "share_of_ceiling.invite.auc", "share_of_ceiling.invite_eligible.auc", "explain.agreement.main_factor",
}
"""Metrics that are looked at first."""


@dataclass(frozen=True)
class WhereItIs:
    """Lines to paste."""

    store: str
    ui: str
    load: str


def where_it_is(settings: TrackingSettings, model_uri: str) -> WhereItIs:
    """Say where a run is kept, how to look at it, and how to load its model."""
    is_usual = settings.resolved_uri == store_uri()
    look = f"{shlex.quote(_our_command())} ui" if is_usual else ui_command(settings)
    return WhereItIs(without_password(settings.resolved_uri), look, load_line(settings, model_uri))


def _our_command() -> str:
    """Give what a shell here must be told to run this very command line."""
    beside = Path(sys.executable).with_name("weilidai")
    if shutil.which("weilidai") == str(beside):
        return "weilidai"
    return str(beside.relative_to(Path.cwd())) if beside.is_relative_to(Path.cwd()) else str(beside)


def compare_runs(settings: TrackingSettings, words: Sequence[str]) -> tuple[list[RunRow], list[Difference]]:
    """Find runs by id, beginning of an id or name, and give only what differs between them.

    Raises
    ------
    ConfigError
        Fewer than two runs are named.
    StoreError
        A run does not exist; the error names near ones.
    """
    if len(words) < FEWEST_COMPARED:
        cure = "name them by id, the beginning of one, or name"
        raise ConfigError("two runs or more are compared", where="compare", cure=cure)
    rows = [find_run(settings, word) for word in words]
    return rows, compare(rows)


def telling(rows: Sequence[RunRow], differences: Sequence[Difference]) -> list[tuple[str, list[str]]]:
    """Choose the differences that are looked at first, and write them out: settings, tags, headline metrics.

    Returns
    -------
    list
        Name and one text per run; metrics with their intervals where they were measured.
    """
    kept = [one for one in differences if one.kind != "metric" or one.name in _FIRST]
    return [(one.name, [_spelt(one, row, value) for row, value in zip(rows, one.values, strict=True)]) for one in kept]


def _spelt(difference: Difference, row: RunRow, value: str | float | None) -> str:
    if not isinstance(value, float):
        return value or ""
    ends = [row.metrics.get(f"{difference.name}_{end}") for end in ("low", "high")]
    between = "" if None in ends else f" [{ends[0]:.4g}, {ends[1]:.4g}]"
    return f"{value:.4g}{between}"


def ui_server(settings: TrackingSettings, port: int) -> list[str]:
    """Give the command of MLflow's server on a store that is there, for :func:`become`.

    Raises
    ------
    StoreError
        There is no store yet.
    """
    open_store(settings, create=False)
    return ui_arguments(settings, port)


def become(arguments: list[str]) -> NoReturn:
    """Go on as another program, until Ctrl-C."""
    os.execv(arguments[0], arguments)  # noqa: S606  # our own arguments; signals then reach the server itself
