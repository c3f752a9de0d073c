"""Every move of the champion, in order: what, from, to, which gates, which bundle, when, why.

The log lives in the store, one tag of the registered model per entry, so it survives whatever happens to this
machine's files. The alias is what readers follow, so the alias is the truth: an entry is written before the alias
moves, and where the two disagree afterwards the next move first writes down what became of it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal

from weilidai.errors import StoreError
from weilidai.evaluation.gates import GateResult

if TYPE_CHECKING:
    from mlflow.entities.model_registry import RegisteredModel

Action = Literal["trained", "promoted", "rolled back", "interrupted", "outside"]

ENTRY_TAG: Final = "mlflow.weilidai.champion_log."
"""Beginning of the tags that hold the log; the entry's number follows. MLflow's pages do not list tags of its own
name, which keeps the page of the model readable; `weilidai champions` shows the log."""
CHAMPION: Final = "champion"
INTERRUPTED: Final = "the move before was interrupted before the champion changed"
OUTSIDE: Final = "moved without weilidai; noticed now"


@dataclass(frozen=True)
class Entry:
    """One move of the champion.

    Parameters
    ----------
    number
        Place in the log, from 1.
    action
        What moved it: a training, a promotion by hand, a rollback; ``interrupted`` takes the entry before back,
        ``outside`` notes a move of somebody else's.
    before, after
        Versions; None where there was or is no champion.
    when
        UTC, ISO 8601.
    why
        One sentence.
    digest
        SHA-256 of the manifest of the new champion's bundle, where it is known.
    gates
        Gate -> whether it was open and what was measured.
    who
        Nobody's name is kept.
    """

    number: int
    action: Action
    before: str | None
    after: str | None
    when: str
    why: str
    digest: str | None = None
    gates: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    who: str = "none"

    @property
    def tag(self) -> str:
        """Key under which the store has it."""
        return f"{ENTRY_TAG}{self.number:06d}"

    def to_json(self) -> str:
        """Write it as one line."""
        return json.dumps(asdict(self), ensure_ascii=False)


@dataclass(frozen=True)
class Move:
    """A change of champion that is wanted, and what speaks for it."""

    action: Action
    after: str
    why: str
    digest: str | None = None
    gates: Sequence[GateResult] = ()


@dataclass(frozen=True)
class Origin:
    """What the log must say of the code and the libraries a model comes from."""

    remark: str = ""
    """Empty when there is one commit, and nothing to say."""
    is_held_back: bool = False
    """Whether nobody committed that code, so that it must not take a champion's place unasked."""
    bar: str = ""
    """What keeps the model from any place as champion, even an empty one; empty when nothing does."""

    def after(self, why: str) -> str:
        """Add the remark to a reason."""
        return f"{why}; {self.remark}" if self.remark else why


@dataclass(frozen=True)
class Reign:
    """A time in which one version was champion."""

    version: str
    since: str
    until: str | None
    """None while it lasts."""
    entry: Entry
    """The move that brought it."""


def read_log(model: "RegisteredModel") -> tuple[Entry, ...]:
    """Read the log of a registered model, oldest entry first.

    Raises
    ------
    StoreError
        An entry cannot be read: somebody else changed it.
    """
    return tuple(_entry(key, text) for key, text in sorted(model.tags.items()) if key.startswith(ENTRY_TAG))


def settled(log: Sequence[Entry], champion: str | None) -> Entry | None:
    """Give the entry that is missing for the log to end at the champion there is; None when it does."""
    last = log[-1] if log else None
    after = last.after if last else None
    if champion == after:
        return None
    is_undone = last is not None and champion == last.before and last.action not in ("interrupted", "outside")
    action: Action = "interrupted" if is_undone else "outside"
    return Entry(len(log) + 1, action, after, champion, now(), INTERRUPTED if is_undone else OUTSIDE)


def next_entry(log: Sequence[Entry], move: Move, before: str | None) -> Entry:
    """Write the entry of a move that is about to happen."""
    gates = {gate.name: {"passed": gate.passed, "metric": gate.metric, "value": gate.value} for gate in move.gates}
    return Entry(len(log) + 1, move.action, before, move.after, now(), move.why, move.digest, gates)


def earlier_champions(log: Sequence[Entry]) -> tuple[str, ...]:
    """Give the versions a rollback leads through, the present champion last; who was rolled back from is left out."""
    stacks: list[tuple[str, ...]] = [()]
    for entry in log:
        stacks.append(_stack_after(stacks, entry))
    return stacks[-1]


def reigns(log: Sequence[Entry]) -> tuple[Reign, ...]:
    """Say who was champion when, the first one first; a move that was interrupted never counted."""
    kept: list[Entry] = []
    for entry in log:
        if entry.action == "interrupted" and kept:
            kept.pop()
        else:
            kept.append(entry)
    ends = [entry.when for entry in kept[1:]]
    return tuple(
        Reign(entry.after, entry.when, until, entry)
        for entry, until in zip(kept, [*ends, None], strict=bool(kept))
        if entry.after is not None
    )


def now() -> str:
    """Tell the time for the log."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _stack_after(stacks: Sequence[tuple[str, ...]], entry: Entry) -> tuple[str, ...]:
    stack = stacks[-1]
    if entry.action == "interrupted":
        return stacks[-2] if len(stacks) > 1 else ()
    if entry.after is None:
        return ()
    if entry.action == "rolled back" and entry.after in stack:
        return stack[: stack.index(entry.after) + 1]
    return (*(version for version in stack if version != entry.after), entry.after)


def _entry(key: str, text: str) -> Entry:
    try:
        entry = Entry(**json.loads(text))
        return replace(entry, number=int(key.removeprefix(ENTRY_TAG)))
    except (ValueError, TypeError) as error:
        raise StoreError(
            "an entry of the champion log cannot be read", where=key,
            cure="somebody changed it by hand; bring back a copy of the store",
        ) from error
