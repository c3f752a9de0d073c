"""The invite model: the lender's policy decides who is looked at, LightGBM how likely those are invited."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit

from weilidai.columns import CATALOGUE, DOCUMENTED, Contract
from weilidai.errors import DataError
from weilidai.models import boosting
from weilidai.models.boosting import Grow, Labelled, OnIteration
from weilidai.models.calibration import Calibration, fit_calibration
from weilidai.models.coverage import coverage_threshold, exact_at
from weilidai.models.features import Features, Matrix, choose_features, encode, numbers, settled_columns
from weilidai.models.rebalancing import rebalanced
from weilidai.models.settings import InviteSettings
from weilidai.models.stumps import Stumps
from weilidai.rules import Eligibility, eligibility_from_dict, eligibility_to_dict

if TYPE_CHECKING:
    import lightgbm

    from weilidai.facts import FactorCatalogue

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

BOOSTER: Final = "invite"
LABEL: Final = "is_invited"


@dataclass(frozen=True)
class InviteModel:
    """Who is invited, how likely, and why.

    Parameters
    ----------
    booster
        Trees grown on eligible people.
    features
        What the trees read.
    eligibility
        The lender's hard rules and pre-qualification score; whoever fails them has probability 0.
    calibration
        Line from the trees' score to calibrated log-odds.
    threshold
        Probability from which a person is invited, set by the policy's coverage.
    """

    booster: "lightgbm.Booster"
    features: Features
    eligibility: Eligibility
    calibration: Calibration
    threshold: float

    def log_odds(self, people: pd.DataFrame) -> FloatArray:
        """Calibrated log-odds of an invitation if the person is eligible; shape (people,)."""
        return self.calibration.apply(boosting.score(self.booster, encode(people, self.features)))

    def probability(self, people: pd.DataFrame) -> FloatArray:
        """Probability of an invitation, exactly 0 for people the policy rules out; shape (people,)."""
        is_eligible = self.is_eligible(people)
        return self.chances(encode(people, self.features), is_eligible)

    def chances(self, matrix: Matrix, is_eligible: BoolArray) -> FloatArray:
        """Give :meth:`probability` of encoded people of whom it is known who is eligible; shape (people,)."""
        looked_at, chance = np.flatnonzero(is_eligible), np.zeros(len(matrix))
        log_odds = self.calibration.apply(boosting.score(self.booster, matrix[looked_at]))
        chance[looked_at] = expit(log_odds)
        return chance

    def is_invited(self, people: pd.DataFrame) -> BoolArray:
        """Tell who reaches the threshold; shape (people,)."""
        return self.probability(people) >= self.threshold

    def is_eligible(self, people: pd.DataFrame) -> BoolArray:
        """Tell who passes the hard rules and the pre-qualification score; shape (people,)."""
        return eligible_people(people, self.eligibility)

    def failed_rules(self, people: pd.DataFrame) -> dict[str, BoolArray]:
        """Give, by rule in the order the lender meets them, who fails it; shapes (people,)."""
        if self.eligibility.is_open:
            return {}
        return self.eligibility.failed(policy_columns(people, self.eligibility))

    def contributions(self, people: pd.DataFrame) -> FloatArray:
        """Share the calibrated log-odds among the features by tree SHAP.

        Returns
        -------
        FloatArray
            Shape (people, features + 1); the last column is the mean log-odds the others are counted from.
        """
        shared = boosting.contributions(self.booster, encode(people, self.features))
        return self.calibration.share_out(shared)

    def to_parts(self) -> tuple[dict[str, str], dict[str, Any]]:
        """Take the model apart into LightGBM texts and plain JSON-able data."""
        state = {
            "features": self.features.to_dict(),
            "eligibility": eligibility_to_dict(self.eligibility),
            "calibration": {"slope": self.calibration.slope, "offset": self.calibration.offset},
            "threshold": self.threshold,
        }
        return {BOOSTER: self.booster.model_to_string()}, state

    @classmethod
    def from_parts(cls, booster_texts: Mapping[str, str], state: Mapping[str, Any]) -> "InviteModel":
        """Put together what :meth:`to_parts` took apart."""
        features = Features.from_dict(state["features"])
        return cls(
            booster=boosting.read_booster(booster_texts[BOOSTER], features),
            features=features,
            eligibility=eligibility_from_dict(state["eligibility"]),
            calibration=Calibration(**state["calibration"]),
            threshold=float(state["threshold"]),
        )


def invite_features(
    factors: "FactorCatalogue", eligibility: Eligibility, settings: InviteSettings, contract: Contract = DOCUMENTED
) -> Features:
    """Choose the invite model's inputs: neither protected, nor excluded, nor settled by a hard rule."""
    return choose_features(
        factors,
        excluded_dimensions=settings.excluded_dimensions,
        excluded_columns={*settings.excluded_columns, *settled_columns(eligibility)},
        contract=contract,
    )


