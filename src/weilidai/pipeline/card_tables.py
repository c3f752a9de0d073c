"""Tables and figures of a model card, in markdown."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np

DECIMALS_MATTER_BELOW: Final = 100


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Write a table line by line; figures as :func:`spelt` has them."""
    yield f"| {' | '.join(heads)} |"
    yield "|---" * len(heads) + "|"
    for row in rows:
        yield "| " + " | ".join(spelt(cell) if isinstance(cell, float) else str(cell) for cell in row) + " |"


def spelt(value: float) -> str:
    """Write a figure with as many decimals as two models of the same people are told apart by.

    Examples
    --------
    >>> spelt(1329.8), spelt(0.97877), spelt(-0.00001), spelt(60.0), spelt(float("nan"))
    ('1,330', '0.9788', '0.0000', '60', '')
    """
    if np.isnan(value):
        return ""
    if abs(value) >= DECIMALS_MATTER_BELOW or (value.is_integer() and abs(value) > 1):
        return f"{value:,.0f}"
    return f"{round(value, 4) + 0.0:.4f}"


def span(metrics: Mapping[str, float], name: str) -> str:
    """Write the interval logged beside a metric; nothing where there is none.

    Examples
    --------
    >>> span({"test.invite.auc_low": 0.97, "test.invite.auc_high": 0.98}, "test.invite.auc")
    '0.9700 to 0.9800'
    """
    ends = [metrics.get(f"{name}_{end}", metrics.get(f"{name}.{end}")) for end in ("low", "high")]
    return " to ".join(spelt(end) for end in ends if end is not None)


def ranged(metrics: Mapping[str, float], name: str) -> str:
    """Write a metric by its name with its interval; nothing where it was not measured."""
    return f"`{name}` {spelt(metrics[name])}, interval {span(metrics, name)}" if name in metrics else ""
