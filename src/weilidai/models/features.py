"""From table columns to model inputs: which columns, in which order, encoded how, in which direction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import infer_dtype, is_bool_dtype, is_numeric_dtype

from weilidai.columns import CATALOGUE, DOCUMENTED, Contract
from weilidai.errors import ConfigError, DataError, ModelError, suggest
from weilidai.rules import Eligibility

if TYPE_CHECKING:
    from weilidai.facts import FactorCatalogue

Matrix = npt.NDArray[np.float32]

_NUMBERS: Final = frozenset({"floating", "integer", "mixed-integer-float", "boolean", "empty"})
"""What a column of Python objects may hold and still be a column of numbers."""


@dataclass(frozen=True)
class Features:
    """The inputs of a model, in the order of its matrix.

    Parameters
    ----------
    names
        Column names.
    directions
        For each name 1 (more helps), -1 (more hurts) or 0 (free); held as a monotone constraint.
    levels
        Category column -> its levels in the order of their codes, as they were when the model learnt.
    """

    names: tuple[str, ...]
    directions: tuple[int, ...]
    levels: Mapping[str, tuple[str, ...]]

    def __post_init__(self) -> None:
        if len(set(self.names)) != len(self.names) or len(self.names) != len(self.directions):
            raise ModelError("feature names must be unique and each needs one direction", where="features")
        for name, direction in zip(self.names, self.directions, strict=True):
            if direction not in (-1, 0, 1) or (direction and name in self.levels):
                raise ModelError(f"direction {direction} cannot be held for {name!r}", where="features")

    @property
    def categorical_indices(self) -> list[int]:
        """Places of the category columns in the matrix."""
        return [place for place, name in enumerate(self.names) if name in self.levels]

    def to_dict(self) -> dict[str, Any]:
        """Write the features as plain JSON-able data."""
        levels = {name: list(words) for name, words in self.levels.items()}
        return {"names": list(self.names), "directions": list(self.directions), "levels": levels}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Features":
        """Read back what :meth:`to_dict` wrote."""
        levels = {str(name): tuple(words) for name, words in data["levels"].items()}
        return cls(tuple(data["names"]), tuple(data["directions"]), levels)


def choose_features(
    factors: "FactorCatalogue",
    *,
    excluded_dimensions: Iterable[str] = (),
    excluded_columns: Iterable[str] = (),
    free: bool = False,
    with_protected: bool = False,
    contract: Contract = DOCUMENTED,
) -> Features:
    """Choose what a model may read: every feature column but protected factors and what is excluded.

    Parameters
    ----------
    factors
        The documented factors: dimension, direction and protection of each column.
    excluded_dimensions, excluded_columns
        What the settings keep out.
    free
        Leave all directions open, for an outcome the documents' directions do not speak of.
    with_protected
        Read protected factors too, to measure what keeping them out costs; never for a model in use.
    contract
        The columns there are.

    Raises
    ------
    ConfigError
        An excluded dimension or column does not exist, or nothing is left.
    """
    dimensions, dropped = set(excluded_dimensions), set(excluded_columns)
    _refuse_unknown("excluded_dimensions", dimensions, {factor.dimension for factor in factors.factors.values()})
    _refuse_unknown("excluded_columns", dropped, contract.features)
    names = []
    for name in contract.features:
        factor = factors.of_column(name)
        if not ((factor.is_protected and not with_protected) or factor.dimension in dimensions or name in dropped):
            names.append(name)
    if not names:
        raise ConfigError("no feature is left", where="excluded_columns", cure="exclude fewer dimensions or columns")
    levels = {name: contract.levels[name] for name in names if name in contract.levels}
    directions = tuple(0 if free or name in levels else factors.direction(name) for name in names)
    return Features(tuple(names), directions, levels)


def settled_columns(policy: Eligibility) -> tuple[str, ...]:
    """Name the flags that hard rules fix: among the eligible they are the same for everybody."""
    fixed = (rule.column for rule in policy.rules if rule.comparison in ("==", "!="))
    return tuple(dict.fromkeys(name for name in fixed if CATALOGUE[name].kind == "flag"))


def encode(people: pd.DataFrame, features: Features, looked_at: npt.NDArray[np.intp] | None = None) -> Matrix:
    """Turn a table into the model's matrix, by column name.

    Flags become 0 and 1, categories their codes; a missing value, and a category that was unknown when the
    model learnt, becomes NaN.

    Parameters
    ----------
    people
        The table.
    features
        What the model reads, in the order of its matrix.
    looked_at
        Places of the rows that are wanted, as if the table held no others; None for all.

    Returns
    -------
    Matrix
        Shape (people, features), float32, row-major.

    Raises
    ------
    DataError
        A column is missing, occurs twice, or holds text where a number belongs.
    """
    missing = [name for name in features.names if name not in people.columns]
    if missing:
        raise DataError(
            f"{len(missing)} columns are missing: {', '.join(missing[:10])}",
            where=f"table of {len(people)} rows",
            cure="the model reads every feature column by name",
        )
    if not people.columns.is_unique:
        twice = people.columns[people.columns.duplicated()][0]
        raise DataError("the column occurs more than once", where=str(twice), cure="give every column once")
    matrix = np.empty((len(people if looked_at is None else looked_at), len(features.names)), dtype=np.float32)
    for place, name in enumerate(features.names):
        levels, values = features.levels.get(name), people[name]
        if looked_at is not None:
            # Numbers are picked sooner once they are plain.
            matrix[:, place] = numbers(values)[looked_at] if levels is None else _codes(values.take(looked_at), levels)
        else:
            matrix[:, place] = numbers(values) if levels is None else _codes(values, levels)
    return matrix


def encode_each(people: pd.DataFrame, wanted: Sequence[Features]) -> list[Matrix]:
    """Turn a table into the matrices of several models, reading a column that they share only once."""
    names = tuple(dict.fromkeys(name for features in wanted for name in features.names))
    levels = {name: words for features in wanted for name, words in features.levels.items()}
    if any({name: levels[name] for name in one.names if name in levels} != dict(one.levels) for one in wanted):
        return [encode(people, features) for features in wanted]
    whole, place = encode(people, Features(names, (0,) * len(names), levels)), {name: n for n, name in enumerate(names)}
    return [
        whole if one.names == names else np.take(whole, [place[name] for name in one.names], axis=1) for one in wanted
    ]


def numbers(values: pd.Series) -> Matrix:
    """Read one column of numbers or flags as float32; text that spells a number is refused, not coerced."""
    dtype = values.dtype
    if isinstance(dtype, np.dtype) and dtype.kind in "biuf":
        plain = values.to_numpy()
    elif is_numeric_dtype(dtype) or is_bool_dtype(dtype) or _holds_number_objects(values):
        plain = values.to_numpy(dtype=np.float64, na_value=np.nan)
    else:
        raise DataError(
            "holds text where a number belongs",
            where=str(values.name),
            cure="write numbers without quotes or separators",
        )
    with np.errstate(over="ignore"):
        return plain.astype(np.float32)


def _codes(values: pd.Series, levels: tuple[str, ...]) -> Matrix:
    if isinstance(values.array, pd.arrays.ArrowStringArray):
        return _codes_of_arrow(values.array, levels)
    given = pd.Index(values.to_numpy(dtype=object), dtype=object)
    codes = pd.Index(levels, dtype=object).get_indexer(given).astype(np.float32)
    codes[codes < 0] = np.nan
    return codes


def _codes_of_arrow(words: pd.arrays.ArrowStringArray, levels: tuple[str, ...]) -> Matrix:
    """Find the codes without making an object of every word."""
    import pyarrow as pa
    import pyarrow.compute as pc

    given = pa.array(words)
    codes = pc.index_in(given, value_set=pa.array(levels, type=given.type))
    found: npt.NDArray[Any] = codes.to_numpy(zero_copy_only=False)
    return found.astype(np.float32)


def _holds_number_objects(values: pd.Series) -> bool:
    return values.dtype == object and infer_dtype(values, skipna=True) in _NUMBERS


def _refuse_unknown(key: str, given: set[str], known: Iterable[str]) -> None:
    choices = set(known)
    for word in sorted(given - choices):
        raise ConfigError(f"unknown name {word!r}", where=key, cure=suggest(word, choices))
