from pathlib import Path

import pytest

from weilidai.config.yaml_text import read_mapping
from weilidai.errors import ConfigError


def refusal(file: Path) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        read_mapping(file)
    return caught.value


@pytest.mark.parametrize("content", [
    b"\xef\xbb\xbfdata:\n  rows: 10\n",
    b"data:\r\n  rows: 10\r\n",
    b"\xef\xbb\xbfdata:\r\n  rows: 10",
], ids=["byte-order mark", "CRLF", "both"])
def test_files_of_other_editors_are_read(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(content)
    values, places = read_mapping(file)
    assert values == {"data": {"rows": 10}}
    assert places["data", "rows"] == f"{file}:2"


@pytest.mark.parametrize(("content", "told"), [
    (b"", "empty"),
    (b"# nothing yet\n", "empty"),
    (b"just words\n", "'key: value'"),
    (b"- a\n- b\n", "'key: value'"),
    ("rows：10\n".encode(), "full-width colon"),
    ("rows: 10\nnäme: x\n".encode("latin-1"), "UTF-8"),
    ("rows: 10\n".encode("utf-16"), "UTF-8"),
    (b"a: 1\nb: 2\na: 3\n", "'a'"),
    (b"a: {b: 1\n", "YAML"),
    (b"a:\n\tb: 1\n", "tab"),
    (b"a: !!python/object:os.system x\n", "tag"),
    (b"a: &x 1\nb: *x\n", "anchor"),
    (b"a: 1\n---\nb: 2\n", "document"),
    (b"[" * 5000, "deep"),
    (b"a: " + b"x" * 5_000_000, "larger"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_what_is_not_plain_yaml_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(content)
    error = refusal(file)
    assert told in str(error)
    assert str(file) in error.where
    assert error.exit_code == 2


def test_a_key_given_twice_is_placed_at_its_second_line(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("a: 1\nb: 2\na: 3\n", encoding="utf-8")
    assert refusal(file).where == f"{file}:3"


def test_a_missing_file_is_named_with_the_near_one(tmp_path: Path) -> None:
    (tmp_path / "train.yaml").write_text("a: 1\n", encoding="utf-8")
    assert "did you mean 'train.yaml'?" in str(refusal(tmp_path / "tran.yaml"))


def test_a_folder_is_no_settings_file(tmp_path: Path) -> None:
    assert "folder" in str(refusal(tmp_path))
