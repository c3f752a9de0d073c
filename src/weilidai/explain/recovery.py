"""Whether a model's attributions find what the lender really weighs: documented, true and found, side by side."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.errors import DataError
from weilidai.explain.attributions import FloatArray, gather_dimensions
from weilidai.facts import FactorCatalogue

BoolArray = npt.NDArray[np.bool_]

PREFIX: Final = "logit_"
"""A truth column ``logit_<factor>`` holds the factor's true part of the log-odds."""
SPEAKS_UP: Final = 0.05
"""Share of a person's true attribution from which a factor's sign and a documented dimension are compared."""


def true_contributions(truth: pd.DataFrame, catalogue: FactorCatalogue) -> FloatArray:
    """Read the true contributions of every factor; 0 for a factor the truth does not have.

    Returns
    -------
    FloatArray
        Shape (people, factors), log-odds, in catalogue order.

    Raises
    ------
    DataError
        A truth column belongs to no factor.
    """
    named = {str(name).removeprefix(PREFIX): str(name) for name in truth.columns if str(name).startswith(PREFIX)}
    strange = sorted(set(named) - set(catalogue.factors))
    if strange:
        raise DataError(f"no factor is called {strange[0]!r}", where=named[strange[0]])
    read: FloatArray = np.zeros((len(truth), len(catalogue.factors)), dtype=np.float64)
    for place, factor in enumerate(catalogue.factors):
        if factor in named:
            read[:, place] = truth[named[factor]].to_numpy(dtype=np.float64)
    return read


def dimension_table(
    model_contributions: npt.NDArray[Any],
    truth: pd.DataFrame,
    catalogue: FactorCatalogue,
    documented: Mapping[str, float],
) -> pd.DataFrame:
    """Set the documented weight, the truth's share and the model's share of each dimension side by side.

    A share is the mean absolute contribution of the dimension over people, each dimension centred on the
    same people, as a part of the sum over the *documented* dimensions: so it compares with the documented
    weights, and dimensions without one stand on the same scale.

    Parameters
    ----------
    model_contributions
        Shape (people, factors), as from :func:`~weilidai.explain.attributions.by_factor`; eligible people.
    truth
        The truth table of the same people in the same order.
    catalogue
        Factors and dimensions.
    documented
        Dimension -> documented weight, 0 to 1.

    Returns
    -------
    DataFrame
        One row per dimension in catalogue order: ``dimension``, ``documented_weight`` (NaN when there is
        none), ``oracle_share``, ``model_share``.

    Raises
    ------
    DataError
        The two tables are not of the same people, or a documented dimension does not exist.
    """
    unknown = sorted(set(documented) - set(catalogue.dimensions))
    if unknown:
        raise DataError(f"there is no dimension {unknown[0]!r}", where="documented weights")
    oracle, model = paired(model_contributions, truth, catalogue)
    weighed = np.array([name in documented for name in catalogue.dimensions])
    return pd.DataFrame({
        "dimension": list(catalogue.dimensions),
        "documented_weight": [documented.get(name, float("nan")) for name in catalogue.dimensions],
        "oracle_share": _shares(gather_dimensions(oracle, catalogue), weighed),
        "model_share": _shares(gather_dimensions(model, catalogue), weighed),
    })


