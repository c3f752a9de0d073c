"""The statistics of what borrowers think of how quota and reminders are shown to them."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from weilidai.matching.crowd import Crowd

Moment = Callable[[Crowd], float]


def _share_of_borrowers(column: str) -> Moment:
    def moment(crowd: Crowd) -> float:
        opened = crowd.columns["limit_display"] != NOBODYS_LEVEL
        return float(np.mean(crowd.columns[column][opened], dtype=np.float64)) if opened.any() else float("nan")

    return moment


NOBODYS_LEVEL: Final = 255
"""Code of a category of people to whom it does not apply."""
REDESIGN_MOMENTS: Final[Mapping[str, Moment]] = {
    "quota_opaque_share": _share_of_borrowers("finds_quota_opaque"),
    "reminders_disliked_share": _share_of_borrowers("dislikes_reminders"),
}
"""Moment name -> how it is measured on a crowd."""
