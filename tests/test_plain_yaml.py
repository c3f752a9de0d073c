"""YAML as facts and settings use it."""

import sys
from pathlib import Path

import pytest

from weilidai import plain_yaml
from weilidai.plain_yaml import MAX_BYTES, YamlFile, parse_yaml, read_yaml


def parsed(text: str) -> YamlFile:
    return parse_yaml(Path("some.yaml"), text)


def only_defect(text: str) -> tuple[int, str]:
    (defect,) = parsed(text).defects
    return defect


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("8", 8), ("-3", -3), ("0.45", 0.45), ("1e-4", 1e-4), (".5", 0.5), ("true", True), ("~", None), ("", None),
        ("no", "no"), ("on", "on"), ("2021-01-01", "2021-01-01"), ("1:30", "1:30"), ("007", "007"), ("1_000", "1_000"),
        ("'8'", "8"), ('"true"', "true"), ("0x1F", "0x1F"),
    ],
)
def test_a_plain_word_means_what_it_looks_like(written: str, meant: object) -> None:
    value = parsed(f"key: {written}").data["key"]
    assert (value, type(value)) == (meant, type(meant))


def test_mappings_and_lists_nest_and_know_their_lines() -> None:
    file = parsed("facts:\n  - id: one\n    values: [1,\n      2]\n  - id: two\n")
    assert file.data == {"facts": ({"id": "one", "values": (1, 2)}, {"id": "two"})}
    assert [file.line(keys) for keys in [("facts",), ("facts", 0, "values", 1), ("facts", 1, "id")]] == [1, 4, 5]


def test_the_line_of_a_missing_key_is_that_of_the_entry_around_it() -> None:
    assert parsed("a: 1\nfacts:\n  - id: one\n").line(("facts", 0, "label_en")) == 3


def test_a_duplicate_key_is_refused_with_both_lines() -> None:
    assert only_defect("a: 1\nb: 2\na: 3\n") == (3, "key 'a' was given before, on line 1")


def test_every_duplicate_of_a_file_is_found_at_once() -> None:
    assert [line for line, _ in parsed("a: 1\na: 2\nb:\n  c: 1\n  c: 2\n").defects] == [2, 5]


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("a: !!python/object/apply:os.system [ls]\n", 1, "tag"),
        ("a: !!str 5\n", 1, "tag"),
        ("a: 1\n!odd b: 2\n", 2, "tag"),
        ("a: &x [1]\n", 1, "anchor"),
        ("a: 1\nb: *x\n", 2, "alias"),
        ("? [a, b]\n: 1\n", 1, "one word"),
        ("a: 1\n---\nb: 2\n", 2, "one document"),
        ("a:\n\tb: 1\n", 2, "tab"),
        ("a: [1\nb: 2\n", 2, "not YAML"),
        ("a: 1\n\nb: \x01\n", 3, "not YAML"),
        ("", 0, "empty"),
        ("# only a comment\n", 0, "empty"),
    ],
)
def test_what_is_not_plain_yaml_is_refused_with_its_line(text: str, line: int, word: str) -> None:
    at, what = only_defect(text)
    assert at == line
    assert word in what


def test_an_anchor_bomb_is_refused_without_being_built() -> None:
    layers = "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9))
    file = parsed("a: &a [x, x, x]\n" + layers)
    assert len(file.defects) == 91
    assert file.data["j"] == (None,) * 9


def test_deep_nesting_is_refused_before_it_can_overflow() -> None:
    assert "nested deeper" in only_defect("[" * 5000 + "]" * 5000)[1]


def test_a_byte_order_mark_and_windows_line_ends_change_nothing(tmp_path: Path) -> None:
    unix, windows = tmp_path / "unix.yaml", tmp_path / "windows.yaml"
    unix.write_bytes("a: 微粒\nb: 2\n".encode())
    windows.write_bytes("\ufeffa: 微粒\r\nb: 2\r\n".encode())
    assert read_yaml(unix).data == read_yaml(windows).data == {"a": "微粒", "b": 2}
    assert read_yaml(unix).content == read_yaml(windows).content


def test_another_encoding_is_refused_with_the_line(tmp_path: Path) -> None:
    file = tmp_path / "gbk.yaml"
    file.write_bytes("a: 1\nb: 微粒\n".encode("gbk"))
    assert read_yaml(file).defects == ((2, "byte 10 is not UTF-8"),)


def test_a_folder_or_a_missing_file_is_a_defect_not_a_crash(tmp_path: Path) -> None:
    assert "cannot be read" in read_yaml(tmp_path).defects[0][1]
    assert "cannot be read" in read_yaml(tmp_path / "nowhere.yaml").defects[0][1]


def test_an_oversized_file_is_not_even_opened(tmp_path: Path) -> None:
    file = tmp_path / "big.yaml"
    with file.open("wb") as opened:
        opened.truncate(MAX_BYTES + 1)
    assert "larger than" in read_yaml(file).defects[0][1]


def test_a_number_of_many_digits_stays_cheap() -> None:
    assert parsed("a: " + "9" * 10 * sys.int_info.default_max_str_digits).data == {"a": float("inf")}


def test_the_slow_parser_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "facts:\n  - id: one\n    values: [1, 0.5]\n    note: >\n      long\n      text\n"
    fast = parsed(text)
    monkeypatch.setattr(plain_yaml, "_LOADER", plain_yaml.yaml.SafeLoader)
    slow = parsed(text)
    assert (slow.data, slow.lines) == (fast.data, fast.lines)
