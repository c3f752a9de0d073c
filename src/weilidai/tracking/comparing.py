"""Whether two models were measured on the same people, and if so which is better."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from weilidai.tracking.datasets import CONTEXT
from weilidai.tracking.settings import TrackingSettings

if TYPE_CHECKING:
    from mlflow.entities import Run as StoredRun

TEST: Final = "test"
"""What the table of people a model was measured on was read for."""
SIMULATOR_TAGS: Final = ("facts_digest", "parameters_digest")
WORLD_TAGS: Final[Mapping[str, str]] = {
    "regime": "optimisation", "policy": "composite", "readings": "default", "source": "simulator",
}
"""Tag -> what a run without it means. Together they say what was learnt; two worlds do not compete for one place."""
Verdict = tuple[Literal["champion", "challenger"], str]


@dataclass(frozen=True)
class Measured:
    """What a run says about its model, and of whom it says it."""

    metrics: Mapping[str, float]
    simulator: tuple[str | None, ...]
    """Digests of the facts and of the parameters its people were made with."""
    world: Mapping[str, str]
    """Regime, policy and whatever else decides what there is to learn."""
    people: str | None
    """Digest of the table it was measured on; None when the run did not record it."""

    @classmethod
    def of(cls, run: "StoredRun") -> "Measured":
        """Read it from a run as the store has it."""
        tags = run.data.tags
        inputs = run.inputs.dataset_inputs if run.inputs else []
        tested = [i.dataset.digest for i in inputs if any(t.key == CONTEXT and t.value == TEST for t in i.tags)]
        simulator = tuple(tags.get(name) for name in SIMULATOR_TAGS)
        world = {name: tags.get(name, usual) for name, usual in WORLD_TAGS.items()}
        return cls(run.data.metrics, simulator, world, tested[0] if len(tested) == 1 else None)


def weigh_up(mine: Measured, theirs: Measured, version: str, settings: TrackingSettings) -> Verdict:
    """Say whether a model that passed its gates takes the champion's place, and why.

    A difference between two samples of people is noise, so figures are compared on the same test people only.

    Parameters
    ----------
    mine, theirs
        The new model's run; the champion's.
    version
        The champion's version.
    settings
        Metric, its good side, and the margin.
    """
    for name, own in mine.world.items():
        if own != (others := theirs.world.get(name)):
            return "challenger", f"learnt with {name} {own}, the champion (version {version}) with {others}"
    if mine.simulator != theirs.simulator:
        return "champion", f"passed its gates; the former (version {version}) was learnt from another simulator"
    if mine.people is None or mine.people != theirs.people:
        return "challenger", f"measured on other people than the champion (version {version}): not comparable"
    return _by_metric(mine.metrics, theirs.metrics, version, settings)


def _by_metric(
    mine: Mapping[str, float], theirs: Mapping[str, float], version: str, settings: TrackingSettings
) -> Verdict:
    metric = settings.champion_metric
    if metric not in mine or metric not in theirs:
        whose = "this model" if metric in theirs else "the champion"
        return "challenger", f"{metric} of {whose} was not measured, so the two cannot be compared"
    gain = mine[metric] - theirs[metric]
    if settings.champion_metric_is == "lower_better":
        gain = -gain
    said = f"{metric} is {mine[metric]:.6g}, the champion's (version {version}) is {theirs[metric]:.6g}"
    return ("champion" if gain > settings.champion_margin else "challenger"), said
