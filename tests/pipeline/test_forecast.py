import re
from pathlib import Path

import pytest

from weilidai.config import TrainSettings
from weilidai.pipeline import forecast
from weilidai.pipeline.forecast import seconds_needed
from weilidai.pipeline.memory import memory_needed


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
