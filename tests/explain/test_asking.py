"""Why one person is not invited."""

import io
import json
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from weilidai.columns import CATALOGUE, FEATURES
from weilidai.errors import ConfigError, DataError
from weilidai.explain.asking import Answer, why_not
from weilidai.explain.background import Attribution
from weilidai.explain.reasons import reasons_for
from weilidai.facts import FactorCatalogue, load_book
from weilidai.facts.amounts import Language
from weilidai.models.background import choose_background
from weilidai.models.invite import InviteModel
from weilidai.models.settings import ExplainSettings
from weilidai.rules import Eligibility


class StandIn:
    """Decides with one invite model, as a loaded model does."""

    def __init__(self, invite: InviteModel, factors: FactorCatalogue, people: pd.DataFrame) -> None:
        background = choose_background(people, invite, 100)
        self.bundle: Any = SimpleNamespace(
            invite=invite, factors=factors, columns=FEATURES, background=background, explain=ExplainSettings()
        )
        self.attribution = Attribution(self.bundle)

    def decide(self, people: pd.DataFrame, reasons: Language | None = None) -> pd.DataFrame:
        for name in FEATURES:
            if name not in people.columns and not CATALOGUE[name].may_be_missing:
                raise DataError("is missing", where=name)
        read, invite = people.reindex(columns=list(FEATURES)), self.bundle.invite
        told = reasons_for(
            read, self.attribution.contributions(read), invite.failed_rules(read), self.bundle.factors, reasons or "en",
            features=invite.features.names, policy=invite.eligibility,
        )
        return pd.DataFrame({
            "p_invite": invite.probability(read), "is_invited": invite.is_invited(read),
            "reasons": [json.dumps([reason.to_dict() for reason in own]) for own in told],
        }, index=people.index)


@pytest.fixture(scope="module")
def decider(
    model: InviteModel, catalogue: FactorCatalogue, policy: Eligibility, people: pd.DataFrame
) -> StandIn:
    ruled = InviteModel(model.booster, model.features, policy, model.calibration, model.threshold)
    return StandIn(ruled, catalogue, people)


@pytest.fixture(scope="module")
def eligible(people: pd.DataFrame, policy: Eligibility) -> pd.DataFrame:
    found: pd.DataFrame = people.loc[policy.passes(people), list(FEATURES)]
    return found


def shown(answer: Answer) -> str:
    out = io.StringIO()
    Console(file=out, width=160, force_terminal=False).print(answer)
    return out.getvalue()


def test_the_answer_carries_the_figures_of_the_decision(decider: StandIn, eligible: pd.DataFrame) -> None:
    decided = decider.decide(eligible, reasons="zh")
    for row in range(5):
        answer = why_not(decider, eligible.iloc[[row]], "zh")
        assert answer.p_invite == decided["p_invite"].iloc[row]
        assert answer.is_invited == decided["is_invited"].iloc[row]
        assert [reason.to_dict() for reason in answer.reasons] == json.loads(decided["reasons"].iloc[row])
        assert answer.failed_rules == ()
        assert answer.threshold == decider.bundle.invite.threshold


def test_every_failed_rule_is_named_in_order(decider: StandIn, eligible: pd.DataFrame) -> None:
    person = eligible.iloc[[0]].assign(is_covered_area=False, debit_card_count=0, real_name_months=0, age_years=17,
                                       is_restricted=True)
    answer = why_not(decider, person)
    assert answer.failed_rules == ("covered_area", "adult", "real_name", "debit_card", "unrestricted")
    assert (answer.p_invite, answer.is_invited) == (0.0, False)
    assert [reason.contribution for reason in answer.reasons] == [None] * 4


def test_what_speaks_for_the_person_is_told_too(decider: StandIn, eligible: pd.DataFrame) -> None:
    strong = eligible.iloc[[0]].assign(daily_open_count=np.float32(50))
    answer = why_not(decider, strong)
    assert "app_activity" in [reason.factor for reason in answer.strengths]
    assert all(reason.contribution > 0 for reason in answer.strengths if reason.contribution is not None)


def test_a_column_that_may_be_missing_can_be_left_out(decider: StandIn, eligible: pd.DataFrame) -> None:
    person = eligible.iloc[[0]].assign(pay_score=np.nan)
    assert why_not(decider, person.drop(columns="pay_score")) == why_not(decider, person)


