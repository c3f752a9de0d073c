"""A person who is asked about: what no person can be is refused, what a model does not know is said."""

from pathlib import Path
from typing import Final

import pandas as pd
from pandas.api.types import is_bool_dtype

from weilidai.columns import CATALOGUE, DOCUMENTED
from weilidai.dataset.column_checks import check_column
from weilidai.dataset.problems import Problem
from weilidai.dataset.row_checks import check_combinations
from weilidai.dataset.settings import TableLimits
from weilidai.errors import DataError, suggest
from weilidai.matching.regimes import regime_names
from weilidai.progress import for_this_terminal

_NOTHING_IMPOSSIBLE: Final = TableLimits(unknown_share=1.0, impossible_share=0.0)
"""Of one person nothing impossible is tolerated; an unknown category counts as unknown."""


def require_sound(person: pd.DataFrame, file: Path) -> None:
    """Refuse a person whose columns contradict each other, and warn of categories nobody knows.

    Parameters
    ----------
    person
        One row.
    file
        Where it stands.

    Raises
    ------
    DataError
        Columns contradict each other, a number is true or false, or there is no such regime; all are named.
    """
    features = [name for name in CATALOGUE if CATALOGUE[name].is_feature and list(person.columns).count(name) == 1]
    problems = [
        *(Problem(name, "is true or false where a number belongs") for name in features
          if CATALOGUE[name].kind not in ("flag", "category", "text") and _is_bool(person[name])),
        *check_combinations(person, features, _NOTHING_IMPOSSIBLE, DOCUMENTED),
    ]
    if problems:
        told = "; ".join(f"{one.column}: {one.what}" for one in problems)
        raise DataError(told, where=str(file), cure="mend these columns")
    _require_regime(person, file)
    for name in features:
        if CATALOGUE[name].kind == "category":
            for one in check_column(CATALOGUE[name], person[name], _NOTHING_IMPOSSIBLE):
                if not one.is_fatal:
                    for_this_terminal().say(f"warning: {name}: {one.what}")


def _is_bool(values: pd.Series) -> bool:
    return is_bool_dtype(values.dtype) or any(isinstance(value, bool) for value in values.to_numpy(object))


def _require_regime(person: pd.DataFrame, file: Path) -> None:
    told = person["regime"].iloc[0] if "regime" in person.columns else None
    if isinstance(told, str) and told not in regime_names():
        raise DataError(f"regime: unknown regime '{told}'", where=str(file), cure=suggest(told, regime_names()))
