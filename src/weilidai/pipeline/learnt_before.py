"""Models that were learnt before from the same people in the same way, brought back instead of learnt again."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Protocol, TypeVar

import pandas as pd
from pydantic import BaseModel

from weilidai.cache.settings import CacheSettings
from weilidai.cache.shelf import Shelf
from weilidai.errors import ModelError
from weilidai.models import boosting
from weilidai.models.boosting import Grow
from weilidai.models.features import Features
from weilidai.models.fitting import Fitting
from weilidai.models.invite import InviteModel
from weilidai.models.manifest import dump_json, plain_json
from weilidai.models.quota import QuotaModel
from weilidai.models.rate import RateModel
from weilidai.models.structure import Expected, check_trees, summarise
from weilidai.pipeline.stage_keys import is_code_as_imported, stage_key
from weilidai.progress import Progress
from weilidai.rules import Eligibility, eligibility_to_dict
from weilidai.tracking.datasets import content_digest

REUSED: Final = "stages.reused"
LEARNT: Final = "stages.learnt"
_NONE: Final = "none"
_STATE: Final = "state.json"
_TEXTS: Final = {"invite": ("invite",), "quota": ("quota", "quota_spread"), "rate": ("rate",)}
_MODELS: Final[Mapping[str, type["InviteModel | QuotaModel | RateModel"]]] = {
    "invite": InviteModel, "quota": QuotaModel, "rate": RateModel,
}

M_co = TypeVar("M_co", InviteModel, QuotaModel, RateModel, covariant=True)


class _Learn(Protocol[M_co]):
    def __call__(self, *given: Any) -> M_co: ...  # noqa: ANN401  # tables, features and settings, by place


@dataclass(frozen=True)
class LearntBefore:
    """Learns models, or takes them from the shelf; remembers which.

    Parameters
    ----------
    shelf
        Where learnt models are kept; None learns everything anew and keeps nothing.
    reused, learnt
        What was taken from the shelf, and what was not, in order.
    grow
        What grows the trees of models that are not on the shelf.
    """

    shelf: Shelf | None
    reused: list[str] = field(default_factory=list)
    learnt: list[str] = field(default_factory=list)
    grow: Grow = boosting.grow
    _digests: dict[int, tuple[pd.DataFrame, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: CacheSettings, progress: Progress, grow: Grow = boosting.grow) -> "LearntBefore":
        """Open the shelf that the settings name; trees grown elsewhere than in this process neither fill nor use it.

        The shelf stands for growing anew because that would give the same bytes. Trees that workers grow come out
        otherwise with their number, and from one time to the next, so no key could say which of them is meant.
        """
        is_used = settings.is_used and grow is boosting.grow
        return cls(Shelf(settings.place, settings.most_bytes, progress.say) if is_used else None, grow=grow)

    def fitting(self) -> Fitting:
        """Give a way to learn the models that looks on the shelf first."""
        return self._kept(Fitting.by(self.grow), "")

    def fitting_of_challengers(self) -> Fitting:
        """Give a way to learn the same models as challengers, whose trees always grow in this process."""
        return self._kept(Fitting(), "challenger ")

    @property
    def tags(self) -> dict[str, str]:
        """What was reused and what was learnt, for the run."""
        return {REUSED: _listed(self.reused), LEARNT: _listed(self.learnt)}

    def tell(self, progress: Progress) -> None:
        """Say in one line what was not learnt again."""
        if self.reused:
            progress.say(f"reused, learnt before from the same people with the same settings: {_listed(self.reused)}")

    def _kept(self, own: Fitting, whose: str) -> Fitting:
        return Fitting(
            partial(self._model, "invite", whose, own.invite), partial(self._model, "quota", whose, own.quota),
            partial(self._model, "rate", whose, own.rate),
        )

    def _model(self, stage: str, whose: str, learn: _Learn[M_co], *given: Any) -> M_co:  # noqa: ANN401
        on_iteration = given[-1] if callable(given[-1]) else None
        decisive = given if on_iteration is None else given[:-1]
        root = f"weilidai.models.{stage}"
        if self.shelf is None or not is_code_as_imported(root):
            self.learnt.append(whose + stage)
            return learn(*given)
        key = stage_key(stage, root, *self._decided(decisive))
        found = _read(self.shelf, stage, key)
        if found is not None:
            self.reused.append(whose + stage)
            return found  # type: ignore[return-value]  # a stage's entry holds the stage's model
        model = learn(*given)
        self.learnt.append(whose + stage)
        texts, state = model.to_parts()
        files = {f"{name}.txt": text.encode("utf-8") for name, text in texts.items()}
        if is_code_as_imported(root):  # nobody has edited it meanwhile
            self.shelf.keep(stage, key, {**files, _STATE: dump_json(state)})
        return model

    def _decided(self, given: tuple[Any, ...]) -> tuple[list[str], dict[str, Any]]:
        people = [self._digest(one) for one in given if isinstance(one, pd.DataFrame)]
        return people, {str(place): _plain(one) for place, one in enumerate(given) if not isinstance(one, pd.DataFrame)}

    def _digest(self, people: pd.DataFrame) -> str:
        # The table is kept beside its digest, or another one might come to live at its address.
        if id(people) not in self._digests:
            self._digests[id(people)] = people, content_digest(people)
        return self._digests[id(people)][1]


def _read(shelf: Shelf, stage: str, key: str) -> InviteModel | QuotaModel | RateModel | None:
    files = shelf.find(stage, key, (*(f"{name}.txt" for name in _TEXTS[stage]), _STATE))
    if files is None:
        return None
    try:
        state = plain_json(files[_STATE], shelf.folder)
        features = Features.from_dict(state["features"])
        texts = {name: files[f"{name}.txt"].decode("utf-8") for name in _TEXTS[stage]}
        for text in texts.values():
            check_trees(text, Expected(*summarise(text), features.names, frozenset(features.levels)), stage)
        return _MODELS[stage].from_parts(texts, state)
    except (ModelError, KeyError, TypeError, ValueError):
        shelf.say(f"cache: what was kept of {stage} is no model of this version; it is made anew")
        shelf.drop(stage, key)
        return None


def _plain(choice: object) -> Any:  # noqa: ANN401  # whatever JSON can hold
    if isinstance(choice, BaseModel):
        return choice.model_dump(mode="json")
    if isinstance(choice, Features):
        return choice.to_dict()
    return eligibility_to_dict(choice) if isinstance(choice, Eligibility) else dict(choice)  # type: ignore[call-overload]


def _listed(names: list[str]) -> str:
    counted = Counter(names)
    return ", ".join(name if times == 1 else f"{name} ({times})" for name, times in counted.items()) or _NONE
