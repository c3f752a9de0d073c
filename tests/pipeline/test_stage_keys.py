"""What decides a stage, and what does not."""

import os

import pytest

from weilidai.inference.travelling import PACKAGE, files_reached
from weilidai.pipeline import stage_keys
from weilidai.pipeline.stage_keys import code_digest, is_code_as_imported, stage_key

ROOT = "weilidai.models.rate"


def key(stage: str = "rate", people: tuple[str, ...] = ("p", "q"), **choices: object) -> str:
    return stage_key(stage, ROOT, people, choices or {"0": 1})


def test_the_same_gives_the_same_key_in_any_order_of_the_choices() -> None:
    assert key(a=1, b=[2]) == key(b=[2], a=1)


def test_whatever_is_read_changes_the_key() -> None:
    others = [key(stage="quota"), key(people=("q", "p")), key(people=("p",)), key(**{"0": 2}), key(**{"1": 1})]
    assert len({key(), *others}) == 6


def test_another_version_of_a_library_that_decides_changes_the_key_and_others_do_not(
    monkeypatch: pytest.MonkeyPatch
) -> None:
    before = key()
    known = stage_keys.versions()
    monkeypatch.setattr(stage_keys, "versions", lambda: {**known, "mlflow": "0"})
    assert key() == before
    monkeypatch.setattr(stage_keys, "versions", lambda: {**known, "lightgbm": "0"})
    assert key() != before


def test_the_code_of_a_stage_is_what_it_can_lead_to_and_no_more() -> None:
    names = {file.relative_to(PACKAGE).as_posix() for file in files_reached(ROOT)}
    assert {"models/rate.py", "models/boosting.py", "models/settings.py", "columns.py"} <= names
    assert not any(name.startswith(("pipeline/", "cli/", "tracking/", "lender/")) for name in names)


def test_a_changed_line_of_a_stage_changes_its_code(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [tmp_path / "a.py", tmp_path / "b.py"]
    for file in files:
        file.write_text("x = 1\n", encoding="utf-8")
    monkeypatch.setattr(stage_keys, "PACKAGE", tmp_path)
    monkeypatch.setattr(stage_keys, "files_reached", lambda _root: tuple(files))
    before = code_digest.__wrapped__(ROOT)
    files[1].write_text("x = 2\n", encoding="utf-8")
    assert code_digest.__wrapped__(ROOT) != before


def test_code_is_as_imported_until_somebody_touches_it(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_code_as_imported(ROOT)
    file = tmp_path / "a.py"
    monkeypatch.setattr(stage_keys, "_files", lambda _root: (file,))
    assert not is_code_as_imported(ROOT)  # somebody took it away
    file.write_text("x = 1\n", encoding="utf-8")
    os.utime(file, (1, 1))  # as what copies times, too, leaves it
    assert not is_code_as_imported(ROOT)
