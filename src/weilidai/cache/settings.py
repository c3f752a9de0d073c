"""Whether, where and how much of what was learnt is kept for the next training."""

import os
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from weilidai.places import as_typed, data_dir

FOLDER_VARIABLE: Final = "WEILIDAI_CACHE"
_GIB: Final = 2**30


class CacheSettings(BaseModel):
    """The shelf on which learnt models wait for a training that would learn the very same ones."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    is_used: bool = Field(
        default=True, description="Whether models learnt from the same people, settings and code are used again."
    )
    folder: str | None = Field(
        None, description="Folder that keeps them; left out, WEILIDAI_CACHE, else data/cache in the project."
    )
    most_gib: float = Field(
        1.0, gt=0, le=1024, description="Most the folder holds, GiB; what was not used for longest goes first."
    )

    @property
    def place(self) -> Path:
        """Folder after environment and project have been asked; absolute."""
        named = self.folder or os.environ.get(FOLDER_VARIABLE, "").strip()
        return (as_typed(named) if named else data_dir() / "cache").absolute()

    @property
    def most_bytes(self) -> int:
        """Most the folder holds, bytes."""
        return round(self.most_gib * _GIB)
