"""Two real workers, each a process with one thread, for the tests of what is done over partitions."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from small_bundle import build_bundle, draw_people
from weilidai.models.bundle import save_bundle
from weilidai.pipeline.scale.cluster import Workers, open_workers
from weilidai.pipeline.scale.settings import ScaleSettings
from weilidai.progress import Silent

TWO = ScaleSettings(engine="dask", workers=2, partition_people=16_384)


@pytest.fixture(scope="session")
def two_workers() -> Iterator[Workers]:
    with open_workers(TWO, Silent()) as workers:
        yield workers


@pytest.fixture
def running(two_workers: Workers) -> ScaleSettings:
    """Give settings that find the two workers as a cluster that runs already."""
    return TWO.model_copy(update={"scheduler": two_workers.client.scheduler.address})


@pytest.fixture
def workers(two_workers: Workers) -> Workers:
    return replace(two_workers, settings=TWO)


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    bundle, people = build_bundle()
    folder = tmp_path_factory.mktemp("scale") / "bundle"
    save_bundle(bundle, folder, people)
    return folder


@pytest.fixture(scope="session")
def people() -> pd.DataFrame:
    drawn: pd.DataFrame = draw_people(3000, seed=31)
    return drawn.drop(columns=["is_invited", "is_opened", "initial_quota_cny", "daily_rate"])
