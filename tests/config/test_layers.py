from pathlib import Path

import pytest

from weilidai.config.checking import check
from weilidai.config.layers import read_layers
from weilidai.errors import ConfigError


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def refusal(file: Path, *sets: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        read_layers(file, sets)
    return caught.value


def test_a_child_changes_only_what_it_names(tmp_path: Path) -> None:
    write(tmp_path, "parent.yaml", "data: {rows: 10, seed: 1}\nmodel: {invite: {num_leaves: 7}}\n")
    child = write(tmp_path, "child.yaml", "extends: parent.yaml\ndata:\n  rows: 20\n")
    assert read_layers(child).values == {"data": {"rows": 20, "seed": 1}, "model": {"invite": {"num_leaves": 7}}}


def test_an_empty_group_clears_what_it_extends(tmp_path: Path) -> None:
    parent = write(tmp_path, "parent.yaml", "data: {rows: 10}\nevaluation:\n  gates: {a: {metric: x, why: y}}\n")
    child = write(tmp_path, "child.yaml", "extends: parent.yaml\nevaluation: {gates: {}}\n")
    for layered in (read_layers(child), read_layers(parent, ["evaluation.gates={}"])):
        assert layered.values == {"data": {"rows": 10}, "evaluation": {"gates": {}}}
        assert ("evaluation", "gates", "a") not in layered.origins
    again = read_layers(child, ["evaluation.gates.b.metric=z"])
    assert again.values["evaluation"] == {"gates": {"b": {"metric": "z"}}}


def test_the_gates_of_the_project_can_be_taken_away(root: Path) -> None:
    layered = read_layers(root / "configs" / "train.yaml", ["evaluation.gates={}"])
    assert check(layered).evaluation.gates == {}


def test_each_value_knows_the_line_it_came_from(tmp_path: Path) -> None:
    write(tmp_path, "parent.yaml", "data:\n  rows: 10\n  seed: 1\n")
    child = write(tmp_path, "child.yaml", "extends: parent.yaml\ndata:\n  rows: 20\n")
    origins = read_layers(child, ["data.regime=trial"]).origins
    assert origins["data", "rows"] == f"file {child}:3"
    assert origins["data", "seed"] == f"parent {tmp_path / 'parent.yaml'}:3"
    assert origins["data", "regime"] == "--set data.regime=trial"


def test_the_last_set_wins_and_keeps_the_type_that_yaml_gives_it(tmp_path: Path) -> None:
    file = write(tmp_path, "a.yaml", "data: {rows: 10}\n")
    sets = ["data.rows=20", "data.rows=30", "a.b=1e-3", "a.c=[x, y]", "a.d=true", "a.e=2021-01"]
    assert read_layers(file, sets).values == {
        "data": {"rows": 30}, "a": {"b": 0.001, "c": ("x", "y"), "d": True, "e": "2021-01"},
    }


@pytest.mark.parametrize("text", ["rows", "=3", "data..rows=3", "data.=3"])
def test_a_set_without_key_and_value_is_refused(tmp_path: Path, text: str) -> None:
    error = refusal(write(tmp_path, "a.yaml", "data: {rows: 10}\n"), text)
    assert text in str(error)
    assert "--set section.key=value" in str(error)


def test_settings_that_extend_themselves_show_the_chain(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", "extends: b.yaml\nx: 1\n")
    b = write(tmp_path, "b.yaml", "extends: a.yaml\nx: 1\n")
    error = refusal(b)
    assert str(error).count("b.yaml") >= 2
    assert " -> " in str(error)


def test_a_missing_parent_is_named_with_the_near_file(tmp_path: Path) -> None:
    write(tmp_path, "train.yaml", "x: 1\n")
    error = refusal(write(tmp_path, "a.yaml", "x: 1\nextends: trian.yaml\n"))
    assert "did you mean 'train.yaml'?" in str(error)
    assert error.where.endswith("a.yaml:2")


@pytest.mark.parametrize("parent", ["../outside.yaml", "/etc/hostname"])
def test_a_parent_outside_the_project_is_refused(tmp_path: Path, parent: str) -> None:
    write(tmp_path, "outside.yaml", "x: 1\n")
    inside = tmp_path / "inside"
    inside.mkdir()
    assert "leads out of the project" in str(refusal(write(inside, "a.yaml", f"extends: {parent}\n")))


def test_settings_outside_the_project_may_extend_settings_of_the_project(tmp_path: Path, root: Path) -> None:
    file = write(tmp_path, "mine.yaml", f"extends: {root}/configs/train.yaml\ndata: {{rows: 1234}}\n")
    layered = read_layers(file)
    assert layered.values["data"]["rows"] == 1234
    assert layered.origins["data", "seed"].startswith("parent ")
