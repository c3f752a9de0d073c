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
from weilidai.models.background import require_background
from weilidai.models.boosting import score
from weilidai.models.features import encode, encode_each
from weilidai.models.invite import InviteModel
from weilidai.models.known_answers import choose_people, difference, people_from, people_to_dict, to_plain
from weilidai.models.manifest import MANIFEST, dump_json, names_listed, plain_json, read_sealed, seal
from weilidai.models.quota import QuotaModel
from weilidai.models.rate import RateModel
from weilidai.models.settings import ExplainSettings
from weilidai.models.structure import Expected, check_trees, summarise
from weilidai.own_table import OwnTable
from weilidai.rules import Eligibility

Model = InviteModel | QuotaModel | RateModel
MODELS: Final[Mapping[str, type[Model]]] = {"invite": InviteModel, "quota": QuotaModel, "rate": RateModel}
BOOSTERS: Final = {"invite": "invite", "quota": "quota", "quota_spread": "quota", "rate": "rate"}
"""LightGBM text -> the model it is part of."""

_TEXTS: Final = tuple(f"{name}.txt" for name in BOOSTERS)
_DATA: Final = (
    "model.json", "factors.json", "facts.json", "birth_certificate.json", "known_answers.json", "background.json",
)
FILES: Final = (*_TEXTS, *_DATA)


@dataclass(frozen=True)
class Bundle:
    """Everything a decision and its reasons are made of.

    Parameters
    ----------
    invite, quota, rate
        The three models; ``quota`` and ``rate`` are None when the table they would learn from has no such label.
    factors
        Documented drivers with their marks resolved.
    facts
        The facts the factors cite, as plain rows.
    birth_certificate
        Where the model comes from: commit, hashes, settings, seed, versions, metrics; plain data.
    background
        Approved people whom decisions are explained against; the features of the invite model.
    explain
        How a score is shared out among reasons.
    own_table
        What the columns mean when the model learnt from a table of one's own; None for the documents' lender.
    """

    invite: InviteModel
    quota: QuotaModel | None
    rate: RateModel | None
    factors: FactorCatalogue
    facts: Sequence[Mapping[str, Any]]
    birth_certificate: Mapping[str, Any]
    background: pd.DataFrame
    explain: ExplainSettings
    own_table: OwnTable | None = None

    @property
    def models(self) -> dict[str, Model]:
        """The models there are, by name."""
        return {name: model for name in MODELS if (model := getattr(self, name)) is not None}

    @property
    def grants(self) -> QuotaModel:
        """The model of the first grant.

        Raises
        ------
        ModelError
            It learnt from a table without amounts.
        """
        if self.quota is None:
            raise ModelError(
                "the model tells no first grant: the table it learnt from has no amounts", where="quota",
                cure="ask for the chance alone, or name the amount column in the mapping and train again",
            )
        return self.quota

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that the models and the policy read, each once."""
        further = (name for model in (self.quota, self.rate) if model for name in model.features.names)
        return tuple(dict.fromkeys((*self.invite.features.names, *self.invite.eligibility.columns, *further)))

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
            person if the product were opened; a model that cannot tell them leaves their columns out.
        """
        is_eligible, models = self.invite.is_eligible(people), self.models
        encoded = encode_each(people, [model.features for model in models.values()])
        matrices = dict(zip(models, encoded, strict=True))
        chance = self.invite.chances(matrices["invite"], is_eligible)
        columns: dict[str, Any] = {"p_invite": chance, "is_invited": chance >= self.invite.threshold}
        if self.quota is not None:
            columns |= self.quota.amounts(matrices["quota"], self.quota.reach.of(people))
        if self.rate is not None:
            columns |= self.rate.quotes(matrices["rate"])
        return pd.DataFrame(columns, index=people.index)


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
    for name, model in bundle.models.items():
        parts, states[name] = model.to_parts()
        texts |= parts
    own = {} if bundle.own_table is None else {"own_table": bundle.own_table.to_dict()}
    contents = {f"{name}.txt": text.encode("ascii") for name, text in texts.items()}
    contents |= {
        "model.json": dump_json({
            "states": states,
            "trees": {name: _recorded(text) for name, text in texts.items()},
            **own,
            "explain": {"method": bundle.explain.method, "background_rows": len(bundle.background)},
        }),
        "factors.json": dump_json(bundle.factors.to_dict()),
        "facts.json": dump_json(list(bundle.facts)),
        "birth_certificate.json": dump_json(dict(bundle.birth_certificate)),
        "known_answers.json": dump_json(_answered(bundle, people)),
        "background.json": dump_json(people_to_dict(bundle.background, bundle.invite.features.names)),
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
    return _opened(read_sealed(folder, files_of(folder), digest=digest), folder)


def cited_facts(factors: FactorCatalogue, policy: Eligibility) -> tuple[str, ...]:
    """Name the facts a model's reasons can cite: those behind the marks, the rules and the scorecard."""
    card = policy.scorecard
    marks = (mark.fact for factor in factors.factors.values() for mark in factor.marks)
    rules = (rule.fact for rule in policy.rules)
    return tuple(dict.fromkeys((*marks, *rules, card.fact, *(item.fact for item in card.items))))


def files_of(folder: Path) -> tuple[str, ...]:
    """Say which files a bundle must hold: those of all models, or of those that its manifest speaks of.

    A manifest that cannot be read speaks of nothing; then what lies there counts, so that it is the manifest that is
    refused and not a model that was never part of the bundle.
    """
    listed = names_listed(folder) or _lying_in(folder)
    left_out = {text for text, model in zip(_TEXTS, BOOSTERS.values(), strict=True)
                if model != "invite" and not listed & _texts_of(model)}
    return tuple(name for name in FILES if name not in left_out)


def _lying_in(folder: Path) -> frozenset[str]:
    return frozenset(entry.name for entry in folder.iterdir()) if folder.is_dir() else frozenset(FILES)


def _texts_of(model: str) -> set[str]:
    return {f"{name}.txt" for name, part_of in BOOSTERS.items() if part_of == model}


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
    texts = {name: contents[f"{name}.txt"].decode("utf-8") for name in BOOSTERS if f"{name}.txt" in contents}
    own = data["model.json"].get("own_table")
    for name, text in texts.items():
        check_trees(text, _expected(trees[name], states[BOOSTERS[name]]["features"]), str(folder / f"{name}.txt"))
    invite, background = InviteModel.from_parts(texts, states["invite"]), people_from(data["background.json"])
    explain = ExplainSettings(**data["model.json"]["explain"])
    require_background(background, invite, explain.background_rows)
    return Bundle(
        invite=invite,
        quota=QuotaModel.from_parts(texts, states["quota"]) if "quota" in texts else None,
        rate=RateModel.from_parts(texts, states["rate"]) if "rate" in texts else None,
        factors=FactorCatalogue.from_dict(data["factors.json"]),
        facts=data["facts.json"],
        birth_certificate=data["birth_certificate.json"],
        background=background,
        explain=explain,
        own_table=None if own is None else OwnTable.from_dict(own),
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
    read = {name: (model.booster, model.features) for name, model in bundle.models.items()}
    if bundle.quota is not None:
        read["quota_spread"] = (bundle.quota.spread_booster, bundle.quota.features)
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
