"""One decision in process against MLflow's own door for the same person."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.deciding import MICROSECONDS, ROUNDS, plain
from benchmarks.learnt import learnt, new_people
from benchmarks.measuring import Bound, Figure, calls_of, quantile
from benchmarks.sizes import Size
from weilidai.inference.loading import load_model
from weilidai.inference.pyfunc import packaging
from weilidai.models.bundle import Bundle, save_bundle
from weilidai.stores import prepare_mlflow
from weilidai.tracking.keeping import write_model


def figures(size: Size) -> list[Figure]:
    people = new_people(size.reason_people).head(1)
    person = {str(name): plain(value) for name, value in people.iloc[0].items()}
    with opened(learnt(size)) as (decider, served):
        read = people[list(decider.columns)]
        asked = {"reasons": "zh"}
        one, door, told, door_told = calls_of(
            lambda: decider.decide_one(person), lambda: served.predict(read),
            lambda: decider.decide_one(person, "zh"), lambda: served.predict(read, params=asked),
            calls=max(size.calls // 5, 1), rounds=ROUNDS,
        )
    repeats = ROUNDS * max(size.calls // 5, 1)
    return [
        Figure("doors", f"{what}, {name}", "microseconds", quantile(own, share) * MICROSECONDS,
               "MLflow's pyfunc, same person", quantile(theirs, share) * MICROSECONDS, repeats,
               wanted_ratio=Bound("at_most", 0.1) if name == "median" else None)
        for what, own, theirs in (("one decision", one, door), ("one decision with reasons", told, door_told))
        for name, share in (("median", 0.5), ("99th percentile", 0.99))
    ]  # fmt: skip


@contextmanager
def opened(bundle: Bundle) -> Iterator[tuple[Any, Any]]:
    """Save a model, and open it through both doors."""
    import mlflow.pyfunc

    prepare_mlflow()
    with TemporaryDirectory() as shelf:
        folder, kept, people = Path(shelf) / "bundle", Path(shelf) / "model", new_people(500)
        save_bundle(bundle, folder, people)
        write_model(kept, folder, packaging(bundle, people))
        yield load_model(folder), mlflow.pyfunc.load_model(str(kept))
