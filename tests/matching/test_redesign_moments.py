"""What borrowers think of how quota and reminders are shown to them."""

import numpy as np
import pytest

from weilidai.matching.crowd import Crowd
from weilidai.matching.redesign_moments import NOBODYS_LEVEL, REDESIGN_MOMENTS


def crowd(display, opaque):
    columns = {"limit_display": np.array(display, np.uint8), "finds_quota_opaque": np.array(opaque),
               "dislikes_reminders": np.array(opaque)}
    return Crowd(columns, {}, {}, {})


@pytest.mark.parametrize("name", REDESIGN_MOMENTS)
def test_borrowers_alone_are_asked(name):
    asked = crowd([0, 0, 0, 0, NOBODYS_LEVEL, NOBODYS_LEVEL], [True, True, True, False, False, False])
    assert REDESIGN_MOMENTS[name](asked) == pytest.approx(0.75)


@pytest.mark.parametrize("name", REDESIGN_MOMENTS)
def test_without_borrowers_there_is_no_share(name):
    assert np.isnan(REDESIGN_MOMENTS[name](crowd([NOBODYS_LEVEL], [False])))
