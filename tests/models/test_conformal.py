import json

import numpy as np
import pandas as pd

from weilidai.models.conformal import Reach, conformal_factor, find_reach

RANDOM = np.random.default_rng(5)
GROUPS = np.repeat(np.array(["steady", "wild", "rare"], dtype=object), (3000, 3000, 30))
NEEDED = np.abs(RANDOM.normal(size=len(GROUPS))) * np.where(GROUPS == "wild", 3.0, 1.0)


def test_the_factor_of_few_people_is_the_largest_miss() -> None:
    assert conformal_factor(np.array([3.0, 1.0, 2.0]), share=0.9) == 3.0


def test_every_large_group_gets_what_it_was_promised() -> None:
    reach = find_reach(NEEDED, 0.9, "kind", GROUPS, minimum=200)
    for group in ("steady", "wild"):
        held = np.mean(reach.by_group[group] >= NEEDED[group == GROUPS])
        assert abs(held - 0.9) < 0.001
    assert reach.by_group["steady"] < reach.overall < reach.by_group["wild"]


def test_a_small_group_and_an_unknown_one_share_the_reach_of_all() -> None:
    reach = find_reach(NEEDED, 0.9, "kind", GROUPS, minimum=200)
    people = pd.DataFrame({"kind": ["rare", "never seen", "wild"]})
    assert reach.of(people).tolist() == [reach.overall, reach.overall, reach.by_group["wild"]]


def test_without_groups_all_are_treated_alike() -> None:
    reach = find_reach(NEEDED, 0.9, None, GROUPS, minimum=200)
    assert reach.of(pd.DataFrame({"kind": ["wild", "steady"]})).tolist() == [reach.overall] * 2


def test_a_reach_is_the_same_after_json() -> None:
    reach = find_reach(NEEDED, 0.9, "kind", GROUPS, minimum=200)
    assert Reach.from_dict(json.loads(json.dumps(reach.to_dict()))) == reach
