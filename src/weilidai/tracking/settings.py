"""Where runs and models are remembered, and when a new model becomes the champion."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from weilidai.stores import store_uri


class TrackingSettings(BaseModel):
    """The store, the names in it, and the figure by which two models are compared."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    uri: str | None = Field(
        None, description="MLflow tracking address; left out, MLFLOW_TRACKING_URI, else mlflow.db in the project."
    )
    experiment: str = Field(
        "weilidai", pattern=r"^\w[\w .-]*$", max_length=200, description="Experiment the runs belong to."
    )
    registered_model: str = Field(
        "weilidai", pattern=r"^[A-Za-z0-9_.-]+$", max_length=100, description="Name of the model in the registry."
    )
    champion_metric: str = Field(
        "test.invite_eligible.auc", min_length=1, description="Metric that a challenger has to win on."
    )
    champion_metric_is: Literal["higher_better", "lower_better"] = Field(
        "higher_better", description="Which way that metric improves."
    )
    champion_margin: float = Field(
        0.0, ge=0, allow_inf_nan=False, description="By how much a challenger has to win, in units of the metric."
    )
    lock_timeout_seconds: float = Field(
        60.0, gt=0, le=3600,
        description="How long to wait for another process that creates the store, writes or promotes.",
    )
    spool: str | None = Field(
        None, description="Folder for what a store that does not answer did not take; left out, beside the store."
    )

    @property
    def resolved_uri(self) -> str:
        """Address after environment and project have been asked; absolute for a SQLite file."""
        return store_uri(self.uri)
