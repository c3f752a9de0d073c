from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from weilidai.dataset.people_files import find_people
from weilidai.errors import ConfigError
from weilidai.pipeline.table_writer import TableWriter, output_kind


@pytest.fixture
def people() -> pd.DataFrame:
    return pd.DataFrame({
        "person_id": np.arange(7, dtype=np.int64),
        "city_tier": ["tier1", "tier2", "county_rural", "tier1", "tier2", "tier1", "tier3_4"],
        "daily_open_count": np.array([1.5, 2, 3, 4, 5, np.nan, 7], dtype=np.float32),
        "uses_vpn": [True, False, True, False, False, False, True],
    })


@pytest.mark.parametrize("kind", [".parquet", ".csv"])
def test_a_table_comes_back_the_same_in_chunks_of_any_size(tmp_path: Path, people: pd.DataFrame, kind: str) -> None:
    file = tmp_path / f"people{kind}"
    with TableWriter(file, kind) as writer:
        writer.write(people.iloc[:4])
        writer.write(people.iloc[4:])
    for rows in (1, 3, 100):
        read = pd.concat(find_people(file).chunks(rows))
        pd.testing.assert_frame_equal(read, people, check_dtype=False, check_column_type=False)


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
