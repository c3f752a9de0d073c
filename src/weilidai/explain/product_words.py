"""Conditions of the product table in words, in English and Chinese, and what only the person can answer."""

from collections.abc import Mapping
from typing import Final

from weilidai.explain.words import language_place, say_bar
from weilidai.facts.amounts import Language

INVITED: Final = "is_invited"
_SAID: Final[Mapping[str, tuple[str, str]]] = {
    INVITED: ("an invitation from the lender", "获得贷款方的邀请"),
    "zhima_score": ("a Zhima score of at least {:g}", "芝麻分至少{:g}分"),
    "xiaobai_score": ("a Xiaobai credit score of at least {:g}", "小白信用分至少{:g}分"),
    "douyin_follower_count": ("at least {:g} followers on Douyin", "抖音粉丝至少{:g}人"),
    "meets_bank_terms": ("the bank's own terms met", "符合该银行自身的条件"),
    "has_student_proof_if_asked": ("proof of student status at hand, if asked for", "如被要求，可提供学籍证明"),
    "has_social_insurance_proof_if_asked": (
        "proof of social insurance at hand, if asked for", "如被要求，可提供社保证明",
    ),
    "has_quota_for_plus": ("a quota large enough for the plus service", "额度达到增值版的要求"),
    "is_zhouzhuan_trial_user": ("chosen as a trial user of Zhouzhuan", "已是周转的试用用户"),
}
"""Column that the contract of a person does not know -> how a condition on it is said."""
_QUESTIONS: Final[Mapping[str, tuple[str, str]]] = {
    "zhima_score": ("your Zhima score", "您的芝麻分"),
    "xiaobai_score": ("your Xiaobai credit score", "您的小白信用分"),
    "douyin_follower_count": ("your followers on Douyin", "您的抖音粉丝数"),
    "meets_bank_terms": ("whether you meet the bank's own terms", "是否符合该银行自身的条件"),
    "has_student_proof_if_asked": ("whether you can prove that you study", "能否提供学籍证明"),
    "has_social_insurance_proof_if_asked": ("whether you can prove social insurance", "能否提供社保证明"),
    "has_quota_for_plus": ("whether your quota suffices for the plus service", "额度是否达到增值版的要求"),
    "is_zhouzhuan_trial_user": ("whether you were chosen to try Zhouzhuan", "是否已是周转的试用用户"),
}
"""Column that only the person can answer -> what is asked."""
_QUESTION: Final = ("{} as {}", "{}（字段{}）")
_PROOFS: Final[Mapping[str, tuple[str, str]]] = {
    "D2.8.bank_asset_proof": ("proof of assets", "资产证明"),
    "D2.8.bank_salary_flow": ("salary statements", "工资流水"),
}
"""Fact whose label names the product it stands beside -> what is asked for."""
_DURATIONS: Final = (
    (86_400, " day", "天"), (3_600, " hour", "小时"), (60, " minute", "分钟"), (1, " second", "秒"),
)
_AT_ONCE: Final = ("at once", "即时")
_TO: Final = (" to ", "至")


def say_condition(column: str, comparison: str, value: float, language: Language) -> str:
    """Say a condition on a person, as in "at least 1 debit card bound"."""
    if column in _SAID:
        return _SAID[column][language_place(language)].format(value)
    return say_bar(column, comparison, value, language)


def say_question(column: str, language: Language) -> str:
    """Say what a column asks of the person, with the name under which the file answers it."""
    place = language_place(language)
    return _QUESTION[place].format(_QUESTIONS[column][place], column) if column in _QUESTIONS else column


def say_proof(fact: str, language: Language) -> str | None:
    """Say what a fact about a product asks for; None where the fact's own label says it."""
    return _PROOFS[fact][language_place(language)] if fact in _PROOFS else None


def is_said(column: str) -> bool:
    """Whether a column that the contract does not know has its words."""
    return column in _SAID


def say_duration(fastest: float, slowest: float, language: Language) -> str:
    """Say a time in seconds, or a range, in the unit that suits.

    Examples
    --------
    >>> say_duration(70, 150, "en"), say_duration(0, 60, "en"), say_duration(7200, 7200, "zh")
    ('1.2 minutes to 2.5 minutes', 'at once to 1 minute', '2小时')
    """
    ends = dict.fromkeys(_one(end, language) for end in (fastest, slowest))
    return _TO[language_place(language)].join(ends)


def _one(seconds: float, language: Language) -> str:
    place = language_place(language)
    if seconds == 0:
        return _AT_ONCE[place]
    size, en, zh = next((row for row in _DURATIONS if seconds >= row[0]), _DURATIONS[-1])
    number = f"{seconds / size:.1f}".removesuffix(".0")
    return number + (en + ("" if number == "1" else "s") if language == "en" else zh)
