"""Random numbers by name and person number, so that a population does not depend on how it is cut.

People are counted in fixed blocks. Each named stream of each block starts from a hash of (seed, block, name): asking
for one stream more, another chunk size or another worker changes nothing. Normals come in pairs from two uniforms
(Box and Muller, 1958), whole arrays at a time: three times faster than one by one.
"""

from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Final

import numpy as np
import numpy.typing as npt

BLOCK: Final = 16_384
"""People in a block: what a stream of random numbers is drawn for."""
_HALF: Final = BLOCK // 2
_CIRCLE: Final = np.float32(2 * np.pi)
_COUNT_OF_ONE: Final = (1).to_bytes(8, "little")

FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Noise:
    """The random streams of a block of people, or of some blocks after one another.

    Parameters
    ----------
    seed
        Of the population.
    block
        Number of the first block.
    blocks
        How many; each draws what it would draw alone.
    """

    seed: int
    block: int
    blocks: int = 1

    @property
    def people(self) -> int:
        """Number of people drawn for."""
        return self.blocks * BLOCK

    @cached_property
    def _drawing(self) -> np.random.Generator:
        return np.random.Generator(np.random.SFC64(0))

    def _generator(self, name: str, block: int) -> np.random.Generator:
        """Set the one generator to the start of a block's stream; a hash for a state needs no warming up."""
        start = blake2b(f"{self.seed} {block} {name}".encode(), digest_size=24).digest() + _COUNT_OF_ONE
        state = {"state": np.frombuffer(start, dtype="<u8").astype(np.uint64)}
        self._drawing.bit_generator.state = {
            "bit_generator": "SFC64", "state": state, "has_uint32": 0, "uinteger": 0,
        }
        return self._drawing

    def normal(self, name: str) -> FloatArray:
        """Draw the standard normals of one stream; shape (people,)."""
        drawn = self.uniform(name).reshape(self.blocks, 2, _HALF)
        squared, angle = np.log(np.float32(1) - drawn[:, 0]), drawn[:, 1]
        squared *= np.float32(-2)
        radius = np.sqrt(squared, out=squared)
        angle *= _CIRCLE
        normals = np.empty((self.blocks, 2, _HALF), dtype=np.float32)
        np.multiply(np.cos(angle), radius, out=normals[:, 0])
        np.multiply(np.sin(angle), radius, out=normals[:, 1])
        return normals.reshape(-1)

    def uniform(self, name: str) -> FloatArray:
        """Draw the uniforms on [0, 1) of one stream; shape (people,)."""
        drawn = np.empty((self.blocks, BLOCK), dtype=np.float32)
        for block, own in enumerate(drawn, self.block):
            self._generator(name, block).random(dtype=np.float32, out=own)
        return drawn.reshape(-1)
