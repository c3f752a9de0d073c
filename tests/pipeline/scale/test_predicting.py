from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from scale_killing import KillsAWorker
from small_bundle import build_bundle, draw_people
from weilidai.errors import DataError, ModelError, ResourceError
from weilidai.inference.age import LEARNT_FROM
from weilidai.models.bundle import save_bundle
from weilidai.models.manifest import digest_of
from weilidai.pipeline.predicting import predict
from weilidai.pipeline.scale import predicting
from weilidai.pipeline.scale.cluster import Workers
from weilidai.pipeline.scale.settings import ScaleSettings
from weilidai.progress import Silent


def _looked_up() -> Any:
    return predicting._opened.cache_info()


@pytest.fixture
def settings(running: ScaleSettings) -> ScaleSettings:
    return running.model_copy(update={"partition_people": 1_100})


@pytest.fixture
def file(tmp_path: Path, people: pd.DataFrame) -> Path:
    people.to_parquet(tmp_path / "people.parquet", row_group_size=700)
    return tmp_path / "people.parquet"


@pytest.mark.parametrize("reasons", [None, "zh"])
@pytest.mark.parametrize("kind", [".parquet", pytest.param(".csv", marks=pytest.mark.slow)])
def test_two_workers_decide_as_one_process_does_to_the_last_digit(
    tmp_path: Path, model: Path, file: Path, settings: ScaleSettings, reasons: str | None, kind: str
) -> None:
    alone, together = tmp_path / f"alone{kind}", tmp_path / f"together{kind}"
    expected = predict(str(model), file, alone, reasons, Silent())
    done = predict(str(model), file, together, reasons, Silent(), scale=settings)
    read = pd.read_parquet if kind == ".parquet" else pd.read_csv
    pd.testing.assert_frame_equal(read(together), read(alone), check_exact=True)
    assert done == expected
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([alone.name, together.name, file.name])


def test_a_folder_gets_one_file_of_decisions_for_each_piece(
    tmp_path: Path, model: Path, file: Path, settings: ScaleSettings
) -> None:
    predict(str(model), file, tmp_path / "alone.parquet", None, Silent())
    predict(str(model), file, tmp_path / "many", None, Silent(), scale=settings)
    assert sorted(path.name for path in (tmp_path / "many").iterdir()) == [f"part-{n:05d}.parquet" for n in range(3)]
    expected = pd.read_parquet(tmp_path / "alone.parquet")
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "many"), expected, check_exact=True)


def test_people_who_live_long_after_the_model_are_counted_and_not_warned_of_piece_by_piece(
    tmp_path: Path, people: pd.DataFrame, settings: ScaleSettings, workers: Workers
) -> None:
    bundle, drawn = build_bundle()
    told = {LEARNT_FROM: {"first": "2015-01", "newest": "2015-12", "warn_after_months": 6}}
    save_bundle(replace(bundle, birth_certificate=bundle.birth_certificate | told), tmp_path / "old", drawn)
    people.assign(snapshot_month="2021-09").to_parquet(tmp_path / "people.parquet", row_group_size=700)
    cut = settings.model_copy(update={"partition_people": 1_400})
    alone, together = (
        predict(str(tmp_path / "old"), tmp_path / "people.parquet", tmp_path / f"{name}.parquet", None, Silent(),
                rows=700, scale=scale) for name, scale in (("alone", None), ("together", cut))
    )  # fmt: skip
    assert together == alone
    assert [count for said, count in together.warnings.items() if said.startswith("snapshot_month")] == [5]
    workers.client.run(predicting._opened.cache_clear)
    sealed = predicting.Sealed(tmp_path / "old", digest_of(tmp_path / "old"), "old")
    assert not predicting.verified(sealed).warns_of_age


def test_each_worker_verifies_the_model_once(
    tmp_path: Path, model: Path, file: Path, settings: ScaleSettings, workers: Workers
) -> None:
    workers.client.run(predicting._opened.cache_clear)
    few = settings.model_copy(update={"partition_people": 1_000})
    predict(str(model), file, tmp_path / "out.parquet", None, Silent(), rows=300, scale=few)
    seen = workers.client.run(_looked_up).values()
    assert all(info.misses <= 1 for info in seen)
    assert sum(info.hits + info.misses for info in seen) == 3


def test_a_model_that_is_another_on_a_worker_is_refused(
    model: Path, file: Path, workers: Workers, tmp_path: Path
) -> None:
    sealed = predicting.Sealed(model, "0" * 64, str(model))
    job = predicting.Job(str(model), file, tmp_path / "out.parquet", None, 1000)
    pieces = list(enumerate(predicting.find_people(file).pieces(1_000)))
    with pytest.raises(ModelError, match="another digest"):
        list(workers.do(predicting.decide_piece, pieces, sealed, job, tmp_path))


def test_a_bad_row_is_placed_in_the_whole_file_and_nothing_is_written(
    tmp_path: Path, model: Path, people: pd.DataFrame, settings: ScaleSettings
) -> None:
    broken = people.copy()
    broken.loc[2500, "daily_open_count"] = float("inf")
    broken.to_parquet(tmp_path / "people.parquet")
    with pytest.raises(DataError, match="daily_open_count") as caught:
        predict(str(model), tmp_path / "people.parquet", tmp_path / "out.parquet", None, Silent(), rows=100,
                scale=settings)  # fmt: skip
    assert "rows 2501 to 2600" in caught.value.where
    assert [path.name for path in tmp_path.iterdir()] == ["people.parquet"]


def test_text_is_refused_with_the_way_out(
    tmp_path: Path, model: Path, people: pd.DataFrame, settings: ScaleSettings
) -> None:
    people.to_csv(tmp_path / "people.csv", index=False)
    with pytest.raises(DataError, match=r"only Parquet.*\n.*leave --scale out"):
        predict(str(model), tmp_path / "people.csv", tmp_path / "out.parquet", None, Silent(), scale=settings)


def test_what_is_there_is_not_written_over(tmp_path: Path, model: Path, file: Path, settings: ScaleSettings) -> None:
    (tmp_path / "many").mkdir()
    (tmp_path / "many" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ResourceError, match="already"):
        predict(str(model), file, tmp_path / "many", None, Silent(), scale=settings)
    assert [path.name for path in (tmp_path / "many").iterdir()] == ["mine.txt"]


def test_a_worker_killed_in_mid_run_changes_no_decision(
    tmp_path: Path, model: Path, settings: ScaleSettings, workers: Workers
) -> None:
    draw_people(9_000, seed=7).to_parquet(tmp_path / "people.parquet", row_group_size=700)
    alone, together = tmp_path / "alone.parquet", tmp_path / "together.parquet"
    predict(str(model), tmp_path / "people.parquet", alone, "en", Silent())
    killer = KillsAWorker(workers, "deciding")
    predict(str(model), tmp_path / "people.parquet", together, "en", killer, scale=settings)
    assert len(killer.killed) == 1
    pd.testing.assert_frame_equal(pd.read_parquet(together), pd.read_parquet(alone), check_exact=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["alone.parquet", "people.parquet", "together.parquet"]
    workers.client.wait_for_workers(2, timeout=60)
