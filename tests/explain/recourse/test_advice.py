import json
from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from weilidai.explain.obstacles import Obstacle
from weilidai.explain.recourse.advice import Advice, Barrier, Effect, Growth, HowTo, Proof, Step, change_of
from weilidai.explain.sources import Source
from weilidai.explain.verdict import Verdict
from weilidai.pipeline.answer_page import answer_page

VERDICT = Verdict(
    is_invited=False, p_invite=0.2, threshold=0.45, quota_cny=9000.0, quota_low_cny=6000.0, quota_high_cny=12000.0,
    daily_rate=0.0004, credit_grade="AA",
)
EFFECT = Effect(0.2, 0.5, 0.1, 0.4, 9000.0, 9500.0, 8000.0, 8200.0)


def advice(**changed: object) -> Advice:
    change = change_of("credit_card_count", 1, 2, "en")
    step = Step(
        "bind_credit_card", "credit_cards", "bureau", "bind a card", 1, is_gaming=False, changes=(change,),
        sources=(Source("D1.1.mark_credit_cards", "D1", 1),),
    )
    given = Advice((step,), (), 1, 2.5, EFFECT, improves=True, harms_other=False, is_gaming=False)
    return replace(given, **changed)  # type: ignore[arg-type]  # a test names the fields


def answer(**changed: object) -> HowTo:
    given = HowTo("invitation", VERDICT, "found", (advice(),), (), None, (), "columns_as_given", 0.01, "en")
    return replace(given, **changed)  # type: ignore[arg-type]  # a test names the fields


def shown(told: HowTo) -> str:
    out = StringIO()
    Console(file=out, width=200).print(told)
    return out.getvalue()


def test_the_answer_is_plain_data_with_fixed_names() -> None:
    told = answer().to_dict()
    assert json.loads(json.dumps(told)) == json.loads(json.dumps(told))
    assert set(told) == {
        "question", "for", "is_invited", "p_invite", "threshold", "quota_cny", "quota_low_cny", "quota_high_cny",
        "daily_rate", "credit_grade", "obstacles",
        "state", "advice", "set_aside", "proof", "growth", "checked", "recorded",
        "language", "note",
    }
    assert set(told["advice"][0]) == {
        "steps", "meanwhile", "months", "cost", "effect", "improves", "harms_other", "is_gaming",
    }
    assert set(told["advice"][0]["steps"][0]) == {
        "action", "factor", "dimension", "text", "months", "is_gaming", "changes", "sources",
    }


def test_a_reader_sees_what_to_do_and_what_is_true_then() -> None:
    said = shown(answer())
    assert "bind a card" in said
    assert "2 credit cards bound (now 1)" in said
    assert "true chance in the simulation 10.0% → 40.0%" in said


def test_what_is_in_the_way_now_comes_before_the_advice() -> None:
    closed = Obstacle(
        "security", "entry_closed", is_recorded=True, value=None, mark=None, distance=None, unit=None, wait=None,
        wait_unit=None, document="D0", section=6, is_actionable=False, text="The entry was closed.",
    )
    told = answer(obstacles=(closed,))
    said = shown(told)
    assert said.index("The entry was closed. [") < said.index("only once these are over") < said.index("bind a card")
    assert told.to_dict()["obstacles"] == [closed.to_dict()]
    assert "only once these are over" in answer_page(told)
    assert "only once these are over" not in shown(answer())


def test_what_does_not_help_in_truth_is_never_advised() -> None:
    assert not advice(improves=False).holds
    assert not advice(harms_other=True).holds
    said = shown(answer(advice=(), set_aside=(advice(improves=False),), state="unconfirmed"))
    assert "Not advised" in said
    assert "moves the score, not the truth" in said


def test_gain_and_harm_belong_to_the_aim() -> None:
    assert EFFECT.gain("invitation") == pytest.approx(0.3)
    assert EFFECT.gain("quota") == 200
    assert EFFECT.harm("invitation") == -200
    assert EFFECT.harm("quota") == pytest.approx(-0.3)


def test_a_move_that_only_makes_figures_look_better_is_marked() -> None:
    step = replace(advice().steps[0], is_gaming=True)
    trick = advice(steps=(step,), is_gaming=True)
    assert not trick.holds
    said = shown(answer(set_aside=(trick,)))
    assert said.index("Not advised") < said.index("only makes figures look better")


def test_who_has_it_on_record_is_told_so_and_needs_nothing() -> None:
    said = shown(answer(advice=(), state="already", recorded="opened"))
    assert "you have opened the product already" in said
    assert "You have it already" in said


def test_what_only_has_to_be_over_is_not_called_a_change() -> None:
    stopped = Obstacle(
        "interception", "device", is_recorded=True, value=None, mark=None, distance=None, unit=None, wait=24.0,
        wait_unit="hours", document="D1", section=7, is_actionable=False, text="Stopped.",
    )
    said = shown(answer(advice=(), state="already", obstacles=(stopped,)))
    assert "only what is named above has to be over" in said
    assert "only once these are over" not in said


def test_a_higher_quota_says_what_it_means_for_whom() -> None:
    assert "only once you are invited" in shown(answer(aim="quota"))
    said = shown(answer(aim="quota", recorded="opened"))
    assert "Your first grant is made" in said
    assert "only once you are invited" not in said


def test_a_grant_beyond_the_largest_is_said_to_be_so() -> None:
    proof = Proof("best_point", 30_000.0, 34_800.0, 12, ())
    said = shown(answer(aim="quota", advice=(), state="none", proof=proof, largest_grant_cny=30_000.0))
    assert "The largest first grant is 30,000 yuan." in said


@pytest.mark.parametrize(("language", "told"), [("en", "at most, and 45.0% is needed"), ("zh", "而需要45.0%")])
def test_nothing_to_do_comes_with_its_proof(language: str, told: str) -> None:
    proof = Proof("best_point", 0.3, 0.45, 12, (Barrier("covered_area", "not open there", "D0", 4),))
    said = shown(answer(advice=(), state="none", proof=proof, language=language))
    assert told in said
    assert "not open there [" in said


def test_an_open_question_says_what_may_settle_it() -> None:
    assert "--seconds" in shown(answer(advice=(), state="undecided"))


def test_habits_of_an_open_account_are_shown_with_weight_and_lag() -> None:
    grown = Growth("on_time", "repay on time", 0.35, 3, 0.2, 0.3, (Source("D1.8.weight_on_time", "D1", 8),))
    said = shown(answer(aim="quota", growth=(grown,)))
    assert "35%" in said
    assert "after 3 months" in said
    assert "20.0% → 30.0%" in said
