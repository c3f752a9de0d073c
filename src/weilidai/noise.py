"""Random numbers by name and person number, so that a population does not depend on how it is cut.

People are counted in fixed blocks. Each named stream of each block has a generator of its own, seeded by
(seed, block, name): asking for one stream more, another chunk size or another worker changes nothing.
"""

from dataclasses import dataclass
from typing import Final
from zlib import crc32

import numpy as np
import numpy.typing as npt

BLOCK: Final = 16_384
"""People in a block: large enough to amortise set-up, small enough to stay in cache."""

FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Noise:
    """The random streams of one block of people."""

    seed: int
    block: int

    def _generator(self, name: str) -> np.random.Generator:
        return np.random.Generator(np.random.SFC64([self.seed, self.block, crc32(name.encode())]))

    def normal(self, name: str) -> FloatArray:
        """Draw the standard normals of one stream; shape (BLOCK,)."""
        return self._generator(name).standard_normal(BLOCK, dtype=np.float32)

    def uniform(self, name: str) -> FloatArray:
        """Draw the uniforms on [0, 1) of one stream; shape (BLOCK,)."""
        return self._generator(name).random(BLOCK, dtype=np.float32)
