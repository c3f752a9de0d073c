"""Who is champion: moved through gates, under a lock, into a log, and back again."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from weilidai.errors import StoreError
from weilidai.evaluation.gates import require_gates
from weilidai.tracking.promotion_log import (
    CHAMPION,
    Entry,
    Move,
    earlier_champions,
    next_entry,
    read_log,
    reigns,
    settled,
)
from weilidai.tracking.settings import TrackingSettings
from weilidai.tracking.store import Store, answering, open_store
from weilidai.tracking.versions import known_model, known_version

if TYPE_CHECKING:
    from mlflow.entities.model_registry import RegisteredModel

CHALLENGER: Final = "challenger"
WHY_TAG: Final = "weilidai.alias_because"


@dataclass(frozen=True)
class Registered:
    """A version of the registered model and the alias it got."""

    name: str
    version: str
    alias: str
    why: str
    """One sentence: why it is champion or challenger."""

    @property
    def uri(self) -> str:
        """Address by alias."""
        return f"models:/{self.name}@{self.alias}"

    @property
    def version_uri(self) -> str:
        """Address by version, which never means another model."""
        return f"models:/{self.name}/{self.version}"


@dataclass(frozen=True)
class Standing:
    """Who is champion and challenger, and every move that led there."""

    model: str
    champion: str | None
    challenger: str | None
    log: tuple[Entry, ...]
    """Oldest first; the last one may be about to be written, when somebody else moved the alias."""
    seen: int
    """Entries that the store has; what a later move is held against."""

    @property
    def before(self) -> str | None:
        """The version a rollback leads to."""
        line = earlier_champions(self.log)
        return line[-2] if len(line) > 1 else None


def standing(settings: TrackingSettings) -> Standing:
    """Tell who is champion and challenger, and how it came to that; nothing is changed.

    Raises
    ------
    StoreError
        There is no store or no such model yet, or it does not answer.
    """
    store = open_store(settings, create=False)
    with answering(store.uri):
        return _standing(known_model(store))


def promote(settings: TrackingSettings, move: Move, seen: int) -> Registered:
    """Make a version champion whose gates were checked; two at once: one wins, the other is told.

    Parameters
    ----------
    settings
        The store and the name of the model.
    move
        The version, its gates as they were checked just now, and why.
    seen
        Length of the log when the checking began.

    Raises
    ------
    GateError
        A gate is closed.
    StoreError
        There is no such version, or the champion changed since.
    """
    require_gates(move.gates)
    return _moved(settings, seen, lambda _now, _store: move)


def rollback(settings: TrackingSettings, seen: int, leaving: str | None = None) -> Registered:
    """Give the alias back to the champion before the present one.

    Parameters
    ----------
    settings
        The store and the name of the model.
    seen
        Length of the log when it was looked at.
    leaving
        Only leave this version: when it is champion no more nothing is done, so that asking twice is harmless.

    Raises
    ------
    StoreError
        There was none, or the champion changed since.
    """

    def back(now: Standing, store: Store) -> Move:
        version = now.before
        if now.champion is None:
            raise StoreError("there is no champion to leave", where=f"models:/{settings.registered_model}")
        if leaving is not None and leaving != now.champion:
            return Move("rolled back", now.champion, f"version {leaving} is champion no more; nothing is done")
        if version is None:
            raise StoreError("there is no earlier champion", where=f"models:/{settings.registered_model}@{CHAMPION}")
        known_version(store, version)
        brought = next((r.entry for r in reversed(reigns(now.log)) if r.version == version), None)
        digest = brought.digest if brought else None
        return Move("rolled back", version, f"rolled back from version {now.champion}", digest)

    return _moved(settings, seen, back)


def crown(store: Store, registered: "RegisteredModel", move: Move) -> None:
    """Write the entry, then move the alias, so that a crash between the two leaves the old champion; under the lock."""
    client, name = store.client, registered.name
    log, champion = list(read_log(registered)), _champion_of(registered)
    if missing := settled(log, champion):
        client.set_registered_model_tag(name, missing.tag, missing.to_json())
        log.append(missing)
    entry = next_entry(log, move, champion)
    client.set_registered_model_tag(name, entry.tag, entry.to_json())
    client.set_registered_model_alias(name, CHAMPION, move.after)
    client.set_model_version_tag(name, move.after, WHY_TAG, move.why)
    if str(registered.aliases.get(CHALLENGER)) == move.after:
        client.delete_registered_model_alias(name, CHALLENGER)


def challenge(store: Store, name: str, version: str, why: str) -> None:
    """Make a version the challenger; under the lock."""
    store.client.set_model_version_tag(name, version, WHY_TAG, why)
    store.client.set_registered_model_alias(name, CHALLENGER, version)


def _moved(settings: TrackingSettings, seen: int, decide: Callable[[Standing, Store], Move]) -> Registered:
    store = open_store(settings, create=False)
    with store.alone("registry"), answering(store.uri):
        registered = known_model(store)
        now = _standing(registered)
        if now.seen != seen:
            raise StoreError(
                f"the champion was moved meanwhile: {now.log[-1].why}", where=f"models:/{registered.name}@{CHAMPION}",
                cure="look at `weilidai champions`, and ask again if it is still wanted",
            )
        move = decide(now, store)
        known_version(store, move.after)
        if move.after != now.champion:
            crown(store, registered, move)
        elif move.action == "promoted":
            move = replace(move, why="it was champion already")
    return Registered(registered.name, move.after, CHAMPION, move.why)


def _standing(registered: "RegisteredModel") -> Standing:
    log, champion = read_log(registered), _champion_of(registered)
    missing = settled(log, champion)
    challenger = registered.aliases.get(CHALLENGER)
    whole = (*log, missing) if missing else log
    return Standing(registered.name, champion, None if challenger is None else str(challenger), whole, len(log))


def _champion_of(registered: "RegisteredModel") -> str | None:
    version = registered.aliases.get(CHAMPION)
    return None if version is None else str(version)
