"""The simulator as a judge of one person."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from weilidai.columns import FEATURES
from weilidai.explain.recourse.options import read_person
from weilidai.lender import LenderParameters
from weilidai.matching import load_parameters
from weilidai.pipeline.generating import generate_files
from weilidai.pipeline.simulate import Simulator, simulate
from weilidai.pipeline.trying_out import AsGiven, SamePerson, trial_of
from weilidai.progress import Silent

ROWS, SEED = 2_000, 11


@pytest.fixture(scope="module")
def made() -> tuple[pd.DataFrame, pd.DataFrame]:
    return simulate(load_parameters(), ROWS, SEED)


@pytest.fixture(scope="module")
def simulator() -> Simulator:
    return Simulator.of(load_parameters())


def features(row: pd.DataFrame) -> pd.DataFrame:
    return row[[name for name in row.columns if name in FEATURES]]


def test_nothing_changed_is_the_generated_truth(
    made: tuple[pd.DataFrame, pd.DataFrame], simulator: Simulator
) -> None:
    _, truth = made
    for number in (0, 7, 1999):
        told = SamePerson(simulator, SEED, number).ask({})
        assert told.p_invite == pytest.approx(truth["p_invite"][number])
        assert told.quota_cny == pytest.approx(truth["quota_mean_cny"][number])


def test_the_columns_as_given_tell_the_same_truth(made: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    people, truth = made
    lender = load_parameters().part("lender", LenderParameters)
    told = [AsGiven(lender, read_person(features(people.iloc[[number]]))).ask({}) for number in range(60)]
    assert np.allclose([one.p_invite for one in told], truth["p_invite"][:60], atol=1e-5)
    assert np.allclose([one.quota_cny for one in told], truth["quota_mean_cny"][:60], rtol=1e-4)


def test_what_follows_from_a_change_follows(made: tuple[pd.DataFrame, pd.DataFrame], simulator: Simulator) -> None:
    people, _ = made
    number = int(people.index[(people["daily_payment_count"] > 0.5) & people["has_transactions_permission"]][0])
    trial = SamePerson(simulator, SEED, number)
    columns, _ = trial.make({"daily_payment_count": 4.0})
    assert columns["daily_payment_count"][number] == 4
    assert columns["monthly_spend_cny"][number] >= people["monthly_spend_cny"][number]


def test_what_only_comes_to_light_is_as_it_is_in_truth(
    made: tuple[pd.DataFrame, pd.DataFrame], simulator: Simulator
) -> None:
    people, _ = made
    number = int(people.index[~people["has_contacts_permission"]][0])
    trial = SamePerson(simulator, SEED, number)
    changes = {"has_contacts_permission": 1.0, "contact_change_share_12m": 0.9}
    columns, _ = trial.make(changes, frozenset({"contact_change_share_12m"}))
    assert columns["contact_change_share_12m"][number] not in (0.9, np.nan)


def test_a_generated_person_is_recognised_and_a_changed_one_is_not(
    tmp_path: Path, made: tuple[pd.DataFrame, pd.DataFrame]
) -> None:
    folder = generate_files(ROWS, SEED, "optimisation", tmp_path / "people", Silent())
    row = made[0].iloc[[5]]
    parameters = load_parameters()
    same = trial_of(folder, read_person(features(row)), row, parameters)
    other = row.assign(friend_count=row["friend_count"] + 1)
    assert same.checked == "same_person_and_noise"
    assert trial_of(folder, read_person(features(other)), other, parameters).checked == "columns_as_given"


def test_a_person_from_elsewhere_is_asked_by_the_columns(
    tmp_path: Path, made: tuple[pd.DataFrame, pd.DataFrame]
) -> None:
    row = made[0].iloc[[5]]
    file = tmp_path / "person.json"
    assert trial_of(file, read_person(features(row)), row, load_parameters()).checked == "columns_as_given"
