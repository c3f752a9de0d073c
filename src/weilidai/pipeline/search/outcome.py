"""What a search found: the best settings beside the defaults, on people whom no trial has seen."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import yaml

from weilidai.evaluation.bootstrap import Interval, measure
from weilidai.evaluation.settings import EvaluationSettings
from weilidai.models.settings import TreeSettings
from weilidai.models.tuning.settings import SearchSettings
from weilidai.models.tuning.space import with_values
from weilidai.pipeline.search.study import TrialRow

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Outcome:
    """Defaults against the best trial."""

    metric: str
    """What both are compared on: ``auc`` among the eligible or ``r2`` of the first grant."""
    default: Interval
    best: Interval
    gain: Interval
    """Best less default, with the range of the paired difference."""
    within: float
    best_values: Mapping[str, float]
    trials: Sequence[TrialRow]
    importance: Mapping[str, float]
    """Share of the losses' variance that each setting accounts for; empty before there are enough trials."""

    @property
    def is_within(self) -> bool:
        """Tell whether even the upper end of the gain is no more than the stated distance."""
        return self.gain.high <= self.within

    @property
    def metrics(self) -> dict[str, float]:
        """Fixed name -> value, for the run."""
        states = [row.state for row in self.trials]
        return {
            "search.trials": len(states),
            "search.pruned": states.count("pruned"), "search.failed": states.count("fail"),
            f"search.default.{self.metric}": self.default.value, f"search.best.{self.metric}": self.best.value,
            "search.gain": self.gain.value, "search.gain.low": self.gain.low, "search.gain.high": self.gain.high,
            "search.default_is_within": float(self.is_within),
        }

    def in_words(self) -> str:
        """Say in one sentence what the search won."""
        told = "no further than" if self.is_within else "perhaps further than"
        return (
            f"best of {len(self.trials)} trials: {self.metric} {self.best.value:.4f} against "
            f"{self.default.value:.4f} of the defaults, "
            f"{self.gain.value:+.4f} [{self.gain.low:+.4f}, {self.gain.high:+.4f}]; "
            f"the defaults are {told} {self.within:g} from the best"
        )


def judge_search(
    ground: Any, search: SearchSettings, evaluation: EvaluationSettings,  # noqa: ANN401  # either ground
    trials: Sequence[TrialRow], importance: Mapping[str, float],
) -> Outcome:
    """Grow the defaults and the best trial once more, and compare them on the people of later months."""
    best = min((row for row in trials if row.state == "complete"), key=lambda row: (row.loss, row.number))
    students = {"default": ground.grow(ground.defaults), "best": ground.grow(with_values(ground.defaults, best.values))}
    people = ground.asked(students["default"], ground.tables.test)
    scored = {name: ground.scores(student, people) for name, student in students.items()}
    measured = measure(
        scored, len(people), replicates=evaluation.replicates, level=evaluation.level, seed=evaluation.seed
    )
    name = ground.judged_name
    return Outcome(
        name, measured.interval(f"default.{name}"), measured.interval(f"best.{name}"),
        measured.difference(f"best.{name}", f"default.{name}"), search.within, _settled(ground.defaults, best.values),
        trials, importance,
    )


def write_outcome(outcome: Outcome, search: SearchSettings, folder: Path) -> None:
    """Write the trials, the comparison, a settings file with the best values, and the picture."""
    folder.mkdir(parents=True, exist_ok=True)
    pd.DataFrame([_flat(row) for row in outcome.trials]).to_csv(folder / "trials.csv", index=False)
    told = {**asdict(outcome), "is_within": outcome.is_within}
    (folder / "search.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    (folder / "best.yaml").write_text(best_as_yaml(outcome, search), encoding="utf-8")
    history_plot(outcome).savefig(folder / "history.png", format="png")


def best_as_yaml(outcome: Outcome, search: SearchSettings) -> str:
    """Write the best values as a settings file that extends the default one."""
    values = {"model": {search.model: dict(outcome.best_values)}}
    told = f"# {outcome.in_words()}\nextends: ../train.yaml\n\n"
    return told + yaml.safe_dump(values, sort_keys=False)


def history_plot(outcome: Outcome) -> "Figure":
    """Draw the loss of every trial, the best so far, and what each setting accounts for."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.6, 4.2), dpi=110, layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(3, 2))
    complete = {row.number: row.loss for row in outcome.trials if row.state == "complete" and row.loss is not None}
    numbers, losses = list(complete), list(complete.values())
    left.scatter(numbers, losses, color="#0b6e4f", s=18, label="complete")
    pruned = [row.number for row in outcome.trials if row.state == "pruned"]
    left.scatter(pruned, [max(losses)] * len(pruned), marker="x", color="#bbbbbb", label="pruned")
    left.step(numbers, pd.Series(losses).cummin(), where="post", color="#444444", linewidth=1, label="best so far")
    left.set(title="Trials", xlabel="trial (0 is the defaults)", ylabel="loss on people set aside")
    left.legend(frameon=False)
    shares = sorted(outcome.importance.items(), key=lambda pair: pair[1])
    right.barh([name for name, _ in shares], [share for _, share in shares], color="#4a6fa5")
    right.set(title="What mattered", xlabel="share of the variance of losses")
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    return figure


def _settled(defaults: TreeSettings, values: Mapping[str, float]) -> dict[str, float]:
    """Round away what no one would type, after dropping leaves the depth has no room for."""
    whole = with_values(defaults, values).model_dump(include=set(values))
    return {name: value if isinstance(value, int) else float(f"{value:.4g}") for name, value in whole.items()}


def _flat(row: TrialRow) -> dict[str, Any]:
    return {"trial": row.number, "state": row.state, "loss": row.loss, **row.values}
