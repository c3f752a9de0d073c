"""What a model must reach before it may become champion: bounds as data, checked after the report is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from weilidai.errors import GateError, suggest
from weilidai.evaluation.settings import EvaluationSettings, Gate, LeakBounds


@dataclass(frozen=True)
class GateResult:
    """The outcome of one gate.

    Parameters
    ----------
    name, metric
        The gate, and the metric it looks at.
    value
        What was measured; None when nothing was, which fails.
    passed
        Whether the gate is open.
    why
        One sentence: what was measured, what was wanted, what the gate protects.
    """

    name: str
    metric: str
    value: float | None
    passed: bool
    why: str


def standing_gates(bounds: LeakBounds) -> dict[str, Gate]:
    """Give the gates that hold though no settings name them; settings that name one replace it."""
    return {
        "not_above_the_truth": Gate(
            metric="share_of_ceiling.invite_eligible.auc_low", at_most=bounds.share_of_ceiling,
            why="only a leak ranks people better than the truth does",
        ),
        "short_of_perfect_among_the_eligible": Gate(
            metric="test.invite_eligible.auc", at_most=bounds.auc_among_the_eligible,
            why="decisions overlap, so a nearly perfect ranking is a leak",
        ),
        "short_of_perfect_over_everybody": Gate(
            metric="test.invite.auc", at_most=bounds.auc,
            why="outcomes overlap, so a nearly perfect ranking is a leak",
        ),
    }


def check_gates(metrics: Mapping[str, float], settings: EvaluationSettings) -> tuple[GateResult, ...]:
    """Hold every gate against the measured metrics: those of the settings in their order, then the standing ones."""
    standing = standing_gates(settings.leak_bounds).items()
    measured = {name: gate for name, gate in standing if name not in settings.gates and gate.metric in metrics}
    return tuple(_check(name, gate, metrics) for name, gate in {**settings.gates, **measured}.items())


def require_gates(results: Sequence[GateResult]) -> None:
    """Stop a model that fails a gate; to be called once the report is written.

    Raises
    ------
    GateError
        At least one gate failed; the message lists all that did.
    """
    failed = [result for result in results if not result.passed]
    if failed:
        lines = "\n  ".join(f"{result.name}: {result.why}" for result in failed)
        raise GateError(
            f"{len(failed)} of {len(results)} gates failed\n  {lines}",
            where="gates",
            cure="the report of the run says why; the champion stays as it was",
        )


def _check(name: str, gate: Gate, metrics: Mapping[str, float]) -> GateResult:
    value = metrics.get(gate.metric)
    if value is None:
        why = f"{gate.metric} was not measured, {suggest(gate.metric, metrics)}"
        return GateResult(name, gate.metric, None, passed=False, why=why)
    is_high_enough = gate.at_least is None or value >= gate.at_least
    is_low_enough = gate.at_most is None or value <= gate.at_most
    bounds = [f"{word} {bound:g}" for word, bound in (("at least", gate.at_least), ("at most", gate.at_most))
              if bound is not None]  # fmt: skip
    why = f"{gate.metric} is {value:.4g}, wanted {' and '.join(bounds)}: {gate.why}"
    return GateResult(name, gate.metric, value, passed=is_high_enough and is_low_enough, why=why)
