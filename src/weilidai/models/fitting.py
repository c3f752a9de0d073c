"""How the three models are learnt: by growing them, unless somebody has a way to bring the same ones back."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Self

from weilidai.models.boosting import Grow
from weilidai.models.invite import InviteModel, fit_invite
from weilidai.models.quota import QuotaModel, fit_quota
from weilidai.models.rate import RateModel, fit_rate


@dataclass(frozen=True)
class Fitting:
    """One way to learn each model; called as the functions that stand here at first."""

    invite: Callable[..., InviteModel] = fit_invite
    quota: Callable[..., QuotaModel] = fit_quota
    rate: Callable[..., RateModel] = fit_rate

    @classmethod
    def by(cls, grow: Grow) -> Self:
        """Learn each model from trees that are grown in another way, as on other machines."""
        return cls(partial(fit_invite, grow=grow), partial(fit_quota, grow=grow), partial(fit_rate, grow=grow))
