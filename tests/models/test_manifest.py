import json
import multiprocessing
import os
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import pytest

from weilidai.errors import ModelError, ResourceError
from weilidai.models.manifest import (
    FORMAT,
    MANIFEST,
    OLDEST_FORMAT,
    digest_of,
    dump_json,
    names_listed,
    plain_json,
    read_sealed,
    seal,
)

CONTENTS = {"invite.txt": b"tree\nversion=v4\n" * 20, "model.json": b'{"threshold": 0.4}\n'}
NAMES = tuple(CONTENTS)
PATIENCE = 60
"""Seconds after which a process that reads one small file is taken to wait for ever."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "bundle"
    seal(CONTENTS, place, {"made_with": {"lightgbm": "4.7.0"}})
    return place


def edit_manifest(folder: Path, **changes: object) -> None:
    """Change what a manifest says and seal it again, as somebody would who means harm."""
    said = {**json.loads((folder / MANIFEST).read_text()), **changes}
    said.pop("seal")
    (folder / MANIFEST).write_bytes(dump_json({**said, "seal": sha256(dump_json(said)).hexdigest()}))


def test_a_sealed_folder_reads_back_what_went_in(folder: Path) -> None:
    assert read_sealed(folder, NAMES) == CONTENTS


def test_the_digest_stands_for_the_whole_folder(folder: Path, tmp_path: Path) -> None:
    again = seal(CONTENTS, tmp_path / "again", {"made_with": {"lightgbm": "4.7.0"}})
    changed = seal({**CONTENTS, "model.json": b"{}\n"}, tmp_path / "changed", {})
    assert digest_of(folder) == again != changed
    assert read_sealed(folder, NAMES, digest=again) == CONTENTS
    with pytest.raises(ModelError, match="not the bundle that was registered"):
        read_sealed(folder, NAMES, digest=changed)


def test_a_taken_place_is_never_written_over(folder: Path) -> None:
    with pytest.raises(ResourceError, match="something already"):
        seal({"model.json": b"{}"}, folder, {})
    assert read_sealed(folder, NAMES) == CONTENTS


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ResourceError, match="No space left"):
        seal(CONTENTS, tmp_path / "bundle", {})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", [*NAMES, MANIFEST])
def test_a_file_cut_anywhere_is_refused(folder: Path, name: str) -> None:
    whole = (folder / name).read_bytes()
    for length in range(0, len(whole), max(len(whole) // 40, 1)):
        (folder / name).write_bytes(whole[:length])
        with pytest.raises(ModelError):
            read_sealed(folder, NAMES)


@pytest.mark.parametrize("name", [*NAMES, MANIFEST])
def test_one_bit_flipped_anywhere_is_refused(folder: Path, name: str) -> None:
    whole = (folder / name).read_bytes()
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1 << place % 8
        (folder / name).write_bytes(bytes(changed))
        with pytest.raises(ModelError):
            read_sealed(folder, NAMES)


@pytest.mark.parametrize("name", [*NAMES, MANIFEST])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ModelError, match="is missing") as refused:
        read_sealed(folder, NAMES)
    assert refused.value.where == str(folder / name)


@pytest.mark.parametrize("make", [
    lambda folder: (folder / "notes.md").write_text("hello"),
    lambda folder: (folder / "more").mkdir(),
    lambda folder: (folder / "more.txt").symlink_to(folder / "invite.txt"),
    lambda folder: os.mkfifo(folder / "pipe"),
], ids=["file", "folder", "link", "device"])  # fmt: skip
def test_whatever_does_not_belong_is_refused(folder: Path, make: object) -> None:
    make(folder)  # type: ignore[operator]
    with pytest.raises(ModelError):
        read_sealed(folder, NAMES)


@pytest.mark.parametrize("read", [digest_of, names_listed])
def test_a_pipe_in_place_of_the_manifest_is_not_waited_for(folder: Path, read: Callable[[Path], object]) -> None:
    (folder / MANIFEST).unlink()
    os.mkfifo(folder / MANIFEST)
    reader = multiprocessing.get_context("spawn").Process(target=_read_quietly, args=(read, folder))
    reader.start()
    reader.join(PATIENCE)
    is_waiting = reader.is_alive()
    reader.kill()
    assert not is_waiting
    with pytest.raises(ModelError, match="no links, folders or devices"):
        read_sealed(folder, NAMES)


def _read_quietly(read: Callable[[Path], object], folder: Path) -> None:
    with suppress(ModelError):
        read(folder)


def test_a_link_in_place_of_a_file_is_refused(folder: Path, tmp_path: Path) -> None:
    (folder / "model.json").rename(tmp_path / "elsewhere.json")
    (folder / "model.json").symlink_to(tmp_path / "elsewhere.json")
    with pytest.raises(ModelError, match="no links"):
        read_sealed(folder, NAMES)


@pytest.mark.parametrize("name", ["../model.json", "/etc/passwd", "sub/model.json", "model.pkl"])
def test_a_manifest_that_leads_out_of_the_folder_is_refused(folder: Path, name: str) -> None:
    listed = json.loads((folder / MANIFEST).read_text())["files"]
    edit_manifest(folder, files={**listed, name: listed["model.json"]})
    with pytest.raises(ModelError, match="leads out of the folder"):
        read_sealed(folder, NAMES)


@pytest.mark.parametrize("spelling", [
    lambda raw: raw[:-1], lambda raw: raw + b"\n", lambda raw: raw.replace(b": ", b":"),
])  # fmt: skip
def test_a_manifest_spelt_otherwise_is_refused_though_it_says_the_same(folder: Path, spelling: object) -> None:
    raw = (folder / MANIFEST).read_bytes()
    (folder / MANIFEST).write_bytes(spelling(raw))  # type: ignore[operator]
    with pytest.raises(ModelError, match="its seal differs"):
        read_sealed(folder, NAMES)


def test_notes_of_a_manifest_are_sealed_too(folder: Path) -> None:
    raw = (folder / MANIFEST).read_bytes()
    (folder / MANIFEST).write_bytes(raw.replace(b"4.7.0", b"4.7.1"))
    with pytest.raises(ModelError, match="its seal differs"):
        read_sealed(folder, NAMES)


def test_a_manifest_that_lists_other_files_is_refused(folder: Path) -> None:
    listed = json.loads((folder / MANIFEST).read_text())["files"]
    edit_manifest(folder, files={**listed, "extra.json": listed["model.json"]})
    with pytest.raises(ModelError, match="other files"):
        read_sealed(folder, NAMES)


@pytest.mark.parametrize("version", [FORMAT + 1, FORMAT - 1, 0, "2", None, True])
def test_another_format_is_refused_with_both_versions(folder: Path, version: object) -> None:
    edit_manifest(folder, format=version)
    with pytest.raises(ModelError, match=f"this version reads {OLDEST_FORMAT} to {FORMAT}"):
        read_sealed(folder, NAMES)


@pytest.mark.parametrize("name", ["model.pkl", "model.joblib", "model.skops"])
def test_a_pickle_is_refused_and_told_why(folder: Path, tmp_path: Path, name: str) -> None:
    (folder / name).write_bytes(b"\x80\x04.")
    (tmp_path / name).write_bytes(b"\x80\x04.")
    for place in (folder, tmp_path / name):
        with pytest.raises(ModelError, match="runs whatever code it carries"):
            read_sealed(place, NAMES)


def test_a_pickle_under_another_name_is_known_by_its_first_bytes(folder: Path) -> None:
    (folder / "model.json").write_bytes(b"\x80\x05\x95.")
    with pytest.raises(ModelError, match="pickles"):
        read_sealed(folder, NAMES)


def test_a_folder_that_does_not_exist_is_answered_with_the_near_one(folder: Path) -> None:
    with pytest.raises(ModelError, match="did you mean 'bundle'"):
        read_sealed(folder.with_name("bundel"), NAMES)


@pytest.mark.parametrize("raw", [b'{"a": 1, "a": 2}', b'{"a": NaN}', b'{"a": 1', b'{"a": "\xff"}', b"[" * 100_000])
def test_json_that_can_be_read_in_two_ways_is_refused(raw: bytes) -> None:
    with pytest.raises(ModelError, match="not plain JSON"):
        plain_json(raw, Path("model.json"))


def test_the_same_data_gives_the_same_bytes() -> None:
    assert dump_json({"mark": 8.0, "text": "额度"}) == dump_json({"mark": 8.0, "text": "额度"})
