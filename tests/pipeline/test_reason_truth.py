"""Whether what a person is told weighs against them is what truly does."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from weilidai.explain.attributions import FloatArray, by_factor, gather_dimensions
from weilidai.explain.background import Attribution
from weilidai.explain.recovery import true_contributions
from weilidai.lender.decisions import LenderParameters
from weilidai.lender.invitation import InvitationParameters
from weilidai.matching import load_parameters
from weilidai.models.bundle import Bundle
from weilidai.pipeline.reason_truth import true_against


def _simulated() -> ModuleType:
    if "simulated_bundle" not in sys.modules:
        spec = spec_from_file_location("simulated_bundle", Path(__file__).parents[1] / "simulated_bundle.py")
        assert spec is not None
        assert spec.loader is not None
        sys.modules["simulated_bundle"] = module_from_spec(spec)
        spec.loader.exec_module(sys.modules["simulated_bundle"])
    return sys.modules["simulated_bundle"]


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    learnt: Bundle = _simulated().learnt()
    return learnt


@pytest.fixture(scope="module")
def lender() -> InvitationParameters:
    return load_parameters().part("lender", LenderParameters).invitation


@pytest.fixture(scope="module")
def people(bundle: Bundle) -> pd.DataFrame:
    drawn: pd.DataFrame = _simulated().new_people()
    return drawn.loc[bundle.invite.is_eligible(drawn)]


@pytest.fixture(scope="module")
def both(bundle: Bundle, people: pd.DataFrame, lender: InvitationParameters) -> tuple[FloatArray, FloatArray]:
    """Give true and found contributions of factors, against approved people; shapes (people, factors)."""
    approved = people.loc[people["is_invited"].to_numpy(dtype=bool)]
    truth = true_contributions(true_against(people, approved, lender), bundle.factors)
    found = by_factor(Attribution(bundle).contributions(people), bundle.invite.features.names, bundle.factors)
    return truth, found


def test_the_truth_against_approved_people_adds_up_as_before(
    people: pd.DataFrame, lender: InvitationParameters
) -> None:
    approved = people.loc[people["is_invited"].to_numpy(dtype=bool)]
    one, other = (true_against(people, crowd, lender).sum(axis=1) for crowd in (approved, people))
    apart = (one - other).to_numpy()
    assert np.ptp(apart) < 1e-4
    assert apart[0] < 0, "the approved are better than the average of the eligible"


def test_the_average_approved_person_has_nothing_against_them(
    people: pd.DataFrame, lender: InvitationParameters
) -> None:
    approved = people.loc[people["is_invited"].to_numpy(dtype=bool)]
    np.testing.assert_allclose(true_against(approved, approved, lender).mean(), 0, atol=1e-5)


def test_what_speaks_up_has_the_right_sign(both: tuple[FloatArray, FloatArray]) -> None:
    """The few trees of the small model never ask about some rare signs; what they do not know has no sign."""
    truth, found = both
    loud = np.abs(truth) >= 0.05 * np.abs(truth).sum(axis=1, keepdims=True)
    loud &= (truth != 0) & (found != 0).any(axis=0)
    assert (np.sign(truth[loud]) == np.sign(found[loud])).mean() > 0.99


def test_the_main_reason_is_the_true_one(both: tuple[FloatArray, FloatArray], bundle: Bundle) -> None:
    """A model of a seventh of the usual people and few trees; the full one is measured in the decision record."""
    truth, found = (gather_dimensions(each, bundle.factors) for each in both)
    assert (truth.argmin(axis=1) == found.argmin(axis=1)).mean() > 0.75
