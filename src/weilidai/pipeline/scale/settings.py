"""Settings of where the work is done: in this process, or on the workers of a Dask cluster."""

import re
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

_ADDRESS: Final = re.compile(r"(?:tcp|tls)://[^\s/:]+:\d{1,5}|(?:tcp|tls)://\[[0-9a-fA-F:]+\]:\d{1,5}")


class ScaleSettings(BaseModel):
    """Where the work is done."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    engine: Literal["here", "dask"] = Field(
        "here", description="This process alone, or the workers of a Dask cluster, which the extra `dask` brings."
    )
    scheduler: str | None = Field(
        None, description="Address of a running Dask scheduler, tcp://HOST:PORT; null starts workers on this machine."
    )
    workers: int = Field(2, ge=1, le=1024, description="Worker processes to start; a running scheduler has its own.")
    threads_per_worker: int = Field(1, ge=1, le=256, description="Partitions that a started worker does at a time.")
    memory_per_worker_gib: float = Field(
        4.0, gt=0, allow_inf_nan=False,
        description="Memory of a started worker, GiB: it writes results aside beyond 70 % and is ended at 95 %.",
    )
    partition_people: int = Field(
        262_144, ge=1_000, le=20_000_000, description="People of a partition; results do not depend on it."
    )
    connect_seconds: float = Field(
        15.0, gt=0, le=3_600, description="How long to wait for the scheduler and its first worker."
    )

    @property
    def is_dask(self) -> bool:
        """Whether other processes do the work."""
        return self.engine == "dask"

    @field_validator("scheduler")
    @classmethod
    def _address_can_be_meant(cls, address: str | None) -> str | None:
        if address is not None and not _ADDRESS.fullmatch(address):
            raise ValueError(f"'{address}' is no address of a scheduler; write tcp://HOST:PORT, as in tcp://10.0.0.5:8786")
        return address
