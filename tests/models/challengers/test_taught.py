from types import SimpleNamespace

import numpy as np
import pytest

from weilidai.errors import DataError
from weilidai.models.challengers.taught import granted_people, judged_people
from weilidai.rules import Eligibility


def test_plain_models_learn_from_the_eligible_alone(parts: SimpleNamespace, policy: Eligibility) -> None:
    people, label = judged_people(parts.train, policy)
    assert 0 < len(people) < len(parts.train)
    assert label.tolist() == people["is_invited"].tolist()


def test_one_kind_of_people_teaches_nothing(parts: SimpleNamespace, policy: Eligibility) -> None:
    with pytest.raises(DataError, match="all have the same label"):
        judged_people(parts.train.assign(is_invited=False), policy)


def test_grants_are_taught_as_logarithms(parts: SimpleNamespace) -> None:
    people, logs = granted_people(parts.train)
    assert np.exp(logs) == pytest.approx(people["initial_quota_cny"].to_numpy(dtype=float))
