import json
from hashlib import sha256
from pathlib import Path

import pytest

from scale_killing import KillsAWorker
from weilidai.errors import ResourceError
from weilidai.matching import load_parameters
from weilidai.noise import BLOCK
from weilidai.pipeline import generating
from weilidai.pipeline.generating import generate_files
from weilidai.pipeline.scale.cluster import Workers
from weilidai.pipeline.scale.generating import write_piece
from weilidai.pipeline.scale.settings import ScaleSettings
from weilidai.progress import Silent

REGIME = "optimisation"
ROWS = 5 * BLOCK + 100


@pytest.fixture(autouse=True)
def _small_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generating, "BLOCKS_IN_A_FILE", 1)


def contents(folder: Path) -> dict[str, str]:
    files = (file for file in folder.rglob("*") if file.is_file() and file.suffix != ".json")
    return {str(file.relative_to(folder)): sha256(file.read_bytes()).hexdigest() for file in files}


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(generating, "BLOCKS_IN_A_FILE", 1)
        return contents(generate_files(ROWS, 5, REGIME, tmp_path_factory.mktemp("alone") / "people", Silent()))


@pytest.mark.parametrize("people", [
    2 * BLOCK, pytest.param(1_000, marks=pytest.mark.slow), pytest.param(1_000_000, marks=pytest.mark.slow),
])  # fmt: skip
def test_two_workers_write_the_same_bytes_however_the_people_are_cut(
    tmp_path: Path, running: ScaleSettings, alone: dict[str, str], people: int
) -> None:
    cut = running.model_copy(update={"partition_people": people})
    folder = generate_files(ROWS, 5, REGIME, tmp_path / "people", Silent(), scale=cut)
    assert contents(folder) == alone
    assert len(alone) == 12
    assert sorted(path.name for path in folder.iterdir()) == ["applicants", "birth_certificate.json", "truth"]
    assert json.loads((folder / "birth_certificate.json").read_text(encoding="utf-8"))["settings"]["rows"] == ROWS


def test_a_worker_killed_in_mid_run_loses_nothing(
    tmp_path: Path, running: ScaleSettings, workers: Workers, alone: dict[str, str]
) -> None:
    killer = KillsAWorker(workers, "making people")
    folder = generate_files(ROWS, 5, REGIME, tmp_path / "people", killer, scale=running)
    assert len(killer.killed) == 1
    assert contents(folder) == alone
    assert [path.name for path in tmp_path.iterdir()] == ["people"]
    workers.client.wait_for_workers(2, timeout=60)


def test_a_piece_made_twice_is_the_same_piece(tmp_path: Path, alone: dict[str, str]) -> None:
    for kind in ("applicants", "truth"):
        (tmp_path / kind).mkdir()
    for _ in range(2):
        write_piece((BLOCK, BLOCK), load_parameters(REGIME), 5, tmp_path, 1)
    made = contents(tmp_path)
    assert made == {name: alone[name] for name in made}
    assert len(made) == 2


def test_a_folder_that_a_worker_does_not_see_is_named_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(ResourceError, match="does not see this folder") as caught:
        write_piece((0, 10), load_parameters(REGIME), 5, tmp_path / "elsewhere", 1)
    assert "same path" in caught.value.cure


def test_a_full_disk_on_a_worker_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("weilidai.pipeline.scale.generating.write_people", full)
    with pytest.raises(ResourceError, match="No space left"):
        write_piece((0, 10), load_parameters(REGIME), 5, tmp_path, 1)
    assert list(tmp_path.iterdir()) == []
