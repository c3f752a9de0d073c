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


def test_the_same_values_of_another_type_are_another_table() -> None:
    held = [[1, 0], [1.0, 0.0], [True, False], ["1", "0"], [1, None], ["int 1", "int 0"]]
    columns = [pd.Series(values, dtype=object) for values in held]
    columns += [pd.Series([1, 0], dtype=dtype) for dtype in (
        "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64", "bool")]
    columns += [pd.Series([1, None], dtype="Int64"), pd.Series([True, None], dtype="boolean"),
                pd.Series([1, 0], dtype="category"), pd.Series(["1", "0"], dtype="category").rename("as text")]
    digests = [content_digest(pd.DataFrame({"a": column})) for column in columns]
    assert len(set(digests)) == len(digests) - 2  # categories of numbers, of texts: as the objects themselves
    assert digests[-1] == digests[3]
    assert digests[-2] == digests[0]
    assert digests == [content_digest(pd.DataFrame({"a": column.copy()})) for column in columns]
    assert content_digest(pd.DataFrame({"a": np.array([-1], np.int32)})) != content_digest(
        pd.DataFrame({"a": np.array([2**32 - 1], np.uint32)}))


def test_the_digest_of_a_usual_table_stays_what_it_was(table: pd.DataFrame) -> None:
    assert content_digest(table) == "54454ed30b33befc7476122d4f71f255e1487fa9b6ed86abe083e5ffeda95bdb"


def test_a_run_says_what_it_read(run: Run, table: pd.DataFrame) -> None:
    digest = log_dataset(run, table, "applicants", "training", {"seed": "20210", "rows": "12000"})
    (logged,) = run.store.client.get_run(run.id).inputs.dataset_inputs
    assert digest.startswith(logged.dataset.digest)
    assert json.loads(logged.dataset.profile) == {"num_rows": 12_000, "num_columns": 4, "sha256": digest}
    assert json.loads(logged.dataset.source) == {"tags": {"seed": "20210", "rows": "12000"}}
    assert [(tag.key, tag.value) for tag in logged.tags] == [("mlflow.data.context", "training")]
    types = {column["name"]: column["type"] for column in json.loads(logged.dataset.schema)["mlflow_colspec"]}
    assert types == {"person_id": "long", "user_type": "string", "uses_vpn": "boolean", "monthly_spend_cny": "float"}
