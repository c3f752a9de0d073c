"""How long a model stays good: month by month and from one regime to the next, and whether to learn anew."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit

from weilidai.config import TrainSettings
from weilidai.dataset.split import split
from weilidai.evaluation.bootstrap import Measured, measure
from weilidai.evaluation.invite_metrics import InviteScores
from weilidai.evaluation.plots import decay_plot
from weilidai.evaluation.retraining import advise, steadiness
from weilidai.evaluation.settings import EvaluationSettings
from weilidai.evaluation.stability import column_stability, psi
from weilidai.evaluation.study_settings import StabilitySettings
from weilidai.evaluation.truth_scores import ChanceScores
from weilidai.models.invite import InviteModel, fit_invite, invite_features
from weilidai.parameters import Parameters
from weilidai.pipeline.generating import lender_of
from weilidai.pipeline.numbers import numbers_of
from weilidai.pipeline.studies.outcome import Study, certify
from weilidai.pipeline.studies.people import Crowd, gather, seeds_of
from weilidai.progress import Progress

FloatArray = npt.NDArray[np.float64]

PSI_STABLE: Final = 0.1
"""Stability index up to which people are read as the same."""


@dataclass(frozen=True)
class _Era:
    """The people of a regime, which of them are tested on, and a model learnt from the others."""

    regime: str
    learnt: pd.DataFrame
    tested: Crowd
    model: InviteModel


def study_stability(settings: TrainSettings, study: StabilitySettings, progress: Progress) -> Study:
    """Learn in one regime, use in those that follow, and compare with a model learnt anew in each.

    Parameters
    ----------
    settings
        Model, split and bootstrap of a training; rows and regime come from ``study``.
    study
        Regimes and number of people.
    progress
        Where to report to.
    """
    names = (study.learnt_in, *study.used_in)
    seeds = seeds_of(settings.data.seed, len(names))  # nobody is met twice
    used = [_era(name, seed, settings, study, progress) for name, seed in zip(names, seeds, strict=True)]
    first = used[0]
    with progress.stage("measuring month by month, with intervals"):
        months = pd.DataFrame([row for era in used for row in _months(first, era, settings.evaluation)])
        columns = pd.concat([_columns(first, era) for era in used], ignore_index=True)
        regimes = pd.DataFrame([_regime_row(first, era, months, settings) for era in used])
    choices = {"rows": study.rows, "seed": settings.data.seed, "learnt_in": study.learnt_in,
               "used_in": ", ".join(study.used_in)}
    parameters = _numbers(study.learnt_in, settings)
    return Study(
        "stability", choices, tuple(_answer(study, regimes)),
        {"regimes": regimes, "months": months, "columns": columns},
        certify(parameters, "stability", choices, settings.data.seed),
        pictures={"decay": decay_plot(months)}, metrics=_metrics(regimes),
    )


def _numbers(regime: str, settings: TrainSettings) -> Parameters:
    readings = settings.data.readings if regime == settings.data.regime else {}
    return numbers_of(regime, readings)


def _era(regime: str, seed: int, settings: TrainSettings, study: StabilitySettings, progress: Progress) -> _Era:
    parameters = _numbers(regime, settings)
    crowd = gather(parameters, study.rows, seed, progress)
    lender, own = lender_of(parameters), settings.model.invite
    parts = split(crowd.people, settings.data)
    train, valid, aside = (crowd.people.iloc[rows] for rows in (parts.train, parts.valid, parts.calibrate))
    with progress.stage(f"learning who is invited under {regime}"):
        features = invite_features(lender.factors, lender.policy, own)
        model = fit_invite(train, valid, aside, features, lender.policy, own)
    tested = crowd.rows(parts.test) if regime == study.learnt_in else crowd
    return _Era(regime, train, tested, model)


def _months(first: _Era, era: _Era, settings: EvaluationSettings) -> Iterator[dict[str, Any]]:
    """Measure the old model in each month of an era: on everybody, as it would be used."""
    learnt = pd.Series(first.model.probability(first.learnt))
    told = first.model.probability(era.tested.people)
    months = era.tested.people["snapshot_month"].to_numpy(dtype=object)
    for month in sorted(set(months.tolist())):
        chosen = months == month
        part = era.tested.rows(chosen)
        score, label = told[chosen], part.people["is_invited"].to_numpy(dtype=bool)
        yield {
            "regime": era.regime, "month": month, "people": int(chosen.sum()), "invited_share": float(label.mean()),
            "psi": psi(learnt, pd.Series(score)), "psi_passed": psi(learnt[learnt > 0], pd.Series(score[score > 0])),
            "mean_ratio": float(score.mean() / label.mean()) if label.any() else float("nan"),
            **_with_interval(label, score, part, settings),
            "auc_trees": _trees_alone(first.model, part, label),
        }


def _with_interval(
    label: npt.NDArray[np.bool_], score: FloatArray, part: Crowd, settings: EvaluationSettings
) -> dict[str, float]:
    truth = part.truth["p_invite"].to_numpy(dtype=np.float64)
    found = _ranked(label, {"model": score, "ceiling": truth}, settings)
    auc = found.interval("model.auc")
    return {
        "auc": auc.value, "auc_low": auc.low, "auc_high": auc.high, "gini": 2 * auc.value - 1,
        "ceiling_auc": found.values["ceiling.auc"], "regret": found.difference("ceiling.auc", "model.auc").value,
    }


def _ranked(label: npt.NDArray[np.bool_], scores: Mapping[str, FloatArray], settings: EvaluationSettings) -> Measured:
    """Measure the AUC alone, which is what a draw costs least for."""
    outcome = label.astype(np.float64)
    scored = {who: ChanceScores(outcome, score, is_probability=False) for who, score in scores.items()}
    return measure(scored, len(label), replicates=settings.replicates, level=settings.level, seed=settings.seed)


def _trees_alone(model: InviteModel, part: Crowd, label: npt.NDArray[np.bool_]) -> float:
    """Rank those the lender of the day looks at by the old trees, whatever the old policy says of them."""
    eligible = part.people["is_eligible"].to_numpy(dtype=bool)
    told = model.log_odds(part.people.loc[eligible])
    return ChanceScores(label[eligible].astype(np.float64), told, is_probability=False).metrics()["auc"]


def _columns(first: _Era, era: _Era) -> pd.DataFrame:
    """Give the stability index of each feature in each month of an era, and over all of its months."""
    tested = era.tested.people
    months = tested["snapshot_month"].to_numpy(dtype=object)
    return column_stability(first.learnt, tested, first.model.features.names, months).assign(regime=era.regime)


def _regime_row(first: _Era, era: _Era, months: pd.DataFrame, settings: TrainSettings) -> dict[str, Any]:
    """Sum an era up on its last months: signs, advice, and what learning anew would bring in truth."""
    own = months.loc[months["regime"] == era.regime]
    base = months.loc[months["regime"] == first.regime]
    last = split(era.tested.people, settings.data).test if era is not first else np.arange(len(era.tested))
    test = era.tested.rows(last)
    label = test.people["is_invited"].to_numpy(dtype=bool)
    old, anew = (model.probability(test.people) for model in (first.model, era.model))
    swapped = np.where(era.model.is_eligible(test.people), expit(first.model.log_odds(test.people)), 0.0)
    truth = test.truth["p_invite"].to_numpy(dtype=np.float64)
    scores = {"old": old, "old_trees_new_policy": swapped, "anew": anew, "ceiling": truth}
    found = _ranked(label, scores, settings.evaluation)
    losses = [InviteScores(label, score).metrics()["logloss"] for score in (old, anew)]
    gain = found.difference("anew.auc", "old.auc")
    signs = {"psi": float(own["psi"].max()), "auc_drop": float(base["auc"].mean()) - found.values["old.auc"],
             "mean_ratio": float(old.mean() / label.mean()) if label.any() else float("nan")}
    advice = advise(signs, settings.evaluation.retraining)
    return {
        "regime": era.regime, **signs, "auc": found.values["old.auc"], "auc_anew": found.values["anew.auc"],
        "ceiling_auc": found.values["ceiling.auc"], "gain": gain.value, "gain_low": gain.low, "gain_high": gain.high,
        "auc_new_policy": found.values["old_trees_new_policy.auc"],
        "auc_trees": _trees_alone(first.model, test, label),
        "auc_trees_anew": _trees_alone(era.model, test, label), "logloss_gain": losses[0] - losses[1],
        "stability_score": steadiness(own["month"].tolist(), own["gini"].to_numpy(dtype=np.float64)).score,
        "is_retrain": advice.is_retrain, "advice": advice.says,
    }


def _answer(study: StabilitySettings, regimes: pd.DataFrame) -> Iterator[str]:
    yield f"a model learnt under {study.learnt_in}, used later; everything on people it has not seen"
    for row in regimes.to_dict("records"):
        fact = (f"AUC {row['auc']:.4f}, learnt anew {row['auc_anew']:.4f}, at best {row['ceiling_auc']:.4f}; "
                f"learning anew gains {row['gain']:.4f} [{row['gain_low']:.4f}, {row['gain_high']:.4f}]")
        swapped = f"the old trees under the rules of the day reach {row['auc_new_policy']:.4f}"
        yield f"{row['regime']}: {row['advice']}. In truth: {fact}; {swapped}"
    blind = regimes.loc[regimes["is_retrain"] & (regimes["gain_low"] > 0) & (regimes["psi"] <= PSI_STABLE), "regime"]
    if len(blind):
        yield (f"the stability index alone is blind to {', '.join(blind)}: the people stayed as they were (index at "
               f"most {PSI_STABLE:g}) while the lender's rules changed; only outcomes tell")


def _metrics(regimes: pd.DataFrame) -> Mapping[str, float]:
    names = ("auc", "auc_new_policy", "auc_anew", "ceiling_auc", "gain", "gain_low", "gain_high", "psi",
             "stability_score")
    return {f"stability.{row['regime']}.{name}": float(row[name]) for row in regimes.to_dict("records")
            for name in names}
