"""How much is measured, and what a model must reach."""

from collections.abc import Mapping
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from weilidai.evaluation.study_settings import AgeRules, RetrainingRules


class Gate(BaseModel):
    """A named bound on one metric."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    metric: str = Field(min_length=1, description="Name of the metric, as it is logged.")
    at_least: float | None = Field(None, allow_inf_nan=False, description="Smallest value that passes.")
    at_most: float | None = Field(None, allow_inf_nan=False, description="Largest value that passes.")
    why: str = Field(min_length=1, description="What the gate protects.")

    @model_validator(mode="after")
    def _has_a_bound(self) -> "Gate":
        if self.at_least is None and self.at_most is None:
            msg = f"the gate on {self.metric!r} has neither at_least nor at_most"
            raise ValueError(msg)
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            msg = f"the gate on {self.metric!r} lets nothing pass: at_least is above at_most"
            raise ValueError(msg)
        return self


class LeakBounds(BaseModel):
    """What no honest model can reach; these gates stand in every training and at every promotion."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    share_of_ceiling: float = Field(
        1.0, gt=0, allow_inf_nan=False,
        description="Largest share of the truth's ranking power, at the low end of its interval.",
    )
    auc_among_the_eligible: float = Field(0.99, gt=0.5, le=1, description="Largest AUC among the eligible.")
    auc: float = Field(0.995, gt=0.5, le=1, description="Largest AUC over everybody.")


class SourceCost(BaseModel):
    """What it costs a lender to know the columns of one source about one person; an assumption."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cost_cny: float = Field(ge=0, le=1e6, allow_inf_nan=False, description="Fee for one person, CNY.")
    latency_ms: float = Field(ge=0, le=1e9, allow_inf_nan=False, description="Time until the answer, milliseconds.")
    why: str = Field(min_length=1, description="Where the two numbers come from.")


ColumnSource = Literal["bureau", "permission", "own"]
_SOURCES: Final[Mapping[ColumnSource, SourceCost]] = {
    "bureau": SourceCost(cost_cny=2.0, latency_ms=800, why="assumed: a report costs a lender a few yuan, and a call"),
    "permission": SourceCost(cost_cny=0.0, latency_ms=50, why="assumed: a look-up; who withholds it is missing"),
    "own": SourceCost(cost_cny=0.0, latency_ms=5, why="assumed: one read of the lender's own tables"),
}


class EvaluationSettings(BaseModel):
    """How metrics, intervals and slices are measured, and the gates."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    replicates: int = Field(200, ge=0, le=100_000, description="Bootstrap draws of people; 0 measures no intervals.")
    level: float = Field(0.95, gt=0, lt=1, description="Share of the draws an interval holds.")
    seed: int = Field(11, ge=0, lt=2**32, description="Seed of the bootstrap.")
    slice_minimum: int = Field(
        200, ge=20, description="Fewest people of a group on whom metrics are judged; never below 20, for privacy."
    )
    recourse_people: int = Field(
        60, ge=0, le=10_000, description="Refused test people for whom advice is sought and tried; 0 measures none."
    )
    protected: tuple[str, ...] = Field(
        (), description="Columns no model may read on top of those the documents' factors mark; their price is told."
    )
    retraining: RetrainingRules = Field(
        default_factory=RetrainingRules, description="When a model in use should be learnt anew."
    )
    leak_bounds: LeakBounds = Field(
        default_factory=LeakBounds, description="Figures too good to be true, which stop a model."
    )
    age: AgeRules = Field(default_factory=AgeRules, description="When a model is too old for those it is asked about.")
    sources: dict[ColumnSource, SourceCost] = Field(
        default_factory=lambda: dict(_SOURCES), description="What the columns of each source cost, held against worth."
    )
    gates: dict[str, Gate] = Field(default_factory=dict, description="What a champion must reach, by name.")
