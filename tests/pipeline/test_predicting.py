from pathlib import Path

import pandas as pd
import pytest

import weilidai
from weilidai.errors import DataError, ResourceError
from weilidai.pipeline.predicting import predict
from weilidai.progress import Silent


@pytest.fixture
def file(tmp_path: Path, people: pd.DataFrame) -> Path:
    people.to_parquet(tmp_path / "people.parquet")
    return tmp_path / "people.parquet"


@pytest.mark.parametrize("rows", [7, 120, 50_000])
def test_decisions_do_not_depend_on_how_many_are_made_at_a_time(
    tmp_path: Path, model: Path, file: Path, people: pd.DataFrame, rows: int
) -> None:
    done = predict(str(model), file, tmp_path / "out.parquet", None, Silent(), rows=rows)
    expected = weilidai.load_model(model).decide(people)
    read = pd.read_parquet(tmp_path / "out.parquet").drop(columns="is_synthetic")
    pd.testing.assert_frame_equal(read, expected, check_dtype=False, check_exact=True)
    assert done.people == len(people)
    assert done.invited == int(expected["is_invited"].sum())


def test_the_file_says_which_model_decided_and_that_it_is_synthetic(tmp_path: Path, model: Path, file: Path) -> None:
    import pyarrow.parquet as pq

    predict(str(model), file, tmp_path / "out.parquet", "zh", Silent())
    notes = pq.read_schema(tmp_path / "out.parquet").metadata
    assert b"synthetic" in notes[b"statement"]
    assert notes[b"model"] == str(model).encode()
    assert b'"seed": 5' in notes[b"birth_certificate"]


def test_a_bad_row_is_placed_in_the_file_and_nothing_is_written(
    tmp_path: Path, model: Path, people: pd.DataFrame
) -> None:
    broken = people.copy()
    broken.loc[100, "daily_open_count"] = float("inf")
    broken.to_parquet(tmp_path / "people.parquet")
    with pytest.raises(DataError) as caught:
        predict(str(model), tmp_path / "people.parquet", tmp_path / "out.parquet", None, Silent(), rows=50)
    assert "rows 101 to 120, counted here from 101 as 1" in caught.value.where
    assert "daily_open_count" in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["people.parquet"]


def test_a_heading_without_people_is_refused(tmp_path: Path, model: Path, people: pd.DataFrame) -> None:
    people.head(0).to_csv(tmp_path / "people.csv", index=False)
    with pytest.raises(DataError, match="no rows"):
        predict(str(model), tmp_path / "people.csv", tmp_path / "out.parquet", None, Silent())
    assert [path.name for path in tmp_path.iterdir()] == ["people.csv"]


def test_decisions_are_not_written_over_what_is_there(tmp_path: Path, model: Path, file: Path) -> None:
    (tmp_path / "out.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(ResourceError, match="already"):
        predict(str(model), file, tmp_path / "out.csv", None, Silent())
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "mine"


def test_a_column_nobody_asked_for_is_left_out_with_a_warning(
    tmp_path: Path, model: Path, people: pd.DataFrame
) -> None:
    people.assign(shoe_size=42).to_parquet(tmp_path / "people.parquet")
    done = predict(str(model), tmp_path / "people.parquet", tmp_path / "out.parquet", None, Silent())
    assert any("shoe_size" in warning for warning in done.warnings)
