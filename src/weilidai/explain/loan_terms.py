"""What would I get, on what terms? The answer for one person: grant, price, schedule, and leaving or paying late."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from weilidai.explain.product_words import say_duration
from weilidai.explain.sources import SYNTHETIC, Source, say_sources
from weilidai.explain.verdict import Verdict, say_verdict
from weilidai.explain.words import language_place
from weilidai.facts.amounts import Language

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.table import Table

FIRST_LINES: Final = 3
"""Lines of the schedule that a terminal shows."""
_FROM_MODEL: Final = ("grant", "daily", "grade")
"""Items that the model finds inside what is documented."""

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "if_opened": ("What follows holds if the product were opened.", "以下条款以产品已开通为前提。"),
    "above": ("The amount lies above the first grant.", "所填金额高于首次授信额度。"),
    "never": (
        "No such loan would be given: the largest quota is {}. The figures only show what the amount would cost.",
        "不会发放这样的借款：最高额度为{}。以下数字仅表示该金额的费用。",
    ),
    "offer": ("First grant and price", "首次额度与价格"),
    "loan": ("A loan of {} in {} monthly instalments, {}", "借款{}，分{}期按月偿还，{}"),
    "equal_principal": ("equal principal", "等额本金"),
    "equal_instalment": ("equal payments", "等额本息"),
    "what": ("item", "项目"), "figure": ("figure", "数值"), "source": ("documented in", "文档出处"),
    "by_model": ("the model; range in {}", "模型结果；区间见{}"),
    "grant": ("first grant", "首次额度"), "range": ("{}, likely between {} and {}", "{}，大致在{}至{}之间"),
    "daily": ("daily rate", "日利率"), "grade": ("grade", "信用等级"),
    "quoted": ("yearly rate as quoted (360 days)", "年化利率（按360天计）"),
    "irr": ("IRR a year", "年化内部收益率（IRR）"),
    "irr_figure": ("{}, or {} compounded monthly", "{}，按月复利为{}"),
    "interest": ("total interest", "利息合计"),
    "interest_figure": ("{}; no handling fee", "{}，无手续费"),
    "early": ("repaid early after one month", "一个月后提前还清"),
    "early_figure": (
        "after the first payment {} settle it, fee {}; saves {} of interest",
        "付清首期后再还{}即可结清，费用{}，少付利息{}",
    ),
    "overdue": ("first instalment {} days overdue", "首期逾期{}天"),
    "overdue_figure": ("{} on its principal of {}, at {} a day", "按该期本金{1}、每天{2}计，共{0}"),
    "cooling_off": ("cooling-off", "冷静期"),
    "cooling_figure": (
        "undone within {:g} hours by paying back {}", "{:g}小时内归还{}即可撤销借款",
    ),
    "journey": ("from the click to the money, identity checks included", "从点击到到账（含身份核验）"),
    "journey_figure": (
        "about {}: identity checks {}, approval {}, payout {}; {} steps", "约{}：身份核验{}、审批{}、放款{}，共{}步",
    ),
    "above_cap": ("above the lender's own cap of {} a year", "高于贷款方自身的年化上限{}"),
    "schedule": ("Repayment schedule", "还款计划"),
    "month": ("instalment", "期数"), "payment": ("payment", "应还"), "principal": ("principal", "本金"),
    "interest_part": ("interest", "利息"), "balance": ("still owed", "剩余本金"),
    "more": ("and {} more, all with --json", "其余{}期可用--json查看"),
}


@dataclass(frozen=True)
class LoanCost:
    """An amount, its term and what it costs; the schedule has one row per instalment."""

    amount_cny: float
    instalments: int
    method: str
    is_above_grant: bool
    largest_grant_cny: float
    """Largest quota that the documents know."""
    is_above_largest_grant: bool
    """Whether no such loan would be given to anybody."""
    quoted_annual_rate: float
    """Daily rate times 360."""
    irr_annual_nominal: float
    """Twelve times the monthly internal rate of return."""
    irr_annual: float
    """The same with monthly compounding."""
    is_within_cap: bool
    cap_annual: float
    total_interest_cny: float
    total_fees_cny: float
    schedule: tuple[Mapping[str, float], ...]


@dataclass(frozen=True)
class Early:
    """What settles the loan on a day, after the instalments due by then."""

    day: int
    instalments_paid: int
    principal_cny: float
    interest_cny: float
    fee_cny: float
    total_cny: float
    saved_cny: float


@dataclass(frozen=True)
class Overdue:
    """What the first instalment's principal costs when it is paid late."""

    days: int
    principal_cny: float
    daily_rate: float
    charge_cny: float


@dataclass(frozen=True)
class CoolingOff:
    """How long a loan can be undone, and what is paid back then."""

    hours: float
    owed_cny: float


@dataclass(frozen=True)
class Journey:
    """Time an opening is expected to take when every check succeeds the first time."""

    steps: int
    checking_seconds: float
    approval_seconds: float
    payout_seconds: float

    @property
    def total_seconds(self) -> float:
        """All of it."""
        return self.checking_seconds + self.approval_seconds + self.payout_seconds

    def to_dict(self) -> dict[str, Any]:
        """Write it as plain JSON-able data."""
        return {**asdict(self), "total_seconds": self.total_seconds}


