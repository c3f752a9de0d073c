"""Against whom a decision is explained."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from weilidai.columns import NEEDS
from weilidai.explain.background import Attribution
from weilidai.models.background import choose_background
from weilidai.models.invite import InviteModel
from weilidai.models.settings import ExplainSettings


@pytest.fixture(scope="module")
def background(people: pd.DataFrame, model: InviteModel) -> pd.DataFrame:
    return choose_background(people, model, 300)


def attribution(model: InviteModel, background: pd.DataFrame, method: str = "interventional") -> Attribution:
    explain = ExplainSettings.model_validate({"method": method})
    return Attribution(SimpleNamespace(invite=model, background=background, explain=explain))


@pytest.mark.parametrize("method", ["interventional", "path"])
def test_contributions_add_up_to_the_log_odds(
    model: InviteModel, background: pd.DataFrame, people: pd.DataFrame, method: str
) -> None:
    found = attribution(model, background, method).contributions(people)
    np.testing.assert_allclose(found.sum(axis=1), model.log_odds(people), rtol=0, atol=1e-6)


@pytest.mark.parametrize("method", ["interventional", "path"])
def test_the_average_approved_person_has_nothing_for_or_against(
    model: InviteModel, background: pd.DataFrame, method: str
) -> None:
    found = attribution(model, background, method).contributions(background)
    np.testing.assert_allclose(found[:, :-1].mean(axis=0), 0, atol=1e-9)
    assert found[0, -1] == pytest.approx(model.log_odds(background).mean())


def test_a_column_that_says_nothing_of_a_person_counts_nothing(
    model: InviteModel, background: pd.DataFrame, people: pd.DataFrame
) -> None:
    found, names = attribution(model, background).contributions(people), list(model.features.names)
    for name in set(NEEDS) & set(names):
        if NEEDS[name] in names:
            assert not found[people[name].isna().to_numpy(), names.index(name)].any()


def test_nobody_asked_about_is_nobody_told(model: InviteModel, background: pd.DataFrame, people: pd.DataFrame) -> None:
    for method in ("interventional", "path"):
        assert attribution(model, background, method).contributions(people.head(0)).shape == (
            0, len(model.features.names) + 1
        )
