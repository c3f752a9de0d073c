"""Looking at what was trained: how to open the store, how to load the model, in what runs differ."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from weilidai.errors import ConfigError
from weilidai.pipeline.reporting import HEADLINES
from weilidai.stores import without_password
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
    return WhereItIs(without_password(settings.resolved_uri), ui_command(settings), load_line(settings, model_uri))


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


def serve_ui(settings: TrackingSettings, port: int) -> int:
    """Serve MLflow's pages on this machine until they are stopped; gives the exit code.

    Raises
    ------
    StoreError
        There is no store yet.
    """
    open_store(settings, create=False)
    return subprocess.run(ui_arguments(settings, port), check=False).returncode  # noqa: S603  # our own arguments
