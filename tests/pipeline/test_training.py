"""What a training says before it begins, and what it leaves when nothing takes its run."""

from pathlib import Path

import pytest

from small_training import write_settings
from weilidai.config import load_settings
from weilidai.errors import StoreError, StoreSilentError
from weilidai.inference.loading import load_model
from weilidai.pipeline import tested_versions, training
from weilidai.pipeline.training import train
from weilidai.progress import Silent
from weilidai.stores import prepare_mlflow
from weilidai.tracking.settings import TrackingSettings
from weilidai.tracking.store import Store, silent_store

ROOT = Path(__file__).parents[2]


class Listening(Silent):
    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, text: str) -> None:
        self.said.append(text)


def test_untested_libraries_are_told_before_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(_settings: TrackingSettings) -> Store:
        raise StoreError("no further")

    heard = Listening()
    monkeypatch.setattr(tested_versions, "untested", lambda made_with=None: [] if made_with is not None else ["x, 9"])
    monkeypatch.setattr(training, "open_or_spool", closed)
    with pytest.raises(StoreError, match="no further"):
        train(load_settings(write_settings(ROOT, tmp_path / "t")), heard)
    assert heard.said == [
        "warning: libraries here are outside the tested range: x, 9; the model will be no champion"
    ]


@pytest.mark.slow
def test_a_model_whose_run_nothing_takes_is_left_where_it_is_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(settings: TrackingSettings) -> Store:
        return silent_store(settings, StoreSilentError("the store is down"))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    prepare_mlflow()
    monkeypatch.setattr(training, "open_or_spool", silent)
    monkeypatch.setattr("weilidai.tracking.spool.Spool._move", full)
    configured = load_settings(write_settings(ROOT, tmp_path / "t"))
    (tmp_path / "t" / "mlflow.db.spool").write_bytes(b"a file stands where the folder should")
    with pytest.raises(StoreError, match="the run is lost: the store is down") as refused:
        train(configured, Silent(), tmp_path / "wanted")
    assert refused.value.exit_code == 5
    assert str(tmp_path / "wanted") in refused.value.cure
    assert load_model(str(tmp_path / "wanted")).columns
