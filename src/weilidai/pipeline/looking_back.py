"""Looking at what was trained: how to open the store, how to load the model, in what runs differ."""

import json
import os
import shlex
import shutil
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, NoReturn

import yaml

from weilidai.errors import ConfigError, StoreError
from weilidai.evaluation.settings import EvaluationSettings
from weilidai.pipeline.paired import PairedDifference, judged_elsewhere, paired_differences
from weilidai.pipeline.reporting import HEADLINES
from weilidai.stores import store_uri, without_password
from weilidai.tracking.commands import load_line, ui_arguments, ui_command
from weilidai.tracking.listing import Difference, RunRow, compare, find_run, kept_file
from weilidai.tracking.settings import TrackingSettings
from weilidai.tracking.store import open_store
from weilidai.tracking.values import leaves
from weilidai.tracking.views import address, keep_view

__all__ = [
    "Comparison", "TrackingSettings", "WhereItIs", "become", "compare_runs", "telling", "ui_server", "where_it_is",
]

FEWEST_COMPARED: Final = 2
HEADLINE_METRICS: Final = frozenset(name.format("test") for _, name, _ in HEADLINES) | {
    "share_of_ceiling.invite.auc", "share_of_ceiling.invite_eligible.auc", "explain.agreement.main_factor",
}
"""Metrics that are looked at first."""
_UNTOLD: Final = ("commit", "settings_digest")
"""Tags that differ without saying anything."""
_OF_THE_CACHE: Final = "stages."
"""Beginning of tags that say how a model was come by, and nothing of what it is."""
_ELSEWHERE: Final = ("tracking", "search", "cache")
"""Settings that change nothing about a model."""
_SHORT_DIGEST: Final = 8


@dataclass(frozen=True)
class WhereItIs:
    """Lines to paste."""

    store: str
    ui: str
    load: str


@dataclass(frozen=True)
class Comparison:
    """Runs side by side."""

    rows: Sequence[RunRow]
    differences: Sequence[Difference]
    """What differs, and only that: settings, tags, metrics."""
    paired: Sequence[PairedDifference]
    """The others less the first run, where both were judged on the same people."""
    elsewhere: Sequence[RunRow]
    """Runs judged on other people than the first one."""

    @property
    def labels(self) -> dict[str, str]:
        """Run id -> its name, with the beginning of the id where another run has the same name."""
        times = Counter(row.name for row in self.rows)
        return {row.id: row.name if times[row.name] == 1 else f"{row.name} ({row.id[:8]})" for row in self.rows}


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


def compare_runs(tracking: TrackingSettings, words: Sequence[str], evaluation: EvaluationSettings) -> Comparison:
    """Find runs by id, beginning of an id or name, and give what differs between them.

    Parameters
    ----------
    tracking
        The store.
    words
        What names the runs; the first one is what the others are held against.
    evaluation
        Draws of the paired intervals.

    Raises
    ------
    ConfigError
        Fewer than two runs are named, or one of them twice.
    StoreError
        A run does not exist; the error names near ones.
    """
    cure = "name them by id, the beginning of one, or name"
    if len(words) < FEWEST_COMPARED:
        raise ConfigError("two runs or more are compared", where="compare", cure=cure)
    rows = [find_run(tracking, word) for word in words]
    if len({row.id for row in rows}) < len(rows):
        raise ConfigError("a run is not compared with itself", where="compare", cure=cure)
    found = [one for one in compare([_with_settings(tracking, row) for row in rows]) if one.name not in _UNTOLD]
    return Comparison(rows, found, paired_differences(tracking, rows, evaluation), judged_elsewhere(rows))


def telling(comparison: Comparison) -> list[tuple[str, list[str]]]:
    """Choose the differences that are looked at first, and write them out: settings, tags, headline metrics.

    Returns
    -------
    list
        Name and one text per run; metrics with their intervals where they were measured.
    """
    kept = [
        one for one in comparison.differences
        if (one.kind != "metric" and not one.name.startswith(_OF_THE_CACHE)) or one.name in HEADLINE_METRICS
    ]
    return [
        (one.name, [spelt(one, row, value) for row, value in zip(comparison.rows, one.values, strict=True)])
        for one in kept
    ]


def spelt(difference: Difference, row: RunRow, value: str | float | None) -> str:
    """Write one run's value short; a metric with its interval where it was measured."""
    if not isinstance(value, float):
        return (value or "")[:_SHORT_DIGEST] if difference.name.endswith("_digest") else value or ""
    ends = [row.metrics.get(f"{difference.name}_{end}") for end in ("low", "high")]
    between = "" if None in ends else f" [{ends[0]:.4g}, {ends[1]:.4g}]"
    return f"{value:.4g}{between}"


def _with_settings(tracking: TrackingSettings, row: RunRow) -> RunRow:
    """Give a run with all its settings for parameters, where it kept them; the store has a choice of them only."""
    file = kept_file(tracking, row.id, "settings.yaml")
    if file is None:
        return row
    kept = yaml.safe_load(file.read_text(encoding="utf-8"))
    said = {name: value for name, value in kept.items() if name not in _ELSEWHERE}
    return replace(row, params={name: _plain(value) for name, value in leaves(said)})


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def ui_server(settings: TrackingSettings, port: int) -> tuple[list[str], str]:
    """Give the command of MLflow's server on a store that is there, for :func:`become`, and the page to look at first.

    Raises
    ------
    StoreError
        There is no store yet.
    """
    store = open_store(settings, create=False)
    try:
        keep_view(store)
        page = address(store, port)
    except StoreError:  # it may be there to be read only
        page = f"http://127.0.0.1:{port}"
    return ui_arguments(settings, port), page


def become(arguments: list[str]) -> NoReturn:
    """Go on as another program, until Ctrl-C."""
    os.execv(arguments[0], arguments)  # noqa: S606  # our own arguments; signals then reach the server itself
