"""Why one person's chance changed between two regimes."""

import io
import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from current_numbers import current_numbers
from weilidai.errors import ConfigError, DataError
from weilidai.explain.why_gone import WhyGone
from weilidai.parameters import Parameters
from weilidai.pipeline import generating, two_lives
from weilidai.pipeline.asking_why_gone import ask_why_gone
from weilidai.pipeline.simulate import simulate
from weilidai.progress import Silent

SEED, ROWS = 5, 1_500
KEYS = [
    "question", "before", "after", "change", "ended_by", "rules", "policies", "factors", "entry", "wait_months",
    "is_same_noise", "language", "note",
]
SIDE_KEYS = ["regime", "title", "p_invite", "is_eligible", "failed_rules", "log_odds", "p_weighed", "p_model"]
STATES = [
    "invited", "closed_by_security", "frozen", "closed_by_person", "outage", "cooling_down", "requeued", "left",
    "available",
]
PAIRS = [("optimisation", "contraction"), ("optimisation", "data_separated"), ("trial", "contraction"),
         ("contraction", "expansion")]
Lived = Callable[[str], tuple[pd.DataFrame, pd.DataFrame]]


def _now(regime: str, readings: Mapping[str, str] | None = None, policy: str = "composite") -> Parameters:
    assert (readings or {}, policy) == ({}, "composite")
    return current_numbers(regime)


@pytest.fixture(scope="module", autouse=True)
def _numbers_of_now() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(two_lives, "numbers_of", _now)
        patch.setattr(generating, "numbers_of", _now)
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, _numbers_of_now: None) -> Path:
    place: Path = tmp_path_factory.mktemp("lives") / "people"
    return generating.generate_files(ROWS, SEED, "optimisation", place, Silent())


