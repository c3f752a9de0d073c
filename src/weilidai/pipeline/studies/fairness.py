"""Whether groups are treated alike: quality, selection, errors, prices of equal risk, and the cost of protection."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.config import TrainSettings
from weilidai.evaluation.decision_gaps import decision_gaps
from weilidai.evaluation.invite_metrics import InviteScores
from weilidai.evaluation.price_fairness import annual_bp, planted_power, price_gap, risk_bins
from weilidai.evaluation.quota_metrics import QuotaScores
from weilidai.evaluation.slices import groups, slice_intervals
from weilidai.evaluation.study_settings import FairnessSettings
from weilidai.models.invite import InviteModel, fit_invite
from weilidai.models.quota import fit_quota
from weilidai.models.rate import fit_rate
from weilidai.pipeline.generating import lender_of
from weilidai.pipeline.learning import Inputs, Lender, Tables, choose_inputs, prepare
from weilidai.pipeline.numbers import numbers_of
from weilidai.pipeline.studies.outcome import Study, certify, ends
from weilidai.pipeline.studies.people import gather
from weilidai.pipeline.studies.protection import learn_with_protected, ranking_price
from weilidai.progress import Progress

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

PROTECTED: Final = ("age_years", "region")
"""What protection is priced for when the settings name no columns."""
PRICED: Final = (
    "slice", "group", "people", "lender_gap_bp", "lender_error_bp", "model_gap_bp", "model_error_bp", "detectable_bp",
    "false_alarm",
)
"""Columns of the prices, also where no group of those who opened is large enough; planted gaps follow."""
REACH: Final = 1.96
"""Standard errors to each end of a 95 % interval."""
SPREAD: Final = ("age_band", "region")
"""Slices whose widest difference of selection is told beside the price of protection."""


@dataclass(frozen=True)
class _Ground:
    """What all parts of the study read."""

    tables: Tables
    truth: pd.DataFrame
    lender: Lender
    settings: TrainSettings
    study: FairnessSettings

    @property
    def tested(self) -> pd.DataFrame:
        """Truth of the out-of-time people."""
        return self.truth.iloc[self.tables.split.test]


def study_fairness(settings: TrainSettings, study: FairnessSettings, progress: Progress) -> Study:
    """Learn the models as a training would, and compare groups of out-of-time people.

    Parameters
    ----------
    settings
        Data, models, bootstrap; the number of people comes from ``study``.
    study
        Risk bins and planted gaps.
    progress
        Where to report to.
    """
    data = settings.data
    protected = settings.evaluation.protected or PROTECTED
    settings = settings.model_copy(
        update={"evaluation": settings.evaluation.model_copy(update={"protected": protected})}
    )
    parameters = numbers_of(data.regime, data.readings, data.policy)
    lender = lender_of(parameters)
    crowd = gather(parameters, study.rows, data.seed, progress)
    bare = choose_inputs(lender, settings)
    tables = prepare(crowd.people, bare, lender, settings, progress)
    ground = _Ground(tables, crowd.truth, lender, settings, study)
    usual = _invite(ground, _usual(ground), progress, "as configured")
    with progress.stage("measuring groups, with intervals"):
        found = {
            "slices": _slices(ground, usual), "decisions": _decisions(ground, usual), "prices": _prices(ground),
        }
    found["protection"] = _protection(ground, usual, _invite(ground, bare, progress, "without protected"), progress)
    choices = {"rows": study.rows, "seed": data.seed, "regime": data.regime, "protected": ", ".join(protected)}
    return Study("fairness", choices, tuple(_answer(found, study)), found,
                 certify(parameters, "fairness", choices, data.seed), metrics=_metrics(found))


def _usual(ground: _Ground) -> Inputs:
    own = ground.settings.evaluation.model_copy(update={"protected": ()})
    return choose_inputs(ground.lender, ground.settings.model_copy(update={"evaluation": own}))


def _invite(ground: _Ground, inputs: Inputs, progress: Progress, how: str) -> InviteModel:
    tables = ground.tables
    with progress.stage(f"learning who is invited, {how}"):
        return fit_invite(tables.train, tables.valid, tables.calibrate, inputs.invite, ground.lender.policy,
                          ground.settings.model.invite)


def _slices(ground: _Ground, model: InviteModel) -> pd.DataFrame:
    """Measure invite among the eligible and the first grant among the opened, group by group."""
    tables, own = ground.tables, ground.settings
    eligible = tables.test.loc[tables.test["is_eligible"]]
    label, told = eligible["is_invited"].to_numpy(dtype=bool), model.probability(eligible)
    opened = tables.test.loc[tables.test["is_opened"]]
    quota = fit_quota(tables.train, tables.valid, tables.calibrate, _usual(ground).quota, own.model.quota)
    actual, mean = opened["initial_quota_cny"].to_numpy(dtype=np.float64), quota.mean_cny(opened)
    parts = {
        "invite_eligible": slice_intervals(eligible, lambda who: InviteScores(label[who], told[who]), own.evaluation),
        "quota": slice_intervals(opened, lambda who: QuotaScores(actual[who], mean[who]), own.evaluation),
    }
    return pd.concat([table.assign(of=name) for name, table in parts.items()], ignore_index=True)


def _decisions(ground: _Ground, model: InviteModel) -> pd.DataFrame:
    people = ground.tables.test
    decision = model.probability(people) >= model.threshold
    return decision_gaps(people, people["is_invited"].to_numpy(dtype=bool), decision, ground.settings.evaluation)


def _prices(ground: _Ground) -> pd.DataFrame:
    """Compare the lender's and the rate model's prices at equal true risk, over everybody who opened."""
    tables, study, own = ground.tables, ground.study, ground.settings
    rate = fit_rate(tables.train, tables.valid, _usual(ground).rate, ground.lender.grade_rates, own.model.rate)
    opened = tables.test["is_opened"].to_numpy(dtype=bool)
    people = tables.test.loc[opened]
    risk = risk_bins(ground.tested["p_overdue"].to_numpy(dtype=np.float64)[opened], study.risk_bins)
    prices = {"lender": annual_bp(people["daily_rate"].to_numpy(dtype=np.float64)),
              "model": annual_bp(rate.daily_rate(people))}
    rows = []
    for name, group, member in groups(people):
        if member.sum() < own.evaluation.slice_minimum or member.all():
            continue
        rows.append({"slice": name, "group": group, "people": int(member.sum()),
                     **_price_row(prices, risk, member, ground)})
    return pd.DataFrame(rows, columns=None if rows else PRICED)


def _price_row(
    prices: dict[str, FloatArray], risk: npt.NDArray[np.int64], member: BoolArray, ground: _Ground
) -> dict[str, Any]:
    own, study = ground.settings.evaluation, ground.study
    row: dict[str, Any] = {}
    for who, price in prices.items():
        found = price_gap(price, risk, member)
        row |= {f"{who}_gap_bp": found.gap_bp, f"{who}_error_bp": found.error_bp}
    power = planted_power(prices["lender"], risk, member, study.planted_bp, resamples=study.resamples,
                          level=own.level, power=study.power, seed=own.seed)
    row |= {"detectable_bp": power.detectable_bp, "false_alarm": power.false_alarm}
    return row | {f"found_{gap:g}_bp": share for gap, share in zip(power.planted_bp, power.found, strict=True)}


def _protection(ground: _Ground, usual: InviteModel, bare: InviteModel, progress: Progress) -> pd.DataFrame:
    """Rank with all columns, as configured, and without the protected ones; the price is paid in AUC."""
    settings, test = ground.settings, ground.tables.test
    free = learn_with_protected(ground.tables, ground.lender, settings, settings.evaluation.protected, progress)
    models = {"with": free, "as_configured": usual, "without": bare}
    price = ranking_price(test, ground.tested, models, settings, base="as_configured")
    label = test["is_invited"].to_numpy(dtype=bool)
    rows = []
    for name, model in models.items():
        gaps = decision_gaps(test, label, model.probability(test) >= model.threshold, settings.evaluation)
        shares = gaps.groupby("slice")["selected"]
        widest = (shares.max() - shares.min()).reindex(SPREAD)
        read = [column for column in settings.evaluation.protected if column in model.features.names]
        rows.append({"features": name, "reads": ", ".join(read) or "-", "auc_gain": price[name].value,
                     "auc_gain_low": price[name].low, "auc_gain_high": price[name].high,
                     **{f"selection_spread_{one}": float(widest[one]) for one in SPREAD}})
    return pd.DataFrame(rows)


def _answer(found: dict[str, pd.DataFrame], study: FairnessSettings) -> Iterator[str]:
    yield from _opportunity_answer(found["decisions"])
    yield from _price_answer(found["prices"], study)
    for row in found["protection"].to_dict("records"):
        if row["features"] != "as_configured":
            yield (f"invite model {row['features']} protected columns: AUC among the eligible {row['auc_gain']:+.4f} "
                   f"[{row['auc_gain_low']:+.4f}, {row['auc_gain_high']:+.4f}] against the configured one")


def _opportunity_answer(decisions: pd.DataFrame) -> Iterator[str]:
    gaps = decisions.loc[decisions["reached_gap"].notna()]
    if gaps.empty:
        yield "equal opportunity: no group is large enough to be compared; ask for more people with fairness.rows"
        return
    unequal = gaps.loc[(gaps["reached_gap_low"] > 0) | (gaps["reached_gap_high"] < 0)]
    worst = gaps.iloc[int(gaps["reached_gap"].abs().argmax())]
    yield (f"equal opportunity: {len(unequal)} of {len(gaps)} groups differ beyond chance; the widest is "
           f"{worst['group']} ({worst['slice']}), reached {worst['reached_gap']:+.3f} against the others")


def _price_answer(compared: pd.DataFrame, study: FairnessSettings) -> Iterator[str]:
    prices = compared.loc[compared["lender_gap_bp"].notna()]
    if prices.empty:
        yield ("same risk, same price: too few people opened for any group to be compared; ask for more people with "
               "fairness.rows, or for smaller groups with evaluation.slice_minimum")
        return
    far = prices.loc[prices["lender_gap_bp"].abs() > prices["detectable_bp"]]
    dearest = prices.iloc[int(prices["lender_gap_bp"].abs().argmax())]
    yield (f"same risk, same price: {len(far)} of {len(prices)} groups lie further off than can be found in "
           f"{study.power:.0%} of draws; the furthest is {dearest['group']} ({dearest['slice']}) at "
           f"{dearest['lender_gap_bp']:+.0f} basis points a year (model {dearest['model_gap_bp']:+.0f})")
    yield (f"a planted gap is found in {study.power:.0%} of draws from {prices['detectable_bp'].min():.0f} (largest "
           f"groups) to {prices['detectable_bp'].max():.0f} basis points (smallest); without one, an alarm is given in "
           f"{prices['false_alarm'].mean():.1%} of draws")


def _metrics(found: dict[str, pd.DataFrame]) -> dict[str, float]:
    gaps, prices = found["decisions"], found["prices"]
    named = {"fairness.detectable_bp_max": float(prices["detectable_bp"].max())}
    for rate in ("reached", "false_alarm", "selected"):
        low, high = (gaps[f"{rate}_gap_{end}"] for end in ("low", "high"))
        named |= _widest(f"fairness.{rate}_gap_max", gaps[f"{rate}_gap"], low, high)
    for who, metric in (("lender", "price_gap_bp_max"), ("model", "model_price_gap_bp_max")):
        gap, reach = prices[f"{who}_gap_bp"], REACH * prices[f"{who}_error_bp"]
        named |= _widest(f"fairness.{metric}", gap, gap - reach, gap + reach)
    for row in found["protection"].to_dict("records"):
        metric = f"fairness.auc_gain.{row['features']}"
        named |= {metric: float(row["auc_gain"]), **ends(metric, row["auc_gain_low"], row["auc_gain_high"])}
    return named


def _widest(metric: str, gaps: pd.Series, low: pd.Series, high: pd.Series) -> dict[str, float]:
    """Name the widest gap, whichever way it goes, with the interval of that group's gap; NaN where none is known."""
    if gaps.isna().all():
        return {metric: float("nan")}
    place = int(np.nanargmax(gaps.abs().to_numpy(dtype=np.float64)))
    gap, first, last = (float(values.iloc[place]) for values in (gaps, low, high))
    return {metric: abs(gap), **(ends(metric, first, last) if gap >= 0 else ends(metric, -last, -first))}
