import json
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pytest

from weilidai.columns import CATALOGUE
from weilidai.errors import ConfigError, ResourceError
from weilidai.noise import BLOCK
from weilidai.pipeline import generating
from weilidai.pipeline.generating import generate_files, generate_frames, lender_of
from weilidai.progress import Silent

REGIME = "optimisation"


def contents(folder: Path) -> dict[str, str]:
    files = (file for file in folder.rglob("*.parquet"))
    return {str(file.relative_to(folder)): sha256(file.read_bytes()).hexdigest() for file in files}


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(tmp_path: Path) -> None:
    same = [contents(generate_files(300, 5, REGIME, tmp_path / name, Silent())) for name in ("a", "b")]
    other = contents(generate_files(300, 6, REGIME, tmp_path / "c", Silent()))
    assert same[0] == same[1]
    assert set(same[0]) == set(other) == {"applicants/part-00000.parquet", "truth/part-00000.parquet"}
    assert all(same[0][name] != other[name] for name in other)


def test_files_and_frames_are_the_same_people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generating, "BLOCKS_IN_A_FILE", 1)
    rows = BLOCK + 100
    folder = generate_files(rows, 5, REGIME, tmp_path / "a", Silent())
    applicants, truth, _ = generate_frames(rows, 5, REGIME, Silent())
    assert len(list((folder / "applicants").iterdir())) == 2
    for name, made in (("applicants", applicants), ("truth", truth)):
        read = pd.read_parquet(folder / name)
        pd.testing.assert_frame_equal(read, made, check_dtype=False, check_column_type=False, check_exact=True)


def test_the_tables_hold_the_contract_and_one_row_per_person() -> None:
    applicants, truth, _ = generate_frames(300, 5, REGIME, Silent())
    assert list(applicants.columns[: len(CATALOGUE)]) == list(CATALOGUE)
    assert applicants["person_id"].tolist() == truth["person_id"].tolist() == list(range(300))
    assert {"p_invite", "p_open", "quota_mean_cny", "p_overdue"} <= set(truth.columns)


def test_the_birth_certificate_says_where_the_people_come_from(tmp_path: Path) -> None:
    folder = generate_files(300, 5, REGIME, tmp_path / "a", Silent())
    certificate = json.loads((folder / "birth_certificate.json").read_text(encoding="utf-8"))
    assert certificate["seed"] == 5
    assert certificate["settings"] == {"rows": 300, "seed": 5, "regime": REGIME, "policy": "composite", "readings": {}}
    assert "synthetic" in certificate["statement"]
    for name in ("commit", "facts_digest", "parameters_digest", "settings_digest", "versions", "created"):
        assert certificate[name]


def test_nothing_is_left_when_the_making_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(generating, "birth_certificate", broken)
    with pytest.raises(ResourceError, match="No space left"):
        generate_files(300, 5, REGIME, tmp_path / "a", Silent())
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_regime_is_refused_with_the_near_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="did you mean 'optimisation'"):
        generate_files(300, 5, "optimization", tmp_path / "a", Silent())
    assert list(tmp_path.iterdir()) == []


def test_the_policy_that_models_carry_is_the_one_the_lender_applied() -> None:
    applicants, _, parameters = generate_frames(5_000, 5, REGIME, Silent())
    lender = lender_of(parameters)
    assert (lender.policy.passes(applicants) == applicants["is_eligible"].to_numpy()).all()
    assert set(lender.grade_rates) == {"AAA", "AA", "A"}
