import json
import shutil
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from weilidai.errors import ModelError
from weilidai.models import boosting
from weilidai.models.bundle import FILES, Bundle, cited_facts, load_bundle, save_bundle
from weilidai.models.features import encode
from weilidai.models.manifest import MANIFEST, digest_of, read_sealed, seal


def _small_bundle() -> ModuleType:
    spec = spec_from_file_location("small_bundle", Path(__file__).parents[1] / "small_bundle.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def small() -> tuple[Bundle, pd.DataFrame]:
    built: tuple[Bundle, pd.DataFrame] = _small_bundle().build_bundle()
    return built


@pytest.fixture(scope="module")
def saved(small: tuple[Bundle, pd.DataFrame], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("saved") / "bundle"
    save_bundle(small[0], folder, small[1])
    return folder


def resealed(saved: Path, folder: Path, name: str, content: bytes) -> Path:
    """Change one file and give it a manifest that is right again, as somebody would who means harm."""
    seal({**read_sealed(saved, FILES), name: content}, folder, {})
    return folder


def edited(saved: Path, name: str, *path: Any, value: Any) -> bytes:
    data = json.loads((saved / name).read_text(encoding="utf-8"))
    part = data
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    return json.dumps(data).encode()


def test_a_saved_model_answers_as_the_one_in_memory(small: tuple[Bundle, pd.DataFrame], saved: Path) -> None:
    bundle, people = small
    loaded = load_bundle(saved)
    pd.testing.assert_frame_equal(loaded.answers(people), bundle.answers(people), check_exact=True)
    assert np.array_equal(loaded.invite.contributions(people), bundle.invite.contributions(people))
    assert loaded.factors == bundle.factors
    assert loaded.facts == list(bundle.facts)
    assert loaded.birth_certificate == bundle.birth_certificate


def test_people_the_policy_rules_out_have_no_chance_at_all(small: tuple[Bundle, pd.DataFrame]) -> None:
    bundle, people = small
    answers, is_eligible = bundle.answers(people), bundle.invite.is_eligible(people)
    assert (answers.loc[~is_eligible, "p_invite"] == 0).all()
    assert (answers.loc[is_eligible, "p_invite"] > 0).all()
    assert 0 < is_eligible.mean() < 1


def test_the_same_model_saved_twice_is_the_same_bundle(
    small: tuple[Bundle, pd.DataFrame], saved: Path, tmp_path: Path
) -> None:
    assert save_bundle(small[0], tmp_path / "again", small[1]) == digest_of(saved)


def test_a_bundle_holds_nothing_that_can_run(saved: Path) -> None:
    assert {file.name for file in saved.iterdir()} == {*FILES, MANIFEST}
    assert {file.suffix for file in saved.iterdir()} == {".txt", ".json"}


def test_lightgbm_reads_nothing_of_a_damaged_bundle(
    saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = {**read_sealed(saved, FILES), MANIFEST: (saved / MANIFEST).read_bytes()}
    monkeypatch.setattr(boosting, "read_booster", lambda *_: pytest.fail("LightGBM was handed a damaged text"))
    for number, name in enumerate(FILES):
        folder = tmp_path / str(number)
        folder.mkdir()
        for other, content in contents.items():
            (folder / other).write_bytes(content[: len(content) // 2] if other == name else content)
        with pytest.raises(ModelError, match="changed or cut"):
            load_bundle(folder)


@pytest.mark.parametrize(("old", "new"), [
    (b"left_child=1 ", b"left_child=0 "),
    (b"end of trees", b"end of trunk"),
    (b"binary sigmoid:1", b"binary sigmoid:2"),
    (b"leaf_value=-", b"leaf_value=nan -"),
])  # fmt: skip
def test_a_hostile_tree_with_a_right_digest_is_refused(
    saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: bytes, new: bytes
) -> None:
    monkeypatch.setattr(boosting, "read_booster", lambda *_: pytest.fail("LightGBM was handed a hostile text"))
    content = (saved / "invite.txt").read_bytes()
    assert old in content
    with pytest.raises(ModelError, match="not a sound LightGBM model"):
        load_bundle(resealed(saved, tmp_path / "bundle", "invite.txt", content.replace(old, new, 1)))


@pytest.mark.parametrize(("name", "path", "value"), [
    ("model.json", ("states", "invite", "calibration", "slope"), 1.5),
    ("model.json", ("states", "invite", "threshold"), 0.0001),
    ("model.json", ("states", "quota", "smearing"), 2.0),
    ("model.json", ("states", "rate", "marks", "AAA"), 0.9),
    ("known_answers.json", ("scores", "invite", 0), 0.123),
    ("known_answers.json", ("answers", "quota_cny", 0), 1.0),
    ("known_answers.json", ("people", "daily_open_count"), [1.0] * 24),
])  # fmt: skip
def test_a_model_that_answers_otherwise_than_when_saved_is_refused(
    saved: Path, tmp_path: Path, name: str, path: tuple[str | int, ...], value: object
) -> None:
    changed = edited(saved, name, *path, value=value)
    with pytest.raises(ModelError, match="does not give the answers"):
        load_bundle(resealed(saved, tmp_path / "bundle", name, changed))


@pytest.mark.parametrize(("name", "content"), [
    ("model.json", b"{}"), ("model.json", b"[]"), ("factors.json", b'{"factors": {}}'), ("known_answers.json", b"{}"),
])  # fmt: skip
def test_a_bundle_whose_parts_do_not_fit_is_refused(saved: Path, tmp_path: Path, name: str, content: bytes) -> None:
    with pytest.raises(ModelError, match="cannot be put together"):
        load_bundle(resealed(saved, tmp_path / "bundle", name, content))


def test_a_recorded_number_of_trees_that_is_not_true_is_refused(saved: Path, tmp_path: Path) -> None:
    changed = edited(saved, "model.json", "trees", "quota", "count", value=3)
    with pytest.raises(ModelError, match="number of trees"):
        load_bundle(resealed(saved, tmp_path / "bundle", "model.json", changed))


@pytest.mark.parametrize("content", [b"", b"[", b"null", b"\xff"])
def test_a_manifest_that_cannot_be_read_is_itself_what_is_refused(saved: Path, tmp_path: Path, content: bytes) -> None:
    folder = tmp_path / "bundle"
    shutil.copytree(saved, folder)
    for of_a_grant in ("quota.txt", "quota_spread.txt", "rate.txt"):
        (folder / of_a_grant).unlink()
    (folder / MANIFEST).write_bytes(content)
    with pytest.raises(ModelError, match=r"manifest of a bundle|plain JSON") as refused:
        load_bundle(folder)
    assert refused.value.where == str(folder / MANIFEST)


def test_every_fact_that_a_reason_can_cite_is_named(small: tuple[Bundle, pd.DataFrame]) -> None:
    bundle, _ = small
    cited = cited_facts(bundle.factors, bundle.invite.eligibility)
    assert cited == ("D0.2.opens_opened", "D1.1.area", "D1.2.overdue", "D1.2.pass_mark", "D1.2.tenure")


def test_the_people_it_explains_against_come_back_as_they_were(small: tuple[Bundle, pd.DataFrame], saved: Path) -> None:
    loaded = load_bundle(saved)
    assert np.array_equal(
        encode(loaded.background, loaded.invite.features), encode(small[0].background, small[0].invite.features),
        equal_nan=True,
    )
    written = json.loads((saved / "model.json").read_text(encoding="utf-8"))["explain"]
    assert written == {"method": "interventional", "background_rows": len(loaded.background)}


@pytest.mark.parametrize(("key", "value"), [("background_rows", 199), ("method", "guess"), ("more", 1)])
def test_a_background_that_is_not_what_the_model_says_is_refused(
    saved: Path, tmp_path: Path, key: str, value: object
) -> None:
    content = edited(saved, "model.json", "explain", key, value=value)
    with pytest.raises(ModelError):
        load_bundle(resealed(saved, tmp_path / "changed", "model.json", content))


def test_a_background_without_a_column_is_refused(saved: Path, tmp_path: Path) -> None:
    people = json.loads((saved / "background.json").read_text(encoding="utf-8"))
    del people["daily_open_count"]
    changed = resealed(saved, tmp_path / "changed", "background.json", json.dumps(people).encode())
    with pytest.raises(ModelError, match="the background has 200 people"):
        load_bundle(changed)
