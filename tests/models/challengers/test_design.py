from types import SimpleNamespace

import numpy as np
import pytest

from weilidai.errors import DataError
from weilidai.models.challengers.design import learn_design
from weilidai.models.challengers.logistic import fit_logistic
from weilidai.models.features import Features
from weilidai.rules import Eligibility

READ = Features(("debt_to_income_share", "user_type"), (0, 0), {"user_type": ("student", "retired")})


def test_columns_are_standardised_on_the_people_learnt_from(parts: SimpleNamespace, features: Features) -> None:
    matrix = learn_design(parts.train, features).of(parts.train)
    assert np.abs(matrix.mean(axis=0)).max() < 1e-9
    assert np.isin(matrix.std(axis=0).round(9), (0, 1)).all()


def test_the_unknown_have_a_column_of_their_own_and_the_median_value(parts: SimpleNamespace) -> None:
    design = learn_design(parts.train, READ)
    assert design.of(parts.train).shape[1] == 2 + len(READ.levels["user_type"])
    person = parts.train.head(1)
    unknown = design.of(person.assign(debt_to_income_share=np.nan))[0]
    median = design.of(person.assign(debt_to_income_share=design.medians[0]))[0]
    assert unknown[0] == pytest.approx(median[0], abs=1e-6)
    assert unknown[1] > median[1]


def test_a_logistic_regression_of_one_outcome_is_refused(
    parts: SimpleNamespace, features: Features, policy: Eligibility
) -> None:
    with pytest.raises(DataError, match="all have the same label"):
        fit_logistic(parts.train.assign(is_invited=True), features, policy)
