"""Moving the champion by hand: everything that could speak against it is looked at first."""

from collections.abc import Mapping
from typing import Any

from weilidai.errors import GateError, ModelError, StoreError
from weilidai.evaluation.gates import check_gates
from weilidai.evaluation.settings import EvaluationSettings
from weilidai.inference.age import LEARNT_FROM, months_between
from weilidai.inference.loading import load_model
from weilidai.pipeline.birth import origin_of
from weilidai.pipeline.syncing import agreeing_figures
from weilidai.progress import Progress
from weilidai.tracking import champion
from weilidai.tracking.champion import Registered, Standing
from weilidai.tracking.promotion_log import Move, Origin, Reign, reigns
from weilidai.tracking.settings import TrackingSettings
from weilidai.tracking.versions import PASSED, Candidate, find_version

__all__ = ["Registered", "promote", "roll_back", "who_was_live"]


def promote(
    tracking: TrackingSettings,
    evaluation: EvaluationSettings,
    model: str,
    progress: Progress,
    *,
    allow_dirty: bool = False,
) -> Registered:
    """Make a version champion by hand, through the gates.

    The gates have to have been open when the model was trained, and have to be open as the settings have them now,
    on the figures sealed inside the model. The bundle is opened whole: digests, structure, known answers.

    Parameters
    ----------
    tracking
        The store and the name of the model.
    evaluation
        The gates.
    model
        A version number, an alias, ``models:/name/3``, ``models:/name@challenger`` or ``runs:/id/model``.
    progress
        Where to report to.
    allow_dirty
        Promote although the code or settings files it was trained with were not committed; the log says so.

    Raises
    ------
    GateError
        A gate is or was closed; the model was made, or would be promoted, with untested library versions; it was
        trained from what nobody committed; or it learnt from much older people than the champion.
    ModelError
        The bundle is not what was registered, or its figures are not those of its run.
    StoreError
        There is no such version, or the champion was moved while this was looked at.
    """
    seen = champion.standing(tracking)
    asked = find_version(tracking, model)
    _require_open_then(asked)
    with progress.stage("opening the model"):
        certificate = load_model(asked.uri, tracking_uri=tracking.resolved_uri).birth_certificate
    origin = origin_of(certificate, allow_dirty=allow_dirty)
    _require_tested(asked, origin)
    _require_committed(asked, origin)
    if evaluation.age.refuse_after_months is not None:
        _require_young(asked, certificate, _learnt_from(seen.champion, tracking), evaluation.age.refuse_after_months)
    gates = check_gates(agreeing_figures(certificate, asked.metrics, asked.uri), evaluation)
    move = Move("promoted", asked.version, origin.after(_why(asked, seen, tracking)), asked.digest, gates)
    return champion.promote(tracking, move, seen.seen)


def roll_back(tracking: TrackingSettings, leaving: str | None, progress: Progress) -> Registered:
    """Give the alias back to the champion before; its bundle is opened first, so that a broken one is never live.

    Parameters
    ----------
    tracking
        The store and the name of the model.
    leaving
        Only leave this version; asked a second time, nothing happens.
    progress
        Where to report to.

    Raises
    ------
    StoreError
        There is no earlier champion, or the champion was moved while this was looked at.
    ModelError
        The earlier champion's bundle is broken.
    """
    seen = champion.standing(tracking)
    if seen.before is not None and leaving in (None, seen.champion):
        with progress.stage("opening the model"):
            load_model(f"models:/{seen.model}/{seen.before}", tracking_uri=tracking.resolved_uri)
    return champion.rollback(tracking, seen.seen, leaving)


def who_was_live(tracking: TrackingSettings) -> tuple[Standing, tuple[Reign, ...]]:
    """Tell who is champion and challenger, and who was champion when."""
    found = champion.standing(tracking)
    return found, reigns(found.log)


def _require_open_then(asked: Candidate) -> None:
    if asked.gates != PASSED:
        raise GateError(
            f"version {asked.version} cannot become champion: when it was trained, gates {asked.gates}",
            where=asked.model, cure="train a model that passes; the champion stays as it was",
        )


def _require_tested(asked: Candidate, origin: Origin) -> None:
    if origin.bar:
        raise GateError(
            f"version {asked.version} cannot become champion: {origin.bar}", where=asked.model,
            cure="run 'make setup', and train again if need be",
        )


def _require_committed(asked: Candidate, origin: Origin) -> None:
    if origin.is_held_back:
        raise GateError(
            f"version {asked.version} cannot become champion: it was {origin.remark}", where=asked.model,
            cure="commit them and train again, or promote it as it is with --allow-dirty, which the log will say",
        )


def _require_young(
    asked: Candidate, certificate: Mapping[str, Any], reigning: Mapping[str, Any], most_months: int
) -> None:
    newest = certificate.get(LEARNT_FROM, {}).get("newest")
    behind = months_between(newest, reigning.get("newest"))
    if behind is not None and behind > most_months:
        raise GateError(
            f"version {asked.version} cannot become champion: it learnt from people up to {newest}, the champion "
            f"from people {behind} months later, and evaluation.age.refuse_after_months is {most_months}",
            where=asked.model, cure="train on newer people, or raise the limit",
        )


def _learnt_from(version: str | None, tracking: TrackingSettings) -> Mapping[str, Any]:
    """Give the months the champion learnt from, as far as it tells them; a broken one must not stop its successor."""
    if version is None:
        return {}
    try:
        now = load_model(f"models:/{tracking.registered_model}/{version}", tracking_uri=tracking.resolved_uri)
    except (ModelError, StoreError):
        return {}
    told: Mapping[str, Any] = now.birth_certificate.get(LEARNT_FROM, {})
    return told


def _why(asked: Candidate, seen: Standing, tracking: TrackingSettings) -> str:
    if seen.champion in (None, asked.version):
        return "promoted by hand"
    theirs = find_version(tracking, str(seen.champion)).metrics.get(tracking.champion_metric)
    mine = asked.metrics.get(tracking.champion_metric)
    if mine is None or theirs is None:
        return "promoted by hand"
    return f"promoted by hand: {tracking.champion_metric} is {mine:.6g}, version {seen.champion} had {theirs:.6g}"
