"""The saved model: a sealed folder of LightGBM texts and JSON that proves itself when it is opened.

It holds all that inference needs (trees, calibration, policy, factors, the facts cited), so a machine
without the fact files or the training code can decide and explain. Nothing in it can run.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

import pandas as pd

from weilidai.errors import ModelError, WeilidaiError
from weilidai.facts import FactorCatalogue
from weilidai.models.boosting import score
from weilidai.models.features import encode
from weilidai.models.invite import InviteModel
from weilidai.models.known_answers import choose_people, difference, people_from, people_to_dict, to_plain
from weilidai.models.manifest import MANIFEST, dump_json, plain_json, read_sealed, seal
from weilidai.models.quota import QuotaModel
from weilidai.models.rate import RateModel
from weilidai.models.structure import Expected, check_trees, summarise
from weilidai.rules import Eligibility

MODELS: Final = {"invite": InviteModel, "quota": QuotaModel, "rate": RateModel}
BOOSTERS: Final = {"invite": "invite", "quota": "quota", "quota_spread": "quota", "rate": "rate"}
"""LightGBM text -> the model it is part of."""

_TEXTS: Final = tuple(f"{name}.txt" for name in BOOSTERS)
_DATA: Final = ("model.json", "factors.json", "facts.json", "birth_certificate.json", "known_answers.json")
FILES: Final = (*_TEXTS, *_DATA)


@dataclass(frozen=True)
class Bundle:
    """Everything a decision and its reasons are made of.

    Parameters
    ----------
    invite, quota, rate
        The three models.
    factors
        Documented drivers with their marks resolved.
    facts
        The facts the factors cite, as plain rows.
    birth_certificate
        Where the model comes from: commit, hashes, settings, seed, versions, metrics; plain data.
    """

    invite: InviteModel
    quota: QuotaModel
    rate: RateModel
    factors: FactorCatalogue
    facts: Sequence[Mapping[str, Any]]
    birth_certificate: Mapping[str, Any]

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that the models and the policy read, each once."""
        read = (
            *self.invite.features.names, *self.invite.eligibility.columns,
            *self.quota.features.names, *self.rate.features.names,
        )
        return tuple(dict.fromkeys(read))

    def answers(self, people: pd.DataFrame) -> pd.DataFrame:
        """Decide for each person: invitation, first grant with its interval, rate and grade.

        Parameters
        ----------
        people
            One row per person with :attr:`columns`.

        Returns
        -------
        DataFrame
            Columns ``p_invite``, ``is_invited``, ``quota_cny``, ``quota_low_cny``, ``quota_high_cny``,
            ``daily_rate``, ``credit_grade`` on the rows of ``people``. Grant and rate are those of the
            person if the product were opened.
        """
        chance = self.invite.probability(people)
        decided = pd.DataFrame({"p_invite": chance, "is_invited": chance >= self.invite.threshold}, index=people.index)
        return pd.concat([decided, self.quota.predict(people), self.rate.predict(people)], axis=1)


def save_bundle(bundle: Bundle, folder: Path, people: pd.DataFrame) -> str:
    """Save a model as a sealed folder, and open it again before anybody else can.

    Parameters
    ----------
    bundle
        The model.
    folder
        Where it shall stand; must not exist.
    people
        People of whom a few are kept as known answers.

    Returns
    -------
    str
        SHA-256 of the manifest, which stands for the whole bundle.

    Raises
    ------
    ResourceError
        The place is taken or cannot be written to; nothing is left there.
    ModelError
        What was saved does not answer as the model in memory does.
    """
    texts: dict[str, str] = {}
    states: dict[str, Any] = {}
    for name in MODELS:
        parts, states[name] = getattr(bundle, name).to_parts()
        texts |= parts
    contents = {f"{name}.txt": texts[name].encode("ascii") for name in BOOSTERS}
    contents |= {
        "model.json": dump_json({"states": states, "trees": {name: _recorded(texts[name]) for name in BOOSTERS}}),
        "factors.json": dump_json(bundle.factors.to_dict()),
        "facts.json": dump_json(list(bundle.facts)),
        "birth_certificate.json": dump_json(dict(bundle.birth_certificate)),
        "known_answers.json": dump_json(_answered(bundle, people)),
    }
    _opened(contents, folder)
    return seal(contents, folder, {"made_with": _versions()})


