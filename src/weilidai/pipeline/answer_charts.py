"""The charts of an answer, drawn from its own figures: chance, reasons, repayment, prices, what changed."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from weilidai.columns import CATALOGUE
from weilidai.facts import load_book
from weilidai.facts.amounts import Language
from weilidai.pipeline.drawn_bars import Bar, Mark, Tone, draw_bars, draw_columns
from weilidai.pipeline.markup import Html

Told = Mapping[str, Any]
"""An answer as plain data."""
LEAST_POINTS: Final = 0.0005
"""Parts of a changed chance below this stand together."""

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "chance": ("Chance of an invitation", "获邀概率"), "invited_from": ("invited from {}", "达到{}即获邀"),
    "this_person": ("you", "您"),
    "reasons": ("What weighs against and what speaks for (log-odds)", "不利因素与有利因素（对数几率）"),
    "rule": ("condition not met", "未满足的条件"),
    "grant": ("First grant, with the range it likely lies in", "首次额度及其可能范围"),
    "quota": ("first grant", "首次额度"),
    "schedule": ("What is paid with each instalment", "每期还款构成"),
    "principal": ("principal", "本金"), "interest": ("interest", "利息"), "highest": ("highest: {}", "最高：{}"),
    "prices": ("Yearly cost of the products that are open or could be (IRR)", "可用或待确认产品的年化成本（IRR）"),
    "to_confirm": ("{} (to be confirmed)", "{}（待确认）"),
    "gone": ("From one chance to the other, part by part (percentage points)", "概率变化的逐项拆分（百分点）"),
    "by_rule": ("{}: the rule", "{}：准入条件"),
    "others": ("all other changes", "其余变化"),
    "advised_invitation": ("Chance of an invitation, now and after each way", "目前与各方案之后的获邀概率"),
    "advised_quota": ("First grant, now and after each way", "目前与各方案之后的首次额度"),
    "now_model": ("now, by the model", "目前，模型"), "now_true": ("now, in the simulation", "目前，模拟"),
    "then_model": ("way {}, by the model", "方案{}，模型"),
    "then_true": ("way {}, in the simulation", "方案{}，模拟"),
    "yuan": ("{} yuan", "{}元"),
}


def charts(told: Told) -> list[Html]:
    """Draw what there is to see in an answer; an unknown question has no charts.

    Parameters
    ----------
    told
        The answer as plain data, with its ``question`` and ``language``.
    """
    drawn = [draw(told) for draw in _DRAWN.get(str(told.get("question")), ())]
    return [one for one in drawn if one is not None]


def _chance(told: Told) -> Html:
    threshold, p = float(told["threshold"]), float(told["p_invite"])
    bar = Bar(_word(told, "this_person"), 0, p, f"{p:.1%}", "favourable" if told["is_invited"] else "adverse")
    mark = Mark(_word(told, "invited_from").format(f"{threshold:.1%}"), threshold)
    return draw_bars(_word(told, "chance"), [bar], [mark, Mark("100%", 1.0)])


def _reasons(told: Told) -> Html | None:
    bars = []
    for reason in (*told["reasons"], *told["strengths"]):
        step = reason["contribution"]
        label = _label(reason["factor"], told["language"])
        if step is None:
            bars.append(Bar(label, 0, 0, _word(told, "rule"), "adverse"))
        else:
            bars.append(Bar(label, 0, step, f"{step:+.2f}", "adverse" if step < 0 else "favourable"))
    return draw_bars(_word(told, "reasons"), bars) if bars else None


def _grant(told: Told) -> Html:
    low, mean, high = (float(told[name]) for name in ("quota_low_cny", "quota_cny", "quota_high_cny"))
    bar = Bar(_word(told, "quota"), low, high, _money(told, f"{low:,.0f} – {high:,.0f}"), "favourable")
    return draw_bars(_word(told, "grant"), [bar], [Mark(_money(told, f"{mean:,.0f}"), mean)])


def _schedule(told: Told) -> Html:
    rows = told["loan"]["schedule"]
    columns = [(float(row["principal_cny"]), float(row["interest_cny"]) + float(row["fee_cny"])) for row in rows]
    most = max(float(row["payment_cny"]) for row in rows)
    highest = _word(told, "highest").format(_money(told, f"{most:,.0f}"))
    names = (_word(told, "principal"), _word(told, "interest"))
    return draw_columns(_word(told, "schedule"), columns, names, ("favourable", "open"), highest)


def _prices(told: Told) -> Html | None:
    if told["is_minor"]:
        return None
    priced = [one for one in told["products"] if one["irr_annual"] is not None and one["eligible"] != "no"]
    bars = []
    for one in sorted(priced, key=lambda one: float(one["irr_annual"])):
        is_open = one["eligible"] == "yes"
        label = one["name"] if is_open else _word(told, "to_confirm").format(one["name"])
        note = f"{one['irr_annual'] * 100:.4g}%"
        bars.append(Bar(label, 0, float(one["irr_annual"]), note, "favourable" if is_open else "open"))
    return draw_bars(_word(told, "prices"), bars) if bars else None


def _gone(told: Told) -> Html:
    before, after = (told[side] for side in ("before", "after"))
    at = float(before["p_invite"])
    bars = [Bar(before["title"], 0, at, f"{at:.1%}")]
    rules = ((_word(told, "by_rule").format(_label(one["factor"], told["language"])), one) for one in told["rules"])
    policies = ((one["text"], one) for one in told["policies"])
    parts = [(text, float(one["probability"])) for text, one in (*rules, *policies)]
    small = sum(step for _, step in parts if abs(step) < LEAST_POINTS)
    shown = [(text, step) for text, step in parts if abs(step) >= LEAST_POINTS]
    if abs(small) >= LEAST_POINTS:
        shown.append((_word(told, "others"), small))
    for text, step in shown:
        tone: Tone = "adverse" if step < 0 else "favourable"
        bars.append(Bar(text, at, at + step, f"{step * 100:+.2f}", tone))
        at += step
    bars.append(Bar(after["title"], 0, float(after["p_invite"]), f"{after['p_invite']:.1%}"))
    return draw_bars(_word(told, "gone"), bars)


def _advised(told: Told) -> Html:
    """Draw what each way does by the model, and in the simulation where the truth is known."""
    if not told["advice"]:
        return _chance(told)
    aim = str(told["for"])
    first = told["advice"][0]["effect"]
    bars = [_effect(told, first, "before", "now_model", None), _effect(told, first, "before", "now_true", None)]
    for number, one in enumerate(told["advice"], 1):
        bars += [_effect(told, one["effect"], "after", f"then_{side}", number) for side in ("model", "true")]
    threshold = float(told["threshold"])
    marks = [Mark(_word(told, "invited_from").format(f"{threshold:.1%}"), threshold)] if aim == "invitation" else []
    return draw_bars(_word(told, f"advised_{aim}"), bars, marks)


def _effect(told: Told, effect: Told, when: str, word: str, number: int | None) -> Bar:
    side = word.partition("_")[2]
    label = _word(told, word).format(number)
    tone: Tone = "neutral" if when == "before" else "open" if side == "model" else "favourable"
    if told["for"] == "invitation":
        value = float(effect[f"p_{side}_{when}"])
        return Bar(label, 0, value, f"{value:.1%}", tone)
    value = float(effect[f"quota_{side}_{when}_cny"])
    return Bar(label, 0, value, _money(told, f"{value:,.0f}"), tone)


_DRAWN: Final[Mapping[str, tuple[Callable[[Told], Html | None], ...]]] = {
    "why-not": (_chance, _reasons), "terms": (_chance, _grant, _schedule), "which-product": (_chance, _prices),
    "why-gone": (_gone,), "how-to": (_advised,),
}
"""Question -> what draws its charts."""

_PROTECTED_RULES: Final[Mapping[str, tuple[str, str]]] = {"adult": ("adults only", "仅限成年人")}
"""Rule that is told by its own name, for its factor is protected -> words."""


def _label(factor: str, language: Language) -> str:
    """Name a factor, or the column it is called after; the words of other models stand in their texts."""
    place = 0 if language == "en" else 1
    if factor in _PROTECTED_RULES:
        return _PROTECTED_RULES[factor][place]
    found = load_book().factors.factors.get(factor) or CATALOGUE.get(factor)
    if found is None:
        return factor.replace("_", " ")
    return (found.label_en, found.label_zh)[place]


def _money(told: Told, amount: str) -> str:
    return _word(told, "yuan").format(amount)


def _word(told: Told, name: str) -> str:
    return _WORDS[name][0 if told["language"] == "en" else 1]
