import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from packaging.requirements import Requirement

from weilidai.errors import ConfigError, DataError, ModelError
from weilidai.inference.decider import Decider
from weilidai.inference.pyfunc import Packaging
from weilidai.stores import prepare_mlflow

prepare_mlflow()

import mlflow.pyfunc  # noqa: E402  # its telemetry had to be switched off first


@pytest.fixture(autouse=True)
def _quiet() -> None:
    prepare_mlflow()


@pytest.fixture(scope="module")
def model(kept: Path) -> Any:
    prepare_mlflow()
    return mlflow.pyfunc.load_model(str(kept))


def test_mlflow_gives_the_same_figures_to_the_last_digit(model: Any, decider: Decider, people: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(model.predict(people), decider.decide(people), check_exact=True)
    for language in ("zh", "en"):
        told = model.predict(people, params={"reasons": language})
        pd.testing.assert_frame_equal(told, decider.decide(people, reasons=language), check_exact=True)


def test_one_row_through_mlflow_is_the_row_of_the_batch(model: Any, people: pd.DataFrame) -> None:
    batch = model.predict(people.head(20), params={"reasons": "en"})
    alone = [model.predict(people.iloc[place : place + 1], params={"reasons": "en"}) for place in range(20)]
    pd.testing.assert_frame_equal(pd.concat(alone), batch, check_exact=True)


def test_the_example_of_the_model_can_be_decided(model: Any, packed: Packaging) -> None:
    example, params = packed.example
    assert model.predict(example, params=params)["reasons"].notna().all()


def test_the_signature_names_every_column_and_the_metadata_what_it_must_be(model: Any, decider: Decider) -> None:
    told = model.metadata.metadata["columns"]
    assert [column.name for column in model.metadata.signature.inputs] == ["person_id", *decider.columns]
    assert set(told) == {"person_id", *decider.columns}
    assert told["overdue_count_24m"] == "double, optional"
    assert told["friend_count"] == "long"


def test_what_may_be_left_out_may_be_left_out(model: Any, people: pd.DataFrame) -> None:
    told = model.metadata.metadata["columns"]
    optional = [name for name, kind in told.items() if kind.endswith("optional")]
    assert len(model.predict(people.drop(columns=optional))) == len(people)
    with pytest.raises(DataError, match="friend_count"):
        model.predict(people.drop(columns="friend_count"))


def test_mlflow_casts_nothing_before_the_contract_is_asked(model: Any, people: pd.DataFrame) -> None:
    """With types in the signature MLflow would read null as false, 5.7 as 5 and text as a number."""
    assert {str(column.type) for column in model.metadata.signature.inputs} == {"Any"}
    for column, value in (("has_salary_card", None), ("friend_count", "12"), ("daily_open_count", float("inf"))):
        broken = people.head(3).astype({column: object})
        broken.loc[broken.index[1], column] = value
        with pytest.raises(DataError, match=column):
            model.predict(broken)


def test_a_language_without_reasons_is_refused(model: Any, people: pd.DataFrame) -> None:
    with pytest.raises(ConfigError, match="known: en, zh"):
        model.predict(people, params={"reasons": "fr"})


def test_a_kept_model_holds_no_pickle(kept: Path) -> None:
    files = [file for file in kept.rglob("*") if file.is_file() and "__pycache__" not in file.parts]
    assert {file.suffix for file in files} <= {".py", ".txt", ".typed", ".json", ".yaml", ""}
    assert [file for file in files if not file.suffix and file.name != "MLmodel"] == []


def test_mlflow_does_not_open_a_bundle_that_was_changed(kept: Path, tmp_path: Path) -> None:
    shutil.copytree(kept, tmp_path / "model")
    tree = tmp_path / "model" / "artifacts" / "bundle" / "invite.txt"
    tree.write_bytes(tree.read_bytes()[:-1])
    with pytest.raises(ModelError, match="changed or cut"):
        mlflow.pyfunc.load_model(str(tmp_path / "model"))


def needed(requirements: tuple[str, ...]) -> set[str]:
    """Give the names of all installed distributions that an installer would bring for these requirements."""
    found: set[str] = set()
    waiting = [Requirement(text) for text in requirements]
    while waiting:
        requirement = waiting.pop()
        name = re.sub(r"[-_.]+", "-", requirement.name).lower()
        extras = requirement.extras or {""}
        if name in found and not requirement.extras:
            continue
        try:
            wanted = [Requirement(text) for text in distribution(name).requires or []]
        except PackageNotFoundError:
            continue
        found.add(name)
        waiting += [r for r in wanted if r.marker is None or any(r.marker.evaluate({"extra": e}) for e in extras)]
    return found


def shelved(names: set[str], shelf: Path) -> Iterator[str]:
    """Put links to the files of these distributions, and of no others, on a shelf of their own."""
    for name in sorted(names):
        owner = distribution(name)
        for top in {file.parts[0] for file in owner.files or []} - {"..", "__pycache__"}:
            source = Path(str(owner.locate_file(top)))
            if source.exists() and not (shelf / top).exists():
                (shelf / top).symlink_to(source)
        yield name


LOAD_AND_DECIDE = """
import sys, pandas as pd, mlflow.pyfunc
model = mlflow.pyfunc.load_model(sys.argv[1])
decided = model.predict(pd.read_json(sys.argv[2], orient="table"), params={"reasons": "zh"})
import weilidai
assert weilidai.__file__.startswith(sys.argv[1]), weilidai.__file__
decided.to_json(sys.argv[3], orient="table", double_precision=15)
"""


@pytest.mark.slow
def test_a_model_loads_where_only_its_own_requirements_are_installed(
    kept: Path, packed: Packaging, decider: Decider, tmp_path: Path
) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    assert "weilidai" not in list(shelved(needed(packed.requirements), shelf))
    example, _ = packed.example
    example.to_json(tmp_path / "person.json", orient="table", index=False, double_precision=15)
    places = [str(kept), str(tmp_path / "person.json"), str(tmp_path / "decided.json")]
    subprocess.run(
        [sys.executable, "-S", "-W", "ignore", "-c", LOAD_AND_DECIDE, *places], check=True, cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(shelf), "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    decided = pd.read_json(tmp_path / "decided.json", orient="table", precise_float=True)
    wanted = decider.decide(example, reasons="zh")
    assert decided["reasons"].tolist() == wanted["reasons"].tolist()
    assert decided["p_invite"].tolist() == pytest.approx(wanted["p_invite"].tolist(), rel=1e-14)


def test_requirements_are_pinned_and_name_no_index(packed: Packaging) -> None:
    assert all(re.fullmatch(r"[a-z-]+==[\w.]+", line) for line in packed.requirements)
