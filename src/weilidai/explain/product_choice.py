"""Which product fits me? The answer for one person: every product, open or not and why, and the cheapest."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from weilidai.explain.product_words import say_duration, say_question
from weilidai.explain.sources import SYNTHETIC, Source, say_source, say_sources
from weilidai.explain.verdict import Verdict, say_verdict
from weilidai.explain.words import language_place
from weilidai.facts.amounts import Language

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.table import Table

Eligible = Literal["yes", "no", "unknown"]

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "title": ("Products for {} in {} monthly instalments", "借款{}、分{}期可选的产品"),
    "product": ("product, open or not", "产品及是否可用"), "told": ("by which rule, and on what terms", "依据与条件"),
    "labelled": ("{}: {}", "{}：{}"),
    "limit": ("limit", "额度"), "price": ("price", "价格"),
    "time": ("approval and payout, without identity checks", "审批与放款用时（不含身份核验）"),
    "yes": ("open", "可用"), "no": ("not open", "暂不可用"), "unknown": ("not yet known", "待确认"),
    "context": ("named by the documents, not assessed", "文档提及，不作评估"),
    "said": ("said of it: {}", "文档所述：{}"),
    "met": ("met: {}", "已满足：{}"), "missed": ("not met: {}", "未满足：{}"),
    "to_ask": ("to be confirmed: {}", "待确认：{}"),
    "by_model": ("the model; range in {}", "模型结果；区间见{}"),
    "place": ("{} ({})", "{}（{}）"), "joined": ("; ", "；"), "listed": (", ", "、"),
    "up_to": ("up to {}", "最高{}"), "range": ("{} to {}", "{}至{}"),
    "too_small": ("too small for this amount", "低于所需金额"),
    "daily": ("{} a day", "每天{}"), "fee_now": ("{} fee at the start", "另收取现费{}"),
    "fee_month": ("{} of the amount a month instead of interest", "分期不计息，每月收手续费{}"),
    "irr": ("IRR {}, {} in all", "IRR {}，总费用{}"),
    "not_documented": ("no figure documented", "文档未给出数值"),
    "said_cheaper": ("said to be cheaper than {}", "文档称比{}便宜"),
    "cheapest": (
        "Cheapest that is open now: {}, {} in all, IRR {} a year.",
        "目前可用的产品中最便宜的是{}：总费用{}，年化IRR {}。",
    ),
    "none": (
        "No product with a documented price is open now for this amount.", "目前没有价格明确且可用于该金额的产品。",
    ),
    "if_met": (
        "If the open questions were answered well: {}, {} in all, IRR {} a year. To be confirmed: {}.",
        "若待确认事项均符合，最便宜的是{}：总费用{}，年化IRR {}。待确认：{}。",
    ),
    "same_if_met": ("Answering the open questions well would not change this.", "即使待确认事项均符合，结论也不变。"),
    "none_if_met": (
        "Nor would one be with every open question answered well.", "即使待确认事项均符合，也没有这样的产品。",
    ),
    "middle": (
        "Costs include fees; a range of rates is taken at its middle. IRR a year with monthly compounding.",
        "费用已含手续费；利率为区间的取中值。年化IRR按月复利计算。",
    ),
    "keys": ("To answer, add to the person's file: {}.", "如需补充，可在个人数据文件中加入：{}。"),
    "minor": (
        "You are under age: loans are for adults only, so none is suggested.",
        "您未成年：贷款仅面向成年人，因此不作推荐。",
    ),
}


@dataclass(frozen=True)
class Condition:
    """One condition of a product, and how the person stands to it."""

    rule: str
    column: str
    standing: Literal["met", "missed", "unknown"]
    text: str
    """The condition in the language of the answer."""
    source: Source


@dataclass(frozen=True)
class ProductAnswer:
    """One product for one person; None stands for what no document gives."""

    product: str
    name: str
    kind: Literal["own", "sibling", "rival", "context"]
    eligible: Eligible
    conditions: tuple[Condition, ...]
    limit_low_cny: float | None
    limit_high_cny: float | None
    is_from_model: bool
    """Whether limit and daily rate are the model's, inside the documented ranges."""
    covers_amount: bool | None
    daily_rate_low: float | None
    daily_rate_high: float | None
    upfront_fee_share: float
    monthly_fee_share: float
    """Of the first amount, in place of interest, when repaid in more than one instalment."""
    irr_annual: float | None
    """Cost of the amount asked for, fees included; None when closed, too small or without a price."""
    cost_cny: float | None
    said_cheaper_than: str | None
    seconds_fastest: float | None
    seconds_slowest: float | None
    said: tuple[str, ...]
    """What the documents tell of it without a figure, in the language of the answer."""
    sources: Mapping[str, tuple[Source, ...]]
    """``product``, ``limit``, ``price``, ``time`` -> facts."""

    @property
    def because(self) -> tuple[Condition, ...]:
        """Conditions that decide: the missed ones, else the unknown, else all."""
        standing = {"no": "missed", "unknown": "unknown", "yes": "met"}[self.eligible]
        return tuple(one for one in self.conditions if one.standing == standing)

    @property
    def open_questions(self) -> tuple[Condition, ...]:
        """What has yet to be confirmed."""
        return tuple(one for one in self.conditions if one.standing == "unknown")

    def to_dict(self) -> dict[str, Any]:
        """Write the product as plain JSON-able data."""
        written = {**asdict(self), "because": [one.rule for one in self.because]}
        written["conditions"] = [asdict(one) for one in self.conditions]
        written["sources"] = {name: [asdict(one) for one in found] for name, found in self.sources.items()}
        return written


