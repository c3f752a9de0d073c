"""What advice is worth: found or proved absent, possible, complete, quick, and good for the person in truth."""

from collections import Counter
from typing import Final

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from weilidai.bounds import Bounds
from weilidai.config import TrainSettings
from weilidai.dataset.impossible import made_impossible
from weilidai.errors import ConfigError
from weilidai.evaluation.study_settings import RecourseSettings
from weilidai.facts import load_book
from weilidai.inference.decider import Decider
from weilidai.inference.loading import load_model
from weilidai.models.bundle import Bundle
from weilidai.noise import BLOCK
from weilidai.parameters import Parameters
from weilidai.pipeline.asking import parameters_of, require_documented
from weilidai.pipeline.recourse_rates import Sought, rates, seek
from weilidai.pipeline.simulate import Simulator, simulate
from weilidai.pipeline.studies.brute_force import TWO, is_missed
from weilidai.pipeline.studies.outcome import Study, certify, ends
from weilidai.pipeline.studies.people import SEED_STEP
from weilidai.population import PopulationParameters
from weilidai.progress import Progress

MOST_BLOCKS: Final = 200
"""Blocks looked through for people; a model that refuses nobody has none to offer."""
MONTHS_IN_A_YEAR: Final = 12
QUANTILES: Final = (50, 95)


def study_recourse(settings: TrainSettings, own: RecourseSettings, progress: Progress) -> Study:
    """Seek advice for people the model has not seen and hold it against possibility, brute force and the simulator.

    Parameters
    ----------
    settings
        Of which only the store is asked, for the model.
    own
        Model, people and aim.
    progress
        Where to report to.

    Raises
    ------
    ConfigError
        The model has learnt from these very people, or refuses too few.
    """
    with progress.stage("opening the model"):
        decider = load_model(own.model, tracking_uri=settings.tracking.uri)
    require_documented(decider)
    parameters, seed, bundle, book = parameters_of(decider), _seed(decider, own), decider.bundle, load_book()
    people = _people(bundle, parameters, seed, own)
    sought = seek(
        bundle, people, Simulator.of(parameters), seed, book, progress, aim=own.aim, seconds=own.seconds
    )
    with progress.stage("trying every one and two actions", len(sought)) as advance:
        missed = 0
        for done, one in enumerate(sought, 1):
            missed += is_missed(one, bundle, book.passing, own.aim)
            advance(done)
    figures = {**rates(sought), **_shown(sought), "missed_share": missed / len(sought), **_times(sought)}
    impossible = _impossible(sought, parameters.part("population", PopulationParameters).bounds)
    figures["impossible_share"] = float(impossible["plans"].iloc[0] / max(impossible["of"].iloc[0], 1))
    choices = {"people": len(sought), "seed": seed, "regime": parameters.regime, "aim": own.aim}
    tables = {
        "recourse": pd.DataFrame([_row(name, value, _counted(name, sought)) for name, value in figures.items()]),
        "plans_that_cannot_be": impossible, "first_advice": _firsts(sought), "people": _table(sought),
    }
    return Study(
        "recourse", choices, _answer(figures, len(sought)), tables, certify(parameters, "recourse", choices, seed),
        metrics=_metrics(figures, sought),
    )


_SAID: Final = {
    "found_share": "advice found", "none_share": "certified that there is none", "undecided_share": "undecided",
    "true_improvement_share": "cheapest plan that improves the truth",
    "harms_other_share": "cheapest plan that hurts the other aim; not shown",
    "advised_share": "of those with a plan, some plan holds in the simulator",
    "shown_improves_share": "advice shown first that improves the truth",
    "shown_first_plan_share": "advice shown first that is the cheapest plan",
    "shown_harms_share": "advice shown first that hurts the other aim",
    "shown_gaming_share": "advice shown first with a move that only makes figures look better",
    "missed_share": "missed, against brute force of one and two actions", "impossible_share": "plans that cannot be",
    "ms_p50": "ms, one or two actions or none, median", "ms_p95": "ms, one or two actions or none, 95 %",
    "ms_all_p50": "ms, everybody, median", "ms_all_p95": "ms, everybody, 95 %",
}


_OF_PLANS: Final = frozenset({"true_improvement_share", "harms_other_share", "advised_share"})
_OF_SHOWN: Final = "shown_"


def _shown(sought: list[Sought]) -> dict[str, float]:
    """Give the shares of the advice that is shown first; nothing where nobody has any."""
    shown = [(one.shown, one.first) for one in sought if one.shown is not None]
    if not shown:
        return {}
    return {
        "shown_improves_share": float(np.mean([one.improves for one, _ in shown])),
        "shown_first_plan_share": float(np.mean([one is first for one, first in shown])),
        "shown_harms_share": float(np.mean([one.harms_other for one, _ in shown])),
        "shown_gaming_share": float(np.mean([one.is_gaming for one, _ in shown])),
    }


def _counted(name: str, sought: list[Sought]) -> int:
    """Count the people that a figure is about."""
    if name in _OF_PLANS:
        return sum(one.first is not None for one in sought)
    return sum(one.has_advice for one in sought) if name.startswith(_OF_SHOWN) else len(sought)


def _row(name: str, value: float, people: int) -> dict[str, object]:
    """Write a figure with its interval."""
    low, high = _interval(name, value, people)
    return {"what": _SAID[name], "value": value, "low": low, "high": high}


