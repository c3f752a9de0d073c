"""Some people while they are being made: columns by name, some of them possibly set from outside."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from weilidai.noise import Noise

Array = npt.NDArray[Any]
Interventions = Mapping[str, float | int | bool | Array]
"""Column -> value it is set to, one for all people or one each (categories as level codes)."""


class People:
    """The columns of some blocks of people, in the order in which they came to be.

    A column named in ``set_to`` keeps that value whatever its own mechanism says; everything computed from
    it afterwards follows. That is the do() of the simulator: same people, same noise, one thing changed.
    """

    def __init__(self, noise: Noise, set_to: Interventions | None = None) -> None:
        self.noise = noise
        self.size = noise.people
        self.columns: dict[str, Array] = {}
        self._set_to = dict(set_to or {})

    def __getitem__(self, name: str) -> Array:
        return self.columns[name]

    def __contains__(self, name: object) -> bool:
        return name in self.columns

    def put(self, name: str, values: Array) -> None:
        """Add a column, unless it was set from outside; shape (people,)."""
        if name in self._set_to:
            wanted = np.asarray(self._set_to[name], dtype=values.dtype)
            values = np.broadcast_to(wanted, values.shape).copy()
        self.columns[name] = values

    def is_set(self, name: str) -> bool:
        """Tell whether the column was set from outside."""
        return name in self._set_to
