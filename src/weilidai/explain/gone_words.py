"""Words for a chance that changed between two regimes: rules, weighing, and the entry itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from weilidai.explain.words import language_place, say_bar
from weilidai.facts.amounts import Language

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "chance": (
        "Chance of an invitation: {} in “{}”, {} in “{}”: {} percentage points.",
        "获邀概率：“{1}”为{0}，“{3}”为{2}，相差{4}个百分点。",
    ),
    "ended": ("A rule ended it; nothing else can outweigh a rule.", "是准入条件使其消失，其他因素无法弥补。"),
    "opened": ("A rule that stood in the way no longer does.", "原先不满足的准入条件已不再构成障碍。"),
    "ruled_out_twice": ("Ruled out by a rule before and after.", "前后两个时期都有未满足的准入条件。"),
    "same": ("The two regimes treat you alike.", "两个时期对您的处理相同。"),
    "weighed": (
        "Were every rule met, weighing alone would have given {} before and {} after.",
        "若所有准入条件均满足，仅按评分计算，前后概率分别为{}和{}。",
    ),
    "wait": (
        "After too many inquiries there are {} months to wait before the next look (D3, section 4).",
        "查询过多后，须等待{}个月方可再次评估（D3第4节）。",
    ),
    "held": (
        "Your figures are held as they stand in the file; chance events are not known from it.",
        "您的数据按文件所示保持不变，文件中没有的偶然情况无法得知。",
    ),
    "same_noise": (
        "The same simulated person with the same chance events in both regimes.",
        "两个时期为同一模拟个体，偶然情况也相同。",
    ),
    "causes": ("What caused the change", "变化的来源"),
    "factors": ("The same change by factor", "同一变化按因素划分"),
    "entry": ("The entry itself, in the order in which the lender looks", "入口状态（按贷款方核查的顺序）"),
    "model": ("The model's chance in “{}”: {}.", "模型在“{}”给出的获邀概率：{}。"),
    "what": ("rule or policy", "条件或政策"), "factor": ("factor", "因素"), "step": ("state", "状态"),
    "points": ("points", "百分点"), "log_odds": ("log-odds", "对数几率"), "source": ("documented in", "文档出处"),
    "rule": ("rule", "条件"), "whole": ("in all", "合计"), "others": ("{} more together", "其余{}项合计"),
    "lifted": ("no longer: {}", "不再适用：{}"), "joined": ("; ", "；"),
    "yes": ("yes", "是"), "no": ("no", "否"), "not_known": ("not known", "未知"),
    "factor_value": ("{} ({})", "{}（{}）"),
}

GENERAL_LEVEL: Final = "general_level"
NO_POINTS: Final = "0.00"
_POLICY: Final[Mapping[str, tuple[str, str]]] = {
    GENERAL_LEVEL: ("How many people are invited at all", "整体邀请规模"),
    "weight": ("The weight of {}: {} of what it was", "{}的权重：变为原来的{}"),
    "weight_new": ("The weight of {}: counted now, and not before", "{}的权重：此前不计，现已计入"),
    "term": ("How the factor “{}” counts", "“{}”的计分方式"),
    "centre": ("What counts as average in the factor “{}”", "“{}”的平均水平"),
    "tenure": ("How long products could have been used by then", "当时产品可能的使用时长"),
}
_RULE: Final[Mapping[str, tuple[str, str]]] = {
    "ended": ("Required now: {bar}; yours: {value}.", "现要求：{bar}；您的情况：{value}。"),
    "opened": ("No longer in the way: {bar}; yours: {value}.", "不再构成障碍：{bar}；您的情况：{value}。"),
    "was": ("Before: {bar}.", "此前要求：{bar}。"),
    "was_value": ("Before: {bar}; yours then: {value}.", "此前要求：{bar}；您当时的情况：{value}。"),
    "was_none": ("Before there was no such rule.", "此前没有这项要求。"),
    "is": ("Now: {bar}.", "现要求：{bar}。"),
    "is_value": ("Now: {bar}; yours now: {value}.", "现要求：{bar}；您现在的情况：{value}。"),
    "is_none": ("Now there is no such rule.", "现在没有这项要求。"),
    "score": (
        "The pre-qualification score was {} and is {}; {} is needed.", "预审评分由{}变为{}，要求达到{}。",
    ),
}
ENTRY: Final[Mapping[str, tuple[tuple[str, str], tuple[str, ...]]]] = {
    "invited": (("invited: on the list", "获邀，在名单内"), ("D2.2.entry_for_invited_only",)),
    "closed_by_security": (
        ("closed for a risk seen in transactions", "因交易风险被关闭"), ("D0.6.transaction_closing",),
    ),
    "frozen": (("assessment frozen for a time", "评估资格暂停"), ("D0.6.device_freeze",)),
    "closed_by_person": (("closed by the person", "本人主动关闭"), ("D0.7.older_closing",)),
    "outage": (("out of service when it was due", "恰逢服务中断"), ("D4.5.outage_days",)),
    "cooling_down": (
        ("waiting after a stopped or failed attempt", "申请受阻或失败后的等待期内"),
        ("D1.7.device_cool_down", "D1.4.cool_down_failures"),
    ),
    "requeued": (("acted too late and queued again", "逾时未办理，重新排队"), ("D1.3.late_back_to_queue",)),
    "left": (("left after the redesign", "改版后离开"), ("D4.6.redesign_loses_users",)),
    "available": (("can be used", "可以使用"), ()),
}
"""State of the entry, in the order in which the lender meets it -> words, and the facts that speak of it."""


@dataclass(frozen=True)
class Bar:
    """What a rule of one regime asks of a person, and what the person has."""

    column: str
    comparison: str
    value: float | str
    held: str
    """What the person has, in words."""

    def words(self, language: Language) -> str:
        """Say what is asked for."""
        return say_bar(self.column, self.comparison, self.value, language)


def say_rule(before: Bar | None, after: Bar | None, language: Language, *, is_ended: bool) -> str:
    """Say which rule stands, or no longer stands, between a person and an invitation; None is no such rule."""
    first, other = (after, before) if is_ended else (before, after)
    if first is None:
        raise ValueError("a rule that does not exist changes nothing")
    told = _word("ended" if is_ended else "opened", language).format(bar=first.words(language), value=first.held)
    then = "was" if is_ended else "is"
    if other is None:
        rest = _word(f"{then}_none", language)
    else:
        kind = then if other.held == first.held else f"{then}_value"
        rest = _word(kind, language).format(bar=other.words(language), value=other.held)
    return told + (" " if language == "en" else "") + rest


def say_score(before: float, after: float, mark: float, language: Language) -> str:
    """Say how the pre-qualification score moved across its mark; shares of all points."""
    return _word("score", language).format(*(f"{share * 100:.4g}%" for share in (before, after, mark)))


def say_policy(kind: str, label: str, ratio: float | None, language: Language) -> str:
    """Say what is weighed differently.

    Parameters
    ----------
    kind
        Kind of the change.
    label
        Dimension or factor, in the language of the answer.
    ratio
        New weight as a multiple of the old; None when there was none.
    language
        ``en`` or ``zh``.
    """
    place = language_place(language)
    if kind == "weight" and ratio is None:
        return _POLICY["weight_new"][place].format(label)
    share = "" if ratio is None else f"{ratio * 100:.3g}%"
    return _POLICY[kind][place].format(label, share)


def say_points(probability: float) -> str:
    """Write a change of a probability in percentage points, with its sign.

    Examples
    --------
    >>> say_points(-0.1013), say_points(-0.0)
    ('-10.13', '0.00')
    """
    return _signed(probability * 100)


def say_log_odds(step: float) -> str:
    """Write a change of log-odds with its sign; what rounds to nothing has none."""
    return _signed(step)


def _signed(figure: float) -> str:
    text = f"{figure:+.2f}"
    return text if text.strip("+-0.") else NO_POINTS


def say_state(language: Language, *, holds: bool | None) -> str:
    """Say whether a state holds; None is not known."""
    word = "not_known" if holds is None else "yes" if holds else "no"
    return WORDS[word][language_place(language)]


def _word(name: str, language: Language) -> str:
    return _RULE[name][language_place(language)]
