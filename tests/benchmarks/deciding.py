"""Deciding and explaining, for many people and for one, against the boosters' own predict."""

import ctypes
from collections.abc import Callable
from typing import Any

import lightgbm
import numpy as np

from benchmarks.learnt import learnt, new_people
from benchmarks.measuring import Bound, Figure, calls_of, quantile, side_by_side
from benchmarks.sizes import Size
from weilidai.explain.background import Attribution
from weilidai.inference.decider import Decider
from weilidai.models import boosting
from weilidai.models.bundle import Bundle
from weilidai.models.features import Matrix, encode
from weilidai.models.settings import ExplainSettings

ROUNDS = 5
MICROSECONDS = 1e6


def figures(size: Size) -> list[Figure]:
    bundle = learnt(size)
    return [*of_many(size, bundle), *of_one(size, bundle)]


def of_many(size: Size, bundle: Bundle) -> list[Figure]:
    decider, people = Decider(bundle, "a benchmark"), new_people(size.reason_people)
    count, read = len(people), inputs(bundle, people)
    whole, answers, plain = side_by_side(
        lambda: decider.decide(people), lambda: bundle.answers(people),
        lambda: [booster.predict(matrix, raw_score=True) for booster, matrix in read], repeats=size.repeats,
    )
    reasons, engine = side_by_side(
        lambda: decider.decide(people, "zh"), lambda: bundle.invite.booster.predict(read[0][1], pred_contrib=True),
        repeats=size.repeats,
    )
    told = f"of {count:,} people"
    return [
        Figure("deciding", f"decisions {told}, checks included", "people/s", count / whole,
               "the boosters' own predict", count / plain, size.repeats, wanted_ratio=Bound("at_least", 0.9)),
        Figure("deciding", f"decisions {told} known to be sound", "people/s", count / answers,
               "the boosters' own predict", count / plain, size.repeats, wanted_ratio=Bound("at_least", 0.9)),
        Figure("deciding", f"decisions with reasons in words {told}", "people/s", count / reasons,
               "pred_contrib alone", count / engine, size.repeats, Bound("at_least", 4000),
               Bound("at_least", 0.85)),
        Figure("deciding", f"largest difference of contributions {told}", "log-odds", difference(bundle, people),
               "a tolerance of 0.0001", 1e-4, 1, Bound("at_most", 1e-4)),
    ]  # fmt: skip


def of_one(size: Size, bundle: Bundle) -> list[Figure]:
    decider, people = Decider(bundle, "a benchmark"), new_people(size.reason_people).head(1)
    person = {str(name): plain(value) for name, value in people.iloc[0].items()}
    one, told, table, slow, fast = calls_of(
        lambda: decider.decide_one(person), lambda: decider.decide_one(person, "zh"), lambda: decider.decide(people),
        trees(bundle, people), single_row(bundle, people), calls=size.calls, rounds=ROUNDS,
    )
    repeats, middle = ROUNDS * size.calls, quantile(table, 0.5) * MICROSECONDS
    named = (("median", 0.5, 300, 3000), ("99th percentile", 0.99, None, None))
    found = []
    for name, share, bound, bound_told in named:
        for what, times, most in (("one decision", one, bound), ("one decision with reasons", told, bound_told)):
            wanted = None if most is None else Bound("at_most", most)
            found.append(Figure("deciding", f"{what}, {name}", "microseconds", quantile(times, share) * MICROSECONDS,
                                "decide() of a table of one row, median", middle, repeats, wanted))  # fmt: skip
    found.append(Figure(
        "deciding", "the trees of one decision, median", "microseconds", quantile(slow, 0.5) * MICROSECONDS,
        "LightGBM's single-row interface in C", quantile(fast, 0.5) * MICROSECONDS, repeats,
    ))
    return found


def plain(value: Any) -> Any:
    """Give a value as a caller without numpy would."""
    read = value.item() if isinstance(value, np.generic) else value
    return None if read != read else read  # noqa: PLR0124  (only a missing number differs from itself)


def inputs(bundle: Bundle, people: Any) -> list[tuple[lightgbm.Booster, Matrix]]:
    """Give each booster of a decision with the matrix it reads."""
    assert bundle.quota is not None
    assert bundle.rate is not None
    read = [(bundle.invite.booster, bundle.invite), (bundle.quota.booster, bundle.quota),
            (bundle.quota.spread_booster, bundle.quota), (bundle.rate.booster, bundle.rate)]  # fmt: skip
    return [(booster, encode(people, model.features)) for booster, model in read]


def difference(bundle: Bundle, people: Any) -> float:
    """Hold our contributions against LightGBM's own, counted from the same people."""
    own = Attribution(bundle).contributions(people)

    class OnThePath:
        invite, background = bundle.invite, bundle.background
        explain = ExplainSettings(method="path")

    theirs = Attribution(OnThePath()).contributions(people)
    return float(np.abs(own - theirs).max())


def trees(bundle: Bundle, people: Any) -> Callable[[], object]:
    read = inputs(bundle, people)
    return lambda: [boosting.score(booster, matrix) for booster, matrix in read]


def single_row(bundle: Bundle, people: Any) -> Callable[[], object]:
    """Prepare LightGBM's own single-row path for each booster, and give what calls them all."""
    library, calls = lightgbm.basic._LIB, []
    for booster, matrix in inputs(bundle, people):
        config, length, result = ctypes.c_void_p(), ctypes.c_int64(), (ctypes.c_double * 1)()
        library.LGBM_BoosterPredictForMatSingleRowFastInit(
            booster._handle, ctypes.c_int(1), ctypes.c_int(0), ctypes.c_int(-1), ctypes.c_int(0),
            ctypes.c_int32(matrix.shape[1]), ctypes.c_char_p(b"num_threads=1"), ctypes.byref(config),
        )
        calls.append((config, matrix.ctypes.data_as(ctypes.c_void_p), ctypes.byref(length), result, matrix, booster))
    call = library.LGBM_BoosterPredictForMatSingleRowFast
    return lambda: [call(config, data, length, result) for config, data, length, result, *_ in calls]
