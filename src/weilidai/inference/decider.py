"""The one way to a decision, whichever door a caller comes through."""

import json
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.columns import CATALOGUE
from weilidai.dataset.contract import check_table, require
from weilidai.dataset.problems import Problem
from weilidai.dataset.settings import TableLimits
from weilidai.errors import ConfigError, suggest
from weilidai.explain.reasons import reasons_for
from weilidai.inference.signature import LANGUAGES, PERSON, REASONS, Language
from weilidai.models.bundle import Bundle
from weilidai.models.features import numbers

_PERSON_BY_PERSON: Final = TableLimits(unknown_share=1.0, impossible_share=1.0)
"""A decision must not hang on who else is in the table, so nothing is refused for its share of the rows."""


class Decider:
    """A loaded model: decides for people, with reasons on request.

    Parameters
    ----------
    bundle
        The models, the policy and the documented factors.
    origin
        Where it was loaded from, for messages.
    """

    def __init__(self, bundle: Bundle, origin: str) -> None:
        self.bundle = bundle
        self.origin = origin

    def __repr__(self) -> str:
        return f"Decider({self.origin!r}, {len(self.columns)} columns)"

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns the model reads."""
        return self.bundle.columns

    @property
    def birth_certificate(self) -> dict[str, Any]:
        """Where the model comes from."""
        return dict(self.bundle.birth_certificate)

    def problems(self, people: pd.DataFrame) -> list[Problem]:
        """List what is wrong or doubtful about a table, without deciding."""
        return check_table(people, self.columns, "score")

    def decide(self, people: pd.DataFrame, reasons: Language | None = None) -> pd.DataFrame:
        """Decide for each person.

        Parameters
        ----------
        people
            One row per person with :attr:`columns` in any order; columns whose missing value means
            something may be left out, others are not read.
        reasons
            Language of the reasons; none are computed when left out.

        Returns
        -------
        DataFrame
            On the rows of ``people``: ``person_id`` (when given), ``p_invite`` (0 for whom the policy rules
            out), ``is_invited``, ``quota_cny``, ``quota_low_cny``, ``quota_high_cny`` and ``daily_rate`` (of
            the person if the product were opened), ``credit_grade`` and, when asked for, ``reasons``.

        Raises
        ------
        DataError
            The table breaks the column contract; all breaches are listed, no value is shown.
        ConfigError
            The language is not ``"zh"`` or ``"en"``.
        """
        if reasons is not None and reasons not in LANGUAGES:
            raise ConfigError(f"there are no reasons in {reasons!r}", where=REASONS, cure=suggest(reasons, LANGUAGES))
        require(people, self.columns, "score", _PERSON_BY_PERSON)
        read = self._read(people)
        decided = self.bundle.answers(read)
        if PERSON in people.columns:
            decided.insert(0, PERSON, people[PERSON])
        if reasons is not None:
            decided[REASONS] = self._reasons(read, reasons)
        return decided

    def _read(self, people: pd.DataFrame) -> pd.DataFrame:
        """Bring every column to one form, so that a CSV, a Parquet and an MLflow call are the same people."""
        read = {name: _column(name, people) for name in self.columns}
        return pd.DataFrame(read, index=people.index)


    def _reasons(self, people: pd.DataFrame, language: Language) -> list[str]:
        """Write each person's reasons as a JSON list."""
        invite = self.bundle.invite
        reasons = reasons_for(
            people, invite.contributions(people), invite.failed_rules(people), self.bundle.factors, language,
            features=invite.features.names, policy=invite.eligibility,
        )
        return [json.dumps([reason.to_dict() for reason in own], ensure_ascii=False) for own in reasons]


def _column(name: str, people: pd.DataFrame) -> npt.NDArray[Any]:
    kind = CATALOGUE[name].kind
    if name not in people.columns:
        return np.full(len(people), np.nan, dtype=np.float32)
    if kind in ("category", "text"):
        return people[name].to_numpy(dtype=object)
    read = numbers(people[name])
    return read.astype(np.bool_) if kind == "flag" else read