def load_bundle(folder: Path, *, digest: str | None = None) -> Bundle:
    """Open a saved model after its digests, its trees and its known answers were found right.

    Parameters
    ----------
    folder
        The bundle.
    digest
        SHA-256 of its manifest as recorded in a registry, when it is.

    Raises
    ------
    ModelError
        The folder is not, or no longer, what was saved; LightGBM reads nothing before that is sure.
    """
    return _opened(read_sealed(folder, FILES, digest=digest), folder)


def cited_facts(factors: FactorCatalogue, policy: Eligibility) -> tuple[str, ...]:
    """Name the facts a model's reasons can cite: those behind the marks, the rules and the scorecard."""
    card = policy.scorecard
    marks = (mark.fact for factor in factors.factors.values() for mark in factor.marks)
    rules = (rule.fact for rule in policy.rules)
    return tuple(dict.fromkeys((*marks, *rules, card.fact, *(item.fact for item in card.items))))


def _opened(contents: Mapping[str, bytes], folder: Path) -> Bundle:
    data = {name: plain_json(contents[name], folder / name) for name in _DATA}
    try:
        bundle = _assembled(contents, data, folder)
        _check_answers(bundle, data["known_answers.json"], folder)
    except ModelError:
        raise
    except (WeilidaiError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(
            f"the bundle cannot be put together ({type(error).__name__}: {error})", where=str(folder),
            cure="use the version of weilidai that made it, or train again",
        ) from error
    return bundle


def _assembled(contents: Mapping[str, bytes], data: Mapping[str, Any], folder: Path) -> Bundle:
    states, trees = data["model.json"]["states"], data["model.json"]["trees"]
    texts = {name: contents[f"{name}.txt"].decode("utf-8") for name in BOOSTERS}
    for name, text in texts.items():
        check_trees(text, _expected(trees[name], states[BOOSTERS[name]]["features"]), str(folder / f"{name}.txt"))
    return Bundle(
        invite=InviteModel.from_parts(texts, states["invite"]),
        quota=QuotaModel.from_parts(texts, states["quota"]),
        rate=RateModel.from_parts(texts, states["rate"]),
        factors=FactorCatalogue.from_dict(data["factors.json"]),
        facts=data["facts.json"],
        birth_certificate=data["birth_certificate.json"],
    )


def _recorded(text: str) -> dict[str, Any]:
    trees, objective = summarise(text)
    return {"count": trees, "objective": objective}


def _expected(recorded: Mapping[str, Any], features: Mapping[str, Any]) -> Expected:
    return Expected(
        trees=recorded["count"], objective=recorded["objective"],
        feature_names=tuple(features["names"]), category_names=frozenset(features["levels"]),
    )


def _answered(bundle: Bundle, people: pd.DataFrame) -> dict[str, Any]:
    chosen = choose_people(people, bundle.columns, bundle.invite.is_eligible(people))
    return {
        "people": people_to_dict(chosen, bundle.columns),
        "scores": _scores(bundle, chosen),
        "answers": to_plain(bundle.answers(chosen)),
    }


def _scores(bundle: Bundle, people: pd.DataFrame) -> dict[str, list[float]]:
    """Add up the leaves of each person; no processor may compute these sums otherwise."""
    read = {
        "invite": (bundle.invite.booster, bundle.invite.features),
        "quota": (bundle.quota.booster, bundle.quota.features),
        "quota_spread": (bundle.quota.spread_booster, bundle.quota.features),
        "rate": (bundle.rate.booster, bundle.rate.features),
    }
    return {name: score(booster, encode(people, features)).tolist() for name, (booster, features) in read.items()}


def _check_answers(bundle: Bundle, known: Mapping[str, Any], folder: Path) -> None:
    people = people_from(known["people"])
    wrong = difference(_scores(bundle, people), known["scores"], exact=True)
    wrong = wrong or difference(to_plain(bundle.answers(people)), known["answers"], exact=False)
    if wrong is not None or people.empty:
        raise ModelError(
            f"the model does not give the answers it gave when it was saved (first difference: {wrong})",
            where=str(folder),
            cure=f"install what it was made with (see {MANIFEST}); installed: {_versions()}",
        )


def _versions() -> dict[str, str]:
    return {name: _version(name) for name in ("weilidai", "lightgbm", "numpy", "pandas")}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"
