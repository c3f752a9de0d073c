"""The studies by name, each with its settings checked before anything is made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from weilidai.config import TrainSettings
from weilidai.errors import ConfigError, suggest
from weilidai.evaluation.study_settings import (
    FairnessSettings,
    LearningCurveSettings,
    ReasonsSettings,
    RecourseSettings,
    SelectiveLabelsSettings,
    StabilitySettings,
)
from weilidai.pipeline.studies.fairness import study_fairness
from weilidai.pipeline.studies.gap import study_gap
from weilidai.pipeline.studies.learning_curve import study_learning_curve
from weilidai.pipeline.studies.outcome import Study
from weilidai.pipeline.studies.reasons import study_reasons
from weilidai.pipeline.studies.recourse import study_recourse
from weilidai.pipeline.studies.selective_labels import study_selective_labels
from weilidai.pipeline.studies.stability import study_stability
from weilidai.progress import Progress


@dataclass(frozen=True)
class _Kind:
    """A study and the class of its own settings."""

    settings: type[BaseModel]
    make: Callable[[TrainSettings, Any, Progress], Study]


STUDIES: Final[Mapping[str, _Kind]] = {
    "learning_curve": _Kind(LearningCurveSettings, study_learning_curve),
    "stability": _Kind(StabilitySettings, study_stability),
    "fairness": _Kind(FairnessSettings, study_fairness),
    "reasons": _Kind(ReasonsSettings, study_reasons),
    "recourse": _Kind(RecourseSettings, study_recourse),
    "selective_labels": _Kind(SelectiveLabelsSettings, study_selective_labels),
}
"""Studies with settings of their own."""
GAP: Final = "gap"


def run_study(name: str, settings: TrainSettings, given: Mapping[str, Any], progress: Progress) -> Study:
    """Make a study.

    Parameters
    ----------
    name
        ``gap`` or one of ``STUDIES``.
    settings
        Settings of a training.
    given
        The study's own settings that differ from their defaults; None leaves one as it is. ``gap`` knows ``rows``.
    progress
        Where to report to.

    Raises
    ------
    ConfigError
        The study does not exist, or a setting is unknown or out of range.
    """
    chosen = {key: value for key, value in given.items() if value is not None}
    if name == GAP:
        data = settings.data.model_copy(update=chosen)
        return study_gap(settings.model_copy(update={"data": data}), progress)
    if name not in STUDIES:
        raise ConfigError(f"no study is called {name!r}", where="study", cure=suggest(name, [GAP, *STUDIES]))
    kind = STUDIES[name]
    try:
        own = kind.settings(**chosen)
    except ValidationError as error:
        found = error.errors()[0]
        raise ConfigError(str(found["msg"]), where=f"{name}.{'.'.join(map(str, found['loc']))}") from error
    return kind.make(settings, own, progress)
