import json

import pandas as pd
import pytest


def test_people_are_made_under_a_regime_with_its_name_and_year(run, tmp_path):
    ended = run("generate", "--rows", 300, "--seed", 1, "--regime", "contraction", "--out", tmp_path / "people")
    assert ended.code == 0
    people = pd.read_parquet(tmp_path / "people" / "applicants")
    assert set(people.regime) == {"contraction"}
    assert set(people.snapshot_month.str[:4]) == {"2022"}


@pytest.mark.parametrize("command", [
    ("generate", "--rows", 300, "--seed", 1, "--out", "people"), ("match", "--check"), ("match",),
])
def test_an_unknown_regime_is_refused_with_the_near_name(run, tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    ended = run(*command, "--regime", "contractoin")
    assert ended.code == 2
    assert "did you mean 'contraction'?" in ended.err
    assert ended.out == ""
    assert list(tmp_path.iterdir()) == []


def test_another_reading_stands_in_the_birth_certificate(run, tmp_path):
    made = tmp_path / "people"
    ended = run("generate", "--rows", 300, "--seed", 1, "--reading", "thin_files=gate", "--out", made)
    assert ended.code == 0
    assert json.loads((made / "birth_certificate.json").read_text())["settings"]["readings"] == {"thin_files": "gate"}


@pytest.mark.parametrize(("reading", "told"), [
    ("thin_file=gate", "did you mean 'thin_files'?"), ("thin_files=gat", "did you mean 'gate'?"),
    ("gate", "KEY=CHOICE"),
])
def test_an_unknown_reading_is_refused_with_the_near_name(run, tmp_path, reading, told):
    ended = run("generate", "--rows", 300, "--seed", 1, "--reading", reading, "--out", tmp_path / "people")
    assert ended.code == 2
    assert told in ended.err
    assert not (tmp_path / "people").exists()


def test_a_training_names_the_near_reading(run):
    ended = run("train", "--set", "data.readings.thin_file=gate", "--dry-run")
    assert ended.code == 2
    assert "did you mean 'thin_files'?" in ended.err
