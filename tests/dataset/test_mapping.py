"""Reading mapping files: everything that cannot be meant is said at once, with its line."""

from pathlib import Path

import pytest

from own_tables import MAPPING, taiwan
from weilidai.dataset.mapping import read_mapping
from weilidai.errors import ConfigError


def changed(folder: Path, *changes: tuple[str, str]) -> Path:
    text = MAPPING.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    file = folder / "mapping.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_mapping_of_the_taiwan_table_protects_sex_marriage_and_age() -> None:
    kept_out = [column.name for factor in taiwan().factors if factor.is_protected for column in factor.columns]
    assert kept_out == ["sex", "marriage", "age_years"]


def test_an_unknown_direction_is_refused_and_the_known_ones_are_told(tmp_path: Path) -> None:
    file = changed(tmp_path, ("direction: 1, low: 0", "direction: up, low: 0"))
    with pytest.raises(ConfigError, match="'up' is no direction: 1 is more helps, -1 is more hurts, 0 is free"):
        read_mapping(file)


def test_everything_wrong_is_said_at_once_with_its_line(tmp_path: Path) -> None:
    file = changed(
        tmp_path, ("direction: 1, low: 0", "direction: 2, low: 0"), ("is_actionable: false", "is_actionabel: false"),
        ("kind: count", "kind: counts"),
    )
    with pytest.raises(ConfigError) as refused:
        read_mapping(file)
    said = str(refused.value)
    assert refused.value.exit_code == 2
    assert "2 is no direction" in said
    assert "unknown key, did you mean 'is_actionable'?" in said
    assert "'counts' is not a choice, did you mean 'count'?" in said
    assert "line 24, factors.0.is_actionabel" in said


def test_an_unknown_dimension_and_a_name_given_twice_are_said_together(tmp_path: Path) -> None:
    file = changed(tmp_path, ("dimension: credit", "dimension: credits"), ("name: paid_2_twd", "name: paid_1_twd"))
    with pytest.raises(ConfigError) as refused:
        read_mapping(file)
    assert "unknown dimension 'credits', did you mean 'credit'?" in str(refused.value)
    assert "column name 'paid_1_twd' is given twice" in str(refused.value)


def test_a_code_cannot_be_good_and_bad(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="1 cannot be both good and bad"):
        read_mapping(changed(tmp_path, ("good: [0]", "good: [0, 1]")))


def test_a_slice_of_an_unknown_column_is_refused_with_the_near_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="unknown column 'marriages', did you mean 'marriage'"):
        read_mapping(changed(tmp_path, ("{name: marriage, column: marriage}", "{name: marriage, column: marriages}")))


@pytest.mark.parametrize("content", ["", "[", "!!python/object:os.system x", "title_en: a\ntitle_en: b"])
def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "mapping.yaml"
    file.write_text(content)
    with pytest.raises(ConfigError):
        read_mapping(file)
