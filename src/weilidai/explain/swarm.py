"""The picture that data scientists look for first: every person's contribution of every column, by its value."""

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from weilidai.columns import CATALOGUE
from weilidai.explain.attributions import without_base

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PEOPLE_SHOWN: Final = 2_000
COLUMNS_SHOWN: Final = 20


def swarm_plot(contributions: npt.NDArray[Any], values: npt.NDArray[Any], features: Sequence[str]) -> "Figure":
    """Draw contributions to the log-odds as a bee swarm per column, coloured from low to high values.

    Parameters
    ----------
    contributions
        Shape (people, features) or one column more for their mean; log-odds.
    values
        What the model read, shape (people, features); a category is coloured by its code.
    features
        Column names in the order of both.

    Raises
    ------
    ModelError
        The contributions are not one per feature.
    """
    from matplotlib.figure import Figure

    own = without_base(contributions, features)
    step = max(len(own) // PEOPLE_SHOWN, 1)
    figure = Figure(figsize=(8, 7), dpi=110, layout="constrained")
    axes = figure.add_subplot()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The set_", PendingDeprecationWarning)  # shap's own colour maps, on import
        import shap

        drawn = shap.Explanation(
            own[::step], data=np.asarray(values, dtype=np.float64)[::step],
            feature_names=[_label(name) for name in features],
        )
        shap.plots.beeswarm(drawn, max_display=COLUMNS_SHOWN, show=False, ax=axes, plot_size=None)
    axes.set(title="What moves the invitation, among the eligible", xlabel="contribution, log-odds")
    axes.tick_params(labelsize="small")
    return figure


def _label(name: str) -> str:
    """Call a column as the documents' contract does; one of a table of one's own by its name."""
    return CATALOGUE[name].label_en if name in CATALOGUE else name.replace("_", " ")
