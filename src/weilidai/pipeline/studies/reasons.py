"""Whether people are told the right reasons: against the truth, for each way of sharing out a score, and again.

Several models are learnt, each from people drawn anew; all of them tell the same unseen people what weighs on them.
"""

from dataclasses import dataclass
from time import process_time
from typing import Final, Literal

import numpy as np
import pandas as pd

from weilidai.config import TrainSettings
from weilidai.errors import ConfigError
from weilidai.evaluation.study_settings import ReasonsSettings
from weilidai.explain.attributions import FloatArray, by_factor, gather_dimensions
from weilidai.explain.background import Attribution
from weilidai.explain.reason_agreement import agreement_by_person, mean_with_interval, same_main
from weilidai.explain.recovery import true_contributions
from weilidai.facts import FactorCatalogue
from weilidai.lender import LenderParameters
from weilidai.models.background import choose_background
from weilidai.models.invite import InviteModel, fit_invite
from weilidai.models.settings import ExplainSettings
from weilidai.noise import BLOCK
from weilidai.parameters import Parameters
from weilidai.pipeline.generating import generate_frames, lender_of
from weilidai.pipeline.learning import Lender, choose_inputs, prepare
from weilidai.pipeline.numbers import numbers_of
from weilidai.pipeline.reason_truth import true_against
from weilidai.pipeline.simulate import simulate
from weilidai.pipeline.studies.outcome import Study, certify, ends
from weilidai.pipeline.studies.people import SEED_STEP, seeds_of
from weilidai.progress import Progress

Method = Literal["interventional", "path"]
METHODS: Final[tuple[Method, ...]] = ("interventional", "path")
MOST_BLOCKS: Final = 400
WANTED: Final = {
    "main_dimension": 0.9, "four_dimensions": 0.9, "sign": 0.99, "same_main_dimension": 0.85,
    "same_main_factor": 0.85, "main_factor": None, "four_factors": None,
}
"""Figure -> share wanted; None where none is named."""
SUM_ERROR_WANTED: Final = 1e-6
_SAID: Final = {
    "main_dimension": "main adverse reason right, by dimension",
    "four_dimensions": "four adverse reasons right, by dimension",
    "sign": "sign right, factors above 5 %",
    "same_main_dimension": "same main reason after retraining, by dimension",
    "same_main_factor": "same main reason after retraining, by factor",
    "main_factor": "main adverse reason right, by factor",
    "four_factors": "four adverse reasons right, by factor",
    "sum_error": "largest error of a sum, log-odds",
    "factor_error": "mean error of a factor, log-odds",
    "people_a_second": "people a second",
}


@dataclass(frozen=True)
class _Explained:
    """A model with its approved people, as reasons are told from it."""

    invite: InviteModel
    background: pd.DataFrame
    explain: ExplainSettings


@dataclass(frozen=True)
class _Told:
    """What one model tells all people in one way, and the truth counted from the same approved people."""

    truth: FloatArray
    found: FloatArray
    sum_error: float
    seconds: float


def study_reasons(settings: TrainSettings, own: ReasonsSettings, progress: Progress) -> Study:
    """Hold reasons against the truth for unseen eligible people, and against those of retrained models.

    Parameters
    ----------
    settings
        Data and invite model of a training; the first population has the seed of the data.
    own
        How many people and trainings.
    progress
        Where to report to.

    Raises
    ------
    ConfigError
        Too few people are eligible.
    """
    data = settings.data
    parameters = numbers_of(data.regime, data.readings, data.policy)
    lender = lender_of(parameters)
    people = _people(parameters, lender, settings, own.people)
    told: dict[Method, list[_Told]] = {method: [] for method in METHODS}
    for seed in seeds_of(data.seed, own.trainings):
        model = _learnt(settings, lender, seed, progress)
        with progress.stage(f"telling {len(people):,} people their reasons"):
            truth = _truth(people, model.background, parameters, lender.factors)
            for method in METHODS:
                told[method].append(_tell(model, method, people, truth, lender.factors))
    figures = pd.DataFrame([row for method, ones in told.items() for row in _rows(method, ones, lender.factors)])
    choices = {
        "people": len(people), "trainings": own.trainings, "rows": data.rows, "seed": data.seed, "regime": data.regime,
        "background": settings.model.explain.background_rows,
    }
    return Study(
        "reasons", choices, _answer(figures, settings.model.explain.method), {"reasons": figures},
        certify(parameters, "reasons", choices, data.seed), metrics=_metrics(figures),
    )


