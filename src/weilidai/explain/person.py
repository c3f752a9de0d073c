"""One person from a file: a JSON object, a CSV or a Parquet of one row."""

import json
from pathlib import Path
from typing import Any, Final

import pandas as pd

from weilidai.errors import DataError, suggest

MOST_BYTES: Final = 1_000_000
MANY_CURE: Final = "give one person, or say which of a table's: --id PERSON_ID; for many use weilidai predict"
_KINDS: Final = (".json", ".csv", ".parquet")


def read_person(path: Path) -> pd.DataFrame:
    """Read one person's columns.

    Parameters
    ----------
    path
        A JSON object (column -> value), or a CSV or Parquet file of one row.

    Returns
    -------
    DataFrame
        One row; the columns are those of the file, not yet checked against a model.

    Raises
    ------
    DataError
        The file is missing, too large, of another kind, damaged, or holds anything but one person.
    """
    kind = path.suffix.lower()
    if kind not in _KINDS:
        cure = suggest(kind, _KINDS) if kind else "known: " + ", ".join(_KINDS)
        raise DataError("not a file of a known kind", where=str(path), cure=cure)
    try:
        if path.stat().st_size > MOST_BYTES:
            what = f"larger than {MOST_BYTES:,} bytes, too large for one person"
            raise DataError(what, where=str(path), cure=MANY_CURE)
        people = _read_object(path) if kind == ".json" else _read_table(path, kind)
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror or 'damaged'}", where=str(path)) from None
    if len(people) != 1:
        raise DataError(f"holds {len(people)} people", where=str(path), cure=MANY_CURE)
    return people


def _read_object(path: Path) -> pd.DataFrame:
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"), object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise DataError(f"is not JSON: {error.msg}", where=f"{path}:{error.lineno}:{error.colno}") from None
    except (UnicodeDecodeError, RecursionError):
        raise DataError("is not JSON in UTF-8", where=str(path)) from None
    if not isinstance(data, dict):
        raise DataError("holds no JSON object", where=str(path), cure='write {"column": value, ...} for one person')
    for name, value in data.items():
        if isinstance(value, dict | list):
            raise DataError("holds no single value", where=f"{path}, column {name}")
    return pd.DataFrame([data])


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    for name, value in pairs:
        if name in seen:
            raise DataError("given twice", where=f"column {name}", cure="give every column once")
        seen[name] = value
    return seen


def _read_table(path: Path, kind: str) -> pd.DataFrame:
    try:
        if kind == ".parquet":
            return pd.read_parquet(path)
        # pandas would quietly call the second of two equal names by another one.
        names = pd.read_csv(path, encoding="utf-8-sig", header=None, nrows=1, dtype=str).iloc[0].tolist()
        _once([(str(name), None) for name in names])
        return pd.read_csv(path, encoding="utf-8-sig")
    except (ValueError, pd.errors.ParserError) as error:
        raise DataError(f"is not a {kind[1:]} table ({type(error).__name__})", where=str(path)) from None
