import pytest

from weilidai.errors import StoreError
from weilidai.tracking.listing import Difference, compare, dead_runs, find_finished, find_run, list_runs
from weilidai.tracking.runs import training_run
from weilidai.tracking.settings import TrackingSettings


@pytest.fixture
def own(settings: TrackingSettings, request: pytest.FixtureRequest) -> TrackingSettings:
    return settings.model_copy(update={"experiment": request.node.name[:80]})


def train(settings: TrackingSettings, name: str, rows: int, auc: float) -> str:
    with training_run(settings, name, {"regime": "optimisation"}) as run:
        run.log_params({"data": {"rows": rows, "seed": 1}})
        run.log_metrics({"test.invite.auc": auc, "test.invite.ks": 0.5})
    return run.id


def test_runs_are_listed_newest_first_with_how_they_ended(own: TrackingSettings) -> None:
    train(own, "first", 1000, 0.7)
    with pytest.raises(KeyboardInterrupt), training_run(own, "second"):
        raise KeyboardInterrupt
    second, first = list_runs(own)
    assert (first.name, first.status, first.failure) == ("first", "FINISHED", None)
    assert (second.name, second.status, second.failure) == ("second", "KILLED", "interrupted (Ctrl-C)")
    assert first.seconds is not None
    assert first.metrics["test.invite.auc"] == 0.7
    assert dead_runs(own) == []


def test_a_run_is_found_by_id_by_its_beginning_and_by_name(own: TrackingSettings) -> None:
    known = train(own, "small", 1000, 0.7)
    train(own, "large", 9000, 0.8)
    for word in (known, known[:8], "small"):
        assert find_run(own, word).id == known


def test_a_run_that_is_not_there_is_answered_with_the_near_one(own: TrackingSettings) -> None:
    train(own, "small", 1000, 0.7)
    with pytest.raises(StoreError, match="did you mean 'small'"):
        find_run(own, "smal1")


def test_a_comparison_shows_only_what_differs(own: TrackingSettings) -> None:
    train(own, "small", 1000, 0.7)
    train(own, "large", 9000, 0.8)
    assert compare([find_run(own, "small"), find_run(own, "large")]) == [
        Difference("param", "data.rows", ("1000", "9000")), Difference("metric", "test.invite.auc", (0.7, 0.8)),
    ]  # fmt: skip


def test_looking_at_runs_does_not_make_an_experiment(own: TrackingSettings) -> None:
    train(own.model_copy(update={"experiment": "weilidai"}), "any", 1, 0.5)
    with pytest.raises(StoreError, match="no experiment"):
        list_runs(own)


def test_the_newest_finished_run_of_a_kind_is_found_by_its_tags_and_metrics(own: TrackingSettings) -> None:
    with training_run(own, "weighed", {"regime": "optimisation"}) as run:
        run.log_metrics({"weight.seeds.worst_difference": -0.5})
    newer = train(own, "plain", 1000, 0.7)
    with pytest.raises(KeyboardInterrupt), training_run(own, "newest", {"regime": "optimisation"}):
        raise KeyboardInterrupt
    tags = {"regime": "optimisation"}
    assert find_finished(own, tags).id == newer
    assert find_finished(own, tags, ["weight.seeds.worst_difference"]).id == run.id
    assert find_finished(own, tags, ["test.rate.r2"]) is None
    assert find_finished(own, {"regime": "trial"}) is None
