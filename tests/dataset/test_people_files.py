import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from weilidai.dataset import table_readers
from weilidai.dataset.people_files import MOST_PERSON_BYTES, find_people, read_person
from weilidai.errors import DataError


@pytest.fixture
def people() -> pd.DataFrame:
    return pd.DataFrame({
        "person_id": np.arange(7, dtype=np.int64),
        "city_tier": ["tier1", "tier2", "county_rural", "tier1", "tier2", "tier1", "tier3_4"],
        "daily_open_count": np.array([1.5, 2, 3, 4, 5, np.nan, 7], dtype=np.float32),
        "uses_vpn": [True, False, True, False, False, False, True],
    })


def read(place: Path, rows: int = 3) -> pd.DataFrame:
    return pd.concat(find_people(place).chunks(rows))


def test_a_folder_of_parquet_files_is_one_table(tmp_path: Path, people: pd.DataFrame) -> None:
    folder = tmp_path / "applicants"
    folder.mkdir()
    people.iloc[:4].to_parquet(folder / "part-0.parquet")
    people.iloc[4:].to_parquet(folder / "part-1.parquet")
    assert read(tmp_path)["person_id"].tolist() == list(range(7))
    assert read(folder).index.tolist() == list(range(7))
    assert find_people(tmp_path).row_count() == 7


@pytest.mark.parametrize(("name", "content", "told"), [
    ("a.parquet", b"not parquet", "cannot be read as parquet"),
    ("a.parquet", b"", "cannot be read as parquet"),
    ("a.csv", b"", "cannot be read as csv"),
    ("a.csv", b"a,b\n1,2\n3,4,secret\n", "Row #3: Expected 2 columns, got 3"),
    ("a.csv", b"a,b\n1,2\nsecret\n", "Row #3: Expected 2 columns, got 1"),
    ("a.csv", b'a,b\n1,"x\n2,y\n3,secret\n', "close the quote"),
    ("a.csv", b"user_type\n\xff\xfe\n", "UTF8"),
    ("a.csv", "é,b\n1,2\n".encode("latin-1"), "UTF-8"),
    ("a.json", b'{"a": 1', "is not JSON"),
    ("a.json", b'{"a": "\xff"}', "not JSON in UTF-8"),
    ("a.json", b'{"a": NaN}', "NaN is not a value"),
    ("a.json", b"3", "a list of these"),
    ("a.json", b"[]", "no rows"),
    ("a.json", b'[{"a": ["secret"]}]', "holds no single value"),
    ("a.csv", "a\né\n".encode("latin-1"), "UTF-8"),
    ("a.csv", b"person_id\n", "no rows"),
    ("a.csv", b"age_years,uses_vpn,age_years\n1,0,2\n", "more than once: age_years"),
    ("a.xlsx", b"x", ".parquet, .csv, .json"),
])
def test_a_broken_file_is_refused_with_its_place(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(DataError) as caught:
        read(file)
    assert told in str(caught.value)
    assert str(file) in caught.value.where
    assert "secret" not in str(caught.value)


def test_a_truncated_parquet_file_is_refused(tmp_path: Path, people: pd.DataFrame) -> None:
    file = tmp_path / "a.parquet"
    people.to_parquet(file)
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(DataError, match="cannot be read as parquet"):
        read(file)


@pytest.mark.parametrize("name", ["A.CSV", "A.PARQUET"])
def test_a_kind_may_be_written_in_capitals(tmp_path: Path, people: pd.DataFrame, name: str) -> None:
    write = people.to_csv if name.endswith("CSV") else people.to_parquet
    write(tmp_path / name, index=False)
    assert read(tmp_path / name)["person_id"].tolist() == list(range(7))


def test_a_missing_file_is_named_with_the_near_one(tmp_path: Path, people: pd.DataFrame) -> None:
    people.to_csv(tmp_path / "people.csv")
    with pytest.raises(DataError, match=r"did you mean 'people\.csv'\?"):
        find_people(tmp_path / "poeple.csv")


def test_a_file_that_changes_while_it_is_read_is_noticed(tmp_path: Path, people: pd.DataFrame) -> None:
    file = tmp_path / "a.csv"
    people.to_csv(file, index=False)
    chunks = find_people(file).chunks(3)
    next(chunks)
    with file.open("a", encoding="utf-8") as more:
        more.write("9,tier1,1,True\n")
    with pytest.raises(DataError, match="changed while"):
        list(chunks)


def test_a_file_of_another_editor_is_read(tmp_path: Path, people: pd.DataFrame) -> None:
    file = tmp_path / "a.csv"
    people.to_csv(file, index=False, encoding="utf-8-sig", lineterminator="\r\n")
    assert read(file).columns.tolist() == people.columns.tolist()




@pytest.mark.parametrize("columns", ["age_years,age_years", '"age_years",age_years'])
def test_a_heading_given_twice_is_refused(tmp_path: Path, columns: str) -> None:
    (tmp_path / "a.csv").write_text(f"{columns}\n1,2\n", encoding="utf-8")
    with pytest.raises(DataError, match="more than once: age_years"):
        read(tmp_path / "a.csv")


def test_a_key_given_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"region": "other", "region": "secret"}', encoding="utf-8")
    with pytest.raises(DataError, match="given twice") as caught:
        read(tmp_path / "a.json")
    assert "secret" not in str(caught.value)


