"""All settings of a training run in one tree; each branch is the settings class of its stage."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from weilidai.cache.settings import CacheSettings
from weilidai.dataset.settings import DataSettings
from weilidai.evaluation.settings import EvaluationSettings
from weilidai.models.settings import (
    CHALLENGERS,
    ExplainSettings,
    InviteSettings,
    PointsSettings,
    QuotaSettings,
    RateSettings,
    known_challengers,
)
from weilidai.models.tuning.settings import SearchSettings
from weilidai.pipeline.scale.settings import ScaleSettings
from weilidai.tracking.settings import TrackingSettings


class Settings(BaseModel):
    """A group of settings that accepts exactly its own names."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ModelSettings(Settings):
    """The three models."""

    invite: InviteSettings = Field(default_factory=InviteSettings, description="Who is invited.")
    quota: QuotaSettings = Field(default_factory=QuotaSettings, description="How large the first grant is.")
    rate: RateSettings = Field(default_factory=RateSettings, description="What a day costs.")
    challengers: Annotated[tuple[str, ...], AfterValidator(known_challengers)] = Field(
        CHALLENGERS, description="Simpler models that are learnt beside these and held against them."
    )
    points: PointsSettings = Field(default_factory=PointsSettings, description="The scale of the scorecard's points.")
    explain: ExplainSettings = Field(
        default_factory=ExplainSettings, description="How a decision is shared out among its reasons."
    )


class TrainSettings(Settings):
    """Everything a training run is decided by."""

    data: DataSettings = Field(default_factory=DataSettings, description="Whom the models learn from.")
    model: ModelSettings = Field(default_factory=ModelSettings, description="How the models are grown.")
    evaluation: EvaluationSettings = Field(
        default_factory=EvaluationSettings, description="How the models are measured, and what a champion must reach."
    )
    search: SearchSettings = Field(
        default_factory=SearchSettings,
        description="How better settings are looked for; only `weilidai sweep` reads it.",
    )
    cache: CacheSettings = Field(
        default_factory=CacheSettings, description="Whether what was learnt before is used again."
    )
    tracking: TrackingSettings = Field(default_factory=TrackingSettings, description="Where the run is remembered.")
    scale: ScaleSettings = Field(default_factory=ScaleSettings, description="Where the work is done.")
