"""What one entry of a fact file may say: closed keys, closed words, frozen once read.

These models hold one entry each; whether entries agree with each other is the matter of
:mod:`weilidai.facts.checks`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Final, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from weilidai.errors import suggest
from weilidai.units import UNITS

Kind = Literal[
    "rate", "mean", "share_of_total", "weight", "coefficient", "threshold", "range", "change", "difference",
    "count", "duration", "date", "price", "rule", "direction", "attribute", "event",
]
Role = Literal["fit", "check", "rule", "scenario", "context"]
Mechanism = Literal[
    "prequalification", "prerequisites", "activity_filter", "authorisation", "rollout", "lifecycle",
    "bureau_track", "tencent_track", "pay_score", "four_part_assessment", "application_risk", "invitation",
    "entry_trigger", "journey", "verification", "interception", "account_security", "monitoring", "first_grant",
    "tiered_limit", "pricing", "growth", "reduction", "repayment", "overdue", "products", "take_up", "closing",
    "alternatives", "regime", "policy_calendar", "operations", "economics", "privacy", "none",
]
DocumentId = Literal["D0", "D1", "D2", "D3", "D4"]
Bound = Literal["near", "at_least", "at_most"]
TermGroup = Literal["numbers", "people", "weighing", "learning", "chinese"]

KINDS: Final = get_args(Kind)
ROLES: Final = get_args(Role)
MECHANISMS: Final = get_args(Mechanism)
DOCUMENTS: Final = get_args(DocumentId)
TESTABLE_ROLES: Final = ("fit", "check")
"""Roles of claims about people, each of which needs a target or a reason why none follows it."""
AIMED_ROLES: Final = (*TESTABLE_ROLES, "rule", "scenario")
"""Roles that may have targets; a rule or a scenario is then checked for being obeyed and never steers."""

SINGLE: Final = "value"
"""Leaf name of the only value of an assumption that is a plain number."""

_FACT_ID = re.compile(r"D[0-4]\.[0-9]\.[a-z][a-z0-9_]*")
_PATH = re.compile(r"[a-z][a-z0-9_]*(\.[A-Za-z0-9_]+)+")
_WHEN = r"\d{4}(?:-Q[1-4]|-(?:0[1-9]|1[0-2]))?"
_PERIOD = re.compile(rf"{_WHEN}|{_WHEN}-|-{_WHEN}|{_WHEN}-{_WHEN}")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def _fact_id(value: str) -> str:
    if not _FACT_ID.fullmatch(value):
        raise ValueError(f"'{value}' is not a fact id; write document.section.key, as in D0.2.rate_high_activity")
    return value


def _path(value: str) -> str:
    if not _PATH.fullmatch(value):
        raise ValueError(f"'{value}' is not a parameter path; write words joined by dots")
    return value


def _period(value: str) -> str:
    if not _PERIOD.fullmatch(value):
        raise ValueError(f"'{value}' is not a period; write '2022', '2015-2017', '2023-Q1', '2020-11' or '2021-'")
    return value


def _unit(value: str) -> str:
    if value not in UNITS:
        raise ValueError(f"unknown unit '{value}', {suggest(value, UNITS)}")
    return value


def _chinese(value: str) -> str:
    if not _CHINESE.search(value):
        raise ValueError("holds no Chinese character")
    return value


def _filled(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be empty")
    return value


Text = Annotated[str, AfterValidator(_filled)]
ChineseText = Annotated[str, AfterValidator(_chinese)]
Number = Annotated[float, Field(allow_inf_nan=False)]
FactId = Annotated[str, AfterValidator(_fact_id)]
ParameterPath = Annotated[str, AfterValidator(_path)]
Period = Annotated[str, AfterValidator(_period)]
Unit = Annotated[str, AfterValidator(_unit)]


class Entry(BaseModel):
    """Base of everything written in a fact file: unknown keys and coerced types are refused."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid", strict=True)


class TargetSpec(Entry):
    """How a fact is tested on generated data."""

    moment: Text
    """Name of the statistic that measures it."""
    tolerance: Annotated[Number, Field(gt=0)]
    """Largest accepted distance from the wanted value, in the fact's unit."""
    why: Text
    """Why this tolerance, and this moment, is the right one."""
    wanted: Number | None = None
    """Wanted value; left out, it is read from the fact."""
    value_index: Annotated[int, Field(ge=0)] = 0
    """Which of the fact's values is wanted, when ``wanted`` is left out."""
    bound: Bound = "near"
    """Whether the value is met from both sides, or from one ("85 % or more" is ``at_least``)."""


class Sets(Entry):
    """A simulator parameter that a fact fixes."""

    path: ParameterPath
    value_index: Annotated[int, Field(ge=0)] | None = None
    """Which value; left out, the single value of the fact, or all of several."""


def _as_several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _as_sets(value: object) -> object:
    several = value if isinstance(value, tuple) else (value,)
    return tuple({"path": one} if isinstance(one, str) else one for one in several)


