"""Settings of a matching."""

from pydantic import BaseModel, ConfigDict, Field


class MatchSettings(BaseModel):
    """How long and on whom to match; settings, not numbers of the simulator."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seed: int = 1
    """Seed of the people the fit is made on."""
    blocks: int = Field(default=16, ge=1)
    """Blocks of 16,384 people the fit is made on."""
    steps: int = Field(default=30, ge=1)
    """Most Gauss-Newton steps."""
    pull: float = Field(default=0.3, ge=0)
    """Strength of the pull towards assumed values, in tolerances per prior width."""
    difference: float = Field(default=0.02, gt=0)
    """Step of a difference quotient, in prior widths."""
    precision: float = Field(default=1e-3, gt=0)
    """Relative change of distance or numbers at which the fit stops."""
    spread_seeds: int = Field(default=8, ge=0)
    """Further populations over which the fitted numbers are averaged and their spread is measured."""
    check_seed: int = 20_211
    """Seed of the unseen people the result is checked on."""
    check_people: int = Field(default=300_000, ge=1)
    """Number of unseen people."""