def test_numbers_with_separators_stay_text(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('monthly_spend_cny\n"1,000"\n', encoding="utf-8")
    assert read(tmp_path / "a.csv")["monthly_spend_cny"].tolist() == ["1,000"]


@pytest.mark.parametrize("kind", ["parquet", "csv", "json"])
def test_a_table_beyond_the_limits_is_refused(
    tmp_path: Path, people: pd.DataFrame, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(people, tmp_path / f"a.{kind}")
    for limit, told in (("MOST_ROWS", "7 rows"), ("MOST_COLUMNS", "4 columns")):
        with monkeypatch.context() as lowered:
            lowered.setattr(table_readers, limit, 3)
            with pytest.raises(DataError, match=told):
                read(tmp_path / f"a.{kind}")


def write(people: pd.DataFrame, file: Path) -> None:
    if file.suffix == ".json":
        people.to_json(file, orient="records")
    else:
        (people.to_csv if file.suffix == ".csv" else people.to_parquet)(file, index=False)


@pytest.mark.parametrize("kind", ["parquet", "csv", "json"])
def test_every_kind_of_file_gives_the_same_person(tmp_path: Path, people: pd.DataFrame, kind: str) -> None:
    write(people.iloc[[5]], tmp_path / f"a.{kind}")
    person = read_person(tmp_path / f"a.{kind}")
    assert person[["person_id", "city_tier", "uses_vpn"]].to_numpy().tolist() == [[5, "tier1", False]]
    assert person["daily_open_count"].isna().all()


def test_a_person_may_stand_alone_or_in_a_list_of_one(tmp_path: Path) -> None:
    person = {"region": "northeast", "debt_to_income_share": None}
    for written in (person, [person]):
        (tmp_path / "a.json").write_text(json.dumps(written), encoding="utf-8-sig")
        assert read_person(tmp_path / "a.json")["region"].tolist() == ["northeast"]


@pytest.mark.parametrize("kind", ["parquet", "csv", "json"])
def test_many_people_are_asked_for_one(tmp_path: Path, people: pd.DataFrame, kind: str) -> None:
    write(people, tmp_path / f"a.{kind}")
    for place in (tmp_path / f"a.{kind}", tmp_path):
        with pytest.raises(DataError, match="--id PERSON_ID"):
            read_person(place)


def test_a_file_too_large_for_one_person_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b" " * (MOST_PERSON_BYTES + 1))
    with pytest.raises(DataError, match="too large for one person"):
        read_person(tmp_path / "a.json")
