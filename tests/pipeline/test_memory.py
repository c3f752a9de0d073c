import subprocess
import sys
from pathlib import Path

import pytest

from weilidai.errors import ResourceError
from weilidai.pipeline import memory
from weilidai.pipeline.memory import free_memory, memory_needed, require_memory


def test_what_does_not_fit_is_refused_with_both_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "free_memory", lambda: 1_000_000_000)
    require_memory(1_000)
    with pytest.raises(ResourceError, match=r"need about 25\.\d GB of memory, 1\.0 GB are free"):
        require_memory(10_000_000)


def test_a_system_that_does_not_say_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "free_memory", lambda: None)
    require_memory(100_000_000)


def test_the_free_memory_of_this_machine_is_known() -> None:
    free = free_memory()
    assert free is None or free > 1_000_000


TRAIN = """
import resource, sys
from weilidai.cli import main
sys.argv = ["weilidai", "train", "--set", f"data.rows={sys.argv[1]}", "--set", f"tracking.uri=sqlite:///{sys.argv[2]}",
            "--set", "cache.is_used=false", "--set", "evaluation.gates={}"]
try:
    main()
except SystemExit as left:
    print(left.code, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
"""


@pytest.mark.slow
@pytest.mark.parametrize("rows", [60_000, 200_000])
def test_a_training_takes_the_memory_that_was_foretold(tmp_path: Path, rows: int) -> None:
    command = [sys.executable, "-c", TRAIN, str(rows), str(tmp_path / "mlflow.db")]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1]
    code, peak = map(int, told.split())
    assert code == 0
    assert peak == pytest.approx(memory_needed(rows), rel=0.2)
