"""What a training would do and take, before it does anything."""

import os
from pathlib import Path
from typing import Final

from weilidai.columns import CATALOGUE
from weilidai.config import TrainSettings
from weilidai.models.features import Features
from weilidai.models.settings import TreeSettings
from weilidai.pipeline.generating import lender_of
from weilidai.pipeline.learning import choose_inputs
from weilidai.pipeline.memory import GIGABYTE, free_memory, memory_needed
from weilidai.pipeline.numbers import numbers_of, require_fresh
from weilidai.pipeline.sources import FromTable, found
from weilidai.stores import sqlite_file, without_password
from weilidai.units import MONTHS_PER_YEAR

SECONDS_TO_START: Final = 8.0
SECONDS_PER_PERSON: Final = 0.00011
"""Measured on two cores between 20,000 and a million people."""
_MINUTE: Final = 60


def forecast(settings: TrainSettings) -> str:
    """Say what a training with these settings would do; nothing is made, not even the store.

    Raises
    ------
    ConfigError
        The regime, a reading, an excluded column or the store's address does not exist, or parameters are stale.
    """
    data = settings.data
    if data.source == "table":
        return _of_own_table(settings)
    require_fresh(data)
    inputs = choose_inputs(lender_of(numbers_of(data.regime, data.readings, data.policy)), settings)
    grown = {"invite": settings.model.invite, "quota": settings.model.quota, "rate": settings.model.rate}
    features = {"invite": inputs.invite, "quota": inputs.quota, "rate": inputs.rate}
    lines = {
        "people": f"{data.rows:,} of regime {data.regime}, seed {data.seed}, {len(CATALOGUE)} columns",
        "split": _split(settings),
        **{name: _model(own, features[name]) for name, own in grown.items()},
        "gates": ", ".join(settings.evaluation.gates) or "none",
        "store": _store(settings),
        "takes": f"about {spell_seconds(seconds_needed(data.rows))} on two cores, "
                 f"{memory_needed(data.rows) / GIGABYTE:.1f} GB of memory{_free()}",
    }  # fmt: skip
    return "\n".join(["Nothing is done. A training with these settings would be of", *_aligned(lines)])


def _of_own_table(settings: TrainSettings) -> str:
    source = FromTable.of(settings)
    inputs = choose_inputs(source.lender, settings)
    columns, data = source.own.columns, settings.data
    lines = {
        "people": f"of the table {found(data.file, 'data.file')}, seed {data.seed}, {len(columns)} columns mapped",
        "label": f"{source.own.label.column}; {'with' if source.lender.has_amounts else 'no'} amounts, no ceiling",
        "split": f"by time, {source.own.time}" if source.own.time else
                 f"by a hash of the person, {data.test_share:.0%} to test on",
        "invite": _model(settings.model.invite, inputs.invite),
        "gates": ", ".join(settings.evaluation.gates) or "none",
        "store": _store(settings),
    }  # fmt: skip
    return "\n".join(["Nothing is done. A training with these settings would be of", *_aligned(lines)])


def seconds_needed(rows: int) -> float:
    """Estimate how long a training takes on two cores, seconds."""
    return SECONDS_TO_START + rows * SECONDS_PER_PERSON


def _split(settings: TrainSettings) -> str:
    data = settings.data
    test = data.rows * min(data.test_months, MONTHS_PER_YEAR) // MONTHS_PER_YEAR
    earlier = data.rows - test
    valid, calibrate = round(earlier * data.valid_share), round(earlier * data.calibrate_share)
    learn = earlier - valid - calibrate
    return (f"about {learn:,} to learn from, {valid:,} to stop by, {calibrate:,} to calibrate on, "
            f"{test:,} of the last {data.test_months} months to test on")  # fmt: skip


def _model(settings: TreeSettings, features: Features) -> str:
    return f"at most {settings.num_iterations} trees of {settings.num_leaves} leaves on {len(features.names)} columns"


def _store(settings: TrainSettings) -> str:
    uri = settings.tracking.resolved_uri
    file = sqlite_file(uri)
    state = "" if file is None else f" ({_state(file)})"
    names = f"experiment {settings.tracking.experiment}, model {settings.tracking.registered_model}"
    return f"{without_password(uri)}{state}, {names}"


def _state(file: Path) -> str:
    if not file.parent.is_dir():
        return "cannot be made: its folder does not exist"
    told = "there" if file.exists() else "would be made"
    # SQLite writes its journal beside the file, so the folder counts even when the file is there.
    is_open = os.access(file.parent, os.W_OK) and (not file.exists() or os.access(file, os.W_OK))
    return told if is_open else f"{told}, but cannot be written to"


def _free() -> str:
    free = free_memory()
    return "" if free is None else f" ({free / GIGABYTE:.1f} GB are free)"


def spell_seconds(seconds: float) -> str:
    """Write a time as people say it.

    Examples
    --------
    >>> spell_seconds(31), spell_seconds(600)
    ('31 seconds', '10 minutes')
    """
    return f"{seconds:.0f} seconds" if seconds < 2 * _MINUTE else f"{seconds / _MINUTE:.0f} minutes"


def _aligned(lines: dict[str, str]) -> list[str]:
    width = max(map(len, lines)) + 2
    return [f"  {name:<{width}}{text}" for name, text in lines.items()]
