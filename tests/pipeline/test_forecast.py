import re
from pathlib import Path

import pytest

from weilidai.config import TrainSettings
from weilidai.errors import ResourceError
from weilidai.pipeline import forecast
from weilidai.pipeline.forecast import free_memory, memory_needed, require_memory, seconds_needed


def settings(**data: object) -> TrainSettings:
    return TrainSettings.model_validate({"data": data})


def test_the_parts_of_the_split_add_up_to_the_people() -> None:
    line = next(line for line in forecast.forecast(settings(rows=1_200)).splitlines() if "split" in line)
    sizes = [int(size.replace(",", "")) for size in re.findall(r"([\d,]+) (?:to|of the last)", line)]
    assert len(sizes) == 4
    assert sum(sizes) == 1_200


def store_line(file: Path) -> str:
    trained = TrainSettings.model_validate({"tracking": {"uri": f"sqlite:///{file}"}})
    return next(line for line in forecast.forecast(trained).splitlines() if "store" in line)


def test_it_says_whether_the_store_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "(would be made)" in store_line(tmp_path / "mlflow.db")
    assert "its folder does not exist" in store_line(tmp_path / "no" / "mlflow.db")
    (tmp_path / "mlflow.db").touch()
    assert "(there)" in store_line(tmp_path / "mlflow.db")
    monkeypatch.setattr(forecast.os, "access", lambda place, _mode: place != tmp_path)
    assert "(there, but cannot be written to)" in store_line(tmp_path / "mlflow.db")
    assert "(would be made, but cannot be written to)" in store_line(tmp_path / "other.db")


def test_more_people_take_more_memory_and_time() -> None:
    assert memory_needed(2_000_000) > memory_needed(1_000_000) > 1e9
    assert seconds_needed(2_000_000) > seconds_needed(1_000_000) > 60


def test_what_does_not_fit_is_refused_with_both_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forecast, "free_memory", lambda: 1_000_000_000)
    require_memory(1_000)
    with pytest.raises(ResourceError, match=r"need about 13\.\d GB of memory, 1\.0 GB are free"):
        require_memory(10_000_000)


def test_a_system_that_does_not_say_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forecast, "free_memory", lambda: None)
    require_memory(100_000_000)


def test_the_free_memory_of_this_machine_is_known() -> None:
    free = free_memory()
    assert free is None or free > 1_000_000
