"""What people choose who do not get Weilidai: too early, refused, closed by themselves, or never asked.

D0 section 7: young students turn to Huabei and JD Baitiao and the young rely on the instalment credit of shops
(D0.7.students_huabei, D0.7.students_baitiao, D0.7.young_instalment_products), the wealthy to a bank's VIP service
(D0.7.wealthy_vip), older people to deposits and wealth products of a bank (D0.7.older_savings). D3 section 2:
WE2000 looks for the young (D3.2.we2000_wants_young) from 600 points (D3.2.we2000_pay_score_least), Xiao'e
Huaqian takes thin and slightly blemished files (D3.2.xiaoe_wants_no_bureau_record,
D3.2.xiaoe_takes_small_blemish). D0 section 8: state banks lend at once and cheaper (D0.8.bank_instant_loans,
D0.8.bank_lower_rate); Zhouzhuan is promoted from 2023 (D0.8.zhouzhuan_push). No share is documented, only who is
drawn where, so choices are weights: alike for everybody, multiplied where the documents send somebody.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from weilidai.columns import ALTERNATIVES, USER_TYPES
from weilidai.lender.eligibility import RuleSpec
from weilidai.lender.some_people import NO_LEVEL, SomePeople, chosen
from weilidai.lender.take_up import TakeUpParameters
from weilidai.noise import Noise
from weilidai.parameters import Strict
from weilidai.rules import Rule

Array = npt.NDArray[Any]
BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float32]
_f = np.float32


class AlternativeParameters(Strict):
    """Weights of the choices, who is drawn where, and to whom a product is open."""

    nothing: float
    """Weight of choosing none of them."""
    weight: Mapping[str, float]
    """Weight of each alternative for people whom no document sends anywhere."""
    drawn: Mapping[str, Mapping[str, float]]
    """Group -> alternative -> by how much the weight is multiplied for its people."""
    rules: Mapping[str, Mapping[str, RuleSpec]]
    """Alternative -> conditions without which nobody has it."""
    adult_years: float
    small_blemish_count: float
    """Most overdue events that still count as a small blemish."""


def groups(
    people: Mapping[str, Any], parameters: AlternativeParameters, take_up: TakeUpParameters
) -> dict[str, BoolArray]:
    """Tell who belongs to the groups that the documents send somewhere; shapes (people,)."""
    kind, age, late = people["user_type"], people["age_years"], people["overdue_count_24m"]
    return {
        "student": kind == USER_TYPES.index("student"),
        "young": age <= _f(take_up.young_up_to_years),
        "wealthy": kind == USER_TYPES.index("high_net_worth"),
        "older": age >= _f(take_up.older_from_years),
        "no_record": ~people["has_bureau_record"].astype(np.bool_),
        "small_blemish": (late >= 1) & (late <= _f(parameters.small_blemish_count)),
    }


def alternative_weights(
    people: Mapping[str, Any], parameters: AlternativeParameters, take_up: TakeUpParameters
) -> FloatArray:
    """Weigh every alternative for every person, then choosing nothing; shape (alternatives + 1, people)."""
    weights = np.empty((len(ALTERNATIVES) + 1, len(people["age_years"])), dtype=np.float32)
    for row, name in enumerate(ALTERNATIVES):
        weights[row] = _f(parameters.weight[name])
    weights[-1] = _f(parameters.nothing)
    for group, who in groups(people, parameters, take_up).items():
        for name, times in parameters.drawn.get(group, {}).items():
            weights[ALTERNATIVES.index(name)] *= np.array([1, times], dtype=np.float32).take(who)
    for name, rules in parameters.rules.items():
        for rule, spec in rules.items():
            met = Rule(rule, spec.column, spec.comparison, spec.value, spec.fact).passes(people)
            weights[ALTERNATIVES.index(name)] *= met
    return weights


def chosen_alternative(
    people: Mapping[str, Any], is_opened: BoolArray, parameters: AlternativeParameters, take_up: TakeUpParameters,
    noise: Noise,
) -> npt.NDArray[np.uint8]:
    """Code what adults without Weilidai choose; no level for borrowers, minors and who chooses nothing.

    Parameters
    ----------
    people
        The people's columns.
    is_opened
        Who has Weilidai; shape (people,).
    parameters, take_up
        Numbers of the choices, and the documented ages.
    noise
        The block's random streams.
    """
    who = SomePeople.where(~is_opened & (people["age_years"] >= _f(parameters.adult_years)))
    needed = {"user_type", "age_years", "overdue_count_24m", "has_bureau_record"}
    needed |= {spec.column for rules in parameters.rules.values() for spec in rules.values()}
    weights = alternative_weights({name: who.of(people[name]) for name in needed}, parameters, take_up)
    code = chosen(weights, who.of(noise.uniform("chosen_alternative")))
    return who.codes(np.where(code < len(ALTERNATIVES), code, np.uint8(NO_LEVEL)))
