"""The approved people a decision is explained against, kept inside the saved model.

"Against you" needs somebody to compare with. These are people the lender did invite, drawn once from those the
trees were grown on, so that a reason says the same wherever the model is opened.
"""

from typing import Final

import numpy as np
import pandas as pd

from weilidai.errors import DataError, ModelError
from weilidai.models.features import encode
from weilidai.models.invite import LABEL, InviteModel
from weilidai.models.known_answers import people_from, people_to_dict

_DRAWN_BY: Final = 20_210


def choose_background(people: pd.DataFrame, invite: InviteModel, rows: int) -> pd.DataFrame:
    """Draw approved people to explain against; all of them when there are fewer.

    Parameters
    ----------
    people
        People the invite model has learnt from, with ``is_invited``.
    invite
        The model; its features are what is kept of a person.
    rows
        People wanted.

    Returns
    -------
    DataFrame
        Columns are the features of the invite model, in the order and the precision it reads.

    Raises
    ------
    DataError
        Nobody among these people was approved.
    """
    is_approved = people[LABEL].to_numpy(dtype=np.bool_) & invite.is_eligible(people)
    approved = np.flatnonzero(is_approved)
    if not len(approved):
        raise DataError("nobody was approved whom a decision could be explained against", where=LABEL)
    drawn = np.sort(np.random.default_rng(_DRAWN_BY).permutation(approved)[:rows])
    return people_from(people_to_dict(people.iloc[drawn], invite.features.names))


def require_background(background: pd.DataFrame, invite: InviteModel, rows: int) -> None:
    """See that a stored background is of the size and columns that the model says.

    Raises
    ------
    ModelError
        People or columns were lost or added.
    """
    if len(background) != rows or not rows or tuple(background.columns) != invite.features.names:
        raise ModelError(
            f"the background has {len(background)} people and {background.shape[1]} columns, "
            f"not {rows} and {len(invite.features.names)}", where="background", cure="train again",
        )
    encode(background, invite.features)
