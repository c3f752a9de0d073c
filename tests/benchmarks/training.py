"""What fitting costs beyond LightGBM itself on the same matrix."""

from typing import Any

import lightgbm
import numpy as np

from benchmarks.learnt import Material, material
from benchmarks.measuring import Bound, Figure, side_by_side
from benchmarks.sizes import Size
from weilidai.models import boosting
from weilidai.models.boosting import Labelled
from weilidai.models.features import encode, numbers
from weilidai.models.invite import LABEL, eligible_people, fit_invite


def figures(size: Size) -> list[Figure]:
    made = material(size)
    train, valid, _ = (labelled(made, place) for place in range(3))
    whole, grown, bare = side_by_side(
        lambda: fit_invite(*made.parts, made.features, made.rules, made.settings),
        lambda: boosting.grow("binary", train, valid, made.features, made.settings),
        lambda: plain_training(made, train, valid),
        repeats=size.repeats,
    )
    peer = f"lightgbm.train on the same {len(train.label):,} x {train.features.shape[1]} matrix"
    return [
        Figure("training", f"the whole fit of the invite model, {size.learning_people:,} people", "s", whole, peer,
               bare, size.repeats, wanted_ratio=Bound("at_most", 1.1)),
        Figure("training", "growing its trees", "s", grown, peer, bare, size.repeats,
               wanted_ratio=Bound("at_most", 1.1)),
    ]  # fmt: skip


def labelled(made: Material, place: int) -> Labelled:
    people = made.parts[place]
    eligible = people.loc[eligible_people(people, made.rules)]
    return Labelled(encode(eligible, made.features), numbers(eligible[LABEL]).astype(np.float64))


def plain_training(made: Material, train: Labelled, valid: Labelled) -> None:
    """Train as the project does, with LightGBM's own words and nothing else."""
    parameters = boosting.parameters_of("binary", made.features, made.settings)
    columns: dict[str, Any] = {
        "feature_name": list(made.features.names), "categorical_feature": made.features.categorical_indices,
        "params": {name: parameters[name] for name in ("max_bin", "verbosity", "num_threads")},
    }
    learnt = lightgbm.Dataset(train.features, train.label, **columns)
    watched = lightgbm.Dataset(valid.features, valid.label, reference=learnt, **columns)
    stop = lightgbm.early_stopping(made.settings.early_stopping_round, verbose=False)
    lightgbm.train(
        parameters, learnt, num_boost_round=made.settings.num_iterations, valid_sets=[watched], callbacks=[stop]
    )
