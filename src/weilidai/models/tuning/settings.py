"""What a search may change, how far, and how long it looks."""

from collections.abc import Mapping
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from weilidai.errors import suggest
from weilidai.models.settings import TreeSettings

SEARCHED: Final = (
    "learning_rate", "num_leaves", "max_depth", "min_data_in_leaf", "feature_fraction", "bagging_fraction",
    "bagging_freq", "lambda_l2", "max_bin",
)
"""Settings of the trees that decide how well they learn; the number of trees is found by early stopping."""


class Span(BaseModel):
    """Values one setting may take."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    low: float = Field(allow_inf_nan=False, description="Smallest value.")
    high: float = Field(allow_inf_nan=False, description="Largest value, included.")
    log: bool = Field(default=False, description="Whether values are drawn evenly on a logarithmic scale.")

    @model_validator(mode="after")
    def _is_a_span(self) -> "Span":
        if self.low >= self.high:
            raise ValueError(f"low {self.low:g} is not below high {self.high:g}")
        if self.log and self.low <= 0:
            raise ValueError(f"a logarithmic scale has no place for low {self.low:g}")
        return self


DEFAULT_SPACE: Final[Mapping[str, Span]] = {
    "learning_rate": Span(low=0.02, high=0.2, log=True),
    "num_leaves": Span(low=2, high=16),
    "max_depth": Span(low=1, high=4),
    "min_data_in_leaf": Span(low=10, high=500, log=True),
    "feature_fraction": Span(low=0.3, high=1.0),
    "bagging_fraction": Span(low=0.5, high=1.0),
    "lambda_l2": Span(low=0.01, high=50, log=True),
}
"""Around the defaults, on both sides, as far as shallow trees make sense."""


class SearchSettings(BaseModel):
    """A search for the settings of one model."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: Literal["invite", "quota"] = Field("invite", description="The model whose settings are searched.")
    name: str = Field(
        "invite", pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,80}$",
        description="Name of the study; a search of the same name goes on where the last one stopped.",
    )
    folder: str | None = Field(
        None, min_length=1, description="Folder that remembers the studies; null is data/generated/search."
    )
    trials: int = Field(40, ge=1, le=10_000, description="Trials the study shall have when the search ends.")
    seed: int = Field(3, ge=0, lt=2**31, description="Seed of the sampler.")
    warm_up_trials: int = Field(8, ge=1, description="Trials drawn at random before the sampler learns from them.")
    prune_every: int = Field(25, ge=1, description="Trees between two looks whether a trial is worth going on.")
    prune_at_rate: float = Field(
        0.05, gt=0, le=1,
        description="Learning rate at which these trees are counted; faster learners are looked at after fewer.",
    )
    looks_before_pruning: int = Field(3, ge=0, description="Looks for which no trial is given up.")
    weighed_from: int = Field(
        10, ge=4, description="Complete trials from which settings are weighed against each other."
    )
    within: float = Field(
        0.002, gt=0, allow_inf_nan=False,
        description="Distance at which the defaults count as good as the best found: AUC for invite, R2 for quota.",
    )
    space: Mapping[str, Span] = Field(DEFAULT_SPACE, description="Setting -> values it may take.")

    @field_validator("space")
    @classmethod
    def _can_be_searched(cls, space: Mapping[str, Span]) -> Mapping[str, Span]:
        if not space:
            raise ValueError("nothing to search; name at least one setting")
        for name, span in space.items():
            if name not in SEARCHED:
                raise ValueError(f"'{name}' is nothing a search may change, {suggest(name, SEARCHED)}")
            _refuse_impossible(name, span)
        return space


def is_whole(name: str) -> bool:
    """Tell whether a setting takes whole numbers only."""
    return TreeSettings.model_fields[name].annotation is int


def _refuse_impossible(name: str, span: Span) -> None:
    for bound in (span.low, span.high):
        value = round(bound) if is_whole(name) else bound
        if value != bound:
            raise ValueError(f"'{name}' takes whole numbers, not {bound:g}")
        loose = {"max_depth": 32} if name == "num_leaves" else {"num_leaves": 2} if name == "max_depth" else {}
        try:
            TreeSettings.model_validate({**loose, name: value})
        except ValueError as error:
            raise ValueError(f"'{name}' cannot be {bound:g}") from error
