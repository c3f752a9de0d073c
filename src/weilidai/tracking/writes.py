"""What a run writes, as plain data, so that it can be sent now or kept in a folder and sent later, once or twice."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from mlflow import MlflowClient

Kind = Literal["params", "metrics", "tags", "files", "table", "end"]
_BATCH: Final = {"metrics": 1000, "params": 100, "tags": 100}
"""Most entries the store takes in one call."""


@dataclass(frozen=True)
class Write:
    """One thing a run tells its store; sent a second time it changes nothing.

    Parameters
    ----------
    kind
        ``params`` and ``tags``: name -> text. ``metrics``: lists of name, value, milliseconds, step. ``files``:
        ``under``, a folder of the run. ``table``: a table that was read. ``end``: ``status`` and milliseconds.
    entries
        Plain data.
    folder
        Files to keep, for ``files``.
    """

    kind: Kind
    entries: Any
    folder: Path | None = None


def send(client: "MlflowClient", run_id: str, write: Write) -> None:
    """Bring one write to the store, in batches it takes."""
    if write.kind == "files":
        client.log_artifacts(run_id, str(write.folder), write.entries["under"] or None)
    elif write.kind == "table":
        client.log_inputs(run_id, [_table(write.entries)])
    elif write.kind == "end":
        client.set_terminated(run_id, write.entries["status"], write.entries["when"])
    else:
        made, size = _made(write), _BATCH[write.kind]
        for start in range(0, len(made), size):
            batch: dict[str, Any] = {write.kind: made[start : start + size]}
            client.log_batch(run_id, synchronous=True, **batch)


def _made(write: Write) -> list[Any]:
    from mlflow.entities import Metric, Param, RunTag

    if write.kind == "metrics":
        return [Metric(name, value, when, step) for name, value, when, step in write.entries]
    entity = Param if write.kind == "params" else RunTag
    return [entity(name, text) for name, text in write.entries.items()]


def _table(entries: Mapping[str, Any]) -> Any:  # noqa: ANN401  # mlflow is imported late
    from mlflow.entities import Dataset, DatasetInput, InputTag

    told = dict(entries)
    tags = [InputTag(name, text) for name, text in told.pop("tags").items()]
    return DatasetInput(Dataset(**told), tags)
