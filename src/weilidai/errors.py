"""Every failure a user can meet, as one class per exit code.

An error says what is wrong, where, and how to mend it; the command line prints exactly that and leaves
the traceback to ``--debug``. It never carries a person's values.
"""

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import ClassVar, Final

MOST_NAMED: Final = 20
"""Known words listed when none is near."""


class WeilidaiError(Exception):
    """A failure with a place and a cure.

    Parameters
    ----------
    what
        What is wrong, one sentence.
    where
        File and line, key, column or row count; empty when there is no better place than the sentence.
    cure
        What the reader can do about it.
    """

    exit_code: ClassVar[int] = 1
    code: ClassVar[str] = "error"

    def __init__(self, what: str, *, where: str = "", cure: str = "") -> None:
        super().__init__(what, where, cure)
        self.what = what
        self.where = where
        self.cure = cure

    def __reduce__(self) -> tuple[Callable[..., "WeilidaiError"], tuple[object, ...]]:
        return _again, (type(self), self.what, self.where, self.cure)  # as it comes back from another process

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        cure = f"\n  {self.cure}" if self.cure else ""
        return f"{place}{self.what}{cure}"


class ConfigError(WeilidaiError):
    """A setting, a fact file or an argument that cannot be meant."""

    exit_code = 2
    code = "config"


class DataError(WeilidaiError):
    """A table that breaks the column contract."""

    exit_code = 3
    code = "data"


class ModelError(WeilidaiError):
    """A saved model that is not what it says it is."""

    exit_code = 4
    code = "model"


class StoreError(WeilidaiError):
    """The tracking store or registry cannot answer."""

    exit_code = 5
    code = "store"


class StoreSilentError(StoreError):
    """The store does not answer now, and may again: it is locked, down, or broke off in the middle."""

    is_locked: bool = False
    """Whether another program holds it, which passes."""


class ResourceError(WeilidaiError):
    """Disk, memory or an output place is not to be had."""

    exit_code = 6
    code = "resources"


class GateError(WeilidaiError):
    """A gate refused, after its report was written."""

    exit_code = 7
    code = "gate"


def _again(kind: type[WeilidaiError], what: str, where: str, cure: str) -> WeilidaiError:
    return kind(what, where=where, cure=cure)


def suggest(word: str, known: Iterable[str]) -> str:
    """Say which known word was probably meant.

    Examples
    --------
    >>> suggest("num_leafs", ["num_leaves", "max_bin"])
    "did you mean 'num_leaves'?"
    """
    choices = sorted(known)
    near = get_close_matches(word, choices, n=1, cutoff=0.6)
    if near:
        return f"did you mean '{near[0]}'?"
    return "known: " + ", ".join(choices[:MOST_NAMED]) + (", ..." if len(choices) > MOST_NAMED else "")
