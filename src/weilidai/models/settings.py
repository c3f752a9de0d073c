"""How the models are grown; one class per model, with only the fields that model reads."""

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from weilidai.columns import LEVELS
from weilidai.errors import suggest

LEAVES_SET_ANEW: Final = ("regression_l1", "l1", "mae", "quantile", "mape")
"""LightGBM objectives that move leaves to a quantile after growing: directions cannot be held there."""


CHALLENGERS: Final = (
    "documented_rules", "woe_scorecard", "logistic", "plain_quota", "additive", "interactions", "unconstrained",
)
"""Models that can be held against the trees in the same run."""


class TreeSettings(BaseModel):
    """How a LightGBM model is grown.

    Shallow trees on purpose: the documented lender adds up factors, so deep trees mostly learn noise, and
    shallow ones explain a person ten times faster. Every field is a LightGBM parameter of the same name.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    num_iterations: int = Field(1500, ge=1, le=20_000, description="Most trees that may be grown.")
    early_stopping_round: int = Field(
        50, ge=1, lt=2**31, description="Trees without progress after which growing stops."
    )
    learning_rate: float = Field(0.05, gt=0, le=1, allow_inf_nan=False, description="Part of each tree that is kept.")
    num_leaves: int = Field(4, ge=2, le=1024, description="Most leaves of a tree.")
    max_depth: int = Field(2, ge=1, le=32, description="Most questions on the way to a leaf.")
    min_data_in_leaf: int = Field(100, ge=1, lt=2**31, description="Fewest people in a leaf.")
    feature_fraction: float = Field(0.6, gt=0, le=1, description="Share of the features offered to each tree.")
    bagging_fraction: float = Field(0.8, gt=0, le=1, description="Share of the people shown to each tree.")
    bagging_freq: int = Field(
        1, ge=0, lt=2**31, description="Trees between two draws of people; 0 shows everybody to all."
    )
    lambda_l2: float = Field(5.0, ge=0, allow_inf_nan=False, description="Pull of leaf values towards zero.")
    max_bin: int = Field(255, ge=2, le=65_535, description="Most steps a column is cut into.")
    seed: int = Field(7, ge=0, lt=2**31, description="Seed of feature and people draws.")
    num_threads: int = Field(
        1, ge=1, le=512, description="Threads; one is steady on a busy machine, more pay from about a million people."
    )

    @model_validator(mode="after")
    def _leaves_fit_the_depth(self) -> "TreeSettings":
        if self.num_leaves > 2**self.max_depth:
            msg = f"num_leaves {self.num_leaves} is out of reach of max_depth {self.max_depth}; change one of them"
            raise ValueError(msg)
        return self


class InviteSettings(TreeSettings):
    """How the invite model is grown and where its threshold lies.

    One question a tree: the documented lender adds up factors, and what each column adds can then be scaled
    anew, which gives columns that say nearly the same their due. Deeper trees rank no better.
    """

    num_iterations: int = Field(3000, ge=1, le=20_000, description="Most trees that may be grown.")
    early_stopping_round: int = Field(
        100, ge=1, lt=2**31, description="Trees without progress after which growing stops."
    )
    learning_rate: float = Field(0.1, gt=0, le=1, allow_inf_nan=False, description="Part of each tree that is kept.")
    num_leaves: int = Field(2, ge=2, le=1024, description="Most leaves of a tree.")
    max_depth: int = Field(1, ge=1, le=32, description="Most questions on the way to a leaf.")
    min_data_in_leaf: int = Field(200, ge=1, lt=2**31, description="Fewest people in a leaf.")
    feature_fraction: float = Field(1.0, gt=0, le=1, description="Share of the features offered to each tree.")
    max_bin: int = Field(63, ge=2, le=65_535, description="Most steps a column is cut into.")
    rebalance: bool = Field(
        default=True,
        description="Whether each column's part is scaled anew at the end; only trees of one question allow it.",
    )
    coverage: float = Field(0.15, gt=0, lt=1, description="Share of all people the policy invites; sets the threshold.")
    excluded_dimensions: tuple[str, ...] = Field(
        ("tencent_scores",),
        description="Dimensions that are no features: Tencent's scores sum up other columns and would hide them.",
    )
    excluded_columns: tuple[str, ...] = Field((), description="Further columns that are no features.")


class QuotaSettings(TreeSettings):
    """How the model of the first grant is grown and how wide its interval is.

    Few people open, so leaves are small, and every tree sees every feature and everybody.
    """

    num_leaves: int = Field(15, ge=2, le=1024, description="Most leaves of a tree.")
    max_depth: int = Field(4, ge=1, le=32, description="Most questions on the way to a leaf.")
    min_data_in_leaf: int = Field(20, ge=1, lt=2**31, description="Fewest people in a leaf.")
    feature_fraction: float = Field(1.0, gt=0, le=1, description="Share of the features offered to each tree.")
    bagging_freq: int = Field(
        0, ge=0, lt=2**31, description="Trees between two draws of people; 0 shows everybody to all."
    )
    objective: Literal["regression", "huber"] = Field(
        "regression", description="Loss on logarithms: regression for squares, huber to mind outliers less."
    )
    interval_share: float = Field(0.9, gt=0, lt=1, description="Share of people whose grant the interval must hold.")
    interval_folds: int = Field(
        10, ge=0, le=100, description="Parts held out in turn to calibrate the interval; below 2 people set aside do."
    )
    interval_people: int = Field(
        12_000, ge=0, description="People who calibrate the interval well enough; no further part is held out then."
    )
    interval_groups: str | None = Field(
        "user_type", description="Category whose groups get intervals calibrated on their own; null treats all alike."
    )
    interval_group_minimum: int = Field(
        30, ge=20, description="Fewest people of a group for a calibration of its own."
    )
    spread_iterations: int = Field(200, ge=1, le=20_000, description="Most trees of the model of the interval's width.")
    minimum_cny: float = Field(500.0, gt=0, description="Smallest grant there is, yuan.")
    maximum_cny: float = Field(
        300_000.0, gt=0, allow_inf_nan=False,
        description="Largest grant there is, yuan; nor is any told above the largest one seen."
    )
    step_cny: float = Field(
        100.0, gt=0, allow_inf_nan=False, description="Grants are quoted in multiples of this, yuan."
    )
    excluded_dimensions: tuple[str, ...] = Field((), description="Dimensions that are no features.")
    excluded_columns: tuple[str, ...] = Field((), description="Columns that are no features.")

    @field_validator("objective", mode="before")
    @classmethod
    def _directions_hold_under(cls, objective: object) -> object:
        if objective in LEAVES_SET_ANEW:
            msg = f"{objective} sets leaves anew after growing, which breaks the documented directions"
            raise ValueError(msg)
        return objective

    @field_validator("interval_groups")
    @classmethod
    def _groups_are_a_category(cls, column: str | None) -> str | None:
        if column is not None and column not in LEVELS:
            raise ValueError(f"{column!r} is no category; {suggest(column, LEVELS)}")
        return column

    @model_validator(mode="after")
    def _bounds_are_in_order(self) -> "QuotaSettings":
        if self.minimum_cny >= self.maximum_cny:
            msg = f"minimum_cny {self.minimum_cny:g} is not below maximum_cny {self.maximum_cny:g}"
            raise ValueError(msg)
        return self


class RateSettings(TreeSettings):
    """How the model of the daily rate is grown."""

    min_data_in_leaf: int = Field(50, ge=1, lt=2**31, description="Fewest people in a leaf.")
    excluded_dimensions: tuple[str, ...] = Field((), description="Dimensions that are no features.")
    excluded_columns: tuple[str, ...] = Field((), description="Columns that are no features.")


class ExplainSettings(BaseModel):
    """How a decision is shared out among its reasons, and whom it is explained against."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    method: Literal["interventional", "path"] = Field(
        "interventional",
        description="How a score is shared out: against stored approved people, or by the trees' own training counts.",
    )
    background_rows: int = Field(
        1000, ge=1, le=100_000, description="Approved people kept in the model to explain decisions against."
    )


class PointsSettings(BaseModel):
    """The scale on which the scorecard is written in points."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    points_to_double: float = Field(20.0, gt=0, allow_inf_nan=False, description="Points for a doubling of the odds.")
    base_points: float = Field(600.0, allow_inf_nan=False, description="Points at the base odds.")
    base_odds: float = Field(1.0, gt=0, allow_inf_nan=False, description="Odds of an invitation, to one, at the base.")


def known_challengers(names: tuple[str, ...]) -> tuple[str, ...]:
    """See that challengers exist and are named once.

    Raises
    ------
    ValueError
        A name is unknown, with the near one, or occurs twice.
    """
    for name in names:
        if name not in CHALLENGERS:
            raise ValueError(f"unknown challenger {name!r}; {suggest(name, CHALLENGERS)}")
    if len(set(names)) != len(names):
        raise ValueError("a challenger is named twice")
    return names
