from pathlib import Path

import pandas as pd
import pytest

from weilidai.errors import ConfigError, DataError
from weilidai.inference import reading
from weilidai.inference.decider import Decider
from weilidai.inference.reading import read_in_parts, read_people


def written(folder: Path, name: str, content: str | bytes) -> Path:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def test_parquet_csv_and_json_are_the_same_people(decider: Decider, people: pd.DataFrame, tmp_path: Path) -> None:
    people.to_parquet(tmp_path / "people.parquet")
    people.to_csv(tmp_path / "people.csv", index=False)
    people.to_json(tmp_path / "people.json", orient="records", double_precision=15)
    wanted = decider.decide(people, reasons="en")
    for name in ("people.parquet", "people.csv", "people.json"):
        decided = decider.decide(read_people(tmp_path / name), reasons="en")
        pd.testing.assert_frame_equal(decided, wanted, check_exact=True)


def test_parts_add_up_to_the_whole(people: pd.DataFrame, tmp_path: Path) -> None:
    people.to_parquet(tmp_path / "people.parquet")
    people.to_csv(tmp_path / "people.csv", index=False)
    for name in ("people.parquet", "people.csv"):
        parts = list(read_in_parts(tmp_path / name, rows=150))
        assert [len(part) for part in parts] == [150, 150, 100]
        pd.testing.assert_frame_equal(pd.concat(parts, ignore_index=True), read_people(tmp_path / name))


def test_a_folder_of_parquet_files_is_one_table(people: pd.DataFrame, tmp_path: Path) -> None:
    people.iloc[:100].to_parquet(tmp_path / "part-0.parquet")
    people.iloc[100:].to_parquet(tmp_path / "part-1.parquet")
    pd.testing.assert_frame_equal(read_people(tmp_path), people)


def test_a_byte_order_mark_and_windows_lines_are_accepted(tmp_path: Path) -> None:
    read = read_people(written(tmp_path, "people.csv", "\ufeffperson_id,user_type\r\n7,student\r\n"))
    assert read.to_dict("records") == [{"person_id": 7, "user_type": "student"}]


def test_one_person_may_stand_alone_in_json(tmp_path: Path) -> None:
    read = read_people(written(tmp_path, "person.json", '{"user_type": "student", "overdue_count_24m": null}'))
    assert read.shape == (1, 2)


@pytest.mark.parametrize(("content", "told"), [
    ("a,b\n1,2\n3,4,5\n", r"Row #3: Expected 2 columns, got 3"),
    ("a,b\n1,2\nsecret\n", r"Row #3: Expected 2 columns, got 1"),
    (b"a,user_type\n1,\xff\xfe\n", "invalid UTF8"),
    ("", "Empty CSV"),
])  # fmt: skip
def test_a_broken_csv_is_refused_by_row_and_shows_nobody(tmp_path: Path, content: str | bytes, told: str) -> None:
    with pytest.raises(DataError, match=told) as refused:
        read_people(written(tmp_path, "people.csv", content))
    assert "secret" not in str(refused.value)
    assert "3,4,5" not in str(refused.value)


@pytest.mark.parametrize(("content", "told"), [
    ('{"a": 1', "Expecting"), ('{"a": NaN}', "NaN is not a value"), ('{"a": 1, "a": 2}', "twice"), ("3", "people"),
])  # fmt: skip
def test_a_broken_json_is_refused(tmp_path: Path, content: str, told: str) -> None:
    with pytest.raises(DataError, match=told):
        read_people(written(tmp_path, "person.json", content))


def test_a_parquet_cut_short_is_refused(people: pd.DataFrame, tmp_path: Path) -> None:
    people.to_parquet(tmp_path / "people.parquet")
    whole = (tmp_path / "people.parquet").read_bytes()
    for length in (0, 10, len(whole) // 2, len(whole) - 1):
        with pytest.raises(DataError, match="cannot be read"):
            read_people(written(tmp_path, "cut.parquet", whole[:length]))


def test_numbers_with_separators_stay_text(tmp_path: Path) -> None:
    read = read_people(written(tmp_path, "people.csv", 'monthly_spend_cny\n"1,000"\n'))
    assert read["monthly_spend_cny"].tolist() == ["1,000"]


@pytest.mark.parametrize(("name", "told"), [
    ("peopel.csv", "did you mean 'people.csv'"), ("people.xlsx", ".parquet, .csv, .json"), ("empty", "no .parquet"),
])  # fmt: skip
def test_an_input_that_is_none_is_told_what_is_near(tmp_path: Path, name: str, told: str) -> None:
    written(tmp_path, "people.csv", "a\n1\n")
    written(tmp_path, "people.xlsx", "")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigError, match=told):
        read_people(tmp_path / name)


def test_a_table_beyond_the_limits_is_refused_before_it_is_unpacked(
    people: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.to_parquet(tmp_path / "people.parquet")
    monkeypatch.setattr(reading, "MOST_ROWS", 100)
    with pytest.raises(DataError, match="400 rows"):
        next(read_in_parts(tmp_path / "people.parquet"))


def test_a_file_that_changes_while_it_is_read_is_refused(people: pd.DataFrame, tmp_path: Path) -> None:
    people.to_parquet(tmp_path / "people.parquet")
    parts = read_in_parts(tmp_path / "people.parquet", rows=150)
    next(parts)
    people.head(5).to_parquet(tmp_path / "other.parquet")
    (tmp_path / "other.parquet").rename(tmp_path / "people.parquet")
    with pytest.raises(DataError, match="changed while it was read"):
        list(parts)
