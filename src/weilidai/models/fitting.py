"""How the three models are learnt: by growing them, unless somebody has a way to bring the same ones back."""

from collections.abc import Callable
from dataclasses import dataclass

from weilidai.models.invite import InviteModel, fit_invite
from weilidai.models.quota import QuotaModel, fit_quota
from weilidai.models.rate import RateModel, fit_rate


@dataclass(frozen=True)
class Fitting:
    """One way to learn each model; called as the functions that stand here at first."""

    invite: Callable[..., InviteModel] = fit_invite
    quota: Callable[..., QuotaModel] = fit_quota
    rate: Callable[..., RateModel] = fit_rate
