"""All settings of a training run in one tree; each branch is the settings class of its stage."""

from pydantic import BaseModel, ConfigDict, Field

from weilidai.dataset.settings import DataSettings
from weilidai.evaluation.settings import EvaluationSettings
from weilidai.models.settings import InviteSettings, QuotaSettings, RateSettings
from weilidai.tracking.settings import TrackingSettings


class Settings(BaseModel):
    """A group of settings that accepts exactly its own names."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ModelSettings(Settings):
    """The three models."""

    invite: InviteSettings = Field(default_factory=InviteSettings, description="Who is invited.")
    quota: QuotaSettings = Field(default_factory=QuotaSettings, description="How large the first grant is.")
    rate: RateSettings = Field(default_factory=RateSettings, description="What a day costs.")


class TrainSettings(Settings):
    """Everything a training run is decided by."""

    data: DataSettings = Field(default_factory=DataSettings, description="Whom the models learn from.")
    model: ModelSettings = Field(default_factory=ModelSettings, description="How the models are grown.")
    evaluation: EvaluationSettings = Field(
        default_factory=EvaluationSettings, description="How the models are measured, and what a champion must reach."
    )
    tracking: TrackingSettings = Field(default_factory=TrackingSettings, description="Where the run is remembered.")
