"""What a person meets on the way to the product, in the order in which the lender raises it.

Hard rules come first; then the wait after too many bureau inquiries (D3.4.wait_after_inquiries), the account's own
security (D0.6.device_freeze, D0.6.transaction_closing), identity checks (D1.4.failures_to_cool_down) and risk
control while opening with its cool-downs (D1.7.device_count, D1.7.location_jump, D1.7.operation_failures). What a
generated table records of a person counts; of anybody else, what the documented marks say of the features.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import numpy as np
import pandas as pd

from weilidai.explain.directions import cited_place
from weilidai.explain.rule_reasons import failures_by_place
from weilidai.explain.sources import say_source
from weilidai.explain.telling import Page, Speaker, distance
from weilidai.explain.words import Value, language_place, plain_value, say_bar, say_value
from weilidai.facts import Book
from weilidai.facts.amounts import Language

if TYPE_CHECKING:
    from weilidai.models.bundle import Bundle

Stage = Literal["rules", "waiting", "security", "entry", "verification", "interception"]


@dataclass(frozen=True)
class Obstacle:
    """One thing in the way.

    Parameters
    ----------
    stage
        Where on the way it stands.
    name
        Which rule, wait, action or kind of interception.
    is_recorded
        Whether it has happened to this person; if not, the documented mark says that it would.
    value, mark, distance, unit
        What the person has, the mark that counts, how far apart they are; None where there is no figure.
    wait, wait_unit
        How long to wait; None where waiting alone does not help.
    document, section
        Where to read it; None when an assumption stands behind it.
    is_actionable
        Whether a person can change it.
    text
        One sentence.
    """

    stage: Stage
    name: str
    is_recorded: bool
    value: Value
    mark: Value
    distance: float | int | None
    unit: str | None
    wait: float | None
    wait_unit: str | None
    document: str | None
    section: int | None
    is_actionable: bool
    text: str

    def to_dict(self) -> dict[str, Value]:
        """Write the obstacle as plain JSON-able data."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


class _Trigger(NamedTuple):
    """A documented mark on a feature that stops an application for a time."""

    stage: Stage
    name: str
    column: str
    mark: str
    wait: str


_TRIGGERS: Final = (
    _Trigger("verification", "failures_in_a_row", "verification_failure_count", "D1.4.failures_to_cool_down",
             "D1.4.cool_down_failures"),
    _Trigger("interception", "device", "device_count_7d", "D1.7.device_count", "D1.7.device_cool_down"),
    _Trigger("interception", "location", "location_jump_km_7d", "D1.7.location_jump", "D1.7.location_cool_down"),
    _Trigger("interception", "operation", "verification_failure_count", "D1.7.operation_failures",
             "D1.7.operation_cool_down"),
)
"""In the order in which checks and risk control look."""
_INQUIRIES: Final = ("inquiries", "D3.4.wait_after_inquiries")
"""Rule whose failure starts a wait, and how long."""
_ACTIONS: Final[Mapping[str, str]] = {
    "temporary_freeze": "D0.6.device_freeze", "entry_closed": "D0.6.transaction_closing",
    "blacklist": "D0.6.tampering_blacklist",
}
_ENTRY: Final[Mapping[str, tuple[str, str]]] = {
    "has_closed_entry": ("closed_by_person", "D0.7.older_closing"),
    "is_requeued": ("requeued", "D1.3.late_back_to_queue"),
}
"""Column of what a person did with the entry -> name, and the fact that speaks of it."""
_KINDS: Final[Mapping[str, str]] = {
    "device": "D1.7.device_count", "location": "D1.7.location_jump", "operation": "D1.7.operation_failures",
    "identity": "D1.7.kind_identity", "behaviour": "D1.7.kind_behaviour",
}
_SAID: Final[Mapping[str, tuple[str, str]]] = {
    "waiting": (
        "After too many bureau inquiries the next look comes after {wait}.", "征信查询过多，需等待{wait}后再评估。",
    ),
    "verification": (
        "Failed identity checks start a cool-down of {wait} ({value}; from: {mark}).",
        "身份核验连续失败会进入{wait}的冷却期（{value}；触发：{mark}）。",
    ),
    "interception": (
        "Risk control would stop an application now, for {wait} ({value}; from: {mark}).",
        "此时申请会被风控拦截，需等待{wait}（{value}；触发：{mark}）。",
    ),
    "recorded": (
        "Risk control stopped the last application; it can be tried again after {wait}.",
        "上次申请已被风控拦截，{wait}后可再次尝试。",
    ),
    "temporary_freeze": (
        "The assessment is frozen for a time because of risk on the account.", "账户存在风险，评估暂时冻结。",
    ),
    "entry_closed": ("The entry was closed because of risky transactions.", "因交易存在风险，入口已被关闭。"),
    "closed_by_person": ("You closed the entry yourself.", "入口由您本人主动关闭。"),
    "requeued": (
        "The time to act on the invitation had passed, so it was queued again.", "超过办理时限，邀请已重新排队。",
    ),
    "blacklist": (
        "The account is barred for long because identity data was tampered with.",
        "因身份资料异常变更，账户被长期限制。",
    ),
}
HOURS_A_DAY: Final = 24
_UNITS: Final[Mapping[str, tuple[str, str, str]]] = {
    "hours": ("hour", "hours", "小时"), "days": ("day", "days", "天"), "months": ("month", "months", "个月"),
}


def obstacles_for(person: pd.DataFrame, bundle: "Bundle", book: Book, language: Language) -> tuple[Obstacle, ...]:
    """List what stands in one person's way.

    Parameters
    ----------
    person
        One row with the columns the model reads, and what else a generated table records.
    bundle
        The model: its policy and factors.
    book
        The facts, for marks and cool-downs.
    language
        ``en`` or ``zh``.
    """
    way = _Way(person, bundle, book, language)
    return (
        *way.rules(), *way.waiting(), *way.security(), *way.entry("has_closed_entry"), *way.stopped(),
        *way.entry("is_requeued"),
    )


