"""Bringing into the store what trainings left beside it while it did not answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from weilidai.errors import ModelError, WeilidaiError
from weilidai.evaluation.gates import GateResult, check_gates
from weilidai.evaluation.settings import EvaluationSettings
from weilidai.models.bundle import load_bundle
from weilidai.pipeline.birth import origin_of
from weilidai.pipeline.run_labels import readings_in_words
from weilidai.progress import Progress
from weilidai.tracking.alive import SILENT_SECONDS
from weilidai.tracking.promotion_log import Origin
from weilidai.tracking.settings import TrackingSettings
from weilidai.tracking.spool import Spooled, looked_through
from weilidai.tracking.uploading import belongs, upload

_SEALED: Final = ("facts_digest", "parameters_digest", "mapping_digest", "regime", "source")
"""Entries of a birth certificate that its run has as tags."""
_SAME: Final = 1e-9
"""A figure may lose its last digits on the way through a store."""

_RUNNING: Final = f"is still running; if its machine is gone, ask again in {SILENT_SECONDS / 60:g} minutes"


@dataclass(frozen=True)
class Synced:
    """What became of one spooled run."""

    name: str
    folder: str
    is_done: bool
    is_wrong: bool
    says: str


def sync(tracking: TrackingSettings, progress: Progress) -> list[Synced]:
    """Upload every spooled run of the store, the oldest first; what fails stays and does not hold up the others."""
    readable, broken = looked_through(tracking)
    outcomes = [Synced("a spooled run", error.where, is_done=False, is_wrong=True, says=str(error)) for error in broken]
    for one in readable:
        with progress.stage(f"uploading {one.begun.name}"):
            outcomes.append(_synced(tracking, one))
    return outcomes


def agreeing_figures(certificate: Mapping[str, object], logged: Mapping[str, float], where: str) -> dict[str, float]:
    """Give the figures the gates look at, and see that run and sealed model tell the same.

    Raises
    ------
    ModelError
        Somebody changed one of the two.
    """
    sealed: Mapping[str, float] = certificate.get("metrics", {})  # type: ignore[assignment]  # a certificate is JSON
    off = [name for name, value in sealed.items()
           if name in logged and abs(logged[name] - value) > _SAME * max(1.0, abs(value))]  # fmt: skip
    if off:
        raise ModelError(
            f"{len(off)} figures of the run are not those sealed in its model: {', '.join(sorted(off)[:5])}",
            where=where, cure="somebody changed the run; train again",
        )
    return {**logged, **sealed}


def require_agreeing_tags(certificate: Mapping[str, Any], tags: Mapping[str, str], where: str) -> None:
    """See that a run says of its people what is sealed in its model: by its tags it is held against the champion.

    Raises
    ------
    ModelError
        Somebody changed one of the two.
    """
    made = {name: str(certificate[name]) for name in _SEALED if name in certificate}
    if "regime" in made and (data := certificate.get("settings", {}).get("data")):
        made |= {"policy": data["policy"], "readings": readings_in_words(data["readings"])}
    off = sorted(name for name, value in made.items() if tags.get(name) != value)
    if off:
        raise ModelError(
            f"{len(off)} tags of the run are not those sealed in its model: {', '.join(off)}", where=where,
            cure="somebody changed the run; train again",
        )


def _synced(tracking: TrackingSettings, one: Spooled) -> Synced:
    name, folder = one.begun.name, str(one.folder)
    if not belongs(tracking, one):
        cure = f"weilidai doctor --sync --set tracking.uri={one.begun.store}"
        return Synced(name, folder, is_done=False, is_wrong=False, says=f"belongs to another store: {cure}")
    try:
        if one.is_live:
            return Synced(name, folder, is_done=False, is_wrong=False, says=_RUNNING)
        registered = upload(tracking, one, _judge)
    except WeilidaiError as error:
        return Synced(name, folder, is_done=False, is_wrong=True, says=str(error))
    said = "" if registered is None else f"; {registered.version_uri} is {registered.alias}: {registered.why}"
    return Synced(name, folder, is_done=True, is_wrong=False, says=f"uploaded{said}")


def _judge(
    bundle: Path, logged: Mapping[str, float], tags: Mapping[str, str]
) -> tuple[Sequence[GateResult], Origin]:
    """Measure the gates the training was given, on the figures sealed in its model, whatever the folder says."""
    certificate = load_bundle(bundle).birth_certificate
    require_agreeing_tags(certificate, tags, str(bundle))
    settings = EvaluationSettings.model_validate(certificate.get("settings", {}).get("evaluation", {}))
    return check_gates(agreeing_figures(certificate, logged, str(bundle)), settings), origin_of(certificate)
