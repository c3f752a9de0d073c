import itertools
import re

import lightgbm
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weilidai.models.features import Features
from weilidai.models.invite import InviteModel
from weilidai.models.monotonicity import Proof, prove
from weilidai.models.quota import QuotaModel
from weilidai.models.rate import RateModel

LEVELS = ("a", "b", "c")
CLAIMS = Features(("up", "down", "free", "kind"), (1, -1, 0, 0), {"kind": LEVELS})


def grow(seed: int, *, trees: int, leaves: int, constrained: bool, noise: float) -> lightgbm.Booster:
    random = np.random.default_rng(seed)
    matrix = np.stack([*random.integers(0, 6, (3, 400)), random.integers(0, 3, 400)], axis=1).astype(np.float32)
    matrix[random.random(matrix.shape) < 0.1] = np.nan
    full = np.nan_to_num(matrix)
    label = full[:, 0] - full[:, 1] + (full[:, 3] == 1) * full[:, 2] + noise * random.normal(size=400)
    data = lightgbm.Dataset(matrix, label, categorical_feature=[3], feature_name=list(CLAIMS.names))
    knobs = {"objective": "regression", "num_leaves": leaves, "verbosity": -1, "num_threads": 1, "seed": seed,
             "min_data_in_leaf": 5, "min_data_per_group": 5, "learning_rate": 0.3}
    if constrained:
        knobs["monotone_constraints"] = list(CLAIMS.directions)
    return lightgbm.train(knobs, data, trees)


def truly_holds(booster: lightgbm.Booster, place: int, direction: int) -> bool:
    """Try every value of a grid that has one in every cell."""
    numbers = [*(np.arange(-1.0, 6.0)), np.nan]
    grid = np.array(list(itertools.product(numbers, numbers, numbers, (0.0, 1.0, 2.0, np.nan))), dtype=np.float32)
    scores = booster.predict(grid, raw_score=True)
    table = scores.reshape(len(numbers), len(numbers), len(numbers), 4)
    steps = np.diff(np.moveaxis(table, place, 0)[:-1], axis=0)
    return bool((direction * steps >= -1e-12).all())


def by_column(proof: Proof) -> dict[str, str]:
    return {verdict.column: verdict.outcome for verdict in proof.verdicts}


def planted(text: str, tree: int, leaves: str) -> str:
    """Give one tree other leaves; LightGBM need not know the lengths."""
    blocks = re.sub(r"tree_sizes=.*\n", "", text).split("\nTree=")
    blocks[tree + 1] = re.sub(r"leaf_value=.*", f"leaf_value={leaves}", blocks[tree + 1])
    return "\nTree=".join(blocks)


def test_the_models_keep_every_documented_direction(invite: InviteModel, quota: QuotaModel, rate: RateModel) -> None:
    for model in (invite, quota):
        proof = prove(model.booster, model.features)
        assert len(proof.verdicts) == sum(map(abs, model.features.directions))
        assert proof.proved_share == 1
    assert prove(rate.booster, rate.features).to_dict() == {"claims": 0, "proved": 0, "not_proved": []}


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 10_000), trees=st.integers(1, 5), leaves=st.integers(2, 7),
    constrained=st.booleans(), noise=st.sampled_from([0.1, 1.0, 4.0]),
)
def test_the_verdict_is_that_of_trying_everything(
    seed: int, trees: int, leaves: int, constrained: bool, noise: float  # noqa: FBT001  (drawn)
) -> None:
    booster = grow(seed, trees=trees, leaves=leaves, constrained=constrained, noise=noise)
    for verdict in prove(booster, CLAIMS).verdicts:
        holds = truly_holds(booster, CLAIMS.names.index(verdict.column), verdict.direction)
        assert verdict.outcome == ("proved" if holds else "refuted")
        assert not constrained or verdict.failing_trees == 0


def test_a_planted_fall_is_refuted_by_two_people_whom_the_model_scores_so() -> None:
    sound = grow(1, trees=5, leaves=2, constrained=True, noise=0.1)
    text = sound.model_to_string()
    splits = [boxes.split("split_feature=")[1][0] for boxes in text.split("\nTree=")[1:]]
    tree = splits.index("0")
    bad = lightgbm.Booster(model_str=planted(text, tree, "9 -9"))
    (wrong,) = (verdict for verdict in prove(bad, CLAIMS).verdicts if verdict.outcome != "proved")
    shown = wrong.counterexample
    assert (wrong.column, wrong.outcome) == ("up", "refuted")
    assert shown is not None
    person = {**shown.person, "kind": LEVELS.index(str(shown.person["kind"]))}
    pair = np.array([[{**person, "up": value}[name] for name in CLAIMS.names] for value in (shown.low, shown.high)])
    low, high = bad.predict(pair.astype(np.float32), raw_score=True)
    assert shown.low < shown.high
    assert (low, high) == (shown.score_low, shown.score_high)
    assert high < low


def test_a_small_fall_that_other_trees_make_up_for_is_proved_by_the_whole() -> None:
    text = grow(1, trees=1, leaves=2, constrained=True, noise=0.1).model_to_string()
    head, _, rest = text.partition("\nTree=0\n")
    body, _, tail = rest.partition("\n\n\nend of trees")
    falling = re.sub(r"leaf_value=.*", "leaf_value=0.25 0.125", body)
    rising = re.sub(r"leaf_value=.*", "leaf_value=-1 1", body)
    head = re.sub(r"tree_sizes=.*\n", "", head)
    both = f"{head}\nTree=0\n{falling}\n\n\nTree=1\n{rising}\n\n\nend of trees{tail}"
    claims = Features(CLAIMS.names, (1, 0, 0, 0) if "split_feature=0" in body else (0, -1, 0, 0), CLAIMS.levels)
    if claims.directions[1]:
        both = both.replace("leaf_value=0.25 0.125", "leaf_value=0.125 0.25").replace("=-1 1", "=1 -1")
    (verdict,) = prove(lightgbm.Booster(model_str=both), claims).verdicts
    assert verdict.outcome == "proved"
    assert verdict.failing_trees == 1


def test_a_model_without_claims_has_nothing_to_prove() -> None:
    free = Features(CLAIMS.names, (0, 0, 0, 0), CLAIMS.levels)
    proof = prove(grow(1, trees=2, leaves=4, constrained=False, noise=1.0), free)
    assert proof.verdicts == ()
    assert proof.proved_share == 1


def test_what_is_not_proved_is_told_with_its_counterexample() -> None:
    booster = grow(3, trees=3, leaves=7, constrained=False, noise=4.0)
    told = prove(booster, CLAIMS).to_dict()
    assert told["claims"] == 2
    assert told["proved"] + len(told["not_proved"]) == 2
    assert all(row["counterexample"]["low"] < row["counterexample"]["high"] for row in told["not_proved"])
    assert told["not_proved"]
    assert "nan" not in str(told).lower()


@pytest.mark.parametrize("objective", ["regression_l1", "quantile", "mape"])
def test_lightgbm_itself_refuses_directions_where_leaves_are_set_anew(objective: str) -> None:
    data = lightgbm.Dataset(np.arange(100.0).reshape(-1, 1), np.arange(100.0) + 1)
    knobs = {"objective": objective, "monotone_constraints": [1], "verbosity": -1, "num_threads": 1}
    with pytest.raises(lightgbm.basic.LightGBMError, match="monotone_constraints"):
        lightgbm.train(knobs, data, 1)
