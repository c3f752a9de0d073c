"""The one way to a decision, whichever door a caller comes through."""

import json
import warnings
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.columns import DOCUMENTED, Contract
from weilidai.dataset.contract import check_table, refuse_fatal
from weilidai.dataset.own_columns import in_own_words, missing_features
from weilidai.dataset.problems import Problem
from weilidai.dataset.settings import TableLimits
from weilidai.errors import ConfigError, suggest
from weilidai.explain.background import Attribution
from weilidai.explain.own_reasons import own_reasons
from weilidai.explain.reasons import reasons_as_json
from weilidai.inference.age import MONTH, ModelAge, StaleModelWarning, months_of
from weilidai.inference.one_person import OnePerson
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
        self.warns_of_age = True
        """Whether Python is still to be warned that the model is old; once is enough."""

    def __repr__(self) -> str:
        return f"Decider({self.origin!r}, {len(self.columns)} columns)"

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns the model reads."""
        return self.bundle.columns

    @cached_property
    def attribution(self) -> Attribution:
        """Shares out a score among columns, against the approved people the model carries."""
        return Attribution(self.bundle)

    @cached_property
    def age(self) -> ModelAge | None:
        """The months it learnt from, when it is to warn of its age."""
        return ModelAge.of(self.bundle.birth_certificate)

    @property
    def contract(self) -> Contract:
        """What the columns must look like."""
        return self.bundle.own_table.contract if self.bundle.own_table else DOCUMENTED

    @property
    def birth_certificate(self) -> dict[str, Any]:
        """Where the model comes from."""
        return dict(self.bundle.birth_certificate)

    def problems(self, people: pd.DataFrame) -> list[Problem]:
        """List what is wrong or doubtful about a table, without deciding."""
        found = self._check(people, TableLimits())
        return found if self.age is None else [*found, *self.age.problems(people)]

    def refusals(self, people: pd.DataFrame) -> list[Problem]:
        """List what :meth:`decide` would refuse a table for, without deciding."""
        return [problem for problem in self._check(people, _PERSON_BY_PERSON) if problem.is_fatal]

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
            the person if the product were opened), ``credit_grade`` and, when asked for, ``reasons``. A model of
            a table of one's own reads the table's own headings and leaves out what it has not learnt.

        Raises
        ------
        DataError
            The table breaks the column contract; all breaches are listed, no value is shown.
        ConfigError
            The language is not ``"zh"`` or ``"en"``.

        Warns
        -----
        StaleModelWarning
            Once, when people with a ``snapshot_month`` live longer after those learnt from than the model allows.
        """
        _require_language(reasons)
        refuse_fatal(self._check(people, _PERSON_BY_PERSON), len(people), self.contract)
        self._warn_of_age(lambda: months_of(people))
        read = self._read(people)
        decided = self.bundle.answers(read)
        person = self.bundle.own_table.id if self.bundle.own_table else PERSON
        if person in people.columns:
            decided.insert(0, PERSON, people[person])
        if reasons is not None:
            decided[REASONS] = self._reasons(read, reasons)
        return decided

    def decide_one(self, person: Mapping[str, Any], reasons: Language | None = None) -> dict[str, Any]:
        """Decide for one person at low latency, to the last digit as :meth:`decide` does for a table of one row.

        Parameters
        ----------
        person
            Column -> value, as plain numbers, flags and words; what may be left out of a table may be left out here.
        reasons
            Language of the reasons; none are computed when left out.

        Returns
        -------
        dict
            The columns of :meth:`decide` as plain values; the reasons as a JSON list.

        Raises
        ------
        DataError
            The person breaks the column contract; all breaches are listed, no value is shown.
        ConfigError
            The language is not ``"zh"`` or ``"en"``.
        """
        _require_language(reasons)
        self._warn_of_age(lambda: (person.get(MONTH),))
        answer = self._one_person.decide(person, reasons) if self._one_person else None
        if answer is None:
            decided = self.decide(pd.DataFrame([dict(person)]), reasons)
            answer = {str(name): values.tolist()[0] for name, values in decided.items()}
        return answer

    @cached_property
    def _one_person(self) -> OnePerson | None:
        return OnePerson.of(self.bundle, lambda: self.attribution)

    def _warn_of_age(self, months: Callable[[], Iterable[object]]) -> None:
        if self.warns_of_age and self.age is not None and (said := self.age.warning(months())):
            self.warns_of_age = False
            warnings.warn(f"{self.origin}: people live {said}", StaleModelWarning, stacklevel=3)

    def _read(self, people: pd.DataFrame) -> pd.DataFrame:
        """Bring every column to one form, so that a CSV, a Parquet and an MLflow call are the same people."""
        own, contract = self.bundle.own_table, self.contract
        named = people if own is None else in_own_words(people, own)
        read = {name: _column(name, named, contract) for name in self.columns}
        return pd.DataFrame(read, index=people.index)

    def _check(self, people: pd.DataFrame, limits: TableLimits) -> list[Problem]:
        own = self.bundle.own_table
        if own is None:
            return check_table(people, self.columns, "score", limits)
        named = in_own_words(people, own)
        read = {own.by_name[name].column for name in self.columns}
        absent = [one for one in missing_features(people, own) if one.column in read]
        there = [name for name in self.columns if name in named]
        return [*absent, *check_table(named, there, "score", limits, own.contract)]

    def _reasons(self, people: pd.DataFrame, language: Language) -> list[str]:
        """Write each person's reasons as a JSON list."""
        invite, factors, shared = self.bundle.invite, self.bundle.factors, self.attribution.contributions(people)
        if self.bundle.own_table is None:
            return reasons_as_json(
                people, shared, invite.failed_rules(people), factors, language,
                features=invite.features.names, policy=invite.eligibility,
            )
        told = own_reasons(people, shared, factors, language, features=invite.features.names, own=self.bundle.own_table)
        return [json.dumps([reason.to_dict() for reason in own], ensure_ascii=False) for own in told]


def _require_language(reasons: str | None) -> None:
    if reasons is not None and reasons not in LANGUAGES:
        raise ConfigError(f"there are no reasons in {reasons!r}", where=REASONS, cure=suggest(reasons, LANGUAGES))


def _column(name: str, people: pd.DataFrame, contract: Contract) -> npt.NDArray[Any]:
    kind = contract.columns[name].kind
    if name not in people.columns:
        return np.full(len(people), np.nan, dtype=np.float32)
    if kind in ("category", "text"):
        return people[name].to_numpy(dtype=object)
    read = numbers(people[name])
    return read.astype(np.bool_) if kind == "flag" else read
