"""People of the simulator, and a small saved model, shared by the tests of the jobs."""

from pathlib import Path

import pandas as pd
import pytest

from small_bundle import build_bundle, draw_people
from weilidai.models.bundle import save_bundle


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    bundle, people = build_bundle()
    folder = tmp_path_factory.mktemp("pipeline") / "bundle"
    save_bundle(bundle, folder, people)
    return folder


@pytest.fixture(scope="session")
def people() -> pd.DataFrame:
    drawn: pd.DataFrame = draw_people(120, seed=31)
    return drawn.drop(columns=["is_invited", "is_opened", "initial_quota_cny", "daily_rate"])
