"""The approved people a model carries."""

import numpy as np
import pandas as pd
import pytest

from weilidai.errors import DataError, ModelError
from weilidai.models.background import choose_background, require_background
from weilidai.models.features import encode
from weilidai.models.invite import InviteModel


def test_only_approved_people_are_drawn(people: pd.DataFrame, invite: InviteModel) -> None:
    chosen = choose_background(people, invite, 100)
    assert chosen.shape == (100, len(invite.features.names))
    approved = encode(people.loc[people["is_invited"]], invite.features)
    known = {row.tobytes() for row in approved}
    assert all(row.tobytes() in known for row in encode(chosen, invite.features))


def test_the_same_people_are_drawn_each_time(people: pd.DataFrame, invite: InviteModel) -> None:
    pd.testing.assert_frame_equal(choose_background(people, invite, 50), choose_background(people, invite, 50))


def test_all_are_kept_where_there_are_fewer(people: pd.DataFrame, invite: InviteModel) -> None:
    chosen = choose_background(people, invite, 10**6)
    assert len(chosen) == int(people["is_invited"].sum())


def test_a_table_without_anybody_approved_is_refused(people: pd.DataFrame, invite: InviteModel) -> None:
    with pytest.raises(DataError, match="nobody was approved"):
        choose_background(people.assign(is_invited=np.False_), invite, 100)


def test_a_background_that_lost_people_or_columns_is_refused(people: pd.DataFrame, invite: InviteModel) -> None:
    chosen = choose_background(people, invite, 20)
    require_background(chosen, invite, 20)
    for changed in (chosen.head(19), chosen.iloc[:, 1:], chosen.head(0)):
        with pytest.raises(ModelError, match="the background has"):
            require_background(changed, invite, 20)