@pytest.fixture(scope="module")
def lived() -> Lived:
    known: dict[str, tuple[pd.DataFrame, pd.DataFrame]] = {}

    def of(regime: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        if regime not in known:
            known[regime] = simulate(current_numbers(regime), ROWS, SEED)
        return known[regime]

    return of


def person_with(lived: Lived, *, before: bool, after: bool) -> str:
    """Name somebody who is looked at before and after the contraction, or is not."""
    one, other = (lived(regime)[0]["is_eligible"] for regime in ("optimisation", "contraction"))
    return str(np.flatnonzero((one == before) & (other == after))[0])


def shown(answer: WhyGone) -> str:
    out = io.StringIO()
    Console(file=out, width=220, force_terminal=False).print(answer)
    return out.getvalue()


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_the_parts_sum_to_the_whole_for_anybody(folder: Path, lived: Lived, before: str, after: str) -> None:
    truth = [lived(regime)[1]["p_invite"] for regime in (before, after)]
    for person in range(0, ROWS, 300):
        answer = ask_why_gone(None, folder, str(person), "en", before=before, after=after)
        told = answer.to_dict()
        chances = (told["before"]["p_invite"], told["after"]["p_invite"])
        assert chances == pytest.approx([p[person] for p in truth], abs=1e-6)
        parts = [one["probability"] for one in (*told["rules"], *told["policies"])]
        assert sum(parts) == pytest.approx(told["change"], abs=1e-9)
        assert sum(one["probability"] for one in told["factors"]) == pytest.approx(told["change"], abs=1e-9)
        step = told["after"]["log_odds"] - told["before"]["log_odds"]
        assert sum(one["log_odds"] for one in told["policies"]) == pytest.approx(step, abs=1e-9)
        assert sum(one["log_odds"] for one in told["factors"]) == pytest.approx(step, abs=1e-9)
        for policy in told["policies"]:
            assert sum(policy["by_factor"].values()) == pytest.approx(policy["log_odds"], abs=1e-9)


def test_the_rule_that_ended_it_is_told_first_with_both_bars(folder: Path, lived: Lived) -> None:
    person = person_with(lived, before=True, after=False)
    answer = ask_why_gone(None, folder, person, "en")
    assert answer.ended_by
    assert sum(one.probability for one in answer.rules) == pytest.approx(-answer.before.standing.p_invite)
    assert [one.probability for one in answer.policies if one.probability] == []
    rule = answer.rules[0]
    assert (rule.is_met, rule.causes[0].source.document, rule.causes[0].source.section) == (False, "D4", 2)
    assert re.search(r"^Required now: .*yours: .*Before: ", rule.text)
    assert (answer.wait_months == 6) is ("inquiries" in answer.after.standing.failed_rules)
    said = shown(answer)
    assert "A rule ended it" in said
    assert "Required now" in said
    assert "How many people are invited at all" not in said  # it moved no chance


def test_a_score_that_only_time_lifted_over_its_mark_is_told_as_such(folder: Path, lived: Lived) -> None:
    before, after = (lived(regime)[0] for regime in ("trial", "optimisation"))
    mark = 0.69
    lifted = (before["prequalification_score"] < mark - 1e-3) & (after["prequalification_score"] > mark)
    person = str(np.flatnonzero(lifted & after["is_eligible"])[0])
    answer = ask_why_gone(None, folder, person, "en", before="trial", after="optimisation")
    rule = next(one for one in answer.rules if one.rule == "prequalification")
    assert rule.is_met
    assert re.search(r"The pre-qualification score was [\d.]+% and is [\d.]+%; 69% is needed", rule.text)
    assert rule.causes[0].source.fact == "D1.1.dynamic_score"


def test_what_weighing_alone_did_is_told_policy_by_policy(folder: Path, lived: Lived) -> None:
    person = person_with(lived, before=True, after=True)
    answer = ask_why_gone(None, folder, person, "en")
    assert answer.rules == ()
    level = next(one for one in answer.policies if one.change == "general_level")
    assert level.causes[0].source.fact == "D4.3.lending_volume_change"
    assert level.probability < 0
    sizes = [abs(one.probability) for one in answer.policies]
    assert sizes == sorted(sizes, reverse=True)


def test_the_entry_is_followed_in_the_order_in_which_the_lender_looks(folder: Path, lived: Lived) -> None:
    before, after = (lived(regime)[0] for regime in ("optimisation", "contraction"))
    for person in np.flatnonzero(before["is_invited"])[:6]:
        entry = ask_why_gone(None, folder, str(person), "en").entry
        assert [one.state for one in entry] == STATES
        states = {one.state: (one.before, one.after) for one in entry}
        assert states["available"] == (before["is_entry_available"][person], after["is_entry_available"][person])
        assert states["invited"] == (True, after["is_invited"][person])
        for side in (0, 1):
            in_the_way = [states[name][side] for name in STATES[1:-1] if name != "left"]
            assert states["available"][side] == (states["invited"][side] and not any(in_the_way))


def test_a_person_out_of_a_file_is_held_as_told(tmp_path: Path, folder: Path, lived: Lived) -> None:
    person = person_with(lived, before=True, after=False)
    lived("optimisation")[0].iloc[[int(person)]].to_json(tmp_path / "one.json", orient="records")
    simulated = ask_why_gone(None, folder, person, "en").to_dict()
    held = ask_why_gone(None, tmp_path / "one.json", None, "en").to_dict()
    assert (simulated["is_same_noise"], held["is_same_noise"]) == (True, False)
    for name in ("change", "ended_by", "rules", "policies", "factors"):
        assert held[name] == pytest.approx(simulated[name]) if name == "change" else held[name] == simulated[name]
    assert all(one["after"] is None for one in held["entry"])
    assert held["entry"][0]["before"] is True or held["entry"][0]["before"] is False


def test_people_made_with_other_numbers_are_held(tmp_path: Path, folder: Path) -> None:
    copied = tmp_path / "people"
    shutil.copytree(folder, copied)
    birth = json.loads((copied / "birth_certificate.json").read_text(encoding="utf-8"))
    (copied / "birth_certificate.json").write_text(json.dumps(birth | {"parameters_digest": "0"}), encoding="utf-8")
    assert not ask_why_gone(None, copied, "7", "en").is_same_noise
    (copied / "birth_certificate.json").write_text("{", encoding="utf-8")
    assert not ask_why_gone(None, copied, "7", "en").is_same_noise


def test_people_who_met_a_policy_of_one_regime_are_refused(tmp_path: Path, folder: Path) -> None:
    copied = tmp_path / "people"
    shutil.copytree(folder, copied)
    birth = json.loads((copied / "birth_certificate.json").read_text(encoding="utf-8"))
    birth["settings"]["policy"] = "four_part"
    (copied / "birth_certificate.json").write_text(json.dumps(birth), encoding="utf-8")
    with pytest.raises(ConfigError, match="which no other regime knows"):
        ask_why_gone(None, copied, "7", "en")


def test_an_earlier_time_knows_shorter_months_of_use(folder: Path) -> None:
    answer = ask_why_gone(None, folder, "7", "en", before="trial", after="optimisation")
    assert "tenure" in {one.change for one in answer.policies}


def test_the_answer_is_plain_json_with_these_keys(folder: Path) -> None:
    written = json.loads(json.dumps(ask_why_gone(None, folder, "7", "zh").to_dict(), allow_nan=False))
    assert list(written) == KEYS
    assert list(written["before"]) == SIDE_KEYS
    assert set(written["policies"][0]) == {"change", "text", "log_odds", "probability", "by_factor", "causes"}
    assert set(written["policies"][0]["causes"][0]) == {"source", "label", "is_lifted"}


def figures(text: str) -> list[str]:
    return sorted(re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text))


