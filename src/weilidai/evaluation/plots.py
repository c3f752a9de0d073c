"""The pictures of a training run; each function gives a figure and leaves saving to its caller."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from weilidai.evaluation.learning_floor import Floor

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

_POINTS: Final = 400
"""Points of a curve; more only make the file larger."""
_BINS: Final = 20
_SHOWN: Final = 5_000
"""Points of a cloud."""
_COLOURS: Final = {"ceiling": "#444444", "test": "#0b6e4f"}
_OTHERS: Final = ("#c1666b", "#d4a017", "#4a6fa5", "#8e6c8a")
_GREY: Final = "#bbbbbb"
_NAMES: Final = {"ceiling": "truth (ceiling)", "test": "model"}
_YUAN_TICKS: Final = (500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000)


def roc_plot(label: BoolArray, scores: Mapping[str, FloatArray]) -> "Figure":
    """Draw the invited reached against the others reached, the truth's curve as the ceiling over the model's.

    Parameters
    ----------
    label
        Whether each person was invited; shape (people,).
    scores
        ``"test"``, ``"ceiling"`` and baselines -> score; shape (people,).
    """
    title = "Ranking against the ceiling" if "ceiling" in scores else "Ranking; no ceiling, for the truth is not known"
    figure, axes = _canvas(title, "share of the others", "share of the invited")
    axes.plot([0, 1], [0, 1], color=_GREY, linewidth=1)
    others = iter(_OTHERS * len(scores))
    for who, score in scores.items():
        across, up = _roc(label, score)
        style = "--" if who == "ceiling" else "-"
        axes.plot(across, up, style, label=_name(who), linewidth=1.5, color=_COLOURS.get(who) or next(others))
    axes.legend(frameon=False, loc="lower right")
    return figure


def reliability_plot(label: BoolArray, probability: FloatArray) -> "Figure":
    """Draw observed against predicted shares in twenty bins of equal size, with 95 % ranges."""
    figure, axes = _canvas("Calibration", "predicted probability of an invitation", "share invited")
    axes.plot([0, 1], [0, 1], color=_GREY, linewidth=1)
    order = np.argsort(probability, kind="stable")
    bins = [part for part in np.array_split(order, _BINS) if part.size]
    predicted = np.array([probability[part].mean() for part in bins])
    observed = np.array([label[part].mean() for part in bins])
    reach = 1.96 * np.sqrt(observed * (1 - observed) / np.array([part.size for part in bins]))
    axes.errorbar(predicted, observed, yerr=reach, fmt="o-", markersize=4, color=_COLOURS["test"], capsize=2)
    return figure


def quota_plot(actual: FloatArray, predicted: FloatArray, low: FloatArray, high: FloatArray) -> "Figure":
    """Draw granted against predicted amounts on logarithmic axes, with the interval's typical ends."""
    figure, axes = _canvas("First grant", "predicted, yuan", "granted, yuan")
    step = max(len(actual) // _SHOWN, 1)
    axes.scatter(predicted[::step], actual[::step], s=4, alpha=0.25, color=_COLOURS["test"], linewidths=0)
    order = np.argsort(predicted, kind="stable")
    bins = [part for part in np.array_split(order, _BINS) if part.size]
    middle = [float(np.median(predicted[part])) for part in bins]
    for name, ends in (("interval", low), ("", high)):
        line = [float(np.median(ends[part])) for part in bins]
        axes.plot(middle, line, color=_OTHERS[0], linewidth=1, label=name or None)
    axes.plot(middle, middle, color=_COLOURS["ceiling"], linewidth=1, linestyle="--", label="as predicted")
    _scale_in_yuan(axes, np.concatenate([actual, predicted]))
    axes.legend(frameon=False, loc="upper left")
    return figure


def dimension_plot(shares: pd.DataFrame) -> "Figure":
    """Draw the weight of each documented dimension: documented, of the truth, of the model.

    Parameters
    ----------
    shares
        One row per dimension (the index), one column of shares per source; NaN where a source says nothing.
    """
    figure, axes = _canvas("Weight by dimension", "share of attribution", "")
    others = iter(_OTHERS * len(shares.columns))
    places = np.arange(len(shares))
    height = 0.8 / max(len(shares.columns), 1)
    for number, name in enumerate(shares.columns):
        colour = _COLOURS.get(str(name)) or next(others)
        values = np.nan_to_num(shares[name].to_numpy(dtype=np.float64))
        axes.barh(places + number * height, values, height, label=_name(str(name)), color=colour)
    axes.set_yticks(places + height * (len(shares.columns) - 1) / 2, [str(label) for label in shares.index])
    axes.invert_yaxis()
    axes.legend(frameon=False)
    return figure


def stability_plot(table: pd.DataFrame) -> "Figure":
    """Draw the population stability index of the score by month, with the usual marks at 0.1 and 0.25."""
    figure, axes = _canvas("Stability of the score", "snapshot month", "population stability index")
    axes.plot(table["month"], table["psi"], "o-", color=_COLOURS["test"])
    for mark in (0.1, 0.25):
        axes.axhline(mark, color=_GREY, linewidth=1)
    axes.set_ylim(bottom=0)
    return figure


def curve_plot(table: pd.DataFrame, floors: Mapping[str, "Floor"], names: Mapping[str, str]) -> "Figure":
    """Draw regrets against the number of people learnt from, both on logarithmic axes, with the curves they follow.

    Parameters
    ----------
    table
        ``measure``, ``rows``, ``mean``, ``least``, ``most``.
    floors
        Measure -> the curve through its points; only these are drawn.
    names
        Measure -> what it is in words.
    """
    figure, axes = _canvas("Regret against people", "people learnt from", "short of the truth by")
    for place, (measure, floor) in enumerate(floors.items()):
        part, colour = table.loc[table["measure"] == measure], (_COLOURS["test"], *_OTHERS)[place % 5]
        across = np.geomspace(part["rows"].min(), part["rows"].max(), _POINTS)
        axes.plot(across, [floor.regret(rows) for rows in across], "--", linewidth=1, color=colour)
        reach = np.abs(part[["least", "most"]].to_numpy().T - part["mean"].to_numpy())
        axes.errorbar(part["rows"], part["mean"], yerr=reach, fmt="o", markersize=4, capsize=2, color=colour,
                      label=names[measure])
    axes.set(xscale="log", yscale="log")
    axes.legend(frameon=False, fontsize=8)
    return figure


def decay_plot(months: pd.DataFrame) -> "Figure":
    """Draw the AUC of a model month by month with its range, regime by regime, under what was possible.

    Parameters
    ----------
    months
        In order: ``regime``, ``month``, ``auc``, ``auc_low``, ``auc_high``, ``ceiling_auc``.
    """
    figure, axes = _canvas("One model through the regimes", "snapshot month", "AUC")
    places = np.arange(len(months))
    axes.plot(places, months["ceiling_auc"], "--", color=_COLOURS["ceiling"], linewidth=1, label=_NAMES["ceiling"])
    for number, regime in enumerate(months["regime"].unique()):
        chosen = (months["regime"] == regime).to_numpy()
        part, colour = months.loc[chosen], (_COLOURS["test"], *_OTHERS)[number % 5]
        reach = np.abs(part[["auc_low", "auc_high"]].to_numpy().T - part["auc"].to_numpy())
        axes.errorbar(places[chosen], part["auc"], yerr=reach, fmt="o-", markersize=3, capsize=2, color=colour,
                      label=str(regime).replace("_", " "))
    step = max(len(months) // 8, 1)
    axes.set_xticks(places[::step], months["month"].iloc[::step], rotation=30)
    axes.legend(frameon=False, fontsize=8)
    return figure


def _canvas(title: str, across: str, up: str) -> tuple["Figure", "Axes"]:
    """Start a figure that belongs to no window and no global state."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 4.8), dpi=110, layout="constrained")
    axes = figure.add_subplot()
    axes.set(title=title, xlabel=across, ylabel=up)
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _name(who: str) -> str:
    return _NAMES.get(who, who.removeprefix("baseline.").replace("_", " "))


def _scale_in_yuan(axes: "Axes", amounts: FloatArray) -> None:
    from matplotlib.ticker import NullLocator

    low, high = float(amounts.min()) * 0.9, float(amounts.max()) * 1.1
    ticks = [tick for tick in _YUAN_TICKS if low <= tick <= high]
    for axis, name in ((axes.xaxis, "x"), (axes.yaxis, "y")):
        axes.set(**{f"{name}scale": "log", f"{name}lim": (low, high)})
        axis.set_ticks(ticks, [f"{tick:,}" for tick in ticks])
        axis.set_minor_locator(NullLocator())


def _roc(label: BoolArray, score: FloatArray) -> tuple[FloatArray, FloatArray]:
    order = np.argsort(-score, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(score[order]) != 0), len(score) - 1)
    invited, others = np.cumsum(label[order]), np.cumsum(~label[order])
    kept = ends[np.unique(np.linspace(0, len(ends) - 1, _POINTS).astype(np.int64))]
    across = np.append(0.0, others[kept] / max(int(others[-1]), 1))
    return across, np.append(0.0, invited[kept] / max(int(invited[-1]), 1))
