"""Where the trees of a training grow: in this process, or on workers."""

from collections.abc import Iterator
from contextlib import contextmanager

from weilidai.models import boosting
from weilidai.models.boosting import Grow
from weilidai.pipeline.scale.settings import ScaleSettings
from weilidai.progress import Progress


@contextmanager
def growing(scale: ScaleSettings, progress: Progress) -> Iterator[Grow]:
    """Give what grows trees; workers are there for the time of the block.

    Raises
    ------
    ConfigError, ResourceError
        There are no workers to be had.
    """
    if not scale.is_dask:
        yield boosting.grow
        return
    from weilidai.models.boosting_on_workers import GrowOnWorkers
    from weilidai.pipeline.scale.cluster import open_workers

    with open_workers(scale, progress) as workers:
        yield GrowOnWorkers(workers.client)
