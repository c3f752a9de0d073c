"""Whether the entries of the fact files agree with each other.

Each function looks at one kind of entry and gives every problem it finds.
"""

from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Final

from weilidai.columns import CATALOGUE
from weilidai.errors import suggest
from weilidai.facts.actions import Action, LeftOut, Passing, Until, action_faults, passing_faults, until_fault
from weilidai.facts.citing import module_exists, modules, setting_exists
from weilidai.facts.factors import Dimension, FactorEntry, column_faults, mark_fault, unowned_columns
from weilidai.facts.gathering import FACTORS_FILE, Gathered, Placed
from weilidai.facts.problems import Problem, problem_at
from weilidai.facts.schema import (
    AIMED_ROLES,
    SINGLE,
    Assumption,
    Conflict,
    DocumentHeader,
    Fact,
    Prior,
    Term,
    Untested,
)
from weilidai.plain_yaml import KeyPath

_PLAUSIBLE: Final[Mapping[str, tuple[float, float]]] = {
    "share": (0, 1),
    "weight": (0, 1),
    "points": (-1, 1),
    "share_change": (-1, 10),
    "daily_rate": (0, 0.01),
    "monthly_rate": (0, 0.1),
    "annual_rate": (0, 1),
    "day_of_month": (1, 31),
    "year": (1900, 2100),
    "year_month": (1900, 2100),
    "year_quarter": (1900, 2100),
}
"""Unit -> values that can be meant; outside, a percentage was typed without turning it into a fraction."""


def all_problems(found: Gathered) -> list[Problem]:
    """Give everything wrong in a gathered folder: unreadable entries first, then disagreements."""
    facts = found.facts()
    known = Known(facts, found)
    return [
        *found.problems,
        *_twice(found),
        *_documents(found),
        *chain.from_iterable(_in_fact(placed, known) for placed in found.of(Fact)),
        *chain.from_iterable(_in_conflict(placed, known) for placed in found.of(Conflict)),
        *chain.from_iterable(_in_register(placed, known) for placed in found.of(Untested)),
        *chain.from_iterable(_in_term(placed, known) for placed in found.of(Term)),
        *chain.from_iterable(_in_factor(placed, known) for placed in found.of(FactorEntry)),
        *chain.from_iterable(_in_assumption(placed, known) for placed in found.of(Assumption)),
        *_actions(found, known),
        *_columns(found),
        *_parameters(found),
    ]


class Known:
    """The ids that may be referred to; one that is there but malformed is not a second problem."""

    def __init__(self, facts: Mapping[str, Fact], found: Gathered) -> None:
        self.facts = facts
        self.factors = [placed.item.id for placed in found.of(FactorEntry)]
        self.dimensions = [placed.item.id for placed in found.of(Dimension)]
        self.malformed = found.malformed_ids

    def fault(self, kind: str, name: str) -> str | None:
        """Say that a fact, factor or dimension does not exist, with the nearest that does; None when it does."""
        names = {"fact": self.facts, "factor": self.factors, "dimension": self.dimensions}[kind]
        if name in names or name in self.malformed:
            return None
        return f"unknown {kind} '{name}', {suggest(name, names)}"


def _twice(found: Gathered) -> Iterator[Problem]:
    for model in (Fact, Conflict, Assumption, Dimension, FactorEntry, Term, Action):
        first: dict[str, str] = {}
        for placed in found.entries[model]:
            name = placed.item.id
            if name in first:
                yield placed.problem(f"id '{name}' was given before, at {first[name]}", "id")
            first.setdefault(name, placed.place)


def _documents(found: Gathered) -> Iterator[Problem]:
    for header in found.of(DocumentHeader):
        document = header.item.document
        if header.file.path.stem != document:
            yield header.problem(f"document {document} belongs in {document}.yaml", "document")
    for placed in found.of(Fact):
        fact = placed.item
        if fact.document != placed.file.path.stem:
            yield placed.problem(f"'{fact.id}' belongs in {fact.document}.yaml", "id")
        if str(fact.section) != fact.id.split(".")[1]:
            yield placed.problem(f"section {fact.section} does not agree with the id '{fact.id}'", "section")