class Fact(Entry):
    """One atomic claim of one document."""

    id: FactId
    section: Annotated[int, Field(ge=0, le=9)]
    """0 is the introduction, 1 to 8 the numbered sections, 9 the closing."""
    locator: Text
    label_en: Text
    label_zh: ChineseText
    kind: Kind
    values: tuple[Number, ...]
    """Figures in reading order; percentages as fractions, ranges as (low, high)."""
    unit: Unit
    role: Role
    mechanism: Mechanism
    universe: Text
    """Who or what is counted."""
    period: Period | None = None
    factor: Text | None = None
    targets: tuple[TargetSpec, ...] = ()
    sets: Annotated[tuple[Sets, ...], BeforeValidator(_as_sets)] = ()
    obeyed_by: Annotated[tuple[Text, ...], BeforeValidator(_as_several)] = ()
    """Columns, modules as in ``lender.entry`` and settings as in ``regime/trial`` that do what the claim says."""
    why: Text | None = None
    note: Text | None = None

    @property
    def document(self) -> str:
        """Document the claim was read in, D0 to D4."""
        return self.id.split(".", 1)[0]

    @property
    def is_testable(self) -> bool:
        """Whether generated data can confirm or contradict it."""
        return self.role in TESTABLE_ROLES

    def value_of(self, sets: Sets) -> float | list[float]:
        """Read the value or values that the fact gives to a parameter."""
        if sets.value_index is not None:
            return self.values[sets.value_index]
        return self.values[0] if len(self.values) == 1 else list(self.values)


class DocumentHeader(Entry):
    """What a document file says about itself."""

    document: DocumentId
    title_en: Text
    title_zh: ChineseText | None = None


class Conflict(Entry):
    """Facts that clash, and how they are read."""

    id: Annotated[str, Field(pattern=r"^X\.[A-Za-z0-9]+(\.[a-z0-9_]+)+$")]
    facts: Annotated[tuple[FactId, ...], Field(min_length=1)]
    clash: Text
    reading: Text
    arithmetic: Text | None = None
    alternatives: tuple[Text, ...] = ()
    switch: ParameterPath | None = None
    """Configuration key that selects another reading."""


class Prior(Entry):
    """Where matching looks for a free parameter."""

    sd: Annotated[Number, Field(gt=0)]
    low: Number
    high: Number
    start: Number | None = None
    """Where the search starts; left out, the assumed value."""


class Untested(Entry):
    """A testable fact that no target follows, and why."""

    fact: FactId
    why: Text


class Term(Entry):
    """A word of the documents or of this project, in both languages."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    group: TermGroup
    """Where the glossary puts it."""
    zh: Text
    en: Text
    meaning: Text
    code: tuple[Text, ...] = ()
    """How columns and files spell it."""
    synonyms: tuple[Text, ...] = ()
    """Other words for it, in either language."""
    facts: tuple[FactId, ...] = ()
    """Facts whose numbers belong beside the meaning."""

    @property
    def words(self) -> tuple[str, ...]:
        """Every word that means it, in lower case."""
        return tuple(dict.fromkeys(word.casefold() for word in (self.zh, self.en, *self.synonyms)))

    @property
    def is_documented(self) -> bool:
        """Whether it is a word about credit, and not about how this project works."""
        return self.group not in ("numbers", "learning")


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if value is None or (isinstance(value, float) and value - value != 0):
        raise ValueError("values must be finite numbers, words, or mappings and lists of them")
    return value


def _as_priors(value: object) -> object:
    is_single = isinstance(value, Mapping) and not any(isinstance(item, Mapping) for item in value.values())
    return {SINGLE: value} if value and is_single else value


class Assumption(Entry):
    """A number the simulator needs and no document gives."""

    id: Annotated[str, Field(pattern=r"^A(\.[a-z0-9_]+)+$")]
    path: ParameterPath
    values: Annotated[Any, AfterValidator(_plain)]
    """A number, a word, or mappings and lists of them."""
    why: Text
    free: Annotated[dict[str, Prior], BeforeValidator(_as_priors)] = {}
    """Leaf below ``path`` (dotted) -> where matching may look for it; a plain number has one prior, without a leaf."""

    def leaves(self) -> Iterator[tuple[str, Any]]:
        """Give every single value with its dotted parameter path; a list counts as one value."""
        yield from _leaves(self.path, self.values)

    def path_of(self, leaf: str) -> str:
        """Give the full parameter path of a leaf named in ``free``."""
        return f"{self.path}.{leaf}" if isinstance(self.values, Mapping) else self.path

    def priors(self) -> dict[str, Prior]:
        """Give full parameter path -> prior, each with its start filled in."""
        values = dict(self.leaves())
        found = {self.path_of(leaf): prior for leaf, prior in self.free.items()}
        return {path: prior.model_copy(update={"start": _start(prior, values[path])}) for path, prior in found.items()}


def _start(prior: Prior, assumed: float) -> float:
    return float(assumed) if prior.start is None else prior.start


def _leaves(path: str, value: object) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from _leaves(f"{path}.{key}", item)
    else:
        yield path, value
