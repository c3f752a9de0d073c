"""Running a set of experiments one after the other, without doing again what was done with the same settings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from weilidai.config import Configured, load_settings
from weilidai.errors import ConfigError, WeilidaiError
from weilidai.pipeline.run_labels import origin_tags, run_name, run_tags
from weilidai.pipeline.training import train
from weilidai.places import configs_dir
from weilidai.progress import Progress
from weilidai.tracking.listing import RunRow, find_finished, find_run

SHOWN: Final = (
    ("AUC, eligible", "test.invite_eligible.auc"), ("of ceiling", "share_of_ceiling.invite_eligible.auc"),
    ("grant R2", "test.quota.r2"), ("error, yuan", "test.quota.mae_cny"),
)
"""Heading -> metric of the table of experiments."""
_SAME: Final = ("settings_digest", "facts_digest", "parameters_digest")
"""Tags that are equal when a run would come out the same."""

Outcome = Literal["trained", "there already", "failed"]


@dataclass(frozen=True)
class Tried:
    """What became of one experiment."""

    config: Path
    name: str
    outcome: Outcome
    run: RunRow | None
    error: WeilidaiError | None = None

    @property
    def metrics(self) -> Mapping[str, float]:
        """Figures of its run; none when it failed."""
        return self.run.metrics if self.run else {}

    @property
    def people(self) -> str:
        """How many people were made."""
        return self.run.params.get("data.rows", "") if self.run else ""

    @property
    def gates(self) -> str:
        """Whether its gates were open, and which not."""
        return self.run.tags.get("gates", "") if self.run else ""


def experiment_files() -> list[Path]:
    """Give the reference and every file of ``configs/experiments``, in the order they are run."""
    return [configs_dir() / "train.yaml", *sorted((configs_dir() / "experiments").glob("*.yaml"))]


def run_experiments(
    files: Sequence[Path], sets: Sequence[str], progress: Progress, *, again: bool = False
) -> list[Tried]:
    """Train from each file; one that fails does not keep the others from being run.

    Parameters
    ----------
    files
        Settings files.
    sets
        Changes to all of them, as typed on the command line.
    progress
        Where to report to.
    again
        Whether to train although a finished run with the same settings, facts and parameters is there.

    Raises
    ------
    ConfigError
        A file cannot be meant, or there is none; nothing is trained then.
    """
    if not files:
        raise ConfigError("there is no experiment to run", where="configs/experiments")
    configured = [load_settings(file, sets) for file in files]
    return [
        _try(number, len(configured), one, progress, again=again) for number, one in enumerate(configured, 1)
    ]


def _try(number: int, total: int, configured: Configured, progress: Progress, *, again: bool) -> Tried:
    name = run_name(configured)
    progress.say(f"[{number} of {total}] {name}")
    try:
        known = None if again else _known(configured)
        if known:
            progress.say(f"  there already, with the same settings, facts and parameters: run {known.id[:8]}")
            return Tried(configured.file, name, "there already", known)
        result = train(configured, progress)
        return Tried(configured.file, name, "trained", find_run(configured.settings.tracking, result.run_id))
    except WeilidaiError as error:
        progress.say(f"  failed: {error}")
        return Tried(configured.file, name, "failed", None, error)


def _known(configured: Configured) -> RunRow | None:
    settings = configured.settings
    tags = run_tags(configured) | origin_tags(settings)
    return find_finished(settings.tracking, {name: tags[name] for name in _SAME})
