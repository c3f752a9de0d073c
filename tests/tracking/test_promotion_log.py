from collections.abc import Sequence

import pytest
from mlflow.entities.model_registry import RegisteredModel, RegisteredModelTag

from weilidai.errors import StoreError
from weilidai.evaluation.gates import GateResult
from weilidai.tracking.promotion_log import (
    ENTRY_TAG,
    Action,
    Entry,
    Move,
    earlier_champions,
    next_entry,
    read_log,
    reigns,
    settled,
)


def log(*moves: tuple[Action, str | None]) -> list[Entry]:
    entries: list[Entry] = []
    for number, (action, after) in enumerate(moves, 1):
        before = entries[-1].after if entries else None
        entries.append(Entry(number, action, before, after, f"day {number}", "because"))
    return entries


def stored(entries: Sequence[Entry]) -> RegisteredModel:
    return RegisteredModel("m", tags=[RegisteredModelTag(entry.tag, entry.to_json()) for entry in entries])


def test_an_entry_comes_back_as_it_was_written() -> None:
    gate = GateResult("auc", "test.invite.auc", 0.8, passed=True, why="0.8, wanted at least 0.7")
    written = next_entry(log(("trained", "1")), Move("promoted", "2", "better", "d" * 64, (gate,)), "1")
    assert (written.number, written.before, written.after, written.who) == (2, "1", "2", "none")
    assert read_log(stored([*log(("trained", "1")), written]))[-1] == written


def test_entries_are_read_in_order_beyond_the_ninth() -> None:
    entries = log(*[("promoted", str(version)) for version in range(1, 13)])
    assert [entry.number for entry in read_log(stored(entries[::-1]))] == list(range(1, 13))


def test_an_entry_somebody_changed_is_refused() -> None:
    broken = RegisteredModel("m", tags=[RegisteredModelTag(f"{ENTRY_TAG}000001", '{"number": 1')])
    with pytest.raises(StoreError, match="cannot be read"):
        read_log(broken)


def test_a_log_that_ends_at_the_champion_lacks_nothing() -> None:
    assert settled(log(("trained", "1")), "1") is None
    assert settled([], None) is None


def test_an_entry_whose_alias_never_moved_is_taken_back() -> None:
    missing = settled(log(("trained", "1"), ("promoted", "2")), "1")
    assert missing is not None
    assert (missing.action, missing.before, missing.after) == ("interrupted", "2", "1")


def test_a_move_of_somebody_else_is_noted() -> None:
    missing = settled(log(("trained", "1"), ("promoted", "2")), "7")
    assert missing is not None
    assert (missing.action, missing.before, missing.after) == ("outside", "2", "7")


@pytest.mark.parametrize(("moves", "line"), [
    ([("trained", "1"), ("trained", "2")], ("1", "2")),
    ([("trained", "1"), ("trained", "2"), ("rolled back", "1")], ("1",)),
    ([("trained", "1"), ("trained", "2"), ("trained", "3"), ("rolled back", "2"), ("trained", "4")], ("1", "2", "4")),
    ([("trained", "1"), ("trained", "2"), ("promoted", "1")], ("2", "1")),
    ([("trained", "1"), ("promoted", "2"), ("interrupted", "1")], ("1",)),
    ([("trained", "1"), ("trained", "2"), ("rolled back", "1"), ("interrupted", "2")], ("1", "2")),
    ([("trained", "1"), ("interrupted", None)], ()),
])  # fmt: skip
def test_a_rollback_leads_back_and_never_forth(moves: list[tuple[Action, str | None]], line: tuple[str, ...]) -> None:
    assert earlier_champions(log(*moves)) == line


def test_who_was_champion_when_leaves_no_gap_and_no_move_that_never_was() -> None:
    told = reigns(log(("trained", "1"), ("promoted", "2"), ("interrupted", "1"), ("promoted", "3")))
    assert [(r.version, r.since, r.until) for r in told] == [("1", "day 1", "day 4"), ("3", "day 4", None)]
    assert reigns([]) == ()
