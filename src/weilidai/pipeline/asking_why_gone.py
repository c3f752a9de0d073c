"""Why the chance of one person changed between two regimes: the simulator asked twice, the difference split."""

from pathlib import Path
from typing import Literal

from weilidai.errors import ConfigError
from weilidai.explain.regime_difference import split_difference
from weilidai.explain.verdict import verdict_on
from weilidai.explain.why_gone import Side, WhyGone
from weilidai.facts import load_book
from weilidai.inference.loading import load_model
from weilidai.matching import REFERENCE_REGIME
from weilidai.matching.regimes import load_regime
from weilidai.pipeline.asking import placed, require_documented
from weilidai.pipeline.entry_states import entry_states
from weilidai.pipeline.gone_effects import Teller
from weilidai.pipeline.regime_changes import changes_between
from weilidai.pipeline.two_lives import Lives, find_lives
from weilidai.pipeline.weighing_changes import TENURE, Weighing


def ask_why_gone(
    model: str | None, file: Path, person_id: str | None, language: Literal["en", "zh"],
    tracking_uri: str | None = None, *, before: str | None = None, after: str | None = None,
    other_model: str | None = None,
) -> WhyGone:
    """Answer why a person's chance of an invitation changed between two regimes.

    The chances are the simulator's own. Its people, as ``weilidai generate`` wrote them, live through both
    regimes with the same noise; of anybody else the columns are held.

    Parameters
    ----------
    model
        Address of a model that learnt under one of the two regimes, to tell its chance beside the true one.
    file
        One person, or many when ``person_id`` says which.
    person_id
        Which of many.
    language
        Language of the answer.
    tracking_uri
        Store that holds the registry, when it is not the usual one.
    before, after
        The two regimes; the reference, and the one of the person's table or else the contraction.
    other_model
        A model that learnt under the other regime.

    Raises
    ------
    DataError
        The file holds no such person, or not one, or a column that the lender reads is missing or impossible.
    ConfigError
        There is no such regime, the two are the same, or a model learnt under neither.
    """
    with placed(file):
        lives = find_lives(file, person_id, before, after)
        chances = _model_chances([one for one in (model, other_model) if one is not None], lives, tracking_uri)
    book = load_book()
    own, other = load_regime(lives.before.regime), load_regime(lives.after.regime)
    found = changes_between(lives.before.parameters, lives.after.parameters, (own, other), book)
    changes = tuple(one for one in found if one.name != TENURE or lives.is_simulated)
    weighing = Weighing(lives, tuple(one for one in changes if one.kind != "rule"))
    standings = (lives.before.standing(weighing.none), lives.after.standing(weighing.all))
    split = split_difference(*standings, [one.name for one in weighing.changes], weighing.log_odds)
    told = Teller(book, lives, standings, split, changes, weighing, language)
    before_side, after_side = (
        Side(regime.name, getattr(regime.title, language), standing, chances.get(regime.name))
        for regime, standing in zip((own, other), standings, strict=True)
    )
    return WhyGone(
        before=before_side, after=after_side, rules=told.rules(), policies=told.policies(), factors=told.factors(),
        entry=entry_states(lives, book), wait_months=lives.after.wait_months, is_same_noise=lives.is_simulated,
        language=language,
    )


def _model_chances(models: list[str], lives: Lives, tracking_uri: str | None) -> dict[str, float]:
    """Give each model's chance for the person under the regime it learnt in."""
    seen = {life.regime: life.seen for life in (lives.before, lives.after)}
    chances: dict[str, float] = {}
    for uri in models:
        decider = load_model(uri, tracking_uri=tracking_uri)
        require_documented(decider)
        regime = str(decider.birth_certificate.get("regime", REFERENCE_REGIME))
        if regime not in seen:
            raise ConfigError(f"the model learnt under regime '{regime}'", where="--model",
                              cure=f"give a model of {' or '.join(seen)}, or none")
        chances[regime] = verdict_on(decider, seen[regime]).p_invite
    return chances