def _interval(name: str, value: float, people: int) -> tuple[float, float]:
    """Give the exact 95 % interval of a share of people; NaN for any other figure."""
    if not name.endswith("_share") or name == "impossible_share" or not people:
        return float("nan"), float("nan")
    held = binomtest(round(value * people), people).proportion_ci(method="exact")
    return float(held.low), float(held.high)


def _metrics(figures: dict[str, float], sought: list[Sought]) -> dict[str, float]:
    named: dict[str, float] = {}
    for name, value in figures.items():
        low, high = _interval(name, value, _counted(name, sought))
        named |= {f"recourse.{name}": value, **ends(f"recourse.{name}", low, high)}
    return named


def _seed(decider: Decider, own: RecourseSettings) -> int:
    learnt = decider.birth_certificate.get("seed")
    if own.seed is None:
        return int(learnt or 0) + SEED_STEP // 2
    if own.seed == learnt:
        raise ConfigError("the model has learnt from the people of this seed", where="recourse.seed",
                          cure="name another seed, or none")
    return own.seed


def _people(bundle: Bundle, parameters: Parameters, seed: int, own: RecourseSettings) -> pd.DataFrame:
    kept: list[pd.DataFrame] = []
    for block in range(MOST_BLOCKS):
        people, _ = simulate(parameters, BLOCK, seed, first=block * BLOCK)
        invited = bundle.invite.is_invited(people)
        kept.append(people.loc[invited if own.aim == "quota" else ~invited])
        if sum(map(len, kept)) >= own.people:
            return pd.concat(kept, ignore_index=True).head(own.people)
    raise ConfigError("the model leaves too few people to ask for", where="recourse.people", cure="ask for fewer")


def _times(sought: list[Sought]) -> dict[str, float]:
    everybody = [one.milliseconds for one in sought]
    few = [one.milliseconds for one in sought if one.actions <= TWO]
    return {
        f"{name}_p{share}": float(np.percentile(times, share))
        for name, times in (("ms", few), ("ms_all", everybody)) for share in QUANTILES if times
    }


def _impossible(sought: list[Sought], bounds: Bounds) -> pd.DataFrame:
    """Count the plans that make somebody impossible, together and by what can never be."""
    before, after = [], []
    for one in sought:
        for plan in one.found.plans:
            snapshot = str(pd.Period(one.row["snapshot_month"].iloc[0], "M") + plan.months)
            before.append(one.row)
            after.append(one.row.assign(
                **one.case.changes(plan), snapshot_month=snapshot,
                age_years=one.row["age_years"] + plan.months // MONTHS_IN_A_YEAR,
            ))
    columns = ["what", "plans", "of"]
    if not after:
        return pd.DataFrame([("altogether", 0, 0)], columns=columns)
    found = made_impossible(pd.concat(before, ignore_index=True), pd.concat(after, ignore_index=True), bounds)
    rows = [(check.what, check.count, found.people) for check in found.checks if check.count]
    return pd.DataFrame([("altogether", found.rows, found.people), *rows], columns=columns)


def _firsts(sought: list[Sought]) -> pd.DataFrame:
    """Count the first advice by its actions, the most frequent first."""
    told = {one.row["person_id"].iloc[0]: " + ".join(sorted(step.action for step in one.first.steps))
            for one in sought if one.first is not None}
    rows = [(actions, count) for actions, count in Counter(told.values()).most_common()]
    return pd.DataFrame(rows, columns=["actions", "people"])


def _table(sought: list[Sought]) -> pd.DataFrame:
    nan = float("nan")
    rows = [
        {
            "person_id": int(one.row["person_id"].iloc[0]), "state": one.state, "actions": one.actions,
            "ms": one.milliseconds, "months": one.first.months if one.first else nan,
            "p_true_before": one.first.effect.p_true_before if one.first else nan,
            "p_true_after": one.first.effect.p_true_after if one.first else nan,
            "quota_true_before_cny": one.first.effect.quota_true_before_cny if one.first else nan,
            "quota_true_after_cny": one.first.effect.quota_true_after_cny if one.first else nan,
        }
        for one in sought
    ]
    return pd.DataFrame(rows)


def _answer(figures: dict[str, float], people: int) -> tuple[str, ...]:
    said = [
        (f"of {people:,} people: advice for {figures['found_share']:.1%}, certified none for "
        f"{figures['none_share']:.1%}, undecided {figures['undecided_share']:.1%}"),
        (f"plans that cannot be: {figures['impossible_share']:.1%}; missed against brute force: "
        f"{figures['missed_share']:.1%}"),
    ]
    if "true_improvement_share" in figures:
        said.append(
            f"the cheapest plan improves the truth for {figures['true_improvement_share']:.1%} and hurts the "
            f"other aim for {figures['harms_other_share']:.1%}, which is not shown; "
            f"some advice holds for {figures['advised_share']:.1%}"
        )
    if "shown_improves_share" in figures:
        said.append(
            f"the advice shown first improves the truth for {figures['shown_improves_share']:.1%}, "
            f"and is the cheapest plan for {figures['shown_first_plan_share']:.1%}"
        )
    if "ms_p95" in figures:
        said.append(f"processor time for one and two actions: p50 {figures['ms_p50']:.0f} ms, p95 "
                    f"{figures['ms_p95']:.0f} ms")
    return tuple(said)
