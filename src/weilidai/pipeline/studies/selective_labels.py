"""How well a model of default risk does for everybody when only those let in ever show whether they repay."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.columns import CATALOGUE, FEATURES
from weilidai.config import TrainSettings
from weilidai.errors import ConfigError, suggest
from weilidai.evaluation.study_settings import SelectiveLabelsSettings
from weilidai.evaluation.truth_scores import ChanceScores
from weilidai.models.features import Features, choose_features, encode
from weilidai.pipeline.generating import lender_of
from weilidai.pipeline.learning import Lender
from weilidai.pipeline.numbers import numbers_of
from weilidai.pipeline.studies.outcome import Study, certify
from weilidai.pipeline.studies.people import SEED_STEP, Crowd, gather, seeds_of
from weilidai.pipeline.studies.reject_inference import METHODS, Past
from weilidai.pipeline.studies.risk_learning import Scale, chance, learn, scale_of
from weilidai.progress import Progress

FloatArray = npt.NDArray[np.float64]

RISK: Final = "p_overdue"
SEES_ALL: Final = "the learner sees what the lender sees"
SEES_LESS: Final = "the lender selects by columns the learner does not see"
BASE: Final = "none"
MEASURES: Final = ("auc", "excess_logloss", "mean_ratio")
GAIN: Final = ("auc_gain", "auc_gain_low", "auc_gain_high")


@dataclass(frozen=True)
class _Tested:
    """Everybody of another population, and the truth about them."""

    crowd: Crowd
    settings: SelectiveLabelsSettings


def study_selective_labels(settings: TrainSettings, study: SelectiveLabelsSettings, progress: Progress) -> Study:
    """Learn default risk from those who opened by each method, and judge by the true risk of everybody.

    Outcomes of all others stay sealed: they are drawn from the true risk, and only the exploration budget and the
    bound of all outcomes ever look at some.

    Parameters
    ----------
    settings
        Regime and first seed.
    study
        People, populations, methods' settings.
    progress
        Where to report to.

    Raises
    ------
    ConfigError
        A hidden column is no feature.
    """
    _refuse_unknown(study.hidden_columns)
    data = settings.data
    parameters = numbers_of(data.regime, data.readings, data.policy)
    lender = lender_of(parameters)
    tested = _Tested(gather(parameters, study.test_rows, data.seed + SEED_STEP // 2, progress), study)
    rows: list[dict[str, Any]] = []
    for number, seed in enumerate(seeds_of(data.seed, study.populations), 1):
        crowd = gather(parameters, study.rows, seed, progress)
        with progress.stage(f"learning default risk by {len(METHODS)} methods (population {number})"):
            for view, hidden in ((SEES_ALL, ()), (SEES_LESS, study.hidden_columns)):
                rows += [{"population": seed, "view": view, **row}
                         for row in _learnt(crowd, tested, _features(lender, hidden), seed)]
    points = pd.DataFrame(rows)
    table = _summed_up(points)
    choices = {"rows": study.rows, "populations": study.populations, "seed": data.seed, "regime": data.regime,
               "explored_share": study.explored_share}
    return Study(
        "selective_labels", choices, tuple(_answer(table, points)), {"methods": table, "populations": points},
        certify(parameters, "selective_labels", choices, data.seed), metrics=_metrics(table),
    )


def _refuse_unknown(columns: tuple[str, ...]) -> None:
    for name in columns:
        if name not in FEATURES:
            raise ConfigError(f"no feature is called {name!r}", where="hidden_columns", cure=suggest(name, FEATURES))


def _features(lender: Lender, hidden: tuple[str, ...]) -> Features:
    words = [name for name in FEATURES if CATALOGUE[name].kind in ("category", "text")]
    return choose_features(lender.factors, excluded_columns={*hidden, *words}, free=True)


def _learnt(crowd: Crowd, tested: _Tested, features: Features, seed: int) -> Iterator[dict[str, Any]]:
    study, random = tested.settings, np.random.default_rng(seed)
    past, scale = _past(crowd, features, study, random)
    unseen, risk = _design(tested.crowd, features, scale), tested.crowd.truth[RISK].to_numpy(dtype=np.float64)
    opened = tested.crowd.people["is_opened"].to_numpy(dtype=bool)
    for name, method in METHODS.items():
        told = chance(learn(method(past, study, random)), unseen)
        yield {"method": name, **_judged(risk, told), "auc_opened": _judged(risk[opened], told[opened])["auc"],
               "known_bad": int(past.is_bad[past.is_opened].sum())}
    yield {"method": "truth", **_judged(risk, risk), "auc_opened": _judged(risk[opened], risk[opened])["auc"],
           "known_bad": int(past.is_bad[past.is_opened].sum()), "explored": int(past.is_explored.sum()),
           "explored_bad": int(past.is_bad[past.is_explored].sum())}


def _past(
    crowd: Crowd, features: Features, study: SelectiveLabelsSettings, random: np.random.Generator
) -> tuple[Past, Scale]:
    opened = crowd.people["is_opened"].to_numpy(dtype=bool)
    drawn = random.random(len(crowd)) < crowd.truth[RISK].to_numpy(dtype=np.float64)
    seen = np.equal(crowd.people["is_overdue"].to_numpy(dtype=np.float64, na_value=0), 1)
    explored = ~opened & (random.random(len(crowd)) < study.explored_share)
    others = np.flatnonzero(~opened)
    kept = random.choice(others, size=min(study.others_kept, len(others)), replace=False)
    stands_for = opened.astype(np.float64)
    stands_for[kept] = len(others) / len(kept)
    rows = np.flatnonzero((stands_for > 0) | explored)
    matrix = encode(crowd.people.iloc[rows], features)
    scale = scale_of(matrix)
    is_bad = np.where(opened, seen, drawn)
    return Past(
        scale.design(matrix), stands_for[rows], opened[rows], is_bad[rows], explored[rows], study.explored_share
    ), scale


def _design(crowd: Crowd, features: Features, scale: Scale) -> FloatArray:
    return scale.design(encode(crowd.people, features))


def _judged(risk: FloatArray, told: FloatArray) -> dict[str, float]:
    found = ChanceScores(risk, told).metrics()
    return {"auc": found["auc"], "excess_logloss": found["excess_logloss"],
            "mean_ratio": float(told.mean() / risk.mean())}


def _summed_up(points: pd.DataFrame) -> pd.DataFrame:
    """Give, by view and method, mean and 95 % interval over populations, and the paired gain in AUC over ``none``."""
    rows = []
    for (view, method), part in points.groupby(["view", "method"], sort=False):
        base = points.loc[(points["view"] == view) & (points["method"] == BASE)].set_index("population")["auc"]
        own = part.set_index("population")
        row: dict[str, Any] = {"view": view, "method": method, "populations": len(part)}
        measured = {name: own[name] for name in MEASURES} | {"auc_gain": own["auc"] - base}
        for name, values in measured.items():
            mean, reach = float(values.mean()), _reach(values.to_numpy(dtype=np.float64))
            row |= {name: mean, f"{name}_low": mean - reach, f"{name}_high": mean + reach}
        rows.append(row | {"auc_opened": float(own["auc_opened"].mean())})
    return pd.DataFrame(rows)


def _reach(values: FloatArray) -> float:
    """Half the 95 % interval of a mean, by Student's distribution."""
    from scipy.stats import t

    return float(t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values)))


