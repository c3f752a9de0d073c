"""What a run is called, and by what it is found and compared: name, tags, parameters, digest of its settings."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from weilidai.config import Configured, TrainSettings
from weilidai.dataset.settings import DataSettings
from weilidai.facts import load_book
from weilidai.pipeline.birth import digest_of
from weilidai.pipeline.numbers import numbers_of
from weilidai.pipeline.reporting import HEADLINES

SOURCE: Final = "mlflow.source.name"
"""Tag that MLflow's pages show as the source of a run."""
NONE: Final = "none"
_DATA: Final = ("rows", "seed", "regime", "policy", "test_months")
_INVITE: Final = (
    "num_iterations", "early_stopping_round", "learning_rate", "num_leaves", "max_depth", "min_data_in_leaf",
    "feature_fraction", "lambda_l2", "coverage", "seed",
)
_QUOTA: Final = (
    "num_iterations", "learning_rate", "num_leaves", "max_depth", "min_data_in_leaf", "lambda_l2", "objective",
    "interval_share",
)
_RATE: Final = ("num_iterations", "learning_rate", "num_leaves", "max_depth")
_ELSEWHERE: Final = ("tracking", "search", "cache")
"""Settings that change nothing about a model: where it is remembered, how better settings are looked for, and whether
what was learnt before is used again."""


def run_name(configured: Configured) -> str:
    """Call a run by its settings file, its size and its seed."""
    data = configured.settings.data
    if data.file is not None:
        return f"{configured.file.stem.replace('_', ' ')}, {Path(data.file).name}, seed {data.seed}"
    return f"{configured.file.stem.replace('_', ' ')}, {data.rows:,} people, seed {data.seed}"


def run_tags(configured: Configured) -> dict[str, str]:
    """Give the tags by which runs are found and told apart in a list."""
    settings = configured.settings
    lived = {"regime": settings.data.regime, "policy": settings.data.policy,
             "readings": readings_in_words(settings.data.readings)}  # fmt: skip
    return {
        "kind": "train",
        "config": configured.file.name,
        **(lived if settings.data.source == "simulated" else {}),
        "coverage": f"{settings.model.invite.coverage:g}",
        "protected": _protected(settings),
        SOURCE: f"weilidai train {configured.file.name}",
        "settings_digest": settings_digest(settings),
    }


def run_params(settings: TrainSettings) -> dict[str, Any]:
    """Give the settings that are looked at in a table of runs, by the names ``--set`` takes; a file holds all."""
    model = settings.model
    return {
        "data": _data(settings.data),
        "model": {
            "invite": model.invite.model_dump(include=set(_INVITE)),
            "quota": model.quota.model_dump(include=set(_QUOTA)),
            "rate": model.rate.model_dump(include=set(_RATE)),
            "challengers": ", ".join(model.challengers) or NONE,
        },
        "evaluation": {"protected": _protected(settings), "replicates": settings.evaluation.replicates},
    }


def _data(data: DataSettings) -> dict[str, Any]:
    if data.source == "table":
        return {"source": "table", "file": Path(str(data.file)).name, "mapping": Path(str(data.mapping)).name,
                **data.model_dump(include={"seed", "test_months", "test_share"})}  # fmt: skip
    return {**data.model_dump(include=set(_DATA)), "readings": readings_in_words(data.readings)}


def settings_digest(settings: TrainSettings) -> str:
    """SHA-256 over everything that decides what a training comes to; the store it is kept in does not."""
    return digest_of(settings.model_dump(mode="json", exclude=set(_ELSEWHERE)))


def origin_tags(settings: TrainSettings) -> dict[str, str]:
    """Give the digests of what the people of a training are made with.

    Raises
    ------
    ConfigError
        The regime, the policy or a reading does not exist.
    """
    data = settings.data
    numbers = numbers_of(data.regime, data.readings, data.policy)
    return {"facts_digest": load_book().digest, "parameters_digest": numbers.digest}


def headlines_first(metrics: Mapping[str, float]) -> dict[str, float]:
    """Put the figures that are looked at first before the others; MLflow's pages keep the order and draw the first."""
    first = [name.format(who) for who in ("test", "ceiling") for _, name, _ in HEADLINES]
    return {name: metrics[name] for name in (*first, *metrics) if name in metrics}


def _protected(settings: TrainSettings) -> str:
    return ", ".join(settings.evaluation.protected) or NONE


def readings_in_words(readings: Mapping[str, str]) -> str:
    """Write the readings of contradictions as a tag has them."""
    return json.dumps(readings, sort_keys=True) if readings else "default"
