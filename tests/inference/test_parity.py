"""One person, a table, the command line, MLflow: the same to the last bit, or the same refusal."""

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from doors import (  # type: ignore[import-not-found]
    Outcome,
    one_by_one,
    tables,
    through_mlflow,
    through_python,
    through_the_command_line,
)
from weilidai.inference.decider import Decider
from weilidai.inference.loading import load_model
from weilidai.stores import prepare_mlflow

LANGUAGES = st.sampled_from([None, "zh", "en"])
FEW = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
MANY = settings(FEW, max_examples=300, derandomize=False)


@pytest.fixture(scope="module")
def model(kept: Path) -> Iterator[Any]:
    import mlflow.pyfunc

    prepare_mlflow()
    before = signal.getsignal(signal.SIGTERM)
    yield mlflow.pyfunc.load_model(str(kept))
    signal.signal(signal.SIGTERM, before)


@pytest.fixture(scope="module")
def reloaded(bundle_folder: Path) -> Decider:
    return load_model(bundle_folder)


def outcomes(
    decider: Decider, reloaded: Decider, model: Any, bundle: Path, people: pd.DataFrame, language: Any
) -> dict[str, Outcome]:
    return {
        "python": through_python(decider, people, language),
        "python, one by one": one_by_one(decider, people, language),
        "python, loaded again": through_python(reloaded, people, language),
        "mlflow": through_mlflow(model, people, language),
        "command line": through_the_command_line(bundle, people, language),
    }


def agree(told: dict[str, Outcome]) -> None:
    wanted = told["python"]
    event("refused" if isinstance(wanted, int) else "decided")
    assert {door: outcome for door, outcome in told.items() if outcome != wanted} == {}
    assert wanted == 3 or not isinstance(wanted, int)


@FEW
@given(people=tables(), language=LANGUAGES)
def test_every_door_gives_the_same_figures_or_the_same_refusal(
    decider: Decider, reloaded: Decider, model: Any, bundle_folder: Path, people: pd.DataFrame, language: Any
) -> None:
    agree(outcomes(decider, reloaded, model, bundle_folder, people, language))


@pytest.mark.slow
@MANY
@given(people=tables(), language=LANGUAGES)
def test_many_more_people_get_the_same_through_every_door(
    decider: Decider, reloaded: Decider, model: Any, bundle_folder: Path, people: pd.DataFrame, language: Any
) -> None:
    agree(outcomes(decider, reloaded, model, bundle_folder, people, language))
