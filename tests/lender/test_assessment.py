import numpy as np
import pytest
from scipy.stats import spearmanr

from weilidai.lender.assessment import Part, passes_enough, weighted_score
from weilidai.lender.journey import approval_probability


def test_an_average_person_scores_one_half() -> None:
    truth = {"logit_a": np.zeros(3, dtype=np.float32), "logit_b": np.zeros(3, dtype=np.float32)}
    parts = {"one": Part(weight=0.4, factors=("a",)), "two": Part(weight=0.2, factors=("b",))}
    assert weighted_score(truth, parts).tolist() == [0.5, 0.5, 0.5]


def test_a_part_counts_by_its_weight() -> None:
    truth = {"logit_a": np.array([100, 0], dtype=np.float32), "logit_b": np.array([0, 100], dtype=np.float32)}
    parts = {"one": Part(weight=0.3, factors=("a",)), "two": Part(weight=0.1, factors=("b",))}
    assert weighted_score(truth, parts).tolist() == pytest.approx([0.875, 0.625])


def test_documented_weights_are_all_given_away(lender) -> None:
    for parts in (lender.assessment.four_part, lender.assessment.application_risk):
        assert sum(part.weight for part in parts.values()) == pytest.approx(1)


def test_parts_are_fed_by_factors_of_the_invitation(lender) -> None:
    known = {term.factor for term in lender.invitation.terms.values()}
    for parts in (lender.assessment.four_part, lender.assessment.application_risk):
        assert {factor for part in parts.values() for factor in part.factors} <= known


def test_who_is_invited_scores_higher_among_the_eligible(everyone) -> None:
    eligible, invited = everyone.columns["is_eligible"], everyone.columns["is_invited"]
    score = everyone.columns["assessment_score"]
    assert score[invited].mean() > score[eligible & ~invited].mean()


def test_the_four_part_score_and_the_chance_of_an_invitation_rank_the_eligible_alike(everyone) -> None:
    eligible = everyone.columns["is_eligible"]
    score, chance = everyone.columns["assessment_score"][eligible], everyone.truth["p_invite"][eligible]
    assert spearmanr(score, chance).statistic > 0.5
    fifths = np.array_split(np.argsort(score, kind="stable"), 5)
    assert (np.diff([chance[fifth].mean() for fifth in fifths]) > 0).all()


def test_one_track_is_enough_and_none_is_not(lender) -> None:
    flags = {"passes_bureau_track": np.array([True, True, False, False]),
             "passes_tencent_track": np.array([True, False, True, False])}
    assert passes_enough(flags, lender.assessment.tracks).tolist() == [True, True, True, False]


def test_nobody_is_approved_who_passes_neither_track(everyone) -> None:
    c = everyone.columns
    neither = ~c["passes_bureau_track"] & ~c["passes_tencent_track"]
    assert (neither & c["is_verified"] & ~c["is_intercepted"]).sum() > 50
    assert not c["is_approved"][neither].any()


def test_a_safer_application_is_approved_more_often_whatever_else_is_known(everyone, lender) -> None:
    size = 5
    people = {name: values[:size] for name, values in everyone.people.items()}
    enough, approval = np.ones(size, dtype=bool), lender.journey.approval
    low, high = (
        approval_probability(people, np.full(size, score, dtype=np.float32), enough, approval) for score in (0.45, 0.55)
    )
    assert (high > low).all()
    assert not approval_probability(people, np.full(size, 0.55, dtype=np.float32), ~enough, approval).any()


def test_who_is_approved_is_safer_by_the_application_model(everyone) -> None:
    c = everyone.columns
    refused = c["is_verified"] & ~c["is_intercepted"] & ~c["is_approved"]
    assert c["application_risk_score"][c["is_approved"]].mean() > c["application_risk_score"][refused].mean()


def test_passing_both_tracks_opens_for_more_applicants(everyone) -> None:
    c = everyone.columns
    both = c["passes_bureau_track"] & c["passes_tencent_track"] & c["has_applied"]
    other = c["has_applied"] & ~both
    assert c["is_opened"][both].mean() > c["is_opened"][other].mean() + 0.1