def _in_fact(placed: Placed[Fact], known: Known) -> Iterator[Problem]:
    fact = placed.item
    if fact.role == "context" and fact.why is None:
        yield placed.problem(f"'{fact.id}' has the role context; say why nothing follows it", "role")
    if fact.factor is not None and (fault := known.fault("factor", fact.factor)):
        yield placed.problem(fault, "factor")
    yield from _values(placed)
    yield from _uses(placed)


def _values(placed: Placed[Fact]) -> Iterator[Problem]:
    fact, unit = placed.item, placed.item.unit
    if fact.kind == "range" and (len(fact.values), list(fact.values)) != (2, sorted(fact.values)):
        yield placed.problem("a range has two values, low before high", "values")
    if not fact.values and unit != "none":
        yield placed.problem(f"unit {unit}, but there is no value; the unit is then none", "unit")
    low, high = _PLAUSIBLE.get(unit, (float("-inf"), float("inf")))
    for number, value in enumerate(fact.values):
        if not low <= value <= high:
            what = f"{value:g} is no {unit}: it lies outside {low:g} to {high:g}; 45 % is written 0.45"
            yield placed.problem(what, "values", number)


def _uses(placed: Placed[Fact]) -> Iterator[Problem]:
    fact = placed.item
    if fact.targets and fact.role not in AIMED_ROLES:
        roles = ", ".join(AIMED_ROLES)
        yield placed.problem(f"'{fact.id}' has targets, so its role is one of {roles}, not {fact.role}", "targets")
    for number, spec in enumerate(fact.targets):
        if spec.wanted is None and spec.value_index >= len(fact.values):
            yield placed.problem(f"'{fact.id}' has no value number {spec.value_index}", "targets", number)
    for number, sets in enumerate(fact.sets):
        if (sets.value_index or 0) >= len(fact.values):
            yield placed.problem(f"'{fact.id}' has no value number {sets.value_index or 0}", "sets", number)
    for number, name in enumerate(fact.obeyed_by):
        if name not in CATALOGUE and not module_exists(name) and not setting_exists(name):
            what = f"no column, module or setting is called '{name}', {suggest(name, (*CATALOGUE, *modules()))}"
            yield placed.problem(what, "obeyed_by", number)


def _in_conflict(placed: Placed[Conflict], known: Known) -> Iterator[Problem]:
    for number, name in enumerate(placed.item.facts):
        if fault := known.fault("fact", name):
            yield placed.problem(fault, "facts", number)


def _in_register(placed: Placed[Untested], known: Known) -> Iterator[Problem]:
    name = placed.item.fact
    if fault := known.fault("fact", name):
        yield placed.problem(fault, "fact")
    elif name in known.facts and (known.facts[name].targets or not known.facts[name].is_testable):
        yield placed.problem(f"'{name}' is not an untested fact any more; take it off the register", "fact")


def _in_term(placed: Placed[Term], known: Known) -> Iterator[Problem]:
    for number, name in enumerate(placed.item.facts):
        if fault := known.fault("fact", name):
            yield placed.problem(fault, "facts", number)


def _in_factor(placed: Placed[FactorEntry], known: Known) -> Iterator[Problem]:
    if fault := known.fault("dimension", placed.item.dimension):
        yield placed.problem(fault, "dimension")
    for number, mark in enumerate(placed.item.marks):
        fault = known.fault("fact", mark.fact)
        if fault is None and mark.fact in known.facts:
            fault = mark_fault(mark, placed.item.columns, known.facts[mark.fact])
        if fault:
            yield placed.problem(fault, "marks", number)