def fit_invite(
    train: pd.DataFrame,
    valid: pd.DataFrame,
    calibrate: pd.DataFrame,
    features: Features,
    eligibility: Eligibility,
    settings: InviteSettings,
    on_iteration: OnIteration | None = None,
    grow: Grow = boosting.grow,
) -> InviteModel:
    """Learn who is invited among the eligible.

    Parameters
    ----------
    train, valid, calibrate
        People to learn from, to stop by and to calibrate on, eligible or not, with ``is_invited``. Those who
        only decide when to stop help to calibrate too: the trees have hardly seen them.
    features
        What the trees may read.
    eligibility
        The policy that decides who is looked at; shipped inside the model.
    settings
        How the trees are grown, and the coverage that sets the threshold.
    on_iteration
        Progress display.
    grow
        What grows the trees.

    Raises
    ------
    DataError
        Nobody is eligible, everybody has the same label, or calibration fails.
    """
    parts = {"train": train, "valid": valid, "calibrate": calibrate}
    seen = {name: _eligible(name, people, features, eligibility) for name, people in parts.items()}
    booster = grow("binary", seen["train"], seen["valid"], features, settings, on_iteration)
    scores = _scores(booster, seen, features, is_rebalanced=settings.rebalance)
    calibration = fit_calibration(
        np.concatenate([scores[name] for name in ("calibrate", "valid")]),
        np.concatenate([seen[name].label for name in ("calibrate", "valid")]),
    )
    # Whom the policy rules out has no chance: only the eligible, who are encoded and scored already, are looked at.
    places = max(round(settings.coverage * (len(train) + len(valid))), 1)
    learnt = exact_at(
        places,
        np.concatenate([scores["train"], scores["valid"]]),
        lambda some: boosting.score(booster, _rows(seen["train"].features, seen["valid"].features, some)),
    )
    threshold = coverage_threshold(expit(calibration.apply(learnt)), places)
    return InviteModel(booster, features, eligibility, calibration, threshold)


def eligible_people(people: pd.DataFrame, policy: Eligibility) -> BoolArray:
    """Tell who passes a policy, which is everybody where there is none; shape (people,)."""
    if policy.is_open:
        return np.ones(len(people), dtype=np.bool_)
    return policy.passes(policy_columns(people, policy))


def policy_columns(people: pd.DataFrame, eligibility: Eligibility) -> dict[str, npt.NDArray[Any]]:
    """Read the columns of the policy in one precision, wherever the table comes from."""
    missing = [name for name in dict.fromkeys(eligibility.columns) if name not in people.columns]
    if missing:
        raise DataError(
            f"{len(missing)} columns of the lender's policy are missing: {', '.join(missing[:10])}",
            where=f"table of {len(people)} rows",
            cure="the policy reads its columns by name",
        )
    return {name: _policy_column(people[name]) for name in dict.fromkeys(eligibility.columns)}


def _policy_column(values: pd.Series) -> npt.NDArray[Any]:
    if CATALOGUE[str(values.name)].kind in ("category", "text"):
        return values.to_numpy(dtype=object)
    return numbers(values)


def _scores(
    booster: "lightgbm.Booster", seen: Mapping[str, Labelled], features: Features, *, is_rebalanced: bool
) -> dict[str, FloatArray]:
    """Score everybody, those the trees were grown on but for the last digits; rebalance the booster first, if asked."""
    stumps = Stumps.of(booster, features)
    if stumps is None:
        return {name: boosting.score(booster, part.features) for name, part in seen.items()}
    codes = {name: stumps.codes(part.features) for name, part in seen.items()}
    if is_rebalanced:
        stumps = rebalanced(stumps, codes["train"], seen["train"].label)
    exact = {name: stumps.score(codes[name]) for name in codes if name != "train"}
    return {"train": stumps.near_score(codes["train"]), **exact}


def _rows(first: Matrix, second: Matrix, places: npt.NDArray[np.intp]) -> Matrix:
    """Pick people by their places in two tables, one below the other."""
    is_first = places < len(first)
    return np.concatenate([first[places[is_first]], second[places[~is_first] - len(first)]])


def _eligible(part: str, people: pd.DataFrame, features: Features, eligibility: Eligibility) -> Labelled:
    looked_at = np.flatnonzero(eligible_people(people, eligibility))
    label = numbers(people[LABEL])[looked_at].astype(np.float64)
    if len(np.unique(label)) != 2:  # noqa: PLR2004  (invited and not invited)
        raise DataError(
            f"the {len(label)} eligible people of {part} are not of both kinds, invited and not invited",
            where=LABEL,
            cure="generate more people",
        )
    return Labelled(encode(people, features, looked_at), label)
