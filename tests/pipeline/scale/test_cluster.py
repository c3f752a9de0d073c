import builtins
import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil
import pytest

from weilidai.errors import ConfigError, DataError, ResourceError
from weilidai.pipeline.scale import cluster
from weilidai.pipeline.scale.cluster import LOOPBACK, Workers, open_workers
from weilidai.pipeline.scale.settings import ScaleSettings
from weilidai.progress import Silent


def closed_port() -> int:
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))
        return int(taken.getsockname()[1])


def refuse_rows(_piece: int) -> None:
    raise DataError("is not what it should be", where="rows 5 to 9", cure="mend it")


def leave(_piece: int) -> None:
    os._exit(1)


def test_two_processes_do_the_work(workers: Workers) -> None:
    found = dict(workers.do(lambda piece: (piece * 2, os.getpid()), range(8)))
    assert [found[n][0] for n in range(8)] == [2 * n for n in range(8)]
    assert os.getpid() not in {pid for _, pid in found.values()}
    assert len(workers.client.scheduler_info()["workers"]) == 2
    assert set(workers.client.nthreads().values()) == {1}


def test_everything_listens_to_this_machine_only(workers: Workers) -> None:
    pids = [os.getpid(), *workers.client.run(os.getpid).values()]
    listening = [
        place.laddr.ip for pid in pids for place in psutil.Process(pid).net_connections(kind="inet")
        if place.status == psutil.CONN_LISTEN
    ]
    assert len(listening) >= 3
    assert set(listening) == {LOOPBACK}


def test_what_a_piece_raises_comes_back_as_it_was(workers: Workers) -> None:
    with pytest.raises(DataError) as caught:
        list(workers.do(refuse_rows, [1, 2]))
    assert str(caught.value) == "rows 5 to 9: is not what it should be\n  mend it"


@pytest.mark.slow
def test_a_piece_that_kills_worker_after_worker_is_given_up(workers: Workers) -> None:
    with pytest.raises(ResourceError, match="several workers died") as caught:
        list(workers.do(leave, [1]))
    assert "memory_per_worker_gib" in caught.value.cure
    workers.client.wait_for_workers(2, timeout=60)


def test_a_scheduler_that_is_not_there_is_named_with_the_way_to_start_one() -> None:
    address = f"tcp://{LOOPBACK}:{closed_port()}"
    nowhere = ScaleSettings(engine="dask", scheduler=address, connect_seconds=0.5)
    with pytest.raises(ResourceError, match=r"no Dask scheduler answers within 0\.5 seconds") as caught, \
            open_workers(nowhere, Silent()):
        pass
    assert caught.value.where == address
    assert "dask scheduler" in caught.value.cure


def test_a_worker_of_other_versions_is_refused(
    workers: Workers, running: ScaleSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def otherwise() -> Mapping[str, str]:
        return {**cluster.versions(), "numpy": "1.0"}

    theirs: Any = dict.fromkeys(workers.client.nthreads(), otherwise())
    monkeypatch.setattr("distributed.Client.run", lambda *_: theirs)
    with pytest.raises(ResourceError, match=r"other versions: numpy 1\.0, here"), open_workers(running, Silent()):
        pass


def test_dask_that_is_not_installed_is_one_line_with_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    found = builtins.__import__

    def without_dask(name: str, *rest: Any) -> Any:
        if name.partition(".")[0] in ("dask", "distributed"):
            raise ModuleNotFoundError(name)
        return found(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without_dask)
    with pytest.raises(ConfigError, match="Dask is not installed") as caught, \
            open_workers(ScaleSettings(engine="dask"), Silent()):
        pass
    assert "weilidai[dask]" in caught.value.cure


@pytest.mark.slow
def test_workers_that_were_started_end_with_the_block() -> None:
    with open_workers(ScaleSettings(engine="dask", workers=1), Silent()) as opened:
        pids = list(opened.client.run(os.getpid).values())
    assert not any(psutil.pid_exists(pid) for pid in pids)


@pytest.mark.slow
def test_an_interruption_ends_the_workers_too() -> None:
    pids: list[int] = []
    with pytest.raises(KeyboardInterrupt), open_workers(ScaleSettings(engine="dask", workers=1), Silent()) as opened:
        pids += opened.client.run(os.getpid).values()
        raise KeyboardInterrupt
    assert pids
    assert not any(psutil.pid_exists(pid) for pid in pids)


def test_a_copy_of_the_package_that_came_with_a_model_is_hidden_from_new_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "weilidai").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    before = sys.path.copy()
    with cluster._own_package_alone():
        assert sys.path == before[1:]
    assert sys.path == before
