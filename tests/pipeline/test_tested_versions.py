from weilidai.pipeline import tested_versions
from weilidai.pipeline.tested_versions import libraries_outside, untested


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


def test_libraries_outside_are_told_with_the_place_they_are_at(monkeypatch) -> None:
    assert libraries_outside({"versions": {"numpy": "2.4.1"}}) == ""
    made = libraries_outside({"versions": {"numpy": "1.26.0"}})
    assert made.startswith("libraries where it was made are outside the tested range: numpy")
    monkeypatch.setattr(tested_versions, "version", lambda _name: "0.1")
    assert libraries_outside({}).startswith("libraries here are outside the tested range: ")


def test_a_package_without_its_list_of_requirements_is_not_taken_for_tested(monkeypatch) -> None:
    def missing(name: str) -> list[str]:
        raise tested_versions.PackageNotFoundError(name)

    monkeypatch.setattr(tested_versions, "requires", missing)
    assert untested() == [tested_versions.RANGES_UNKNOWN]
    assert untested({"numpy": "2.4.1"}) == []
