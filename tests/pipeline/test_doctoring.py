from pathlib import Path

import pytest

from weilidai.cache.settings import CacheSettings
from weilidai.errors import ConfigError
from weilidai.models.manifest import seal
from weilidai.pipeline import doctoring, tested_versions
from weilidai.pipeline.doctoring import Finding, examine
from weilidai.tracking.settings import TrackingSettings


def found() -> dict[str, Finding]:
    return {finding.what: finding for finding in examine(TrackingSettings())}


def test_a_sound_project_without_a_store_has_nothing_wrong() -> None:
    states = {what: finding.state for what, finding in found().items()}
    assert "wrong" not in states.values()
    assert states["facts"] == "fine"
    assert states["store"] == "note"


def test_the_cache_tells_its_size_and_whether_it_is_used(tmp_path: Path) -> None:
    shelf = CacheSettings(folder=str(tmp_path), most_gib=0.5, is_used=False)
    seal({"rate.txt": b"x" * 2_000_000}, tmp_path / f"rate-{'a' * 64}", {})
    (said,) = (finding.says for finding in examine(TrackingSettings(), shelf) if finding.what == "cache")
    assert said == f"1 learnt models, 2.0 of at most 537 MB, in {tmp_path}; not used, by cache.is_used"


def test_one_thing_wrong_does_not_hide_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ConfigError("unknown unit 'sahre'", where="D0.yaml:7")

    monkeypatch.setattr(doctoring, "load_book", broken)
    findings = found()
    assert findings["facts"].state == "wrong"
    assert findings["facts"].says == "D0.yaml:7: unknown unit 'sahre'"
    assert findings["machine"].state == "fine"


def test_parameters_matched_to_other_facts_are_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctoring, "why_stale", lambda *_: "do not agree with the facts any more")
    assert "weilidai match" in found()["parameters"].says


def test_a_reference_edited_by_hand_is_matched_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctoring, "why_stale", lambda *_: "rest on those of optimisation, which were edited by hand")
    said = found()["parameters"].says  # the last file's
    assert "the numbers of trial rest on those of optimisation" in said
    assert "'weilidai match --regime optimisation' and 'weilidai match --regime trial'" in said


def test_a_package_outside_its_range_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tested_versions, "requires", lambda _: ["pandas>=99", 'nowhere>=1; extra == "dev"'])
    finding = found()["packages"]
    assert finding.state == "wrong"
    assert "pandas>=99" in finding.says
    assert "nowhere" not in finding.says
