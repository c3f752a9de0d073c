"""Advice in words, in English and Chinese, with the person's own figures."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from weilidai.explain.words import Value, language_place, say_bar, say_value
from weilidai.facts.amounts import Language

if TYPE_CHECKING:
    from weilidai.explain.recourse.advice import Aim, HowTo

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "advice": ("Way {}: {}", "方案{}：{}"),
    "step": ("what to do", "做法"), "change": ("what changes", "变化"), "source": ("documented in", "文档出处"),
    "meanwhile": ("by itself, as time passes and no new credit is asked for", "随时间自然变化（期间不新申请贷款）"),
    "gaming": (" (only makes figures look better)", "（只改变数字，不改变实质）"),
    "and": (" and ", "，并"),
    "changed": ("{} (now {})", "{}（目前{}）"),
    "switched": ("{} (now: {})", "{}（目前：{}）"),
    "reckoned": ("{} (only comes to light; reckoned with)", "{}（届时才可知，按此估算）"),
    "effect_invitation": (
        "Chance by the model {} → {}; true chance in the simulation {} → {}.",
        "模型概率{} → {}；模拟中的真实概率{} → {}。",
    ),
    "effect_quota": (
        "First grant by the model {} → {}; true expected grant in the simulation {} → {}.",
        "模型首次额度{} → {}；模拟中的真实预期额度{} → {}。",
    ),
    "trick": (
        " It only makes figures look better, and counts as boosting a score.", "只让数字好看，属于刷分行为。",
    ),
    "no_gain": (" It moves the score, not the truth.", "只改变评分，不改变真实结果。"),
    "harm": (" It costs you elsewhere.", "会在另一方面造成损失。"),
    "in_the_way": ("In the way now", "目前的障碍"),
    "once_over": (
        "Whatever is changed helps only once these are over.", "只有在上述障碍消除之后，改变才会起作用。",
    ),
    "set_aside": ("Not advised:", "不建议："),
    "same_person_and_noise": (
        "Checked in the simulation: the same person and the same luck, with only this changed.",
        "已在模拟中核验：同一个人、同样的随机因素，只改变上述各项。",
    ),
    "columns_as_given": (
        "Checked against the simulated lender's true rule on the figures given.",
        "已按所给数据，用模拟贷款方的真实规则核验。",
    ),
    "now": ("at once", "立即见效"), "month": ("after 1 month", "1个月后"), "months": ("after {} months", "{}个月后"),
    "already": ("Nothing has to change.", "无需任何改变。"),
    "already_waiting": (
        "Nothing else has to change; only what is named above has to be over.", "其他方面无需改变，只待上述障碍消除。",
    ),
    "already_recorded": ("You have it already; nothing has to change.", "您已获得，无需任何改变。"),
    "if_invited": (
        "What follows matters only once you are invited.", "以下内容在您获邀之后才有意义。",
    ),
    "granted": (
        "Your first grant is made: now the quota grows by habit. The ways below would only raise a grant made anew.",
        "您的首次额度已核定，此后额度靠使用习惯增长；以下方案仅影响重新核定的首次额度。",
    ),
    "most_documented": (
        "The largest first grant is {}.", "首次额度最高为{}。",
    ),
    "found": ("Ways that reach it: {}, the least costly first.", "可行方案：{}个，代价最小的在前。"),
    "unconfirmed": (
        "What would reach it by the score does not hold in truth, or costs you elsewhere, so nothing is advised.",
        "仅凭评分可行的做法，真实结果并未改善，或会在另一方面造成损失，因此不作建议。",
    ),
    "undecided": (
        "Undecided: no one or two changes do, and time ran out before more were tried; allow more with --seconds.",
        "尚无定论：一两项改变不够，更多组合未及试完；可用--seconds延长时间。",
    ),
    "none": (
        "None within these rules: everything together reaches {} at most, and {} is needed.",
        "在这些规则内没有办法：全部做到也至多达到{}，而需要{}。",
    ),
    "none_enumerated": (
        "None within these rules: no set of actions that one person can take together reaches {}.",
        "在这些规则内没有办法：任何可以同时做到的组合都达不到{}。",
    ),
    "growth": ("How the quota of an open account grows", "已开通账户的额度如何增长"),
    "habit": ("habit", "习惯"), "weight": ("weight", "权重"), "lag": ("shows", "见效"),
    "chance": ("chance of an increase in 6 months", "6个月内提额概率"),
    "unweighted": ("no figure", "未给数值"),
    "on_time": ("repay {} times in a row on time", "连续{}次按时还款"),
    "use_band": ("use {} to {} of the quota", "使用额度的{}至{}"),
    "bills": ("pay {} bills a month with it", "每月用它缴{}笔账单"),
    "instalments": ("repay by instalments", "使用分期还款"),
    "merchants": ("pay at {} kinds of merchants a month", "每月在{}类商户消费"),
    "deposit": ("keep {} in Licaitong for {} months", "在理财通持有{}满{}个月"),
}
"""What an answer says, in English and in Chinese."""


def say_months(months: int, language: Language) -> str:
    """Say when something shows.

    Examples
    --------
    >>> say_months(0, "en"), say_months(6, "zh")
    ('at once', '6个月后')
    """
    name = {0: "now", 1: "month"}.get(months, "months")
    return WORDS[name][language_place(language)].format(months)


def say_change(column: str, before: Value, after: Value, language: Language, *, is_unknown: bool) -> str:
    """Say one changed column.

    Examples
    --------
    >>> say_change("credit_card_count", 1, 2, "en", is_unknown=False)
    '2 credit cards bound (now 1)'
    """
    place = language_place(language)
    then = say_value(column, after, language)
    if is_unknown:
        return WORDS["reckoned"][place].format(then)
    if isinstance(before, int | float) and not isinstance(before, bool):
        return WORDS["changed"][place].format(then, say_bar(column, "==", before, language, brief=True))
    return WORDS["switched"][place].format(then, say_value(column, before, language))


def say_value_of(aim: "Aim", value: float, language: Language) -> str:
    """Say a probability, or an amount.

    Examples
    --------
    >>> say_value_of("invitation", 0.4567, "en"), say_value_of("quota", 12345.6, "zh")
    ('45.7%', '12,346元')
    """
    return f"{value:.1%}" if aim == "invitation" else f"{value:,.0f}" + (" yuan", "元")[language_place(language)]


def say_outcome(answer: "HowTo", language: Language) -> str:
    """Say in one sentence what the search came to."""
    place = language_place(language)
    if answer.state == "already":
        waits = any(one.stage != "rules" for one in answer.obstacles)
        name = "already_waiting" if waits else "already_recorded" if answer.recorded else "already"
        return WORDS[name][place]
    if answer.state == "found":
        return WORDS["found"][place].format(len(answer.advice))
    if answer.proof is None:
        return WORDS[answer.state][place]
    best, wanted = (say_value_of(answer.aim, v, language) for v in (answer.proof.best_value, answer.proof.wanted))
    if answer.proof.kind == "enumerated":
        return WORDS["none_enumerated"][place].format(wanted)
    return WORDS["none"][place].format(best, wanted)
