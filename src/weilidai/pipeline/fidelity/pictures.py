"""The same findings as matplotlib figures, for notebooks: spreads, how drivers go together, regimes, targets."""

import math
from collections.abc import Mapping, Sequence
from textwrap import shorten
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from weilidai.columns import CATALOGUE
from weilidai.matching.fidelity import Finding
from weilidai.matching.uncertainty import FittedNumber
from weilidai.pipeline.fidelity.charts import BAR, OUTSIDE, PALE, REACH, UNDECIDED, WITHIN
from weilidai.pipeline.fidelity.figures import short
from weilidai.pipeline.fidelity.looks import Looks, Spread

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STATES: Final[Mapping[str, tuple[str, str | None]]] = {
    "looked at": ("is_eligible", None), "invited, of all": ("is_invited", None),
    "opened, of the invited": ("is_opened", "is_invited"), "overdue, of the opened": ("is_overdue", "is_opened"),
    "increase in six months, of the opened": ("has_quota_increase", "is_opened"),
    "reminded, of the opened": ("is_reminded", "is_opened"),
}
"""What is compared between regimes -> the column whose share is drawn, and the flag of the people meant."""
ACROSS: Final = 5
SAID_FROM: Final = 0.1
"""Rank correlations from this size on are written into their cell."""
LETTERS: Final = 48
LENT_CNY: Final = 10_000
"""Amount whose daily interest is shown."""


def spreads_figure(looks: Looks) -> "Figure":
    """Draw how the main columns are spread, one small picture each; zeros beside a logarithmic scale are told."""
    down = -(-len(looks.spreads) // ACROSS)
    figure = _figure(15, 2.1 * down)
    for place, spread in enumerate(looks.spreads):
        _draw_spread(figure.add_subplot(down, ACROSS, place + 1), spread)
    return figure


def correlations_figure(looks: Looks) -> "Figure":
    """Draw rank correlations as a square of colours, blue for together and red for against."""
    figure = _figure(11, 9.5)
    axes = figure.add_subplot()
    shown = axes.imshow(looks.correlation, cmap="RdBu", vmin=-1, vmax=1)
    axes.set_xticks(range(len(looks.columns)), looks.columns, rotation=60, ha="right", fontsize=8)
    axes.set_yticks(range(len(looks.columns)), looks.columns, fontsize=8)
    for row, place in np.argwhere(np.abs(np.nan_to_num(looks.correlation)) >= SAID_FROM).tolist():
        if row != place:
            said = f"{looks.correlation[row, place]:.1f}".replace("0.", ".")
            axes.text(place, row, said, ha="center", va="center", fontsize=6)
    figure.colorbar(shown, shrink=0.7, label="rank correlation")
    return figure


def regimes_table(people: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Compare regimes by the share of each state, and by mean first grant and daily rate of the opened.

    Parameters
    ----------
    people
        Regime -> its applicants; the same people everywhere.

    Returns
    -------
    DataFrame
        One row a figure, one column a regime.
    """
    return pd.DataFrame({name: _regime_figures(table) for name, table in people.items()})


def regimes_figure(people: Mapping[str, pd.DataFrame]) -> "Figure":
    """Draw every figure of the regimes' table as bars, one small picture a figure."""
    table = regimes_table(people)
    figure = _figure(13, 5.4)
    for place, (what, row) in enumerate(table.iterrows()):
        axes = figure.add_subplot(2, -(-len(table) // 2), place + 1)
        axes.barh([name.replace("_", " ") for name in table.columns], row.to_numpy(), color=BAR)
        axes.invert_yaxis()
        axes.set_title(str(what), fontsize=9)
        axes.tick_params(labelsize=8)
        axes.spines[["top", "right"]].set_visible(False)
    return figure


def targets_figure(found: Sequence[Finding], most: int = 40) -> "Figure":
    """Draw got minus wanted in tolerances with its 95 % interval, the farthest first; the band is accepted."""
    shown = [one for one in found if math.isfinite(one.got)][:most]
    figure = _figure(11, 0.24 * len(shown) + 1)
    axes = figure.add_subplot()
    axes.axvspan(-1, 1, color="#e6f2ec")
    for place, one in enumerate(shown):
        off = (np.array([one.low, one.got, one.high]) - one.wanted) / one.tolerance
        low, got, high = np.clip(off, -REACH, REACH)
        colour = {"within": WITHIN, "undecided": UNDECIDED}.get(one.verdict, OUTSIDE)
        axes.plot([low, high], [place, place], color=colour, linewidth=1.5)
        axes.plot(got, place, "o", color=colour, markersize=4)
    axes.set_yticks(range(len(shown)), [shorten(one.label_en, LETTERS, placeholder=" …") for one in shown], fontsize=8)
    axes.set(xlim=(-REACH - 0.1, REACH + 0.1), xlabel="got minus wanted, in tolerances")
    axes.invert_yaxis()
    return figure


def numbers_figure(numbers: Sequence[FittedNumber]) -> "Figure":
    """Draw what is left open of every fitted number whose spread was measured, the least known first."""
    shown = [one for one in numbers if one.spread is not None]
    figure = _figure(11, 0.22 * len(shown) + 1)
    axes = figure.add_subplot()
    axes.barh([one.path for one in shown], [100 * one.left_open for one in shown], color=BAR)
    axes.invert_yaxis()
    axes.tick_params(axis="y", labelsize=7)
    axes.set_xlabel("spread over populations, in percent of what was assumed")
    return figure


def _regime_figures(table: pd.DataFrame) -> dict[str, float]:
    shares = {
        what: float((table[name] if among is None else table.loc[table[among].astype(bool), name]).mean())
        for what, (name, among) in STATES.items()
    }
    opened = table[table["is_opened"].astype(bool)]
    return shares | {
        "mean first grant (yuan)": float(opened["initial_quota_cny"].mean()),
        "mean interest a day on 10,000 (yuan)": float(opened["daily_rate"].mean()) * LENT_CNY,
    }


def _draw_spread(axes: "Axes", spread: Spread) -> None:
    told = [f"zero {spread.zero:.0%}"] * bool(spread.zero) + [f"missing {spread.missing:.0%}"] * bool(spread.missing)
    axes.set_title(" · ".join([shorten(CATALOGUE[spread.column].label_en, 30, placeholder=" …"), *told]), fontsize=7)
    axes.tick_params(labelsize=6)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.set_yticks([])
    if spread.levels:
        axes.barh(spread.levels, spread.shares, color=BAR)
        axes.set_yticks(range(len(spread.levels)), spread.levels, fontsize=6)
        axes.invert_yaxis()
        return
    axes.stairs(spread.shares, spread.edges, fill=True, color=BAR)
    axes.axvline(spread.median, color=PALE, linewidth=1)
    axes.set_xlabel(f"median {short(spread.median)}", fontsize=6)
    if spread.scale == "log":
        axes.set_xscale("log")
        axes.tick_params(axis="x", which="minor", labelbottom=False)


def _figure(width: float, height: float) -> "Figure":
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")