def agreement(
    model_contributions: npt.NDArray[Any], truth: pd.DataFrame, catalogue: FactorCatalogue,
    parts: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, float]:
    """Measure, person by person, how far the model's attributions agree with the truth.

    Parameters
    ----------
    model_contributions, truth, catalogue
        As for :func:`dimension_table`.
    parts
        Dimension of the weighting that decides -> factors that feed it; the catalogue's own when None.

    Returns
    -------
    dict of str to float
        ``main_dimension``: share of people whose most adverse dimension is the true one, among those whom
        the truth holds something against. ``main_documented_dimension``: the same by the dimensions of the
        weighting that decides, among those whose most adverse one makes at least 5 % of their true attribution;
        ``documented_compared`` is the share of people these are. ``main_factor``: the same by factor.
        ``top_four``: mean share of a person's (at most four) most adverse true factors that are among the
        model's four. ``sign``: share of equal signs over factors that make at least 5 % of a person's true
        attribution. NaN when nobody
        can be compared.
    """
    oracle, model = paired(model_contributions, truth, catalogue)
    return {
        "main_dimension": _same_worst(gather_dimensions(oracle, catalogue), gather_dimensions(model, catalogue)),
        **_documented(*(_gathered(part, catalogue, parts) for part in (oracle, model))),
        "main_factor": _same_worst(oracle, model),
        "top_four": _found_among_worst(oracle, model, most=4),
        "sign": _same_sign(oracle, model),
    }


def paired(
    model_contributions: npt.NDArray[Any], truth: pd.DataFrame, catalogue: FactorCatalogue
) -> tuple[FloatArray, FloatArray]:
    """Centre truth and model on the same people, so that both say "against the average of these"."""
    model = np.asarray(model_contributions, dtype=np.float64)
    wanted = (len(truth), len(catalogue.factors))
    if model.shape != wanted or not len(truth):
        raise DataError(f"contributions of shape {model.shape} do not belong to {wanted}", where="truth table")
    oracle = true_contributions(truth, catalogue)
    return oracle - oracle.mean(axis=0), model - model.mean(axis=0)


def _documented(oracle: FloatArray, model: FloatArray) -> dict[str, float]:
    """Compare the most adverse part of people against whom one speaks up; a weighting of few parts leaves many none."""
    heard = oracle.min(axis=1) <= -SPEAKS_UP * np.abs(oracle).sum(axis=1)
    heard &= (oracle != 0).any(axis=1)
    same = np.argmin(oracle, axis=1)[heard] == np.argmin(model, axis=1)[heard]
    return {"main_documented_dimension": _mean(same), "documented_compared": _mean(heard)}


def _gathered(
    contributions: FloatArray, catalogue: FactorCatalogue, parts: Mapping[str, Sequence[str]] | None
) -> FloatArray:
    if parts is None:
        return gather_dimensions(contributions, catalogue)
    places = {name: place for place, name in enumerate(catalogue.factors)}
    return np.stack([contributions[:, [places[name] for name in fed]].sum(axis=1) for fed in parts.values()], axis=1)


def _shares(contributions: FloatArray, weighed: BoolArray) -> FloatArray:
    sizes = np.abs(contributions).mean(axis=0)
    total = float(sizes[weighed].sum())
    shares: FloatArray = sizes / total if total else sizes
    return shares


def _same_worst(oracle: FloatArray, model: FloatArray) -> float:
    against = (oracle < 0).any(axis=1)
    return _mean(np.argmin(oracle, axis=1)[against] == np.argmin(model, axis=1)[against])


def _found_among_worst(oracle: FloatArray, model: FloatArray, most: int) -> float:
    wanted = _worst(oracle, most) & (oracle < 0)
    found = wanted & _worst(model, most)
    counts = wanted.sum(axis=1)
    return _mean(found.sum(axis=1)[counts > 0] / counts[counts > 0])


def _worst(contributions: FloatArray, most: int) -> BoolArray:
    ranked = np.argsort(contributions, axis=1, kind="stable")[:, :most]
    marked: BoolArray = np.zeros(contributions.shape, dtype=np.bool_)
    np.put_along_axis(marked, ranked, values=True, axis=1)
    return marked


def _same_sign(oracle: FloatArray, model: FloatArray) -> float:
    loud = np.abs(oracle) >= SPEAKS_UP * np.abs(oracle).sum(axis=1, keepdims=True)
    loud &= oracle != 0
    return _mean(np.sign(oracle[loud]) == np.sign(model[loud]))


def _mean(values: npt.NDArray[Any]) -> float:
    return float(values.mean()) if values.size else float("nan")
