import numpy as np
import pandas as pd
import pytest

from weilidai.dataset.settings import DataSettings
from weilidai.dataset.split import Split, person_draw, split
from weilidai.errors import DataError

PARTS = ("train", "valid", "calibrate", "test")


def members(applicants: pd.DataFrame, parts: Split) -> dict[str, set[int]]:
    return {name: set(applicants["person_id"].to_numpy()[getattr(parts, name)]) for name in PARTS}


def test_everybody_is_in_exactly_one_part(applicants: pd.DataFrame) -> None:
    parts = split(applicants, DataSettings())
    rows = np.concatenate([getattr(parts, name) for name in PARTS])
    assert sorted(rows) == list(range(len(applicants)))
    assert sum(parts.sizes.values()) == len(applicants)


def test_the_last_months_are_the_test_and_nothing_else_is(applicants: pd.DataFrame) -> None:
    parts = split(applicants, DataSettings(test_months=3))
    months = applicants["snapshot_month"].to_numpy()
    assert parts.test_months == ("2021-10", "2021-11", "2021-12")
    assert set(months[parts.test]) == set(parts.test_months)
    assert max(np.concatenate([months[parts.train], months[parts.valid], months[parts.calibrate]])) == "2021-09"


def test_a_person_keeps_the_part_whatever_the_order_and_whoever_else_is_there(applicants: pd.DataFrame) -> None:
    settings = DataSettings()
    before = members(applicants, split(applicants, settings))
    fewer = applicants.sample(frac=0.7, random_state=1)
    for name, people in members(fewer, split(fewer, settings)).items():
        assert people <= before[name]


def test_another_seed_moves_people_between_parts_but_not_into_the_test(applicants: pd.DataFrame) -> None:
    one, other = (split(applicants, DataSettings(seed=seed)) for seed in (1, 2))
    assert set(one.valid) != set(other.valid)
    assert np.array_equal(one.test, other.test)


def test_the_parts_are_as_large_as_asked() -> None:
    draws = person_draw(np.arange(100_000), seed=5)
    shares = np.histogram(draws, bins=10, range=(0, 1))[0] / len(draws)
    assert np.abs(shares - 0.1).max() < 5 * np.sqrt(0.09 / len(draws))


def test_neighbouring_seeds_and_people_draw_independently() -> None:
    people = np.arange(20_000)
    one, other = person_draw(people, seed=1), person_draw(people, seed=2)
    limit = 4 / np.sqrt(len(people))
    assert abs(np.corrcoef(one, other)[0, 1]) < limit
    assert abs(np.corrcoef(one[1:], one[:-1])[0, 1]) < limit


def test_a_person_who_occurs_twice_is_refused(applicants: pd.DataFrame) -> None:
    applicants.loc[7, "person_id"] = 3
    with pytest.raises(DataError, match="1 rows repeat a person"):
        split(applicants, DataSettings())


def test_too_few_months_are_refused_with_the_cure(applicants: pd.DataFrame) -> None:
    with pytest.raises(DataError, match=r"lower data\.test_months"):
        split(applicants, DataSettings(test_months=12))


def test_a_part_without_people_is_named(applicants: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="leave nobody for valid, calibrate"):
        split(applicants, DataSettings(valid_share=1e-9, calibrate_share=1e-9))
