"""Bringing names and values into the form the store accepts, and saying so when something was cut."""

import json
import math
import re
from collections.abc import Mapping
from typing import Any, Final

from weilidai.errors import StoreError

MOST_PARAMS: Final = 40
LONGEST_PARAM: Final = 500
LONGEST_TAG: Final = 5000
_NAME: Final = re.compile(r"[\w. /:-]{1,250}")
_CUT: Final = " ... (cut; whole in {})"


def flat_params(settings: Mapping[str, Any]) -> dict[str, str]:
    """Flatten nested settings to dotted names, so that runs compare key by key.

    Raises
    ------
    StoreError
        There are more than 40: a table of runs could not be read any more.

    Examples
    --------
    >>> flat_params({"data": {"rows": 1000, "regime": "optimisation"}})
    {'data.rows': '1000', 'data.regime': 'optimisation'}
    """
    flat = dict(leaves(settings))
    if len(flat) > MOST_PARAMS:
        raise StoreError(
            f"{len(flat)} parameters are too many for a table of runs, {MOST_PARAMS} fit", where="params",
            cure="log what is varied; all settings go into the run as a file",
        )
    for name in flat:
        _check_name(name)
    return {name: value if isinstance(value, str) else _written(value) for name, value in flat.items()}


def leaves(settings: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    """Give every value of nested settings with its dotted name."""
    found: list[tuple[str, Any]] = []
    for name, value in settings.items():
        nested = isinstance(value, Mapping) and value
        found += leaves(value, f"{prefix}{name}.") if nested else [(f"{prefix}{name}", value)]
    return found


def checked_metrics(metrics: Mapping[str, float]) -> dict[str, float]:
    """See that every metric has a usable name and is a finite number.

    Raises
    ------
    StoreError
        A metric is missing or infinite; the message lists all of them.
    """
    for name in metrics:
        _check_name(name)
    numbers = {name: float(value) for name, value in metrics.items()}
    odd = sorted(name for name, value in numbers.items() if not math.isfinite(value))
    if odd:
        raise StoreError(
            f"{len(odd)} metrics are not finite numbers: {', '.join(odd[:10])}", where="metrics",
            cure="leave out what could not be measured, or mend its computation",
        )
    return numbers


def shortened(text: str, longest: int, whole_in: str) -> str:
    """Cut a text to what the store holds, with a note that says where the whole is."""
    if len(text) <= longest:
        return text
    note = _CUT.format(whole_in)
    return text[: longest - len(note)] + note


def _written(value: object) -> str:
    if isinstance(value, tuple | list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise StoreError(f"{name[:60]!r} cannot be the name of a metric or parameter", where="names")
