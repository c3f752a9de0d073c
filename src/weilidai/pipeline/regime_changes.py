"""What differs between two regimes for the invitation, change by change, and which documented rule or policy did it.

Numbers that only make sense together are one change: column, comparison and bar of a rule; a dimension's scale
and the centres of the factors it scales. A change names the facts that its regime file reads it from, cites as
its reason, or is matched to.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from weilidai.columns import NEEDS
from weilidai.facts import Book
from weilidai.matching.overlay import Change
from weilidai.matching.regimes import TENURE, Regime
from weilidai.parameters import Parameters

Kind = Literal["rule", "general_level", "weight", "term", "centre", "tenure"]

RULES: Final = "lender.eligibility.rules"
SCORE: Final = "lender.eligibility.prequalification"
INVITATION: Final = "lender.invitation"
INTERCEPT: Final = f"{INVITATION}.intercept"
SCALES: Final = f"{INVITATION}.scales"
TERMS: Final = f"{INVITATION}.terms"
NEUTRAL: Final = f"{INVITATION}.neutral"
CENTRES: Final = f"{INVITATION}.centres"
PEOPLE: Final = "population"
PARTS: Final = (f"{RULES}.", f"{SCORE}.", f"{INVITATION}.", f"{PEOPLE}.")
"""What the chance of an invitation depends on."""
_LEVEL_MOMENTS: Final = ("invited_share", "lending_volume")
"""Moments that the general level of the log-odds is found by."""
_TERM: Final = re.compile(rf"{re.escape(TERMS)}\.\w+\.factor")
_CITED: Final = re.compile(r"\bD\d\.\d\.\w+")


@dataclass(frozen=True)
class RegimeChange:
    """One thing that a regime does differently, with the numbers that move together.

    Parameters
    ----------
    name
        As in ``rule.inquiries``, ``weight.assets``, ``term.user_kind``, ``general_level`` or ``tenure``.
    kind
        What sort of change it is; that of its first member when several cannot be told apart.
    subjects
        What is changed: rules, dimensions, terms.
    paths
        Stored numbers that differ.
    facts
        Facts behind the change under the second regime.
    lifted
        Facts behind what the first regime had of its own, which no longer holds.
    """

    name: str
    kind: Kind
    subjects: tuple[str, ...]
    paths: tuple[str, ...]
    facts: tuple[str, ...]
    lifted: tuple[str, ...]


def changes_between(
    before: Parameters, after: Parameters, regimes: tuple[Regime, Regime], book: Book
) -> tuple[RegimeChange, ...]:
    """List what two regimes do differently about the invitation, rules first.

    Parameters
    ----------
    before, after
        Stored numbers of the two regimes.
    regimes
        Their files.
    book
        Where cited facts are looked up.
    """
    groups = _merged(_grouped(before, after), before, after)
    found = [_change(members, paths, ((regimes[0], before), (regimes[1], after)), book) for members, paths in groups]
    return tuple(sorted(found, key=lambda change: change.kind != "rule"))


def _grouped(before: Parameters, after: Parameters) -> dict[str, list[str]]:
    """Gather the differing paths under the names of their changes."""
    groups: dict[str, list[str]] = {}
    for path in dict.fromkeys((*before.numbers, *after.numbers)):
        if path.startswith(PARTS) and _value(before, path) != _value(after, path):
            groups.setdefault(_name(path), []).append(path)
    return groups


def _value(parameters: Parameters, path: str) -> Any:  # noqa: ANN401  # any leaf
    number = parameters.numbers.get(path)
    return None if number is None else number.value


def _name(path: str) -> str:
    if path == INTERCEPT:
        return "general_level"
    if path.startswith(f"{PEOPLE}."):
        return "tenure"
    if path.startswith(f"{SCORE}."):
        return "rule.prequalification"
    for kind, group in (("rule", RULES), ("weight", SCALES), ("term", TERMS), ("term", NEUTRAL), ("centre", CENTRES)):
        if path.startswith(f"{group}."):
            return f"{kind}.{path.removeprefix(f'{group}.').split('.')[0]}"
    return f"term.{path.removeprefix(f'{INVITATION}.')}"


def _merged(
    groups: Mapping[str, list[str]], before: Parameters, after: Parameters
) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Put each centre to the change that moved it; changes that share a centre cannot be told apart."""
    members = {name: {name} for name in groups}
    for name in groups:
        if name.startswith("centre."):
            movers = [one for one in _movers(name.removeprefix("centre."), before, after) if one in groups]
            together = set().union(members[name], *(members[one] for one in movers))
            members |= dict.fromkeys(together, together)
    whole = dict.fromkeys(tuple(name for name in groups if name in one) for one in members.values())
    return [
        (_named(names), tuple(path for name in names for path in groups[name])) for names in whole
    ]


def _named(names: tuple[str, ...]) -> tuple[str, ...]:
    """Name a change by what moves; centres alone name it when nothing else does."""
    return tuple(name for name in names if not name.startswith("centre.")) or names


def _movers(factor: str, *parameters: Parameters) -> Iterator[str]:
    """Name the changes that can move a factor's centre: its terms, and the scales they are on.

    What a missing column counts stands with the factor of the column that makes it missing, so a term counts
    for both.
    """
    for one in parameters:
        terms = [path.removesuffix(".factor") for path in one.numbers if _TERM.fullmatch(path)]
        factor_of = {_value(one, f"{term}.column"): _value(one, f"{term}.factor") for term in terms}
        for term in terms:
            own, column = _value(one, f"{term}.factor"), _value(one, f"{term}.column")
            if factor in (own, factor_of.get(NEEDS.get(column, ""))):
                yield f"term.{term.removeprefix(f'{TERMS}.')}"
                yield f"weight.{_value(one, f'{term}.scale')}"


def _change(
    names: tuple[str, ...], paths: tuple[str, ...], sides: Iterable[tuple[Regime, Parameters]], book: Book
) -> RegimeChange:
    subjects = tuple(name.partition(".")[2] or name for name in names)
    kind: Any = names[0].partition(".")[0]
    lifted, facts = (tuple(_facts(regime, numbers, paths, book)) for regime, numbers in sides)
    return RegimeChange("+".join(names), kind, subjects, paths, facts, tuple(f for f in lifted if f not in facts))


def _facts(regime: Regime, numbers: Parameters, paths: tuple[str, ...], book: Book) -> Iterator[str]:
    """Name the facts behind a regime's numbers at these paths, each once; a rule cites its own first."""
    cited = [str(_value(numbers, path)) for path in paths if path.startswith(f"{RULES}.") and path.endswith(".fact")]
    dated = regime.calendar[:1] if TENURE in paths else ()  # how long a product can have been used follows the year
    found = [*cited, *_of_changes(regime.changes, paths), *_of_targets(regime, paths), *dated]
    yield from (name for name in dict.fromkeys(found) if name in book.facts)


def _of_changes(changes: Iterable[Change], paths: tuple[str, ...]) -> Iterator[str]:
    for change in changes:
        if any(path == change.path or path.startswith(f"{change.path}.") for path in paths):
            own = change.value.get("fact") if isinstance(change.value, Mapping) else change.value
            yield from (name for name in (change.fact, own) if isinstance(name, str))
            yield from _CITED.findall(change.why)


def _of_targets(regime: Regime, paths: tuple[str, ...]) -> Iterator[str]:
    for path in paths:
        moments = _LEVEL_MOMENTS if path == INTERCEPT else (f"assessment_share.{path.removeprefix(f'{SCALES}.')}",)
        for target in regime.steering:
            if path in regime.free and target.moment in moments:
                yield from _CITED.findall(target.why)
                yield target.fact
