"""Whatever a file holds, reading it ends in what it means or in one of our errors, never in a defect."""

import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from small_bundle import build_bundle, draw_people
from weilidai.config.checking import check
from weilidai.config.layers import read_layers
from weilidai.dataset.mapping import read_mapping
from weilidai.dataset.people_files import find_people, read_person
from weilidai.errors import ConfigError, DataError, WeilidaiError
from weilidai.inference.decider import Decider
from weilidai.inference.loading import load_model
from weilidai.pipeline.sources import found
from weilidai.plain_yaml import parse_yaml

EXAMPLES = settings(
    max_examples=50, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
ROOT = Path(__file__).resolve().parents[2]
SETTINGS = (ROOT / "configs" / "train.yaml").read_text(encoding="utf-8")
MAPPING = (ROOT / "configs" / "own_data" / "taiwan_mapping.yaml").read_text(encoding="utf-8")
WORDS = ("null", "true", "-5", "0", "1e999", ".nan", ".inf", "[]", "{}", "[1, [2, {a: b}]]", '"\\0"', "'", '"', "a: b",
         "../../..", "x" * 300, "x" * 5000, "!!python/object:os.system", "&a", "*a", "\t", "：", "一", "-", "? ", "---",
         "999999999999999999", '"\\ud800"', "sqlite:///", "file:", "=")  # fmt: skip
"""What people, editors and attackers put where something else is wanted."""
STRANGE = (None, True, -1, 0, 2**70, -(2**63), 1e308, 5e-324, "", "12", "1,200", "=cmd", "\x00", "\ud800", "x" * 2000,
           "2021-13", "１２", "\n", [1], {"a": 1})  # fmt: skip
"""What JSON can put where a number, a word or a flag is wanted."""


@st.composite
def mutants(draw: Any, text: str) -> str:
    """Draw a text in which a few values, lines or characters are others."""
    lines = text.splitlines()
    places = [number for number, line in enumerate(lines) if ":" in line and not line.lstrip().startswith("#")]
    for _ in range(draw(st.integers(1, 3))):
        at, word = draw(st.sampled_from(places)), draw(st.sampled_from(WORDS))
        key = lines[at].partition(":")[0]
        lines[at] = draw(st.sampled_from([
            f"{key}: {word}", f"{key}: {word}", f"{key}: {word}", f"{key}{word}: 1", word, f"{key}:",
            lines[at][: len(key) // 2], f"{lines[at]}\n{lines[at]}", f"{key}:\n{key}  inner: {word}",
            draw(st.text(max_size=20)),
        ]))  # fmt: skip
    return "\n".join(lines)


def written(folder: Path, name: str, content: str | bytes) -> Path:
    file = folder / name
    raw = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    file.write_bytes(raw)
    return file


@EXAMPLES
@given(text=mutants(SETTINGS))
@example(text='extends: "a\\0b"')
@example(text=f"extends: {'x' * 300}.yaml")
@example(text='data: {source: table, file: "a\\0b", mapping: "a\\0b"}')
@example(text=f"data: {{source: table, file: {'x' * 300}.csv, mapping: {'x' * 300}.yaml}}")
def test_a_settings_file_is_read_or_refused(tmp_path: Path, text: str) -> None:
    with suppress(ConfigError):
        check(read_layers(written(tmp_path, "mine.yaml", text)))


@EXAMPLES
@given(raw=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_settings_or_refused(tmp_path: Path, raw: bytes) -> None:
    with suppress(ConfigError):
        check(read_layers(written(tmp_path, "mine.yaml", raw)))


@EXAMPLES
@given(text=st.text(max_size=60) | st.sampled_from(WORDS))
def test_any_text_set_on_the_command_line_is_read_or_refused(text: str) -> None:
    file = ROOT / "configs" / "train.yaml"
    for given_text in (f"data.regime={text}", f"data.file={text}", text):
        with suppress(ConfigError):
            check(read_layers(file, [given_text]))


@EXAMPLES
@given(text=st.text(alphabet=st.sampled_from("ab:-[]{},&*!|>'\"\n #%@`?0.~\\\t"), max_size=80))
def test_any_text_is_yaml_or_has_a_defect(text: str) -> None:
    page = parse_yaml(Path("any"), text)
    assert page.defects or isinstance(page.data, dict | tuple | str | int | float | bool | None)


@EXAMPLES
@given(text=mutants(MAPPING))
def test_a_mapping_is_read_or_refused(tmp_path: Path, text: str) -> None:
    with suppress(ConfigError):
        assert read_mapping(written(tmp_path, "mine.yaml", text)).columns


def person() -> dict[str, Any]:
    people = draw_people(1, seed=1)
    return json.loads(people.to_json(orient="records", force_ascii=False))[0]


PERSON = person()
PLAIN = st.sampled_from(STRANGE) | st.floats(allow_nan=False) | st.text(max_size=10) | st.integers()


@EXAMPLES
@given(changed=st.dictionaries(st.sampled_from(sorted(PERSON)) | st.text(max_size=8), PLAIN, min_size=1, max_size=4))
def test_a_person_in_json_is_decided_or_refused(tmp_path: Path, changed: dict[str, Any]) -> None:
    text = json.dumps({**PERSON, **changed})
    decide_or_refuse(written(tmp_path, "person.json", text))


@EXAMPLES
@given(text=st.text(max_size=100) | st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=3)).map(json.dumps))
@example(text="[" * 100_000)
@example(text="1" * 10_000)
@example(text='{"person_id": ' + "9" * 5_000 + "}")
@example(text="[{}, null]")
@example(text="{}")
def test_any_text_is_no_person(tmp_path: Path, text: str) -> None:
    with pytest.raises(DataError):
        decide(written(tmp_path, "person.json", text))


PARQUET_KINDS = {
    "list": pa.array([[1, 2]]), "struct": pa.array([{"a": 1}]), "binary": pa.array([b"\xff\x00"]),
    "decimal": pa.array([1], pa.decimal128(38, 10)), "timestamp": pa.array([2**50], pa.timestamp("s")),
    "zoned": pa.array([0], pa.timestamp("ns", "Asia/Shanghai")), "duration": pa.array([2**62], pa.duration("s")),
    "null": pa.nulls(1), "dictionary": pa.array(["a"]).dictionary_encode(), "half": pa.array([1.5], pa.float16()),
    "large": pa.array([2**64 - 1], pa.uint64()), "time": pa.array([1], pa.time64("us")), "text": pa.array(["12"]),
    "map": pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int32())),
    "broken text": pa.array([b"\xff"]).view(pa.string()), "date": pa.array([2**30], pa.date32()),
}  # fmt: skip


