"""Which people a training run reads, and what it will not accept of them."""

from typing import Literal

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
    """Where people come from, simulated or from a table of one's own, and how they are split."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: Literal["simulated", "table"] = Field(
        "simulated", description="Where people come from: the matched simulator, or a table of one's own."
    )
    file: str | None = Field(
        None, description="The table of one's own: .parquet, .csv or .csv.gz, relative to the folder one works in."
    )
    mapping: str | None = Field(
        None, description="What its columns mean: a YAML file, relative to the folder one works in or the project."
    )
    rows: int = Field(200_000, ge=1, le=100_000_000, description="People to generate.")
    seed: int = Field(20210, ge=0, lt=2**32, description="Seed of the population and of the split by person.")
    regime: str = Field("optimisation", min_length=1, description="The dated state of rules and market they live in.")
    policy: str = Field(
        "composite", min_length=1,
        description="What decides about an invitation: the whole matched lender, or one documented weighting alone.",
    )
    repeat_seeds: tuple[int, ...] = Field(
        (), description="Seeds of further populations on which the weights are measured again, each in a child run."
    )
    readings: dict[str, str] = Field(
        default_factory=dict, description="Other readings of contradictions than those by default, by key."
    )
    allow_stale_parameters: bool = Field(
        default=False, description="Whether to learn from people whose parameters do not agree with the facts any more."
    )
    test_months: int = Field(3, ge=1, le=120, description="Last snapshot months, kept out of time for the test.")
    test_share: float = Field(
        0.25, gt=0, lt=1, description="Share of the people who test where the table of one's own has no time column."
    )
    valid_share: float = Field(
        0.1, gt=0, lt=1, description="Share of the earlier people who decide when boosting stops."
    )
    calibrate_share: float = Field(
        0.1, gt=0, lt=1, description="Share of the earlier people on whom probabilities and intervals are calibrated."
    )
    limits: TableLimits = Field(default_factory=TableLimits, description="When a table is refused.")

    @model_validator(mode="after")
    def _names_its_table(self) -> "DataSettings":
        if self.source == "table" and not (self.file and self.mapping):
            msg = "source 'table' needs file (the table) and mapping (what its columns mean)"
            raise ValueError(msg)
        if self.source == "simulated" and (self.file or self.mapping):
            msg = "file and mapping are read with source 'table' only; set source or leave them out"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _leaves_people_to_learn_from(self) -> "DataSettings":
        if self.valid_share + self.calibrate_share >= 1:
            msg = "valid_share and calibrate_share together leave nobody to learn from; their sum must stay below 1"
            raise ValueError(msg)
        return self