@pytest.mark.parametrize(("before", "after"), PAIRS[1:3])
def test_chinese_and_english_carry_the_same_figures(folder: Path, before: str, after: str) -> None:
    for person in ("20", "364"):
        english, chinese = (
            ask_why_gone(None, folder, person, language, before=before, after=after)  # type: ignore[arg-type]
            for language in ("en", "zh")
        )
        pairs = zip((*english.rules, *english.policies, *english.factors),
                    (*chinese.rules, *chinese.policies, *chinese.factors), strict=True)
        for one, other in pairs:
            assert figures(one.text) == figures(other.text)
            assert not re.search(r"[_{}]|nan|None", one.text + other.text)
            assert re.search(r"[\u4e00-\u9fff]", other.text)
        assert "不代表银行的决定" in shown(chinese)


def test_a_model_tells_its_chance_under_the_regime_it_learnt_in(model: Path, folder: Path) -> None:
    answer = ask_why_gone(str(model), folder, "7", "en", after="contraction")
    assert answer.before.p_model is not None
    assert answer.after.p_model is None
    assert "The model's chance" in shown(answer)


def test_a_model_of_neither_regime_is_refused(model: Path, folder: Path) -> None:
    with pytest.raises(ConfigError, match="learnt under regime 'optimisation'"):
        ask_why_gone(str(model), folder, "7", "en", before="trial", after="contraction")


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [("contraction", "contraction", "both regimes"), ("contracton", None, "unknown regime 'contracton'")],
)
def test_regimes_that_cannot_be_compared_are_refused(folder: Path, before: str, after: str | None, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        ask_why_gone(None, folder, "7", "en", before=before, after=after)


def test_a_person_who_breaks_the_contract_is_placed_in_the_file(tmp_path: Path, lived: Lived) -> None:
    lived("optimisation")[0].iloc[[3]].drop(columns="friend_count").to_csv(tmp_path / "one.csv", index=False)
    with pytest.raises(DataError, match="friend_count: is missing") as caught:
        ask_why_gone(None, tmp_path / "one.csv", None, "en")
    assert caught.value.where == str(tmp_path / "one.csv")
