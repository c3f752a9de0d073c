"""Whom the plain models learn from: the same people as the trees, prepared once for all of them."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.errors import DataError
from weilidai.models.features import numbers
from weilidai.models.invite import LABEL, eligible_people
from weilidai.models.opened import opened_people
from weilidai.models.quota import LABEL as QUOTA_LABEL
from weilidai.rules import Eligibility

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


def judged_people(train: pd.DataFrame, eligibility: Eligibility) -> tuple[pd.DataFrame, BoolArray]:
    """Give the eligible people and whether each was invited.

    Raises
    ------
    DataError
        They are all invited, or none is.
    """
    people = train.loc[eligible_people(train, eligibility)]
    label = np.asarray(numbers(people[LABEL]) == 1, dtype=np.bool_)
    if label.all() or not label.any():
        raise DataError(f"the {len(label)} eligible people all have the same label", where=LABEL)
    return people, label


def granted_people(train: pd.DataFrame) -> tuple[pd.DataFrame, FloatArray]:
    """Give the people who opened and the logarithms of their grants.

    Raises
    ------
    DataError
        Nobody opened, or a grant is missing, zero or negative.
    """
    people = opened_people(train, QUOTA_LABEL)
    return people, np.log(numbers(people[QUOTA_LABEL]).astype(np.float64))