def _people(parameters: Parameters, lender: Lender, settings: TrainSettings, wanted: int) -> pd.DataFrame:
    """Make eligible people of the last months of a population that no model learns from."""
    seed, kept = settings.data.seed + SEED_STEP // 2, []
    for block in range(MOST_BLOCKS):
        people, _ = simulate(parameters, BLOCK, seed, first=block * BLOCK)
        months = np.sort(people["snapshot_month"].unique())[-settings.data.test_months :]
        policy = {name: people[name].to_numpy() for name in lender.policy.columns}
        kept.append(people.loc[lender.policy.passes(policy) & people["snapshot_month"].isin(months).to_numpy()])
        if sum(map(len, kept)) >= wanted:
            return pd.concat(kept, ignore_index=True).head(wanted)
    raise ConfigError("too few people are eligible", where="reasons.people", cure="ask for fewer")


def _learnt(settings: TrainSettings, lender: Lender, seed: int, progress: Progress) -> _Explained:
    data = settings.data.model_copy(update={"seed": seed})
    settings = settings.model_copy(update={"data": data})
    applicants, _, _ = generate_frames(data.rows, seed, data.regime, progress, data.readings, data.policy)
    inputs = choose_inputs(lender, settings)
    tables = prepare(applicants, inputs, lender, settings, progress)
    with progress.stage(f"learning who is invited, seed {seed}"):
        invite = fit_invite(
            tables.train, tables.valid, tables.calibrate, inputs.invite, lender.policy, settings.model.invite
        )
    explain = settings.model.explain
    return _Explained(invite, choose_background(tables.train, invite, explain.background_rows), explain)


def _truth(
    people: pd.DataFrame, background: pd.DataFrame, parameters: Parameters, factors: FactorCatalogue
) -> FloatArray:
    lender = parameters.part("lender", LenderParameters).invitation
    return true_contributions(true_against(people, background, lender), factors)


def _tell(
    model: _Explained, method: Method, people: pd.DataFrame, truth: FloatArray, factors: FactorCatalogue
) -> _Told:
    way = model.explain.model_copy(update={"method": method})
    attribution = Attribution(_Explained(model.invite, model.background, way))
    attribution.contributions(people.head(1))
    start = process_time()
    shared = attribution.contributions(people)
    seconds = process_time() - start
    error = np.abs(shared.sum(axis=1) - model.invite.log_odds(people)).max()
    return _Told(truth, by_factor(shared, model.invite.features.names, factors), float(error), seconds)


def _rows(method: Method, told: list[_Told], factors: FactorCatalogue) -> list[dict[str, object]]:
    by_model = [agreement_by_person(one.truth, one.found, factors) for one in told]
    found = [one.found for one in told]
    scores = {name: np.mean([one[name] for one in by_model], axis=0) for name in by_model[0]}
    scores |= {
        "same_main_dimension": same_main([gather_dimensions(one, factors) for one in found]),
        "same_main_factor": same_main(found),
    }
    rows: list[dict[str, object]] = []
    for name, wanted in WANTED.items():
        each = [float(np.nanmean(one[name])) for one in by_model if name in one] or [float(np.nanmean(scores[name]))]
        got = mean_with_interval(scores[name])
        rows.append({
            "name": name, "what": _SAID[name], "method": method, "wanted": "" if wanted is None else f"{wanted:.0%}",
            **got, "worst_model": min(each), "holds": "" if wanted is None else _yes(got["got"] >= wanted),
        })
    sizes = {
        "sum_error": max(one.sum_error for one in told),
        "factor_error": float(np.mean([np.abs(one.found - one.truth).mean() for one in told])),
        "people_a_second": len(told[0].truth) * len(told) / max(sum(one.seconds for one in told), 1e-9),
    }
    for name, value in sizes.items():
        is_sum = name == "sum_error"
        rows.append({
            "name": name, "what": _SAID[name], "method": method, "wanted": f"{SUM_ERROR_WANTED:g}" if is_sum else "",
            "got": value, "low": np.nan, "high": np.nan, "worst_model": np.nan,
            "holds": _yes(value <= SUM_ERROR_WANTED) if is_sum else "",
        })
    return rows


def _yes(holds: bool) -> str:  # noqa: FBT001  # what it is asked about
    return "yes" if holds else "no"


def _metrics(figures: pd.DataFrame) -> dict[str, float]:
    named: dict[str, float] = {}
    for row in figures.to_dict("records"):
        metric = f"reasons.{row['method']}.{row['name']}"
        named |= {metric: float(row["got"]), **ends(metric, row["low"], row["high"])}
    return named


def _answer(figures: pd.DataFrame, used: str) -> tuple[str, ...]:
    own = figures.loc[figures["method"] == used]
    missed = [str(what) for what in own.loc[own["holds"] == "no", "what"]]
    errors = figures.loc[figures["name"] == "factor_error"].set_index("method")["got"]
    reached = f"not reached: {'; '.join(missed)}" if missed else "every wanted share is reached"
    return (
        f"the way in use is {used}: {reached}",
        f"mean error of a factor: interventional {errors['interventional']:.4f}, path {errors['path']:.4f} log-odds",
    )