def _answer(table: pd.DataFrame, points: pd.DataFrame) -> Iterator[str]:
    bound = {"truth", "all_outcomes"}
    for view in (SEES_ALL, SEES_LESS):
        by_method = table.loc[table["view"] == view].set_index("method")
        methods = by_method.drop(index=list(bound))
        best = str(methods["auc"].idxmax())
        gain, low, high = (float(methods[name].to_dict()[best]) for name in GAIN)
        auc = dict(zip(by_method.index, by_method["auc"].tolist(), strict=True))
        alone, everybody, truth, chosen = (float(auc[name]) for name in (BASE, "all_outcomes", "truth", best))
        yield (
            f"{view}: AUC for everybody {alone:.3f} with those who opened alone, {everybody:.3f} with everybody's "
            f"outcome, {truth:.3f} in truth; best method {best} at {chosen:.3f} (gain {gain:+.3f} "
            f"[{low:+.3f}, {high:+.3f}])"
        )
        worse = [str(name) for name, one in methods.iterrows() if one["auc_gain_high"] < 0]
        if worse:
            yield f"  worse than doing nothing beyond chance: {', '.join(worse)}"
    explored = points.loc[points["method"] == "truth", ["explored", "explored_bad"]].mean()
    yield (f"the exploration budget lets in {explored['explored']:,.0f} people, of whom "
           f"{explored['explored_bad']:,.0f} are overdue; those who opened hold {points['known_bad'].mean():,.0f}")


def _metrics(table: pd.DataFrame) -> dict[str, float]:
    views = {SEES_ALL: "sees_all", SEES_LESS: "sees_less"}
    told = [f"{name}{end}" for name in (*MEASURES, "auc_gain") for end in ("", "_low", "_high")]
    return {f"selective_labels.{views[str(row['view'])]}.{row['method']}.{name}": float(row[name])
            for row in table.to_dict("records") for name in told}
