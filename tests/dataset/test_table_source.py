"""A table of one's own, held against its mapping."""

import gzip
from pathlib import Path
from time import process_time

import numpy as np
import pandas as pd
import pytest

from own_tables import LABEL, drawn_table, taiwan, written
from weilidai.dataset.own_columns import as_given, in_own_words, person_numbers
from weilidai.dataset.settings import DataSettings, TableLimits
from weilidai.dataset.split import split
from weilidai.dataset.table_source import read_table, take_in
from weilidai.errors import DataError
from weilidai.own_table import OwnTable

LIMITS = TableLimits()


def refusal(table: pd.DataFrame, folder: Path, own: OwnTable | None = None) -> str:
    with pytest.raises(DataError) as refused:
        read_table(written(table, folder / "own.csv"), own or taiwan(), LIMITS)
    assert refused.value.exit_code == 3
    return str(refused.value)


def test_headings_become_names_and_codes_become_levels(tmp_path: Path) -> None:
    people = read_table(written(drawn_table(), tmp_path / "own.csv"), taiwan(), LIMITS).people
    assert set(people["sex"]) == {"male", "female"}
    assert "PAY_0" not in people
    assert people["is_invited"].to_numpy().tolist() == (drawn_table()[LABEL] == 0).tolist()


def test_packed_by_gzip_it_is_the_same_table(tmp_path: Path) -> None:
    plain = written(drawn_table(), tmp_path / "own.csv")
    packed = tmp_path / "own.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert read_table(packed, taiwan(), LIMITS).digest == read_table(plain, taiwan(), LIMITS).digest


def test_a_cut_gzip_is_refused(tmp_path: Path) -> None:
    packed = tmp_path / "own.csv.gz"
    packed.write_bytes(gzip.compress(written(drawn_table(), tmp_path / "own.csv").read_bytes())[:-20])
    with pytest.raises(DataError, match="cannot be unpacked"):
        read_table(packed, taiwan(), LIMITS)


def test_a_missing_column_is_named_with_the_nearest_heading(tmp_path: Path) -> None:
    said = refusal(drawn_table().rename(columns={"PAY_AMT3": "PAY_AMOUNT3"}), tmp_path)
    assert "PAY_AMT3: is missing from the table (column paid_3_twd of the mapping); did you mean 'PAY_AMOUNT3'?" in said


def test_label_range_and_heading_are_said_at_once_with_counts_and_first_rows(tmp_path: Path) -> None:
    table = drawn_table().drop(columns="EDUCATION")
    table.loc[[3, 8], LABEL] = 7
    table.loc[5, "AGE"] = 12
    said = refusal(table, tmp_path)
    assert "EDUCATION: is missing from the table" in said
    assert f"{LABEL}: is neither good (0) nor bad (1) by the mapping (2 rows; first: 4, 9)" in said
    assert "age_years: is outside the possible range from 18 to 110 (1 rows; first: 6)" in said


def test_a_person_who_occurs_twice_is_refused(tmp_path: Path) -> None:
    table = drawn_table()
    table.loc[10, "ID"] = 1
    assert "person_id: repeats a person of an earlier row (1 rows; first: 11)" in refusal(table, tmp_path)


def test_a_copy_of_the_label_is_refused(tmp_path: Path) -> None:
    table = drawn_table()
    table["PAY_AMT1"] = (1 - table[LABEL]) * 100
    assert "paid_1_twd: separates the invited from the others alone" in refusal(table, tmp_path)


def test_codes_beyond_the_mapping_are_unknown_and_counted_until_there_are_too_many() -> None:
    table = drawn_table()
    table.loc[:9, "SEX"] = 5
    _, problems = take_in(table, taiwan(), LIMITS)
    assert [(one.column, one.count) for one in problems] == [("sex", 10)]
    table["SEX"] = 5
    _, problems = take_in(table, taiwan(), LIMITS)
    assert any(one.is_fatal and one.column == "sex" for one in problems)


def test_no_value_of_a_person_is_shown(tmp_path: Path) -> None:
    table = drawn_table().astype({"AGE": object})
    table.loc[4, "AGE"] = "secret"
    assert "secret" not in refusal(table, tmp_path)


def test_without_time_the_test_is_a_share_of_the_people_by_their_number() -> None:
    people, _ = take_in(drawn_table(), taiwan(), LIMITS)
    parts = split(people, DataSettings(test_share=0.25))
    assert parts.test_months == ()
    assert len(parts.test) / len(people) == pytest.approx(0.25, abs=4 * (0.25 * 0.75 / len(people)) ** 0.5)
    backwards = split(people.iloc[::-1], DataSettings(test_share=0.25))
    there = set(people["person_id"].to_numpy()[parts.test])
    assert there == set(people["person_id"].to_numpy()[::-1][backwards.test])


def test_with_time_the_test_is_the_last_months() -> None:
    own = OwnTable.from_dict({**taiwan().to_dict(), "time": "SEEN"})
    table = drawn_table()
    table["SEEN"] = pd.to_datetime("2020-01-15") + pd.to_timedelta(np.arange(len(table)) % 300, unit="D")
    people, problems = take_in(table, own, LIMITS)
    assert not problems
    parts = split(people, DataSettings(test_months=2))
    assert parts.test_months == ("2020-10", "2020-11")


@pytest.mark.parametrize("seen", [202003, "2020-03-09", "2020/03"])
def test_months_are_read_in_several_spellings(seen: object) -> None:
    own = OwnTable.from_dict({**taiwan().to_dict(), "time": "SEEN"})
    people, _ = take_in(drawn_table().assign(SEEN=seen), own, LIMITS)
    assert set(people["snapshot_month"]) == {"2020-03"}


def test_text_ids_become_numbers_that_stay() -> None:
    first = person_numbers(pd.Series(["a-1", "b-2"]))
    assert first.tolist() == person_numbers(pd.Series(["b-2", "a-1"]))[::-1].tolist()
    assert (first >= 0).all()


def test_people_under_their_own_headings_again_are_read_the_same() -> None:
    people = in_own_words(drawn_table(), taiwan())
    pd.testing.assert_frame_equal(in_own_words(as_given(people, taiwan()), taiwan()), people)


def test_a_million_rows_take_less_than_a_second() -> None:
    rows = 200_000
    table, spent = drawn_table(rows), []
    for _ in range(3):
        start = process_time()
        take_in(table, taiwan(), LIMITS)
        spent.append(process_time() - start)
    assert min(spent) * 1_000_000 / rows < 1.0
