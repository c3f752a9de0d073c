"""What a study leaves: tables, pictures, figures under fixed names, and its answer in plain words."""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from weilidai.parameters import Parameters
from weilidai.pipeline.birth import STATEMENT, birth_certificate
from weilidai.pipeline.whole import whole_folder

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from weilidai.tracking.settings import TrackingSettings


@dataclass(frozen=True)
class Study:
    """The outcome of a study.

    Parameters
    ----------
    name
        Short name, as in ``"learning_curve"``.
    choices
        What it was made with: people, seeds, regime.
    answer
        What was found, a sentence a line.
    tables
        Name -> table.
    pictures
        Name -> figure.
    metrics
        Fixed name -> value.
    steps
        Number of people -> metrics at that point, for a curve in the store.
    certificate
        Where the people came from.
    """

    name: str
    choices: Mapping[str, Any]
    answer: tuple[str, ...]
    tables: Mapping[str, pd.DataFrame]
    certificate: Mapping[str, Any]
    pictures: Mapping[str, "Figure"] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    steps: Mapping[int, Mapping[str, float]] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Write everything but the pictures as plain JSON-able data; what is not a number becomes null."""
        return {
            "study": self.name,
            "statement": STATEMENT,
            "choices": dict(self.choices),
            "answer": list(self.answer),
            "metrics": {name: _finite(value) for name, value in self.metrics.items()},
            "tables": {name: records(table) for name, table in self.tables.items()},
            "certificate": dict(self.certificate),
        }


def certify(parameters: Parameters, name: str, choices: Mapping[str, Any], seed: int) -> dict[str, Any]:
    """Give the birth certificate of a study."""
    return birth_certificate(parameters, {"study": name, **choices}, seed)


def ends(metric: str, low: float, high: float) -> dict[str, float]:
    """Name the interval of a metric as trainings do: ``<name>_low`` and ``<name>_high``.

    Examples
    --------
    >>> ends("gap.invite_auc.total", 0.001, 0.004)
    {'gap.invite_auc.total_low': 0.001, 'gap.invite_auc.total_high': 0.004}
    """
    return {f"{metric}_low": float(low), f"{metric}_high": float(high)}


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Write a table as a list of plain rows; what is not a finite number becomes null."""
    return [{str(name): _finite(cell) for name, cell in row.items()} for row in table.to_dict("records")]


def write_study(study: Study, folder: Path) -> None:
    """Write ``<name>.json``, tables and pictures into a new folder; whole or not at all.

    Raises
    ------
    ResourceError
        The folder exists and is not empty, or cannot be written.
    """
    with whole_folder(folder) as aside:
        _fill(study, aside)


def keep_study(study: Study, tracking: "TrackingSettings") -> str:
    """Keep a study as a run in the store, a curve as metrics by number of people, and give the run's id.

    Raises
    ------
    StoreError
        The store cannot be opened or written to.
    """
    from weilidai.tracking.runs import training_run

    said = ", ".join(f"{name} {value}" for name, value in study.choices.items())
    title = f"{study.name.replace('_', ' ')}: {said}"
    tags = {"kind": f"study {study.name}", "regime": str(study.certificate["regime"])}
    tags |= {name: str(study.certificate[name]) for name in ("commit", "facts_digest", "parameters_digest")}
    with training_run(tracking, title, tags) as run, tempfile.TemporaryDirectory(prefix="weilidai-") as shelf:
        run.log_params(study.choices)
        run.log_metrics(_only_finite(study.metrics))
        for people, metrics in sorted(study.steps.items()):
            run.log_metrics(_only_finite(metrics), step=people)
        run.note("\n".join([f"**{STATEMENT}**", "", *(f"- {line}" for line in study.answer)]))
        _fill(study, Path(shelf))
        run.log_artifacts(Path(shelf), f"study/{study.name}")
        return run.id


def _fill(study: Study, folder: Path) -> None:
    text = json.dumps(study.to_dict(), indent=2, ensure_ascii=False, default=str)
    (folder / f"{study.name}.json").write_text(text + "\n", encoding="utf-8")
    for name, table in study.tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    for name, figure in study.pictures.items():
        buffer = BytesIO()
        figure.savefig(buffer, format="png")
        (folder / f"{name}.png").write_bytes(buffer.getvalue())


def _only_finite(metrics: Mapping[str, float]) -> dict[str, float]:
    return {name: float(value) for name, value in metrics.items() if np.isfinite(value)}


def _finite(value: Any) -> Any:  # noqa: ANN401  # a cell of any table
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not np.isfinite(value) else value
