import pytest

from weilidai.config import load_settings
from weilidai.errors import StoreError
from weilidai.pipeline import tested_versions, training
from weilidai.pipeline.tested_versions import untested
from weilidai.progress import Silent


def test_what_the_tests_run_with_is_tested() -> None:
    assert untested() == []


def test_a_version_outside_its_range_is_named_with_the_range() -> None:
    (told,) = untested({"numpy": "1.26.0", "lightgbm": "4.7.1", "python": "3.13"})
    assert told.startswith("numpy<2.5,>=2.4")
    assert told.endswith("1.26.0")


def test_a_package_that_is_not_there_is_outside(monkeypatch) -> None:
    def missing(name: str) -> str:
        raise tested_versions.PackageNotFoundError(name)

    monkeypatch.setattr(tested_versions, "version", missing)
    assert len(untested()) > 10


class Told(Silent):
    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, text: str) -> None:
        self.lines.append(text)


def test_a_training_says_before_its_work_what_is_outside_the_tested_range(monkeypatch) -> None:
    def stop(_settings: object) -> None:
        raise StoreError("far enough")

    monkeypatch.setattr(training, "untested", lambda: ["numpy<2.5,>=2.4, 9.0"])
    monkeypatch.setattr(training, "open_or_spool", stop)
    told = Told()
    with pytest.raises(StoreError, match="far enough"):
        training.train(load_settings(None, ["data.allow_stale_parameters=true"]), told)
    assert told.lines == ["warning: outside the range that was tested: numpy<2.5,>=2.4, 9.0"]