def say_beyond_rules(obstacles: Iterable[Obstacle], language: Language) -> Iterator[str]:
    """Say what stands in the way beside the hard rules, each with its place in the documents."""
    yield from say_obstacles((one for one in obstacles if one.stage != "rules"), language)


def say_obstacles(obstacles: Iterable[Obstacle], language: Language) -> Iterator[str]:
    """Say what stands in the way, each with its place in the documents."""
    for one in obstacles:
        yield f"{one.text} [{say_source(one.document, one.section, language)}]"


class _Way:
    """One person on the way to the product."""

    def __init__(self, person: pd.DataFrame, bundle: "Bundle", book: Book, language: Language) -> None:
        self._person, self._bundle, self._book, self._language = person, bundle, book, language
        self._place = language_place(language)
        self._failed = bundle.invite.failed_rules(person)

    def rules(self) -> Iterator[Obstacle]:
        """Tell every hard rule that is not met."""
        policy, most = self._bundle.invite.eligibility, len(self._failed)
        page, names = Page(1, most), []
        speaker = Speaker(self._person, self._bundle.factors, self._language)
        for failure, rows, places in failures_by_place(self._person, self._failed, policy, most):
            if len(rows):
                speaker.tell_rule(page, failure, rows, places)
                names.append(failure.rule)
        (own,) = page
        for name, (told, _) in zip(names, own, strict=True):
            said = told._asdict()
            yield Obstacle(stage="rules", name=name, is_recorded=True, wait=None, wait_unit=None,
                           **{key: said[key] for key in said if key not in ("factor", "dimension")})

    def waiting(self) -> Iterator[Obstacle]:
        """Tell the wait after too many bureau inquiries."""
        rule, fact = _INQUIRIES
        if rule in self._failed and self._failed[rule][0]:
            recorded = self._recorded("inquiry_wait_months")
            months = float(recorded) if isinstance(recorded, (int, float)) else self._book.fact(fact).values[0]
            if months:
                yield self._told("waiting", rule, fact, (months, "months"), is_recorded=recorded is not None)

    def security(self) -> Iterator[Obstacle]:
        """Tell what was done to the account."""
        action = self._recorded("security_action")
        if isinstance(action, str):
            yield self._told("security", action, _ACTIONS[action], None, words=action, is_recorded=True)

    def entry(self, column: str) -> Iterator[Obstacle]:
        """Tell what the person did with the entry."""
        if self._recorded(column) is True:
            name, fact = _ENTRY[column]
            yield self._told("entry", name, fact, None, words=name, is_recorded=True)

    def stopped(self) -> Iterator[Obstacle]:
        """Tell the cool-down that runs, or else those that the documented marks would start."""
        kind, hours = self._recorded("interception_kind"), self._recorded("retry_after_hours")
        if isinstance(kind, str) and isinstance(hours, (int, float)) and hours > 0:
            yield self._told("interception", kind, _KINDS[kind], (float(hours), "hours"), words="recorded",
                             is_recorded=True)
            return
        for trigger in _TRIGGERS:
            value, mark = self._recorded(trigger.column), self._book.fact(trigger.mark).values[0]
            if isinstance(value, (int, float)) and value >= mark:
                yield self._reached(trigger, value, mark)

    def _reached(self, trigger: _Trigger, value: float, mark: float) -> Obstacle:
        lasting = self._book.fact(trigger.wait)
        said = {
            "value": say_value(trigger.column, value, self._language),
            "mark": say_bar(trigger.column, ">=", mark, self._language, brief=True),
        }
        return self._told(
            trigger.stage, trigger.name, trigger.mark, (lasting.values[0], lasting.unit), said=said, is_recorded=False,
            figures=(value, plain_value(trigger.column, mark), *distance(trigger.column, value, mark)),
        )

    def _told(
        self, stage: Stage, name: str, fact: str, wait: tuple[float, str] | None, *, is_recorded: bool,
        words: str | None = None, said: Mapping[str, str] | None = None,
        figures: tuple[Value, Value, float | int | None, str | None] = (None, None, None, None),
    ) -> Obstacle:
        text = _SAID[words or stage][self._place].format(wait=self._lasting(wait), **(said or {}))
        value, mark, away, unit = figures
        length, length_unit = wait or (None, None)
        document, section = cited_place(fact)
        return Obstacle(stage, name, is_recorded, value, mark, away, unit, length, length_unit, document, section,
                        is_actionable=stage in ("verification", "interception") and not is_recorded, text=text)

    def _lasting(self, wait: tuple[float, str] | None) -> str:
        if wait is None:
            return ""
        length, unit = (wait[0] / HOURS_A_DAY, "days") if _is_days(wait) else wait
        one, many, chinese = _UNITS[unit]
        return f"{length:g}{chinese}" if self._place else f"{length:g} {one if length == 1 else many}"

    def _recorded(self, column: str) -> Any:  # noqa: ANN401  (plain data of whatever the column holds)
        cell = self._person[column].iloc[0] if column in self._person.columns else None
        missing = cell is None or (isinstance(cell, (float, np.floating)) and np.isnan(cell)) or cell is pd.NA
        return None if missing else plain_value(column, cell)


def _is_days(wait: tuple[float, str]) -> bool:
    """Tell whether a time is better said in days; one day stays 24 hours, as the documents say it."""
    return wait[1] == "hours" and wait[0] > HOURS_A_DAY and wait[0] % HOURS_A_DAY == 0
