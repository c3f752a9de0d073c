from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from weilidai.errors import ConfigError, DataError
from weilidai.pipeline.people_files import find_people
from weilidai.pipeline.table_writer import TableWriter, output_kind


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


@pytest.mark.parametrize("kind", [".parquet", ".csv"])
def test_a_table_comes_back_the_same_in_chunks_of_any_size(tmp_path: Path, people: pd.DataFrame, kind: str) -> None:
    file = tmp_path / f"people{kind}"
    with TableWriter(file, kind) as writer:
        writer.write(people.iloc[:4])
        writer.write(people.iloc[4:])
    for rows in (1, 3, 100):
        pd.testing.assert_frame_equal(read(file, rows), people, check_dtype=False, check_column_type=False)


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
    ("a.csv", b"a,b\n1,2\n1,2,3\n", "line 3"),
    ("a.csv", "a\né\n".encode("latin-1"), "UTF-8"),
    ("a.csv", b"person_id\n", "no rows"),
    ("a.csv", b"age_years,uses_vpn,age_years\n1,0,2\n", "more than once: age_years"),
    ("a.xlsx", b"x", ".parquet or .csv"),
])
def test_a_broken_file_is_refused_with_its_place(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(DataError) as caught:
        read(file)
    assert told in str(caught.value)
    assert str(file) in caught.value.where


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


def test_text_that_a_spreadsheet_would_run_is_escaped_in_csv_and_kept_in_parquet(tmp_path: Path) -> None:
    table = pd.DataFrame({"person_id": ["=cmd()", "plain", "-1+1"], "quota_cny": [-1.0, 2.0, 3.0]})
    for kind in (".csv", ".parquet"):
        with TableWriter(tmp_path / f"a{kind}", kind) as writer:
            writer.write(table)
    assert pd.read_csv(tmp_path / "a.csv")["person_id"].tolist() == ["'=cmd()", "plain", "'-1+1"]
    assert pd.read_csv(tmp_path / "a.csv")["quota_cny"].tolist() == [-1, 2, 3]
    assert pd.read_parquet(tmp_path / "a.parquet")["person_id"].tolist() == table["person_id"].tolist()


def test_a_parquet_file_carries_its_notes(tmp_path: Path, people: pd.DataFrame) -> None:
    import pyarrow.parquet as pq

    with TableWriter(tmp_path / "a.parquet", ".parquet", {"statement": "synthetic"}) as writer:
        writer.write(people)
        writer.write(people)
    assert pq.read_schema(tmp_path / "a.parquet").metadata[b"statement"] == b"synthetic"


def test_an_output_of_another_kind_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"\.parquet or \.csv"):
        output_kind(Path("a.xlsx"))
