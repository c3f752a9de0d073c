"""One model grown with some settings: the loss a search goes by, and the figures it is judged on."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Final, Generic, TypeVar

import numpy as np
import pandas as pd

from weilidai.evaluation.bootstrap import Scored
from weilidai.evaluation.invite_metrics import InviteScores
from weilidai.evaluation.quota_metrics import QuotaScores
from weilidai.models.boosting import OnIteration
from weilidai.models.invite import InviteModel, fit_invite
from weilidai.models.quota import QuotaModel, fit_quota
from weilidai.models.settings import InviteSettings, QuotaSettings, TreeSettings
from weilidai.pipeline.learning import Inputs, Lender, Tables

Student = TypeVar("Student")
Knobs = TypeVar("Knobs", bound=TreeSettings)


@dataclass(frozen=True)
class Ground(ABC, Generic[Student, Knobs]):
    """What every trial of a search has in common; one class for each model."""

    tables: Tables
    inputs: Inputs
    lender: Lender
    defaults: Knobs

    loss_name: ClassVar[str]
    """What a trial is chosen by, on the people set aside for calibration; smaller is better."""
    judged_name: ClassVar[str]
    """What defaults and best are compared on, on people of later months; larger is better."""

    @abstractmethod
    def grow(self, knobs: Knobs, on_iteration: OnIteration | None = None) -> Student:
        """Grow the model with the given settings; an exception in ``on_iteration`` ends it."""

    @abstractmethod
    def asked(self, student: Student, people: pd.DataFrame) -> pd.DataFrame:
        """Keep the people whom the model is for."""

    @abstractmethod
    def scores(self, student: Student, people: pd.DataFrame) -> Scored:
        """Score a model on people whom it is for."""

    def loss(self, student: Student) -> float:
        """Loss on the people set aside."""
        return self.scores(student, self.asked(student, self.tables.calibrate)).metrics()[self.loss_name]


class InviteGround(Ground[InviteModel, InviteSettings]):
    """Searching the settings of the invite model, among the eligible."""

    loss_name = "logloss"
    judged_name = "auc"

    def grow(self, knobs: InviteSettings, on_iteration: OnIteration | None = None) -> InviteModel:
        """Grow the invite model."""
        parts = (self.tables.train, self.tables.valid, self.tables.calibrate)
        return fit_invite(*parts, self.inputs.invite, self.lender.policy, knobs, on_iteration)

    def asked(self, student: InviteModel, people: pd.DataFrame) -> pd.DataFrame:
        """Keep the eligible: nobody else is ranked."""
        return people.loc[student.is_eligible(people)]

    def scores(self, student: InviteModel, people: pd.DataFrame) -> Scored:
        """Score the probabilities of an invitation."""
        return InviteScores(people["is_invited"].to_numpy(dtype=bool), student.probability(people))


class QuotaGround(Ground[QuotaModel, QuotaSettings]):
    """Searching the settings of the quota model, among those who opened."""

    loss_name = "rmsle"
    judged_name = "r2"

    def grow(self, knobs: QuotaSettings, on_iteration: OnIteration | None = None) -> QuotaModel:
        """Grow the quota model."""
        parts = (self.tables.train, self.tables.valid, self.tables.calibrate)
        return fit_quota(*parts, self.inputs.quota, knobs, on_iteration)

    def asked(self, student: QuotaModel, people: pd.DataFrame) -> pd.DataFrame:  # noqa: ARG002  # as of any model
        """Keep those who opened: nobody else was granted anything."""
        return people.loc[people["is_opened"].to_numpy(dtype=bool)]

    def scores(self, student: QuotaModel, people: pd.DataFrame) -> Scored:
        """Score the mean grants."""
        return QuotaScores(people["initial_quota_cny"].to_numpy(dtype=np.float64), student.mean_cny(people))


GROUNDS: Final[dict[str, type[InviteGround] | type[QuotaGround]]] = {"invite": InviteGround, "quota": QuotaGround}
"""Model -> how its settings are searched."""
