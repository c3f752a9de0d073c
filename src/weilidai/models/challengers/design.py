"""Columns as a linear model reads them: logarithms, one column per level, one per column for being unknown."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.models.features import Features, Matrix, encode

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Design:
    """How a table becomes the matrix of a linear model.

    Parameters
    ----------
    features
        What is read.
    medians
        What stands in for an unknown value, one per feature.
    centre, scale
        Mean and standard deviation of each column of the matrix among the people learnt from; a column that
        never varies keeps its scale.
    """

    features: Features
    medians: FloatArray
    centre: FloatArray
    scale: FloatArray

    def of(self, people: pd.DataFrame) -> FloatArray:
        """Give the standardised matrix; shape (people, columns)."""
        return (_spread_out(encode(people, self.features), self.features, self.medians) - self.centre) / self.scale


def learn_design(people: pd.DataFrame, features: Features) -> Design:
    """Learn medians, means and scales from the people a linear model learns from."""
    matrix = encode(people, features)
    medians = np.array([_median(matrix[:, place]) for place in range(matrix.shape[1])])
    raw = _spread_out(matrix, features, medians)
    scale = raw.std(axis=0)
    return Design(features, medians, raw.mean(axis=0), np.where(scale > 0, scale, 1.0))


def _median(values: Matrix) -> float:
    seen = values[~np.isnan(values)]
    return float(np.median(seen)) if seen.size else 0.0


def _spread_out(matrix: Matrix, features: Features, medians: FloatArray) -> FloatArray:
    columns = []
    for place, name in enumerate(features.names):
        values = matrix[:, place].astype(np.float64)
        if name in features.levels:
            columns += [(values == code).astype(np.float64) for code in range(len(features.levels[name]))]
        else:
            missing = np.isnan(values)
            columns += [np.log1p(np.maximum(np.where(missing, medians[place], values), 0)), missing.astype(np.float64)]
    return np.stack(columns, axis=1)
