import pytest

from weilidai.errors import ResourceError
from weilidai.pipeline import memory
from weilidai.pipeline.memory import free_memory, require_memory


def test_what_does_not_fit_is_refused_with_both_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "free_memory", lambda: 1_000_000_000)
    require_memory(1_000)
    with pytest.raises(ResourceError, match=r"need about 13\.\d GB of memory, 1\.0 GB are free"):
        require_memory(10_000_000)


def test_a_system_that_does_not_say_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "free_memory", lambda: None)
    require_memory(100_000_000)


def test_the_free_memory_of_this_machine_is_known() -> None:
    free = free_memory()
    assert free is None or free > 1_000_000
