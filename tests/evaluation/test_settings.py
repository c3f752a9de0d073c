import pytest
from pydantic import ValidationError

from weilidai.evaluation.settings import EvaluationSettings, Gate


@pytest.mark.parametrize(
    ("bounds", "told"),
    [({}, "neither at_least nor at_most"), ({"at_least": 0.9, "at_most": 0.8}, "lets nothing pass")],
)
def test_a_gate_needs_a_bound_that_something_can_meet(bounds: dict[str, float], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        Gate(metric="test.invite.auc", why="ranking", **bounds)


def test_a_gate_that_says_not_why_is_refused() -> None:
    with pytest.raises(ValidationError, match="why"):
        Gate.model_validate({"metric": "test.invite.auc", "at_least": 0.7})


def test_groups_of_fewer_than_twenty_cannot_be_asked_for() -> None:
    with pytest.raises(ValidationError, match="slice_minimum"):
        EvaluationSettings(slice_minimum=5)
