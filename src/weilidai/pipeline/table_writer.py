"""Writing a table chunk by chunk, as Parquet or CSV."""

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import pandas as pd

from weilidai.errors import ConfigError

KINDS: Final = (".parquet", ".csv")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""First letters that make a spreadsheet run a text as a formula."""


class TableWriter:
    """Writes a table chunk by chunk, as Parquet or CSV after the file's name; a context manager.

    Parameters
    ----------
    file
        Where to write.
    kind
        ``.parquet`` or ``.csv``.
    notes
        What a Parquet file says about itself.
    """

    def __init__(self, file: Path, kind: str, notes: Mapping[str, str] | None = None) -> None:
        self._file, self._kind, self._notes = file, kind, dict(notes or {})
        self._parquet: Any = None
        self._is_begun = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._parquet is not None:
            self._parquet.close()

    def write(self, table: pd.DataFrame) -> None:
        """Add rows; every chunk must have the same columns."""
        if self._kind == ".csv":
            safe = table.apply(_without_formulas)
            safe.to_csv(self._file, mode="a" if self._is_begun else "w", header=not self._is_begun, index=False)
        else:
            self._write_parquet(table)
        self._is_begun = True

    def _write_parquet(self, table: pd.DataFrame) -> None:
        import pyarrow as pa
        from pyarrow.parquet import ParquetWriter

        schema = self._parquet.schema if self._parquet else None
        arrow = pa.Table.from_pandas(table, schema=schema, preserve_index=False).replace_schema_metadata(self._notes)
        if self._parquet is None:
            self._parquet = ParquetWriter(self._file, arrow.schema)
        self._parquet.write_table(arrow)


def output_kind(file: Path) -> str:
    """Tell by its name how a table is to be written.

    Raises
    ------
    ConfigError
        The name ends in neither ``.parquet`` nor ``.csv``.
    """
    if file.suffix not in KINDS:
        what = f"a file of kind '{file.suffix}' is not written"
        raise ConfigError(what, where=str(file), cure="end its name in .parquet or .csv")
    return file.suffix


def _without_formulas(values: pd.Series) -> pd.Series:
    if values.dtype.kind in "biuf":
        return values
    return values.map(lambda value: f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value)
