"""What only shows how a journey went decides nothing: earlier columns stay as they are, byte for byte."""

from collections import Counter
from typing import Any, ClassVar

import numpy as np
import pytest

from current_numbers import current_numbers
from weilidai.lender import LenderParameters, decide
from weilidai.noise import Noise
from weilidai.parameters import build
from weilidai.population import PopulationParameters, make_people

TRACES = (
    "activity", "identity_check", "opening_times", "interception_kind",
    "profile", "redesign", "alternatives",
)
EARLIER = (
    "is_eligible", "is_invited", "entry_trigger_count_1m", "has_applied", "is_verified", "is_intercepted",
    "is_approved", "is_opened", "has_closed_entry", "initial_quota_cny", "current_quota_cny", "credit_grade",
    "daily_rate", "utilisation_share", "on_time_count", "is_overdue", "quota_change_6m_share",
)


class Listening(Noise):
    """Noise that remembers which streams were asked for."""

    asked: ClassVar[Counter[str]] = Counter()

    def _generator(self, name: str, block: int) -> np.random.Generator:
        self.asked[name] += 1
        return super()._generator(name, block)


def shifted(values: Any) -> Any:
    if isinstance(values, dict):
        return {key: value if key == "terms" else shifted(value) for key, value in values.items()}
    return values * 0.9 if isinstance(values, float) else values


@pytest.fixture(scope="module")
def people():
    return make_people(current_numbers().part("population", PopulationParameters), Noise(5, 0)).columns


@pytest.mark.parametrize("part", TRACES)
def test_other_numbers_of_a_trace_leave_every_decision_alone(lender, people, part) -> None:
    values = lender.model_dump()
    other = build({**values, part: shifted(values[part])}, LenderParameters, "lender")
    assert other != lender
    before, after = (decide(people, numbers, Noise(5, 0)) for numbers in (lender, other))
    for name in EARLIER:
        assert before.columns[name].tobytes() == after.columns[name].tobytes(), name
    for name, values in before.truth.items():
        assert values.tobytes() == after.truth[name].tobytes(), name


@pytest.mark.parametrize(("part", "decided"), [
    ("assessment", "is_approved"), ("entry", "has_applied"), ("security", "is_intercepted"),
    ("monitoring", "quota_change_6m_share"),
])
def test_other_numbers_of_a_mechanism_that_decides_change_decisions(lender, people, part, decided) -> None:
    values = lender.model_dump()
    other = build({**values, part: shifted(values[part])}, LenderParameters, "lender")
    before, after = (decide(people, numbers, Noise(5, 0)).columns[decided] for numbers in (lender, other))
    assert before.tobytes() != after.tobytes()


def test_no_stream_of_noise_is_drawn_twice() -> None:
    Listening.asked.clear()
    noise = Listening(5, 0)
    numbers = current_numbers()
    people = make_people(numbers.part("population", PopulationParameters), noise).columns
    decide(people, numbers.part("lender", LenderParameters), noise)
    assert {name: count for name, count in Listening.asked.items() if count > 1} == {}


def test_the_same_people_leave_the_same_traces(lender, people) -> None:
    first, second = (decide(people, lender, Noise(5, 0)).columns for _ in range(2))
    assert all(first[name].tobytes() == second[name].tobytes() for name in first)
