import pytest

from weilidai.errors import GateError
from weilidai.evaluation.gates import check_gates, require_gates
from weilidai.evaluation.settings import EvaluationSettings, Gate, LeakBounds

GATES = {
    "ranking": Gate(metric="test.invite.auc", at_least=0.7, why="a model that cannot rank helps nobody"),
    "honest": Gate(metric="test.invite.ece", at_most=0.02, why="a probability is read as one"),
}


def settings(gates: dict[str, Gate]) -> EvaluationSettings:
    return EvaluationSettings(gates=gates)


def test_a_value_on_the_bound_passes() -> None:
    results = check_gates({"test.invite.auc": 0.7, "test.invite.ece": 0.02}, settings(GATES))
    assert [(result.name, result.passed) for result in results if result.name in GATES] == [
        ("ranking", True), ("honest", True),
    ]
    require_gates(results)


def test_all_failures_are_told_with_value_bound_and_reason() -> None:
    results = check_gates({"test.invite.auc": 0.61, "test.invite.ece": 0.3}, settings(GATES))
    with pytest.raises(GateError) as told:
        require_gates(results)
    assert told.value.exit_code == 7
    assert "ranking: test.invite.auc is 0.61, wanted at least 0.7: a model that cannot rank" in str(told.value)
    assert "honest: test.invite.ece is 0.3, wanted at most 0.02" in str(told.value)


def test_what_was_not_measured_does_not_pass() -> None:
    missing = check_gates({"test.invite.aux": 0.9}, settings(GATES))[0]
    assert (missing.passed, missing.value) == (False, None)
    assert "did you mean 'test.invite.aux'" in missing.why


def test_a_value_that_is_no_number_does_not_pass() -> None:
    assert not check_gates({"test.invite.auc": float("nan")}, settings(GATES))[0].passed


def test_without_gates_everything_passes() -> None:
    require_gates(check_gates({}, settings({})))


@pytest.mark.parametrize(("metrics", "failed"), [
    ({"share_of_ceiling.invite_eligible.auc_low": 1.02, "test.invite_eligible.auc": 0.95}, ["not_above_the_truth"]),
    ({"share_of_ceiling.invite_eligible.auc_low": 0.99, "test.invite_eligible.auc": 0.9}, []),
    ({"test.invite_eligible.auc": 0.997}, ["short_of_perfect_among_the_eligible"]),
    ({"test.invite.auc": 1.0}, ["short_of_perfect_over_everybody"]),
])
def test_a_model_too_good_for_the_truth_is_stopped_whatever_the_settings_say(
    metrics: dict[str, float], failed: list[str]
) -> None:
    assert [result.name for result in check_gates(metrics, settings({})) if not result.passed] == failed


def test_settings_that_name_a_standing_gate_replace_it() -> None:
    own = {"short_of_perfect_over_everybody": Gate(metric="test.invite.auc", at_most=1.0, why="a planted copy")}
    assert all(result.passed for result in check_gates({"test.invite.auc": 1.0}, settings(own)))


def test_what_counts_as_too_good_is_a_setting() -> None:
    strict = EvaluationSettings(leak_bounds=LeakBounds(auc=0.9))
    failed = [result for result in check_gates({"test.invite.auc": 0.93}, strict) if not result.passed]
    assert [result.name for result in failed] == ["short_of_perfect_over_everybody"]
    assert "wanted at most 0.9" in failed[0].why
