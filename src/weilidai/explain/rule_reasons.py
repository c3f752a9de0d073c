"""Hard rules and the pre-qualification score: who fails which, and the words for it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.models.features import numbers

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.intp]

RULE_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "covered_area": (
        "The service has not been opened where you live yet.",
        "您所在的地区尚未开放这项服务。",
    ),
    "adult": (
        "The product is for adults only ({value}; {mark}).",
        "该产品仅面向成年人（{value}；{mark}）。",
    ),
    "real_name": (
        "Your identity first has to be verified under your real name ({value}; {mark}).",
        "需要先完成实名认证（{value}；{mark}）。",
    ),
    "debit_card": (
        "A debit card in your own name first has to be bound ({value}; {mark}).",
        "需要先绑定一张本人的储蓄卡（{value}；{mark}）。",
    ),
    "unrestricted": (
        "Your account is restricted for risk at present, so an invitation is not possible.",
        "您的账户目前因风险受限，暂时无法获得邀请。",
    ),
    "inquiries": (
        "The credit bureau was asked about you too often of late ({value}; {mark}).",
        "您近期的征信查询次数偏多（{value}；{mark}）。",
    ),
    "debt": (
        "Paying your present debts takes up too much of your income ({value}; {mark}).",
        "您现有的偿债支出占收入的比例偏高（{value}；{mark}）。",
    ),
    "prequalification": (
        "The pre-qualification score is not reached yet, and most is missing here ({value}; {mark}).",
        "尚未达到预审评分要求，其中差距最大的一项是（{value}；{mark}）。",
    ),
}
"""Rule of the lender's policy -> one sentence in English and in Chinese."""

OTHER_RULE: Final = (
    "One of the lender's conditions is not met ({value}; {mark}).",
    "尚未满足一项准入条件（{value}；{mark}）。",
)
_REQUIRED: Final = ("required: ", "要求：")
_FULL_POINTS: Final = ("full points from: ", "满分标准：")


class Bar(Protocol):
    """One hard rule on one column."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def column(self) -> str: ...  # noqa: D102
    @property
    def comparison(self) -> str: ...  # noqa: D102
    @property
    def value(self) -> float | str: ...  # noqa: D102
    @property
    def fact(self) -> str: ...  # noqa: D102


class Item(Protocol):
    """One line of the pre-qualification scorecard: full weight at the mark, in proportion below."""

    @property
    def column(self) -> str: ...  # noqa: D102
    @property
    def mark(self) -> float: ...  # noqa: D102
    @property
    def weight(self) -> float: ...  # noqa: D102
    @property
    def fact(self) -> str: ...  # noqa: D102


class Scorecard(Protocol):
    """The pre-qualification scorecard."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def items(self) -> Sequence[Item]: ...  # noqa: D102


class Policy(Protocol):
    """What is needed of the lender's policy to explain it; :class:`weilidai.rules.Eligibility` is one."""

    @property
    def rules(self) -> Sequence[Bar]: ...  # noqa: D102
    @property
    def scorecard(self) -> Scorecard: ...  # noqa: D102


@dataclass(frozen=True)
class RuleFailure:
    """A rule that a person fails, told by one column.

    ``words`` and ``required`` are in English and in Chinese.
    """

    rule: str
    column: str
    comparison: str
    bar: float | str
    fact: str
    words: tuple[str, str]
    required: tuple[str, str]


def failures(
    people: pd.DataFrame, failed_rules: Mapping[str, BoolArray], policy: Policy, most: int
) -> list[list[RuleFailure]]:
    """Give each person's failed rules, in the order of ``failed_rules``; at most ``most`` of them.

    The pre-qualification score is told by the line of the scorecard on which the person lacks most.
    """
    found: list[list[RuleFailure]] = [[] for _ in range(len(people))]
    for failure, rows, _ in failures_by_place(people, failed_rules, policy, most):
        for row in rows:
            found[row].append(failure)
    return found


def failures_by_place(
    people: pd.DataFrame, failed_rules: Mapping[str, BoolArray], policy: Policy, most: int
) -> Iterator[tuple[RuleFailure, IntArray, IntArray]]:
    """Give each failure with the rows of the people who have it, and as which of their failures, from 0."""
    bars = {rule.name: _by_bar(rule) for rule in policy.rules}
    before = np.zeros(len(people), dtype=np.intp)
    for name, failed in failed_rules.items():
        rows = np.flatnonzero(failed & (before < most))
        if len(rows) and name == policy.scorecard.name:
            for failure, part in _by_weakest_line(people.iloc[rows], policy.scorecard):
                yield failure, rows[part], before[rows[part]]
        elif len(rows):
            yield bars[name], rows, before[rows]
        before += failed


def _by_bar(rule: Bar) -> RuleFailure:
    words = RULE_WORDS.get(rule.name, OTHER_RULE)
    return RuleFailure(rule.name, rule.column, rule.comparison, rule.value, rule.fact, words, _REQUIRED)


def _by_weakest_line(people: pd.DataFrame, card: Scorecard) -> Iterator[tuple[RuleFailure, BoolArray]]:
    weakest = np.argmax(np.stack([_lacking(people[item.column], item) for item in card.items]), axis=0)
    words = RULE_WORDS.get(card.name, OTHER_RULE)
    for place in np.unique(weakest).tolist():
        item = card.items[place]
        yield RuleFailure(card.name, item.column, ">=", item.mark, item.fact, words, _FULL_POINTS), weakest == place


def _lacking(values: "pd.Series[Any]", item: Item) -> npt.NDArray[np.float64]:
    reached = np.nan_to_num(numbers(values).astype(np.float64) / item.mark, nan=0.0)
    return item.weight * (1 - np.clip(reached, 0, 1))