@dataclass(frozen=True)
class Terms:
    """On what terms a person would borrow.

    Parameters
    ----------
    verdict
        The model's decision.
    loan, early, overdue, cooling_off
        What the loan costs; ``early`` is None for a loan that ends with its first instalment.
    journey
        How long it takes to get there.
    sources
        Item -> facts it rests on.
    language
        Language of the answer on a terminal.
    """

    verdict: Verdict
    loan: LoanCost
    early: Early | None
    overdue: Overdue
    cooling_off: CoolingOff
    journey: Journey
    sources: Mapping[str, tuple[Source, ...]]
    language: Language

    def to_dict(self) -> dict[str, Any]:
        """Write the answer as plain JSON-able data."""
        return {
            "question": "terms",
            **asdict(self.verdict),
            "loan": {**asdict(self.loan), "schedule": [dict(row) for row in self.loan.schedule]},
            "early_repayment": None if self.early is None else asdict(self.early),
            "overdue": asdict(self.overdue),
            "cooling_off": asdict(self.cooling_off),
            "journey": self.journey.to_dict(),
            "sources": {name: [asdict(one) for one in found] for name, found in self.sources.items()},
            "language": self.language,
            "note": SYNTHETIC[self.language],
        }

    def __rich_console__(self, console: "Console", options: "ConsoleOptions") -> "RenderResult":
        """Show the answer on a terminal."""
        yield from self._parts(FIRST_LINES)

    def in_full(self) -> "RenderResult":
        """Show the answer with the whole schedule."""
        yield from self._parts(len(self.loan.schedule))

    def _parts(self, most: int) -> "RenderResult":
        from rich.text import Text

        verdict = self.verdict
        decision, chance = say_verdict(
            is_invited=verdict.is_invited, p_invite=verdict.p_invite, threshold=verdict.threshold,
            language=self.language,
        )
        yield Text(decision, style="bold")
        yield Text(chance)
        if not verdict.is_invited:
            yield Text(self._word("if_opened"))
        if self.loan.is_above_grant:
            yield Text(self._word("above"))
        if self.loan.is_above_largest_grant:
            yield Text(self._word("never").format(self._money(self.loan.largest_grant_cny)), style="bold")
        yield self._shown(self._word("offer"), self._offer())
        loan = self.loan
        title = self._word("loan").format(self._money(loan.amount_cny), loan.instalments, self._word(loan.method))
        yield self._shown(title, self._costs())
        yield self._schedule(most)
        yield Text(SYNTHETIC[self.language], style="dim")

    def _offer(self) -> Iterator[tuple[str, str]]:
        verdict = self.verdict
        ends = (verdict.quota_cny, verdict.quota_low_cny, verdict.quota_high_cny)
        yield "grant", self._word("range").format(*map(self._money, ends))
        yield "daily", _percent(verdict.daily_rate)
        yield "grade", verdict.credit_grade
        journey = self.journey
        seconds = (
            journey.total_seconds, journey.checking_seconds, journey.approval_seconds, journey.payout_seconds,
        )
        said = (say_duration(one, one, self.language) for one in seconds)
        yield "journey", self._word("journey_figure").format(*said, journey.steps)

    def _costs(self) -> Iterator[tuple[str, str]]:
        loan, early, overdue = self.loan, self.early, self.overdue
        quoted = _percent(loan.quoted_annual_rate)
        over = "" if loan.is_within_cap else "; " + self._word("above_cap").format(_percent(loan.cap_annual))
        yield "quoted", quoted + over
        yield "irr", self._word("irr_figure").format(_percent(loan.irr_annual_nominal), _percent(loan.irr_annual))
        yield "interest", self._word("interest_figure").format(self._money(loan.total_interest_cny))
        if early is not None:
            ends = (early.total_cny, early.fee_cny, early.saved_cny)
            yield "early", self._word("early_figure").format(*map(self._money, ends))
        yield "overdue", self._word("overdue_figure").format(
            self._money(overdue.charge_cny), self._money(overdue.principal_cny), _percent(overdue.daily_rate))
        cooling = self.cooling_off
        yield "cooling_off", self._word("cooling_figure").format(cooling.hours, self._money(cooling.owed_cny))

    def _shown(self, title: str, rows: Iterator[tuple[str, str]]) -> "Table":
        from rich.table import Table

        table = Table(title=title, title_justify="left", show_lines=False)
        for name in ("what", "figure", "source"):
            table.add_column(self._word(name), overflow="fold", no_wrap=False)
        for name, figure in rows:
            said = self._word(name).format(self.overdue.days)
            table.add_row(said, figure, self._sourced(name))
        return table

    def _sourced(self, name: str) -> str:
        said = say_sources(self.sources[name], self.language)
        return self._word("by_model").format(said) if name in _FROM_MODEL else said

    def _schedule(self, most: int) -> "Table":
        from rich.table import Table

        rows = self.loan.schedule
        hidden = len(rows) - most
        more = self._word("more").format(hidden) if hidden > 0 else None
        table = Table(title=self._word("schedule"), title_justify="left", caption=more, caption_justify="left")
        for name in ("month", "payment", "principal", "interest_part", "balance"):
            table.add_column(self._word(name), justify="right")
        for row in rows[:most]:
            figures = (row[name] for name in ("payment_cny", "principal_cny", "interest_cny", "balance_cny"))
            table.add_row(str(row["instalment"]), *map(self._money, figures))
        return table

    def _money(self, amount: float) -> str:
        figure = f"{amount:,.0f}" if amount == round(amount) else f"{amount:,.2f}"
        return figure + (" yuan", "元")[language_place(self.language)]

    def _word(self, name: str) -> str:
        return _WORDS[name][language_place(self.language)]


def _percent(share: float) -> str:
    return f"{share * 100:.4g}%"
