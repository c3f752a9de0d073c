"""Tables of people while they are filled block by block: columns of one type side by side, as a frame keeps them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from pandas.api.internals import create_dataframe_from_blocks  # type: ignore[import-not-found]  # new in pandas 3, not in its stubs

from weilidai.columns import CATALOGUE, LEVELS
from weilidai.matching.regimes import load_regime

Array = npt.NDArray[Any]
Words = Mapping[str, Sequence[str]]
"""Column of level codes -> the words they stand for."""
_TEXT: Final[Any] = pd.StringDtype(na_value=np.nan)
"""The type ``str``, as pandas calls it."""


def words_of(regime: str) -> dict[str, Sequence[str]]:
    """Give the words of every column of codes in one regime."""
    months = [f"{load_regime(regime).year}-{month:02d}" for month in range(1, 13)]
    return {"regime": (regime,), "snapshot_month": months, **LEVELS}


def of_the_contract(columns: Mapping[str, Array]) -> dict[str, Array]:
    """Give the contract's columns of some blocks of people, in its order."""
    one_regime = np.zeros(len(columns["person_id"]), dtype=np.uint8)
    return {name: one_regime if name == "regime" else columns[name] for name in CATALOGUE}


def type_of(name: str, values: Array) -> np.dtype[Any]:
    """Tell the type in which a column is kept: flags as such, counts of everybody whole."""
    column = CATALOGUE.get(name)
    if column is None or column.kind not in ("flag", "count"):
        return values.dtype
    if column.kind == "flag":
        return np.dtype(np.bool_)
    return values.dtype if column.may_be_missing or values.dtype == np.int64 else np.dtype(np.int32)


class Sheet:
    """Room for so many people, filled part by part; parts may come in any order and from several threads.

    Parameters
    ----------
    like
        Columns of any block, for names, order and types.
    words
        Words of the columns that are kept as level codes.
    rows
        Number of people.
    """

    def __init__(self, like: Mapping[str, Array], words: Words, rows: int) -> None:
        self._words, self._rows, self._names = words, rows, list(like)
        named: dict[np.dtype[Any], list[str]] = {}
        for name, values in like.items():
            named.setdefault(type_of(name, values), []).append(name)
        self._blocks = [(names, np.empty((len(names), rows), dtype=kept)) for kept, names in named.items()]
        self._columns = {name: row for names, block in self._blocks for name, row in zip(names, block, strict=True)}

    def put(self, at: int, columns: Mapping[str, Array], start: int, stop: int) -> None:
        """Fill in the people ``start`` to ``stop - 1`` of a block, from row ``at`` on."""
        for name, row in self._columns.items():
            row[at:at + stop - start] = columns[name][start:stop]

    def frame(self) -> pd.DataFrame:
        """Give the whole as a frame, without copying it."""
        place = {name: number for number, name in enumerate(self._names)}
        parts: list[tuple[Any, Array]] = []
        for names, block in self._blocks:
            if block.dtype == np.uint8:
                parts += [
                    (_spelt(codes, self._words[name]), np.array([place[name]]))
                    for name, codes in zip(names, block, strict=True)
                ]
            else:
                parts.append((block, np.array([place[name] for name in names])))
        frame: pd.DataFrame = create_dataframe_from_blocks(parts, pd.RangeIndex(self._rows), pd.Index(self._names))
        return frame


def arrow_table(columns: Mapping[str, Array], words: Words, start: int, stop: int) -> pa.Table:
    """Give some people of a block as an Arrow table, words by a dictionary and what is missing as nothing."""
    made = {}
    for name, values in columns.items():
        kept = values[start:stop].astype(type_of(name, values), copy=False)
        made[name] = _dictionary(kept, words[name]) if kept.dtype == np.uint8 else pa.array(kept, from_pandas=True)
    return pa.table(made)


def _dictionary(codes: Array, words: Sequence[str]) -> pa.DictionaryArray:
    beyond = codes >= len(words)
    numbered = pa.array(codes, mask=beyond if beyond.any() else None)
    return pa.DictionaryArray.from_arrays(numbered, pa.array(words, pa.large_string()))


def _spelt(codes: Array, words: Sequence[str]) -> "pd.api.extensions.ExtensionArray":
    """Spell codes, none beyond the words; unlike Python strings, a take from the words costs next to nothing."""
    spelt = pa.array([*words, None], pa.large_string()).take(pa.array(np.minimum(codes, len(words))))
    text: pd.api.extensions.ExtensionArray = _TEXT.__from_arrow__(spelt)
    return text
