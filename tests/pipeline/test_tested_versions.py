from weilidai.pipeline import tested_versions
from weilidai.pipeline.tested_versions import untested


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