@dataclass(frozen=True)
class ProductChoice:
    """Every product of the documents for one person, and the cheapest.

    Parameters
    ----------
    verdict
        The model's decision; it stands for the invitation, the limit and the price of Weilidai.
    amount_cny, instalments
        What is needed.
    products
        Every product, in the order of the table.
    cheapest, cheapest_if_met
        Names of the cheapest open one, and of the cheapest once every open question is answered well.
    askable
        Columns that can be added to the person's file to settle open questions.
    is_minor
        Whether the person is too young for a loan; then none is called the cheapest.
    language
        Language of the answer.
    """

    verdict: Verdict
    amount_cny: float
    instalments: int
    products: tuple[ProductAnswer, ...]
    cheapest: str | None
    cheapest_if_met: str | None
    askable: tuple[str, ...]
    language: Language
    is_minor: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Write the answer as plain JSON-able data."""
        return {
            "question": "which-product",
            **asdict(self.verdict),
            "amount_cny": self.amount_cny,
            "instalments": self.instalments,
            "products": [one.to_dict() for one in self.products],
            "cheapest": self._chosen(self.cheapest),
            "cheapest_if_met": self._chosen(self.cheapest_if_met),
            "askable": list(self.askable),
            "is_minor": self.is_minor,
            "language": self.language,
            "note": SYNTHETIC[self.language],
        }

    def __rich_console__(self, console: "Console", options: "ConsoleOptions") -> "RenderResult":
        """Show the answer on a terminal."""
        from rich.text import Text

        verdict = self.verdict
        yield from map(Text, say_verdict(
            is_invited=verdict.is_invited, p_invite=verdict.p_invite, threshold=verdict.threshold,
            language=self.language,
        ))
        yield Text(self._say_cheapest(), style="bold")
        if not self.is_minor:
            yield Text(self._say_if_met())
        yield self._table()
        yield Text(self._word("middle"), style="dim")
        if self.askable:
            listed = self._word("joined").join(say_question(name, self.language) for name in self.askable)
            yield Text(self._word("keys").format(listed), style="dim")
        yield Text(SYNTHETIC[self.language], style="dim")

    def _table(self) -> "Table":
        from rich.table import Table
        from rich.text import Text

        title = self._word("title").format(self._money(self.amount_cny), self.instalments)
        table = Table(title=title, title_justify="left", show_lines=True)
        for name in ("product", "told"):
            table.add_column(self._word(name), overflow="fold")
        for one in self.products:
            told = {"limit": self._limit(one), "price": self._price(one), "time": self._time(one)}
            lines = (self._word("labelled").format(self._word(name), line) for name, line in told.items())
            answer = f"{one.name}\n{self._word('context' if one.kind == 'context' else one.eligible)}"
            table.add_row(Text(answer), Text("\n".join([self._because(one), *lines])))
        return table

    def _because(self, one: ProductAnswer) -> str:
        if one.kind == "context":
            listed = self._word("joined").join(one.said)
            return self._placed(self._word("said").format(listed), self._sourced(one, "product"))
        said = self._word({"yes": "met", "no": "missed", "unknown": "to_ask"}[one.eligible])
        told = (
            self._placed(condition.text, say_source(condition.source.document, condition.source.section, self.language))
            for condition in one.because
        )
        return said.format(self._word("joined").join(told))

    def _limit(self, one: ProductAnswer) -> str:
        if one.limit_high_cny is None:
            return self._word("not_documented")
        low, high = one.limit_low_cny, self._money(one.limit_high_cny)
        if low == one.limit_high_cny:
            said = high
        else:
            said = self._word("up_to").format(high) if low is None else self._word("range").format(
                self._money(low), high)
        small = self._word("joined") + self._word("too_small") if one.covers_amount is False else ""
        return self._placed(said, self._sourced(one, "limit")) + small

    def _price(self, one: ProductAnswer) -> str:
        lines = [self._rate(one)] if one.daily_rate_low is not None else []
        if one.upfront_fee_share:
            lines.append(self._word("fee_now").format(_percent(one.upfront_fee_share)))
        if one.monthly_fee_share:
            lines.append(self._word("fee_month").format(_percent(one.monthly_fee_share)))
        if one.irr_annual is not None and one.cost_cny is not None:
            lines.append(self._word("irr").format(_percent(one.irr_annual), self._money(one.cost_cny)))
        if lines:
            return self._placed(self._word("joined").join(lines), self._sourced(one, "price"))
        if one.said_cheaper_than is not None:
            said = self._word("said_cheaper").format(self._named(one.said_cheaper_than).name)
            return self._placed(said, self._sourced(one, "product"))
        return self._word("not_documented")

    def _rate(self, one: ProductAnswer) -> str:
        ends = dict.fromkeys(_percent(end) for end in (one.daily_rate_low, one.daily_rate_high) if end is not None)
        said = self._word("range").format(*ends) if len(ends) > 1 else next(iter(ends))
        return self._word("daily").format(said)

    def _time(self, one: ProductAnswer) -> str:
        if one.seconds_fastest is None or one.seconds_slowest is None:
            return self._word("not_documented")
        said = say_duration(one.seconds_fastest, one.seconds_slowest, self.language)
        return self._placed(said, self._sourced(one, "time"))

    def _say_cheapest(self) -> str:
        if self.is_minor:
            return self._word("minor")
        return self._word("none") if self.cheapest is None else self._costing("cheapest", self.cheapest)

    def _say_if_met(self) -> str:
        if self.cheapest_if_met is None:
            return self._word("none_if_met")
        if self.cheapest_if_met == self.cheapest:
            return self._word("same_if_met")
        asked = self._named(self.cheapest_if_met).open_questions
        listed = self._word("joined").join(one.text for one in asked)
        return self._costing("if_met", self.cheapest_if_met, listed)

    def _costing(self, sentence: str, product: str, *further: str) -> str:
        one = self._named(product)
        cost, irr = self._money(one.cost_cny or 0.0), _percent(one.irr_annual or 0.0)
        return self._word(sentence).format(one.name, cost, irr, *further)

    def _chosen(self, product: str | None) -> dict[str, Any] | None:
        if product is None:
            return None
        one = self._named(product)
        return {
            "product": one.product, "name": one.name, "irr_annual": one.irr_annual, "cost_cny": one.cost_cny,
            "open_questions": [asked.column for asked in one.open_questions],
        }

    def _named(self, product: str) -> ProductAnswer:
        return next(one for one in self.products if one.product == product)

    def _sourced(self, one: ProductAnswer, what: str) -> str:
        said = say_sources(one.sources[what], self.language)
        return self._word("by_model").format(said) if one.is_from_model and what in ("limit", "price") else said

    def _placed(self, said: str, place: str) -> str:
        return self._word("place").format(said, place)

    def _money(self, amount: float) -> str:
        return f"{amount:,.0f}" + (" yuan", "元")[language_place(self.language)]

    def _word(self, name: str) -> str:
        return _WORDS[name][language_place(self.language)]


def _percent(share: float) -> str:
    return f"{share * 100:.4g}%"
