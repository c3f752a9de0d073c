"""The truth about reasons: each factor's true part of a person's log-odds, against the same approved people.

The truth of a generated table counts from all eligible people. Reasons count from approved ones, who differ; so the
means that the lender's terms are told from are measured again on those. No probability changes by that.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.columns import CATALOGUE, LEVELS
from weilidai.explain.recovery import PREFIX
from weilidai.lender.invitation import InvitationParameters, Meeting, factor_logits, meeting_sums, neutral_sums

BoolArray = npt.NDArray[np.bool_]


def true_against(people: pd.DataFrame, crowd: pd.DataFrame, lender: InvitationParameters) -> pd.DataFrame:
    """Share out true log-odds as the model's are shared out: against the average of a crowd.

    Parameters
    ----------
    people
        Eligible people, with every feature column.
    crowd
        Whom they are compared with, with the same columns; approved people.
    lender
        The terms of the invitation.

    Returns
    -------
    DataFrame
        Columns ``logit_<factor>`` on the rows of ``people``; each is 0 on average over the crowd.
    """
    others = _as_columns(crowd)
    told_from = _measured(others, len(crowd), lender)
    centres = factor_logits(others, told_from)
    parts = factor_logits(_as_columns(people), told_from)
    centred = {
        f"{PREFIX}{name}": part - np.float32(centres[name].mean(dtype=np.float64)) for name, part in parts.items()
    }
    return pd.DataFrame(centred, index=people.index)


def _measured(
    crowd: dict[str, npt.NDArray[np.generic]], people: int, lender: InvitationParameters
) -> InvitationParameters:
    everybody: BoolArray = np.ones(people, dtype=np.bool_)
    seen = neutral_sums(crowd, lender.terms, everybody)
    met = meeting_sums(crowd, lender.terms, everybody)
    return lender.model_copy(update={
        "neutral": {name: total / max(count, 1) for name, (total, count) in seen.items()},
        "meetings": {name: Meeting(own=own / people, strengthening=more / people) for name, (own, more) in met.items()},
        "centres": {},
    })


def _as_columns(people: pd.DataFrame) -> dict[str, npt.NDArray[np.generic]]:
    features = [name for name, column in CATALOGUE.items() if column.is_feature and name in people.columns]
    return {
        name: pd.Index(LEVELS[name]).get_indexer(pd.Index(people[name].to_numpy(dtype=object))).astype(np.uint8)
        if name in LEVELS else people[name].to_numpy()
        for name in features
    }
