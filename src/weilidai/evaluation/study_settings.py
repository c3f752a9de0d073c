"""How large the studies are, and by which rules a model is called stale."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class RetrainingRules(BaseModel):
    """When a model in use should be learnt anew; each rule needs no truth, only what a lender sees."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    psi_above: float = Field(
        0.25, gt=0, allow_inf_nan=False, description="Stability index of the score that means other people."
    )
    auc_drop_above: float = Field(0.02, gt=0, lt=0.5, description="Fall of the AUC below that of the first test.")
    mean_ratio_off: float = Field(
        0.2, gt=0, lt=1, description="Distance from 1 of the mean probability over the share invited."
    )


class AgeRules(BaseModel):
    """How far a model's months may lie behind; by the months of people, for a simulated year knows no calendar."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    warn_after_months: int | None = Field(
        12, ge=0, le=1200, description="Months between a model's newest people and those it decides for, till it warns."
    )
    refuse_after_months: int | None = Field(
        None, ge=0, le=1200, description="Months a promoted model's newest people may lie behind the champion's."
    )


class LearningCurveSettings(BaseModel):
    """Numbers of people a learning curve is drawn through."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: tuple[int, ...] = Field(
        (5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000), min_length=3,
        description="People to learn from, by point.",
    )
    populations: int = Field(2, ge=1, le=100, description="Independent populations per point.")
    test_rows: int = Field(200_000, ge=10_000, description="People of another population whose last months test all.")


class StabilitySettings(BaseModel):
    """Regimes a model is taken through."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: int = Field(80_000, ge=5_000, description="People of each regime.")
    learnt_in: str = Field("expansion", description="Regime the model is learnt in.")
    used_in: tuple[str, ...] = Field(
        ("optimisation", "contraction", "data_separated"), min_length=1, description="Regimes that follow."
    )


class FairnessSettings(BaseModel):
    """How prices are compared, and which planted gaps must be found."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: int = Field(200_000, ge=5_000, description="People.")
    risk_bins: int = Field(10, ge=2, le=100, description="Bins of equal size of the true chance of being overdue.")
    planted_bp: tuple[float, ...] = Field(
        (5, 10, 20, 40, 80, 160), min_length=2, description="Gaps planted, basis points of the annual rate."
    )
    resamples: int = Field(300, ge=20, description="Draws of people on which a planted gap is looked for.")
    power: float = Field(0.8, gt=0, lt=1, description="Share of draws in which a detectable gap is found.")


class RecourseSettings(BaseModel):
    """Whom advice is sought for, with which model, and how coarse the brute force is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str = Field(min_length=1, description="A bundle folder, models:/name@alias or runs:/id/model.")
    people: int = Field(1_000, ge=1, le=100_000, description="People who are refused, or want a higher quota.")
    seed: int | None = Field(None, ge=0, le=2**31, description="Population; left out, one the model has not seen.")
    aim: Literal["invitation", "quota"] = Field("invitation", description="What the advice is for.")
    seconds: float = Field(5.0, ge=0, le=600, description="Time for three and more actions at once, per person.")


class ReasonsSettings(BaseModel):
    """How often the models are learnt anew, and on whom their reasons are held against the truth."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    people: int = Field(5_000, ge=100, le=200_000, description="Eligible people of later months who are told reasons.")
    trainings: int = Field(5, ge=2, le=100, description="Models, each learnt from people drawn anew.")


class SelectiveLabelsSettings(BaseModel):
    """How a model of default risk is learnt from those who opened."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: int = Field(400_000, ge=20_000, description="People of each population.")
    populations: int = Field(8, ge=2, le=100, description="Independent populations.")
    test_rows: int = Field(50_000, ge=5_000, description="People of another population, on whom all are judged.")
    others_kept: int = Field(
        20_000, ge=1_000, description="People drawn from those who did not open to stand for all of them."
    )
    explored_share: float = Field(0.01, gt=0, lt=1, description="Part of the others let in at random.")
    prudence: float = Field(1.5, gt=0, description="Bad rate of a parcel of the others over that of those who opened.")
    parcels: int = Field(10, ge=2, le=100, description="Bands of the score in parcelling.")
    smallest_chance: float = Field(0.01, gt=0, lt=0.5, description="Least chance of opening a weight is made from.")
    hidden_columns: tuple[str, ...] = Field(
        ("overdue_count_24m", "debt_to_income_share"),
        description="Columns the lender selects by and the learner does not see, in the second half of the study.",
    )
