"""Studies of few people with few trees: whether they hold together, not what they find."""

import numpy as np
import pandas as pd
import pytest

from weilidai.config import TrainSettings
from weilidai.pipeline.studies.outcome import Study

FEW_TREES = {"num_iterations": 25, "learning_rate": 0.2}


@pytest.fixture(scope="session")
def settings() -> TrainSettings:
    return TrainSettings.model_validate({
        "data": {"rows": 20_000},
        "model": {"invite": FEW_TREES, "quota": {**FEW_TREES, "spread_iterations": 10}, "rate": FEW_TREES},
        "evaluation": {"replicates": 10, "slice_minimum": 50},
    })


@pytest.fixture
def study() -> Study:
    from matplotlib.figure import Figure

    table = pd.DataFrame({"what": ["a", "b"], "value": [1.0, np.nan]})
    certificate = {"regime": "optimisation", "commit": "c", "facts_digest": "f", "parameters_digest": "p"}
    return Study(
        "learning_curve", {"rows": 10}, ("it falls",), {"curve": table}, certificate, pictures={"curve": Figure()},
        metrics={"curve.floor": 0.1, "curve.nothing": float("nan")}, steps={10: {"curve.regret": 0.5}},
    )
