"""People and lender together: whole tables, however they are cut."""

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from weilidai.columns import CATALOGUE, LEVELS, TRUTH
from weilidai.matching import load_parameters
from weilidai.noise import BLOCK
from weilidai.pipeline import simulate as module
from weilidai.pipeline.simulate import Simulator, simulate, simulate_arrow, simulate_blocks

SEED, ROWS = 12, 40_000
CUTS = [(0, 1), (5, 3), (0, ROWS), (BLOCK - 2, 4), (BLOCK, BLOCK), (20_000, 20_000), (39_999, 1)]


@pytest.fixture(scope="module")
def parameters():
    return load_parameters()


@pytest.fixture(scope="module")
def whole(parameters):
    return simulate(parameters, ROWS, SEED)


@pytest.mark.parametrize(("first", "rows"), CUTS)
def test_the_same_people_come_out_however_they_are_cut(parameters, whole, first, rows):
    for part, table in zip(simulate(parameters, rows, SEED, first=first), whole, strict=True):
        cut = table.iloc[first:first + rows].reset_index(drop=True)
        assert_frame_equal(part, cut, check_exact=True)
        assert (part.dtypes == table.dtypes).all()
        for name in part.select_dtypes("number"):
            assert part[name].to_numpy().tobytes() == cut[name].to_numpy().tobytes()


@pytest.mark.parametrize("threads", [1, 3])
def test_the_number_of_threads_changes_nothing(parameters, whole, threads):
    for again, table in zip(simulate(parameters, ROWS, SEED, threads=threads), whole, strict=True):
        assert_frame_equal(again, table, check_exact=True)


@pytest.mark.parametrize("at_once", [2, 3, 4])
def test_people_made_several_blocks_at_once_are_those_made_one_by_one(parameters, at_once):
    simulator = Simulator.of(parameters)
    alone = [simulator.block(SEED, number) for number in range(5, 5 + at_once)]
    for part, together in enumerate(simulator.block(SEED, 5, blocks=at_once)):
        for name, values in together.items():
            assert values.tobytes() == b"".join(made[part][name].tobytes() for made in alone), name


@pytest.mark.parametrize(("first", "rows"), [(0, 9 * BLOCK), (BLOCK // 2, 8 * BLOCK), (3 * BLOCK + 1, BLOCK)])
def test_arrow_tables_are_the_people_of_a_block_each_however_many_are_made_at_once(parameters, first, rows):
    wanted, _ = simulate(parameters, rows, SEED, first=first)
    for threads in (1, 2):
        tables = [people for people, _ in simulate_arrow(parameters, rows, SEED, first=first, threads=threads)]
        ends = np.cumsum([table.num_rows for table in tables]) + first
        assert [end % BLOCK for end in ends[:-1]] == [0] * (len(tables) - 1)
        assert max(table.num_rows for table in tables) <= BLOCK
        numbers = np.concatenate([table["person_id"].to_numpy() for table in tables])
        assert numbers.tobytes() == wanted["person_id"].to_numpy().tobytes()
        friends = np.concatenate([table["friend_count"].to_numpy() for table in tables])
        assert friends.tobytes() == wanted["friend_count"].to_numpy().tobytes()


def test_another_seed_makes_other_people(parameters, whole):
    other, _ = simulate(parameters, 1000, SEED + 1)
    assert (other["friend_count"] != whole[0]["friend_count"].iloc[:1000]).mean() > 0.9


@pytest.mark.parametrize(
    ("at_once", "people"), [(1, [BLOCK, BLOCK, ROWS - 2 * BLOCK]), (2, [2 * BLOCK, ROWS - 2 * BLOCK])]
)
def test_blocks_come_in_order_and_report_their_people(parameters, whole, monkeypatch, at_once, people):
    monkeypatch.setattr(module, "BLOCKS_AT_ONCE", at_once)
    told = []
    blocks = simulate_blocks(parameters, ROWS, SEED, progress=told.append, threads=1)
    parts = [applicants for applicants, _ in blocks]
    assert_frame_equal(pd.concat(parts, ignore_index=True), whole[0], check_exact=True)
    assert told == [len(part) for part in parts] == people


def test_a_person_has_one_number_in_both_tables(whole):
    applicants, truth = whole
    assert applicants["person_id"].tolist() == list(range(ROWS)) == truth["person_id"].tolist()


def test_applicants_hold_the_contract_and_no_truth(whole):
    assert list(whole[0]) == list(CATALOGUE)
    assert not set(TRUTH) & set(whole[0])
    assert set(TRUTH) < set(whole[1])
    assert not whole[1].isna().to_numpy().any()


@pytest.mark.parametrize("name", [name for name, column in CATALOGUE.items() if column.low is not None])
def test_written_values_stay_in_the_contracts_range(whole, name):
    column, values = CATALOGUE[name], whole[0][name]
    assert values.min() >= column.low - abs(column.low) * 1e-6
    assert values.max() <= column.high if column.high is not None else True
    assert column.may_be_missing or not values.isna().any()


def test_types_follow_the_contract(whole):
    for name, column in CATALOGUE.items():
        wanted = {"flag": "bool", "category": "str", "text": "str"}.get(column.kind)
        if wanted is None:
            wanted = "float32" if column.kind == "number" or column.may_be_missing else "int32"
        assert str(whole[0][name].dtype) == ("int64" if name == "person_id" else wanted), name


@pytest.mark.parametrize("name", LEVELS)
def test_categories_are_words_of_their_levels(whole, name):
    seen = whole[0][name]
    assert set(seen.dropna().unique()) <= set(LEVELS[name])
    assert seen.isna().any() == CATALOGUE[name].may_be_missing


def test_months_belong_to_the_year_of_the_regime(whole, parameters):
    months = sorted(whole[0]["snapshot_month"].unique())
    assert months == [f"2021-{month:02d}" for month in range(1, 13)]
    assert set(whole[0]["regime"]) == {parameters.regime}


def test_only_opened_people_have_a_grade(whole):
    assert (whole[0]["credit_grade"].notna() == whole[0]["is_opened"]).all()


def test_people_set_apart_keep_their_noise(parameters):
    simulator = Simulator.of(parameters)
    before, _ = simulator.block(SEED, 1)
    after, truth = simulator.block(SEED, 1, {"has_transactions_permission": False})
    assert np.isnan(after["red_packet_share"]).all()
    assert after["friend_count"].tobytes() == before["friend_count"].tobytes()
    assert after["initial_quota_cny"].dtype == before["initial_quota_cny"].dtype
    assert np.isfinite(truth["p_invite"]).all()