@pytest.mark.parametrize("kind", PARQUET_KINDS)
@pytest.mark.parametrize("name", ["person_id", "age_years", "occupation", "is_covered_area", "snapshot_month"])
def test_a_parquet_column_of_any_type_is_taken_or_refused(tmp_path: Path, name: str, kind: str) -> None:
    table = pa.Table.from_pandas(draw_people(1, seed=1), preserve_index=False)
    place = table.column_names.index(name) if name in table.column_names else None
    column = PARQUET_KINDS[kind]
    odd = table.append_column(name, column) if place is None else table.set_column(place, name, column)
    pq.write_table(odd, tmp_path / "people.parquet")
    decide_or_refuse(tmp_path / "people.parquet")


@EXAMPLES
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from([".parquet", ".csv", ".json"]))
    raw = bytearray(RAW[kind])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        change = data.draw(st.sampled_from(["flip", "cut", "insert", "repeat"]))
        if change == "flip":
            raw[at] ^= 1 << data.draw(st.integers(0, 7))
        elif change == "cut":
            del raw[at : at + data.draw(st.integers(1, 50))]
        elif change == "insert":
            raw[at:at] = data.draw(st.binary(max_size=8))
        else:
            raw[at:at] = raw[at : at + 40]
        raw = raw or bytearray(b"x")
    decide_or_refuse(written(tmp_path, f"people{kind}", bytes(raw)))


def raw_people(kind: str) -> bytes:
    people = draw_people(2, seed=3)
    if kind == ".csv":
        return people.to_csv(index=False).encode()
    if kind == ".json":
        return people.to_json(orient="records").encode()
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pandas(people, preserve_index=False), sink)
    return bytes(sink.getvalue())


DECIDER = Decider(build_bundle()[0], "a test")
RAW = {kind: raw_people(kind) for kind in (".parquet", ".csv", ".json")}


def decide(file: Path) -> None:
    """Read the people and decide for each, as the commands do."""
    for people in find_people(file).chunks():
        decided = DECIDER.decide(people, reasons="en")
        assert decided["p_invite"].between(0, 1).all()


def decide_or_refuse(file: Path) -> None:
    with suppress(DataError):
        decide(file)


def test_a_person_too_deep_for_the_reader_leaves_the_process_as_it_was(tmp_path: Path) -> None:
    before = sys.getrecursionlimit()
    with pytest.raises(DataError):
        read_person(written(tmp_path, "person.json", '{"a":' * 100_000))
    assert sys.getrecursionlimit() == before


@pytest.mark.parametrize("address", [
    "x" * 300, "~nobody_has_this_name/model", "a\0b", "models:/", "", ".", "/dev/null",
])  # fmt: skip
def test_any_address_of_a_model_is_refused_in_one_message(address: str) -> None:
    with pytest.raises(WeilidaiError):
        load_model(address)


@pytest.mark.parametrize("name", ["x" * 300, "~nobody_has_this_name/people.csv"])
def test_a_table_named_in_the_settings_that_cannot_be_is_refused(name: str) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        found(name, "data.file")


@pytest.mark.parametrize(("key", "value"), [
    ("model.invite.min_data_in_leaf", "1099511627776"), ("model.quota.maximum_cny", ".inf"),
    ("model.quota.step_cny", "1e999"), ("evaluation.retraining.psi_above", ".inf"),
])  # fmt: skip
def test_a_number_no_library_can_hold_is_refused_by_its_key(key: str, value: str) -> None:
    with pytest.raises(ConfigError, match=key):
        check(read_layers(ROOT / "configs" / "train.yaml", [f"{key}={value}"]))
