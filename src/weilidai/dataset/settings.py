"""Which people a training run reads, and what it will not accept of them."""

from pydantic import BaseModel, ConfigDict, Field, model_validator


class TableLimits(BaseModel):
    """How much a table may fall short of the contract before it is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    minimum_rows: int = Field(500, ge=1, description="Fewest people a model may learn from.")
    minimum_class_rows: int = Field(
        30, ge=1, description="Fewest people of each outcome (invited, not invited) and fewest opened people."
    )
    unknown_share: float = Field(
        0.05, ge=0, le=1, description="Largest share of people whose category is not in the dictionary."
    )
    impossible_share: float = Field(
        0.001, ge=0, le=1, description="Largest share of people whose columns contradict each other."
    )
    leak_auc: float = Field(
        0.99, gt=0.5, le=1, description="A single column that separates the label this well is taken for a copy of it."
    )


class DataSettings(BaseModel):
    """How many people are generated, under which regime, and how they are split."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: int = Field(200_000, ge=1, le=100_000_000, description="People to generate.")
    seed: int = Field(20210, ge=0, lt=2**32, description="Seed of the population and of the split by person.")
    regime: str = Field("optimisation", min_length=1, description="The dated state of rules and market they live in.")
    readings: dict[str, str] = Field(
        default_factory=dict, description="Other readings of contradictions than those by default, by key."
    )
    allow_stale_parameters: bool = Field(
        default=False, description="Whether to learn from people whose parameters do not agree with the facts any more."
    )
    test_months: int = Field(3, ge=1, le=120, description="Last snapshot months, kept out of time for the test.")
    valid_share: float = Field(
        0.1, gt=0, lt=1, description="Share of the earlier people who decide when boosting stops."
    )
    calibrate_share: float = Field(
        0.1, gt=0, lt=1, description="Share of the earlier people on whom probabilities and intervals are calibrated."
    )
    limits: TableLimits = Field(default_factory=TableLimits, description="When a table is refused.")

    @model_validator(mode="after")
    def _leaves_people_to_learn_from(self) -> "DataSettings":
        if self.valid_share + self.calibrate_share >= 1:
            msg = "valid_share and calibrate_share together leave nobody to learn from; their sum must stay below 1"
            raise ValueError(msg)
        return self
