"""Why the models fall short of the truth: regrets of invite and first grant, cause by cause."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit

from weilidai.config import TrainSettings
from weilidai.evaluation.bootstrap import Measured, measure
from weilidai.evaluation.causes import split_regret
from weilidai.evaluation.settings import EvaluationSettings
from weilidai.evaluation.truth_scores import ChanceScores, MeanScores
from weilidai.models import boosting
from weilidai.models.boosting import Labelled
from weilidai.models.calibration import fit_calibration
from weilidai.models.features import Features, choose_features, encode
from weilidai.models.invite import fit_invite
from weilidai.models.quota import fit_quota
from weilidai.models.settings import TreeSettings
from weilidai.pipeline.generating import lender_of
from weilidai.pipeline.learning import Inputs, Lender, Tables, choose_inputs, prepare
from weilidai.pipeline.numbers import numbers_of
from weilidai.pipeline.studies.outcome import Study, certify, ends
from weilidai.pipeline.studies.people import Crowd, gather
from weilidai.progress import Progress

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

INVITE: Final = "p_invite"
GRANT: Final = "quota_mean_cny"
DEEPER: Final = 2
MORE_TREES: Final = 2
MOST_LEAVES: Final = 31
"""How much richer trees may be to tell what the settings cost."""


def study_gap(settings: TrainSettings, progress: Progress) -> Study:
    """Split the regret of the invite model and of the quota model into causes, on out-of-time people.

    Invite is judged among the eligible, for about the others the policy leaves nothing to learn.

    Parameters
    ----------
    settings
        Data, models and bootstrap of a training.
    progress
        Where to report to.
    """
    data = settings.data
    parameters = numbers_of(data.regime, data.readings, data.policy)
    lender = lender_of(parameters)
    crowd = gather(parameters, data.rows, data.seed, progress)
    inputs = choose_inputs(lender, settings)
    tables = prepare(crowd.people, inputs, lender, settings, progress)
    invite = _invite(tables, crowd, inputs, lender, settings, progress)
    quota = _quota(tables, crowd, inputs, lender, settings, progress)
    found = {
        "invite_logloss": split_regret(invite, "excess_logloss"),
        "invite_auc": split_regret(invite, "auc", larger_is_better=True),
        "quota_r2": split_regret(quota, "excess_r2"),
        "noise": _noise(tables, crowd, invite),
    }
    choices = {"rows": data.rows, "seed": data.seed, "regime": data.regime}
    return Study(
        "gap", choices, _answer(found), found, certify(parameters, "gap", choices, data.seed), metrics=_metrics(found)
    )


def every_column(lender: Lender) -> Features:
    """Give all feature columns, those included that protection, settings or the policy keep from a model."""
    return choose_features(lender.factors, with_protected=True)


def measure_on(
    scored: "dict[str, ChanceScores] | dict[str, MeanScores]", people: int, settings: EvaluationSettings
) -> Measured:
    """Measure with the bootstrap of the settings."""
    return measure(scored, people, replicates=settings.replicates, level=settings.level, seed=settings.seed)


def _invite(
    tables: Tables, crowd: Crowd, inputs: Inputs, lender: Lender, settings: TrainSettings, progress: Progress
) -> Measured:
    own = settings.model.invite
    with progress.stage("learning who is invited"):
        model = fit_invite(tables.train, tables.valid, tables.calibrate, inputs.invite, lender.policy, own)
    looked_at = _eligible_test(tables, crowd)
    chance = looked_at.truth[INVITE].to_numpy(dtype=np.float64)
    told = model.log_odds(looked_at.people)
    line = fit_calibration(told, chance)
    rungs = {"model": expit(told), "recalibrated": expit(line.apply(told))}
    for rung, features, grown in _upper_rungs(inputs.invite, lender, own):
        with progress.stage(f"learning from true chances: {rung.replace('_', ' ')}"):
            learnt, watched = (_noise_free(crowd, rows, features, INVITE) for rows in _learnt_rows(tables))
            booster = boosting.grow("cross_entropy", learnt, watched, features, grown)
        rungs[rung] = expit(boosting.score(booster, encode(looked_at.people, features)))
    with progress.stage("measuring, with intervals"):
        scored = {rung: ChanceScores(chance, score) for rung, score in {**rungs, "truth": chance}.items()}
        return measure_on(scored, len(chance), settings.evaluation)


def _quota(
    tables: Tables, crowd: Crowd, inputs: Inputs, lender: Lender, settings: TrainSettings, progress: Progress
) -> Measured:
    own = settings.model.quota
    with progress.stage("learning the first grant"):
        model = fit_quota(tables.train, tables.valid, tables.calibrate, inputs.quota, own)
    opened = _opened(crowd, tables.split.test)
    mean = opened.truth[GRANT].to_numpy(dtype=np.float64)
    told = model.mean_cny(opened.people)
    slope, offset = np.polyfit(told, mean, 1)
    rungs = {"model": told, "recalibrated": slope * told + offset}
    for rung, features, grown in _upper_rungs(inputs.quota, lender, own):
        with progress.stage(f"learning from true means: {rung.replace('_', ' ')}"):
            learnt, watched = (_noise_free(crowd, rows, features, GRANT) for rows in _learnt_rows(tables))
            booster = boosting.grow("regression", learnt, watched, features, grown)
        rungs[rung] = np.exp(boosting.score(booster, encode(opened.people, features)))
    actual = opened.people["initial_quota_cny"].to_numpy(dtype=np.float64)
    return measure_on({rung: MeanScores(mean, said, actual) for rung, said in rungs.items()}, len(mean),
                      settings.evaluation)


def _eligible_test(tables: Tables, crowd: Crowd) -> Crowd:
    test = crowd.rows(tables.split.test)
    return test.rows(test.people["is_eligible"].to_numpy(dtype=bool))


def _opened(crowd: Crowd, rows: IntArray) -> Crowd:
    part = crowd.rows(rows)
    return part.rows(part.people["is_opened"].to_numpy(dtype=bool))


def _upper_rungs(own: Features, lender: Lender, settings: TreeSettings) -> Iterator[tuple[str, Features, TreeSettings]]:
    yield "noise_free", own, settings
    yield "everything_seen", every_column(lender), settings
    yield "richer", every_column(lender), richer(settings)


def richer(settings: TreeSettings) -> TreeSettings:
    """Let trees ask two more questions, and grow twice as many."""
    deeper = settings.max_depth + DEEPER
    more = {"max_depth": deeper, "num_leaves": min(2**deeper - 1, MOST_LEAVES),
            "num_iterations": MORE_TREES * settings.num_iterations}
    return settings.model_copy(update=more)


def _learnt_rows(tables: Tables) -> tuple[IntArray, IntArray]:
    return tables.split.train, tables.split.valid


def _noise_free(crowd: Crowd, rows: IntArray, features: Features, truth: str) -> Labelled:
    """Give eligible people their true chance, or the logarithm of their true mean grant, opened or not."""
    part = crowd.rows(rows)
    part = part.rows(part.people["is_eligible"].to_numpy(dtype=bool))
    true = part.truth[truth].to_numpy(dtype=np.float64)
    return Labelled(encode(part.people, features), true if truth == INVITE else np.log(true))


def _noise(tables: Tables, crowd: Crowd, invite: Measured) -> pd.DataFrame:
    """Say what no model can know: what lies between the truth and a model that foresees every draw."""
    chance = _eligible_test(tables, crowd).truth[INVITE].to_numpy(dtype=np.float64)
    inner = np.clip(chance, 1e-12, 1 - 1e-12)
    entropy = float(np.mean(-inner * np.log(inner) - (1 - inner) * np.log(1 - inner)))
    opened = _opened(crowd, tables.split.test)
    actual = opened.people["initial_quota_cny"].to_numpy(dtype=np.float64)
    missed = actual - opened.truth[GRANT].to_numpy(dtype=np.float64)
    rows = [
        ("invite, log-loss", 0.0, entropy, entropy + invite.values["model.excess_logloss"]),
        ("invite, Brier", 0.0, float(np.mean(chance * (1 - chance))),
         float(np.mean(chance * (1 - chance))) + invite.values["model.excess_brier"]),
        ("invite, AUC", 1.0, invite.values["truth.auc"], invite.values["model.auc"]),
        ("first grant, R2", 1.0, 1 - float(np.mean(missed**2) / np.var(actual)), float("nan")),
    ]
    return pd.DataFrame(rows, columns=["what", "perfect", "ceiling", "model"])


def _answer(found: dict[str, pd.DataFrame]) -> tuple[str, ...]:
    said = []
    for name, what in (("invite_logloss", "invite, log-loss"), ("invite_auc", "invite, AUC"),
                       ("quota_r2", "first grant, R2")):
        causes = found[name].set_index("cause")
        largest = str(causes.drop(index="total")["value"].idxmax())
        total, share = float(causes["value"].loc["total"]), float(causes["share"].loc[largest])
        said.append(
            f"{what}: short of the truth by {total:.4g}; the largest cause is {largest.replace('_', ' ')} "
            f"with {share:.0%} of it"
        )
    return tuple(said)


def _metrics(found: dict[str, pd.DataFrame]) -> dict[str, float]:
    named: dict[str, float] = {}
    for name in ("invite_logloss", "invite_auc", "quota_r2"):
        for row in found[name].to_dict("records"):
            metric = f"gap.{name}.{row['cause']}"
            named |= {metric: float(row["value"]), **ends(metric, row["low"], row["high"])}
    return named
