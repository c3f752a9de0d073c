"""A study that remembers its trials in a file of its own, so that a stopped search goes on."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from weilidai.errors import ConfigError, ResourceError
from weilidai.models.boosting import OnIteration
from weilidai.models.settings import TreeSettings
from weilidai.models.tuning.settings import SearchSettings
from weilidai.models.tuning.space import propose, values_of
from weilidai.places import as_typed, data_dir

if TYPE_CHECKING:
    from optuna import Study, Trial

FINGERPRINT: Final = "fingerprint"


@dataclass(frozen=True)
class TrialRow:
    """What became of one trial."""

    number: int
    state: str
    """``complete``, ``pruned`` or ``fail``."""
    loss: float | None
    """Loss on people set aside; of a pruned trial the last one seen, on the people who decide when to stop."""
    values: Mapping[str, float]


def study_file(settings: SearchSettings) -> Path:
    """Where the study keeps its trials."""
    folder = as_typed(settings.folder) if settings.folder else data_dir() / "generated" / "search"
    return folder / f"{settings.name}.journal"


def open_study(settings: SearchSettings, defaults: TreeSettings, fingerprint: str) -> "Study":
    """Open or begin the study; a new one tries the defaults first, a stopped one closes what it left open.

    Parameters
    ----------
    settings
        Name, sampler, space.
    defaults
        Settings the search starts from.
    fingerprint
        Digest of everything that makes trials comparable; a study never mixes two.

    Raises
    ------
    ConfigError
        The study of that name was made for other people, another space or other settings.
    ResourceError
        Its file cannot be written.
    """
    import optuna
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    file = study_file(settings)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        storage = JournalStorage(JournalFileBackend(str(file)))
    except OSError as error:
        raise ResourceError(f"the study cannot be kept ({error.strerror})", where=str(file)) from error
    study = optuna.create_study(
        storage=storage, study_name=settings.name, load_if_exists=True, direction="minimize",
        pruner=optuna.pruners.MedianPruner(settings.warm_up_trials, settings.looks_before_pruning),
    )
    known = study.user_attrs.get(FINGERPRINT)
    if known is None:
        study.set_user_attr(FINGERPRINT, fingerprint)
        study.enqueue_trial(values_of(defaults, settings.space))
    elif known != fingerprint:
        raise ConfigError(
            "the study of that name searched with other people, another space or other settings",
            where=f"search.name {settings.name!r} ({file.name})",
            cure="choose another search.name, or remove the file to begin anew",
        )
    for left in study.get_trials(deepcopy=False, states=[optuna.trial.TrialState.RUNNING]):
        study.tell(left.number, state=optuna.trial.TrialState.FAIL)
    # A resumed sampler must not propose again what its seed proposed first.
    study.sampler = optuna.samplers.TPESampler(
        seed=settings.seed + len(study.trials), n_startup_trials=settings.warm_up_trials
    )
    return study


def watcher(trial: "Trial", settings: SearchSettings, learning_rate: float) -> OnIteration:
    """Make what reports a growing model to the study, and gives it up when it lags behind the median."""
    import optuna

    last = 0

    def look(trees: int, _planned: int, loss: float) -> None:
        nonlocal last
        step = int(trees * learning_rate / (settings.prune_every * settings.prune_at_rate))
        if step > last:
            last = step
            trial.report(loss, step)
            if trial.should_prune():
                raise optuna.TrialPruned

    return look


def proposed(trial: "Trial", settings: SearchSettings, defaults: TreeSettings) -> TreeSettings:
    """Draw the settings of a trial."""
    return propose(trial, settings.space, defaults)


def finished(study: "Study") -> int:
    """Count the trials that ended with a loss or were pruned."""
    return sum(row.state != "fail" for row in rows_of(study))


def rows_of(study: "Study") -> list[TrialRow]:
    """List what became of every trial that ended, in order."""
    return [_row(trial) for trial in study.get_trials(deepcopy=False) if trial.state.is_finished()]


def _row(trial: Any) -> TrialRow:  # noqa: ANN401  # optuna is imported late
    seen = trial.value if trial.value is not None else trial.intermediate_values.get(trial.last_step)
    return TrialRow(trial.number, trial.state.name.lower(), seen, dict(trial.params))
