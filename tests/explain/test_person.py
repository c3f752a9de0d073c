"""One person from a file."""

import json
from pathlib import Path

import pandas as pd
import pytest

from weilidai.errors import DataError
from weilidai.explain.person import MOST_BYTES, read_person

PERSON = {"daily_open_count": 4.5, "is_restricted": False, "region": "northeast", "debt_to_income_share": None}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "person.json").write_text(json.dumps(PERSON), encoding="utf-8")
    pd.DataFrame([PERSON]).to_csv(tmp_path / "person.csv", index=False)
    pd.DataFrame([PERSON]).to_parquet(tmp_path / "person.parquet")
    return tmp_path


@pytest.mark.parametrize("name", ["person.json", "person.csv", "person.parquet"])
def test_every_kind_of_file_gives_the_same_person(folder: Path, name: str) -> None:
    person = read_person(folder / name)
    assert len(person) == 1
    assert (person["daily_open_count"].iloc[0], person["region"].iloc[0]) == (4.5, "northeast")
    assert not person["is_restricted"].iloc[0]
    assert person["debt_to_income_share"].isna().all()


def test_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    file = tmp_path / "person.json"
    file.write_text(json.dumps(PERSON), encoding="utf-8-sig")
    assert read_person(file)["region"].iloc[0] == "northeast"


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("person.json", '{"region": "other",', "is not JSON"),
        ("person.json", "[]", "holds no JSON object"),
        ("person.json", '{"region": "other", "region": "northeast"}', "given twice"),
        ("person.json", '{"region": ["other"]}', "holds no single value"),
        ("person.csv", "", "is not a csv table"),
        ("person.csv", "region\nother\nnortheast\n", "holds 2 people"),
        ("person.csv", "region\n", "holds 0 people"),
        ("person.csv", "region,region\nother,northeast\n", "given twice"),
        ("person.csv", 'region\n"other\n', "is not a csv table"),
        ("person.parquet", "PAR1", "is not a parquet table"),
        ("person.txt", "region", "not a file of a known kind"),
        ("person", "region", "not a file of a known kind"),
    ],
)
def test_a_file_that_holds_no_person_is_refused(tmp_path: Path, name: str, text: str, problem: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=problem) as caught:
        read_person(tmp_path / name)
    assert "northeast" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nobody\.json"):
        read_person(tmp_path / "nobody.json")


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "person.json").write_bytes(b'{"region": "\xff"}')
    with pytest.raises(DataError, match="not JSON in UTF-8"):
        read_person(tmp_path / "person.json")


def test_a_file_too_large_for_one_person_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "person.json").write_bytes(b" " * (MOST_BYTES + 1))
    with pytest.raises(DataError, match="too large for one person"):
        read_person(tmp_path / "person.json")
