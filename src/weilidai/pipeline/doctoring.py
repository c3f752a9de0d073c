"""Whether everything is in its place: packages, facts, parameters, store, runs."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from weilidai.cache.settings import CacheSettings
from weilidai.cache.shelf import entries
from weilidai.errors import WeilidaiError
from weilidai.facts import load_book
from weilidai.matching import REFERENCE_REGIME, load_parameters
from weilidai.matching.standing import why_stale
from weilidai.pipeline.birth import UNTOLD, commits, versions
from weilidai.pipeline.memory import free_memory
from weilidai.pipeline.tested_versions import untested
from weilidai.places import data_dir, project_root
from weilidai.stores import sqlite_file, without_password
from weilidai.tracking.listing import champion_version, dead_runs, list_runs
from weilidai.tracking.settings import TrackingSettings
from weilidai.tracking.spool import looked_through

State = Literal["fine", "note", "wrong"]
_GIGABYTE: Final = 1e9
_MEGABYTE: Final = 1e6


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    what: str
    state: State
    says: str


def examine(settings: TrackingSettings, cache: CacheSettings | None = None) -> list[Finding]:
    """Look at everything, and go on where something is wrong; nothing is changed."""
    parts: tuple[tuple[str, Callable[[], Iterator[Finding]]], ...] = (
        ("packages", _packages),
        ("project", _project),
        ("facts", _facts),
        ("parameters", _parameters),
        ("spool", lambda: _spool(settings)),
        ("store", lambda: _store(settings)),
        ("cache", lambda: _cache(cache or CacheSettings())),
        ("machine", _machine),
    )
    return [finding for what, look in parts for finding in _looked(what, look)]


def _looked(what: str, look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from look()
    except WeilidaiError as error:
        yield Finding(what, "wrong", str(error))


def _packages() -> Iterator[Finding]:
    off = untested()
    listed = ", ".join(f"{name} {number}" for name, number in versions().items())
    yield Finding("packages", "fine", listed)
    if off:
        yield Finding("packages", "wrong", f"outside the tested range: {'; '.join(off)}; run 'make setup'")


def _project() -> Iterator[Finding]:
    known = commits()
    data = f"; facts and settings of commit {known['data_commit']}" if "data_commit" in known else ""
    yield Finding("project", "fine", f"{project_root()}, code of commit {known['commit']}{data}")
    if UNTOLD in known:
        yield Finding("project", "note", f"{known[UNTOLD]}; models are held back as if files were changed")


def _facts() -> Iterator[Finding]:
    book = load_book()
    said = f"{len(book.facts)} facts, {len(book.conflicts)} conflicts, digest {book.digest[:12]}"
    yield Finding("facts", "fine", said)


def _parameters() -> Iterator[Finding]:
    for file in sorted((data_dir() / "matched").glob("*.yaml")):
        why = why_stale(load_parameters(file.stem), load_book())
        if why is None:
            yield Finding("parameters", "fine", f"{file.stem} was matched to these facts")
        else:
            said = f"the numbers of {file.stem} {why}; run 'weilidai match --regime {_first_to_match(why, file.stem)}'"
            yield Finding("parameters", "wrong", f"{said}; until then training refuses it")


def _first_to_match(why: str, regime: str) -> str:
    return f"{REFERENCE_REGIME}' and 'weilidai match --regime {regime}" if REFERENCE_REGIME in why else regime


def _store(settings: TrackingSettings) -> Iterator[Finding]:
    uri = settings.resolved_uri
    file = sqlite_file(uri)
    if file is not None and not file.exists():
        yield Finding("store", "note", f"{without_password(uri)} is not there yet; 'weilidai train' makes it")
        return
    runs = list_runs(settings)
    yield Finding("store", "fine", f"{without_password(uri)}, latest run: {runs[0].name if runs else 'none'}")
    for run in dead_runs(settings):
        yield Finding("runs", "note", f"{run.name} ({run.id}) died without a word; the next training marks it")
    champion = champion_version(settings)
    said = f"version {champion} of {settings.registered_model}" if champion else "none yet"
    yield Finding("champion", "fine" if champion else "note", said)


def _cache(settings: CacheSettings) -> Iterator[Finding]:
    kept = list(entries(settings.place))
    size = sum(entry.size for entry in kept)
    used = "" if settings.is_used else "; not used, by cache.is_used"
    said = f"{len(kept)} learnt models, {size / _MEGABYTE:.1f} of at most {settings.most_bytes / _MEGABYTE:,.0f} MB"
    yield Finding("cache", "fine", f"{said}, in {settings.place}{used}")


def _spool(settings: TrackingSettings) -> Iterator[Finding]:
    readable, broken = looked_through(settings)
    yield from (Finding("spool", "wrong", str(error)) for error in broken)
    for one in readable:
        yield Finding("spool", "note", f"{one.begun.name} waits in {one.folder}; upload it: 'weilidai doctor --sync'")


def _machine() -> Iterator[Finding]:
    free = free_memory()
    memory = "" if free is None else f", {free / _GIGABYTE:.1f} GB of memory free"
    yield Finding("machine", "fine", f"{os.cpu_count()} cores{memory}")