def test_another_missing_column_is_named(decider: StandIn, eligible: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="daily_open_count"):
        why_not(decider, eligible.iloc[[0]].drop(columns="daily_open_count"))


def test_only_one_person_is_answered_at_a_time(decider: StandIn, eligible: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="2 people given"):
        why_not(decider, eligible.head(2))


def test_an_unknown_language_is_refused(decider: StandIn, eligible: pd.DataFrame) -> None:
    with pytest.raises(ConfigError, match="unknown language"):
        why_not(decider, eligible.head(1), "de")  # type: ignore[arg-type]


def test_the_answer_is_plain_json_and_says_that_it_is_synthetic(decider: StandIn, eligible: pd.DataFrame) -> None:
    written = json.loads(json.dumps(why_not(decider, eligible.head(1)).to_dict(), allow_nan=False))
    assert written["question"] == "why-not"
    assert {"is_invited", "p_invite", "threshold", "failed_rules", "reasons", "strengths"} <= set(written)
    assert "not the bank's decision" in written["note"]


@pytest.mark.parametrize(("language", "words"), [("en", "not the bank's decision"), ("zh", "不代表银行的决定")])
def test_the_answer_is_shown_with_its_sources(
    decider: StandIn, eligible: pd.DataFrame, language: Language, words: str
) -> None:
    answer = why_not(decider, eligible.iloc[[1]].assign(is_restricted=True), language)
    text = shown(answer)
    assert words in text
    place = "D0, section 6" if language == "en" else "D0第6节"
    assert place in text
    for reason in answer.reasons:
        assert reason.text[:12] in text


def test_nothing_to_say_is_said() -> None:
    answer = Answer(is_invited=True, p_invite=0.9, threshold=0.5, failed_rules=(), reasons=(), strengths=(),
                    language="en")
    text = shown(answer)
    assert "would invite" in text
    assert text.count("Nothing stands out.") == 2


def test_every_failed_rule_is_shown_however_many_there_are(decider: StandIn, eligible: pd.DataFrame) -> None:
    person = eligible.iloc[[0]].assign(is_covered_area=False, debit_card_count=0, real_name_months=0, age_years=17,
                                       is_restricted=True)
    answer = why_not(decider, person, book=load_book())
    text = " ".join(shown(answer).split())
    rules = [one for one in answer.obstacles if one.stage == "rules"]
    assert len(rules) == 5
    assert "Conditions not met: 5." in text
    assert rules[-1].text in text
    assert all(text.count(one.text[:30]) == 1 for one in rules)


@pytest.mark.parametrize(("recorded", "state", "said"), [
    ({"is_opened": True, "is_invited": True}, "opened", "you have opened the product already"),
    ({"is_opened": False, "is_invited": True}, "invited", "you are invited already"),
    ({"is_opened": False, "is_invited": False}, None, None),
    ({}, None, None),
])
def test_what_is_on_record_already_is_said(
    decider: StandIn, eligible: pd.DataFrame, recorded: dict[str, bool], state: str | None, said: str | None
) -> None:
    answer = why_not(decider, eligible.iloc[[0]].assign(**recorded))
    assert answer.recorded == answer.to_dict()["recorded"] == state
    assert ("On record" in shown(answer)) == (said is not None)
    assert said is None or said in shown(answer)


def test_whether_a_person_can_change_it_stands_beside_every_reason(decider: StandIn, eligible: pd.DataFrame) -> None:
    person = eligible.iloc[[0]].assign(is_covered_area=False, debit_card_count=0)
    answer = why_not(decider, person)
    assert [reason.is_actionable for reason in answer.reasons[:2]] == [False, True]
    assert "yours to change" in shown(answer)


@pytest.mark.parametrize("side", ["reasons", "strengths"])
def test_nothing_is_told_that_the_model_does_not_read(decider: StandIn, people: pd.DataFrame, side: str) -> None:
    invite, factors = decider.bundle.invite, decider.bundle.factors
    read = {factors.of_column(name).id for name in (*invite.features.names, *invite.eligibility.columns)}
    protected = {factor.id for factor in factors.factors.values() if factor.is_protected}
    told = {
        reason.factor for row in range(150) for reason in getattr(why_not(decider, people.iloc[[row]]), side)
    }
    assert told
    assert told <= (read - protected) | {"adult"}
