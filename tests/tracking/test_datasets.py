import json

import numpy as np
import pandas as pd
import pytest

from weilidai.tracking.datasets import content_digest, log_dataset
from weilidai.tracking.runs import Run


@pytest.fixture
def table() -> pd.DataFrame:
    rows = 12_000
    return pd.DataFrame({
        "person_id": np.arange(rows),
        "user_type": pd.Series(["student", "retired", None] * (rows // 3), dtype="str"),
        "uses_vpn": np.arange(rows) % 2 == 0,
        "monthly_spend_cny": np.linspace(0, 9, rows, dtype=np.float32),
    })  # fmt: skip


def test_the_digest_sees_every_row_and_every_column(table: pd.DataFrame) -> None:
    seen = {content_digest(table)}
    for name, value in {"person_id": -1, "user_type": "student", "uses_vpn": True, "monthly_spend_cny": 1.5}.items():
        changed = table.copy()
        changed.loc[changed.index[-1], name] = value
        seen.add(content_digest(changed))
    seen.add(content_digest(table.iloc[::-1]))
    seen.add(content_digest(table.rename(columns={"uses_vpn": "has_aml_alert"})))
    assert len(seen) == 7


def test_the_digest_is_of_the_content_not_of_its_storage(table: pd.DataFrame) -> None:
    stored_otherwise = table.astype({"user_type": object})[sorted(table.columns)].set_index(table.index + 7)
    assert content_digest(stored_otherwise) == content_digest(table)


def test_a_run_says_what_it_read(run: Run, table: pd.DataFrame) -> None:
    digest = log_dataset(run, table, "applicants", "training", {"seed": "20210", "rows": "12000"})
    (logged,) = run.store.client.get_run(run.id).inputs.dataset_inputs
    assert digest.startswith(logged.dataset.digest)
    assert json.loads(logged.dataset.profile) == {"num_rows": 12_000, "num_columns": 4, "sha256": digest}
    assert json.loads(logged.dataset.source) == {"tags": {"seed": "20210", "rows": "12000"}}
    assert [(tag.key, tag.value) for tag in logged.tags] == [("mlflow.data.context", "training")]
    types = {column["name"]: column["type"] for column in json.loads(logged.dataset.schema)["mlflow_colspec"]}
    assert types == {"person_id": "long", "user_type": "string", "uses_vpn": "boolean", "monthly_spend_cny": "float"}
