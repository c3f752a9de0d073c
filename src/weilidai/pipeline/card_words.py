"""What the figures of a model card are, and what is good: one sentence for each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from weilidai.pipeline.studies.protection import PRICE


@dataclass(frozen=True)
class Told:
    """A figure of the card."""

    what: str
    metric: str
    meaning: str
    """What it is and what is good, a sentence."""
    floor: str = ""
    """Metric of what chance alone makes of it; empty where there is none."""


HEADLINES: Final[Mapping[str, str]] = {
    "{}.invite.auc":
        "how often somebody invited scores above somebody who is not: 0.5 is a coin, the ceiling is the best there is",
    "{}.invite_eligible.auc":
        "the same among those who pass the hard conditions, which is what the trees add; good is near the ceiling",
    "{}.invite.ks": "widest distance between the scores of the invited and of the others; more is better",
    "{}.invite.logloss":
        "what a probability costs when it is sure and wrong, on average; less is better, the ceiling is the least",
    "{}.quota.r2":
        "share of the spread of first grants that the model tells; more is better, luck of the draw ends it below 1",
    "{}.quota.mae_cny": "mean distance between the grant told and the real one; less is better",
    "{}.quota.coverage": "share of first grants inside the interval told; good is the share promised, neither less nor "
                         "more",
    "{}.rate.r2": "share of the spread of daily rates that the model tells; more is better, no ceiling is measured",
}
"""Metric of a headline -> what it is and what is good."""

CHALLENGERS: Final[Mapping[str, str]] = {
    "additive": "trees of one question each: every column speaks for itself",
    "documented_rules": "the score and the marks the documents name, nothing learnt",
    "interactions": "trees of two questions each: columns speak together in pairs",
    "logistic": "logistic regression on the same columns",
    "plain_quota": "linear regression on the logarithm of the grant",
    "unconstrained": "the same trees, not held to documented directions",
    "woe_scorecard": "a points card of weights of evidence, the custom of banks",
}
"""Challenger -> what it is."""

CALIBRATION: Final = (
    Told("calibration error, everybody", "test.invite.ece",
         "mean distance between probability told and share invited, over bins of the score; good is no more than "
         "chance alone makes, or 0.01", "test.invite.ece_floor"),
    Told("calibration error, among the eligible", "test.invite_eligible.ece", "the same where the trees decide",
         "test.invite_eligible.ece_floor"),
    Told("mean probability over share invited", "test.invite.mean_ratio",
         "1 is right on average; above 1 too many are expected"),
    Told("distance from the true probability, among the eligible", "test.invite_eligible.ece_true",
         "the calibration error without the luck of the draw, which only a simulator can tell; good is near 0"),
    Told("grants inside their interval", "test.quota.coverage", "good is the share promised"),
    Told("the same on average over all draws of the grants", "test.quota.coverage_true",
         "the share without the luck of the draw"),
    Told("grant, mean bias as a share", "test.quota.bias_share", "above 0 grants are told too high; good is near 0"),
    Told("a group's interval off its promise, beyond chance", "test.quota.slice_coverage_beyond_chance",
         "of the group furthest off, what its number of people does not explain; good is 0, at most 0.03"),
    Told("a group's interval off its promise, over all draws", "test.quota.slice_coverage_true_gap_max",
         "the same without the luck of the draw"),
)
FAIRNESS: Final = (
    Told("ranking of the group ranked worst (AUC)", "test.invite.slice_auc_min",
         "far below the AUC of everybody means that the model knows this group less well"),
    Told("largest gap between told and real share of invitations in a group", "test.invite.slice_gap_max",
         "good is near 0: every group is invited as often as it is told"),
    Told("lowest share of invitations of a group over the highest", "test.invite.slice_impact_ratio_min",
         "1 is parity, 0.8 a common mark of concern; the decisions learnt from set it, the model only follows"),
    Told("largest bias of the grant in a group, as a share", "test.quota.slice_bias_max", "good is near 0"),
    Told("lowest share of grants inside their interval in a group", "test.quota.slice_coverage_min",
         "good is near the share promised; small groups stray by chance"),
    Told("what the protected columns of the settings would add to the ranking (AUC)", PRICE,
         "the price of protection; near 0 nothing is lost by leaving them out"),
)
REASONS: Final = (
    Told("main dimension as in the truth", "explain.agreement.main_dimension",
         "share of people whose most adverse dimension is the true one; good is 0.9 and more"),
    Told("the same by the dimensions of the scorecard that decides", "explain.agreement.main_documented_dimension",
         "among those against whom a dimension of the documents weighs at all; good is 0.9 and more"),
    Told("main factor as in the truth", "explain.agreement.main_factor",
         "the same by factor, which is finer than a dimension"),
    Told("sign as in the truth", "explain.agreement.sign",
         "share of factors of weight (5 % of a person's attribution) that speak for or against as in truth; good is "
         "0.99 and more"),
    Told("of the four strongest factors, found", "explain.agreement.top_four",
         "share of the four truly most adverse that are told"),
    Told("order as in the truth", "explain.agreement.rank", "rank correlation of a person's factors; 1 is the same"),
)
STABILITY: Final = (
    Told("score, the worst month", "test.invite.psi_max",
         "population stability index of the score against the people learnt from; below 0.1 is stable, above 0.25 "
         "they are other people"),
    Told("column that moved most, its worst month", "test.columns.csi_max",
         "the same index of a single column, over all the model reads; the marks are the same"),
)
PICTURES: Final[Mapping[str, tuple[str, str]]] = {
    "plots/calibration_eligible.png": ("probability told against share invited; on the diagonal is right", ""),
    "plots/ranking_eligible.png": ("who ranks how well, the ceiling included where it is known", ""),
    "plots/first_grant.png": ("grant told against the real one, with the interval", "test.quota.coverage"),
    "plots/weights_by_dimension.png": ("weight of each dimension, documented, in truth and in the model", ""),
    "plots/stability.png": ("how far the score has moved, by month", ""),
    "tables/slices_invite.csv": ("every group's people, shares, ranking and calibration", ""),
    "tables/slices_quota.csv": ("every group's grants", "test.quota.r2"),
    "tables/interval_by_slice.csv": ("every group's share of grants inside the interval", "test.quota.coverage"),
    "tables/stability_by_column.csv": ("every column's stability index, by month and over all", ""),
    "tables/directions.csv": ("every column's direction and what is proved of it", ""),
    "tables/gates.csv": ("every gate, its value and its outcome", ""),
    "report.html": ("all of it on one page", ""),
}
"""File kept with the run of a training -> what it shows, and the metric without which there is none."""