def _actions(found: Gathered, known: Known) -> Iterator[Problem]:
    factors = [placed.item for placed in found.of(FactorEntry)]
    owners = {column: factor.id for factor in factors for column in factor.columns}
    protected = {factor.id: factor.is_protected for factor in factors}
    open_to_action = {factor.id: factor.is_actionable and not factor.is_protected for factor in factors}
    for placed in found.of(Action):
        yield from (placed.problem(fault) for fault in action_faults(placed.item, owners, open_to_action))
    for timed in found.of(Passing):
        yield from (timed.problem(fault) for fault in passing_faults(timed.item, owners, protected))
    cited: list[Placed[Action] | Placed[Passing]] = [*found.of(Action), *found.of(Passing)]
    for one in cited:
        for number, name in enumerate(one.item.facts):
            if fault := known.fault("fact", name):
                yield one.problem(fault, "facts", number)
    for ended in found.of(Until):
        if fault := until_fault(ended.item):
            yield ended.problem(fault, "level")
    for left in found.of(LeftOut):
        if fault := known.fault("factor", left.item.factor):
            yield left.problem(fault, "factor")


def _columns(found: Gathered) -> Iterator[Problem]:
    entries = {placed.item.id: placed for placed in found.of(FactorEntry)}
    for factor, column, fault in column_faults(placed.item for placed in entries.values()):
        yield entries[factor].problem(fault, "columns", column)
    # A factor that could not be read may own the column that seems to have none.
    if entries and not any(Path(problem.path).name == FACTORS_FILE for problem in found.problems):
        file = next(iter(entries.values())).file
        for column in unowned_columns(placed.item for placed in entries.values()):
            yield problem_at(file, ("factors",), f"feature column '{column}' belongs to no factor")


def _in_assumption(placed: Placed[Assumption], known: Known) -> Iterator[Problem]:
    assumption = placed.item
    leaves = {path.removeprefix(assumption.path).lstrip(".") or SINGLE: value for path, value in assumption.leaves()}
    for leaf, prior in assumption.free.items():
        if fault := _free_fault(leaf, prior, leaves):
            yield placed.problem(f"free: {fault}", "free", leaf)
    for leaf, value in leaves.items():
        kind = leaf.rsplit(".", 1)[-1]
        if kind in ("fact", "factor") and (fault := known.fault(kind, str(value))):
            yield placed.problem(fault, "values", *leaf.split("."))


def _free_fault(leaf: str, prior: Prior, leaves: Mapping[str, object]) -> str | None:
    if leaf not in leaves:
        return f"'{leaf}' is not one of the values, {suggest(leaf, leaves)}"
    value = leaves[leaf]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"'{leaf}' is not a number"
    start = value if prior.start is None else prior.start
    is_ordered = prior.low < prior.high and prior.low <= start <= prior.high
    return None if is_ordered else f"'{leaf}' must hold low <= start <= high and low < high"


def _parameters(found: Gathered) -> Iterator[Problem]:
    given: dict[str, str] = {}
    for placed, path, keys in _fixed_paths(found):
        if path in given:
            yield placed.problem(f"parameter '{path}' is already fixed by {given[path]}", *keys)
        given.setdefault(path, placed.item.id)
    groups = {path[:end] for path in given for end, letter in enumerate(path) if letter == "."}
    for placed, path, keys in _fixed_paths(found):
        if path in groups:
            yield placed.problem(f"'{path}' is a parameter here and a group of parameters elsewhere", *keys)


def _fixed_paths(found: Gathered) -> Iterator[tuple[Placed[Fact] | Placed[Assumption], str, KeyPath]]:
    for documented in found.of(Fact):
        for number, sets in enumerate(documented.item.sets):
            yield documented, sets.path, ("sets", number)
    for assumed in found.of(Assumption):
        start = len(assumed.item.path) + 1
        for path, _ in assumed.item.leaves():
            yield assumed, path, ("values", *filter(None, path[start:].split(".")))
