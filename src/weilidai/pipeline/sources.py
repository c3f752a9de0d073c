"""Where people come from: the matched simulator, or a table of one's own. Everything after that is the same."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.config import TrainSettings
from weilidai.dataset.mapping import read_mapping
from weilidai.dataset.settings import DataSettings
from weilidai.dataset.table_source import read_table
from weilidai.errors import ConfigError
from weilidai.evaluation.slices import Slices
from weilidai.facts import FactorCatalogue
from weilidai.facts.factors import Dimension, Factor
from weilidai.own_table import OwnFactor, OwnSlice, OwnTable
from weilidai.pipeline.birth import birth_certificate, own_birth_certificate
from weilidai.pipeline.fidelity.report import FidelityReport, Origin, hold_against_documents
from weilidai.pipeline.generating import generate_frames, lender_of
from weilidai.pipeline.learning import Lender
from weilidai.pipeline.memory import require_memory
from weilidai.pipeline.numbers import numbers_of, require_fresh
from weilidai.pipeline.run_labels import origin_tags
from weilidai.places import as_typed, project_root
from weilidai.progress import Progress
from weilidai.rules import EVERYBODY

Groups = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Population:
    """People to learn from and to test on, and what is known of them."""

    applicants: pd.DataFrame
    truth: pd.DataFrame | None
    """What decided about each of them, row by row; None where nobody knows it."""
    fidelity: FidelityReport | None
    """The people held against the documents; None where no document speaks of them."""
    certificate: Mapping[str, Any]
    """Birth certificate of what is made from them."""


class Source(Protocol):
    """Where a training gets its people from."""

    @property
    def lender(self) -> Lender: ...  # noqa: D102
    @property
    def tags(self) -> dict[str, str]:
        """By what its runs are found."""
        ...

    def people(self, progress: Progress) -> Population:
        """Make or read the people."""
        ...


@dataclass(frozen=True)
class Simulated:
    """People of the matched simulator, with the truth behind them."""

    lender: Lender
    tags: dict[str, str]
    settings: TrainSettings

    @classmethod
    def of(cls, settings: TrainSettings) -> "Simulated":
        """Read the numbers the simulator runs on.

        Raises
        ------
        ConfigError
            The regime, a reading or the policy does not exist, or the parameters are stale.
        ResourceError
            So many people do not fit.
        """
        data = settings.data
        require_memory(data.rows)
        stale = {"stale_parameters": "true"} if require_fresh(data) else {}
        lender = lender_of(numbers_of(data.regime, data.readings, data.policy))
        return cls(lender, origin_tags(settings) | stale, settings)

    def people(self, progress: Progress) -> Population:
        """Make the people and hold them against the documents."""
        data = self.settings.data
        applicants, truth, parameters = generate_frames(
            data.rows, data.seed, data.regime, progress, data.readings, data.policy
        )
        with progress.stage("holding the people against the documents"):
            fidelity = hold_against_documents(applicants, truth, parameters, Origin(data.seed, data.readings))
        certificate = birth_certificate(parameters, self.settings.model_dump(mode="json"), data.seed)
        return Population(applicants, truth, fidelity, certificate)


@dataclass(frozen=True)
class FromTable:
    """People of a table of one's own: no simulator, so no truth, no ceiling and no documents."""

    lender: Lender
    tags: dict[str, str]
    settings: TrainSettings
    own: OwnTable

    @classmethod
    def of(cls, settings: TrainSettings) -> "FromTable":
        """Read the mapping.

        Raises
        ------
        ConfigError
            The mapping does not exist or cannot be meant.
        """
        file = found(settings.data.mapping, "data.mapping")
        own = read_mapping(file)
        tags = {"source": "table", "mapping_digest": sha256(file.read_bytes()).hexdigest()}
        return cls(own_lender(own), tags, settings, own)

    def people(self, progress: Progress) -> Population:
        """Read the table and hold it against the mapping."""
        data = self.settings.data
        with progress.stage("reading the table"):
            read = read_table(found(data.file, "data.file"), self.own, data.limits)
        progress.say(_how_split(self.own, data))
        digests = {"table_digest": read.digest, "mapping_digest": self.tags["mapping_digest"]}
        described = {"rows": len(read.people), "title_en": self.own.title_en, "title_zh": self.own.title_zh}
        certificate = own_birth_certificate(self.settings.model_dump(mode="json"), data.seed, digests, described)
        return Population(read.people, None, None, certificate)


_SOURCES: Mapping[str, Callable[[TrainSettings], Source]] = {"simulated": Simulated.of, "table": FromTable.of}


def source_of(settings: TrainSettings) -> Source:
    """Open the source that the settings name; nothing is made or read of the people yet."""
    return _SOURCES[settings.data.source](settings)


def own_lender(own: OwnTable) -> Lender:
    """Say of a table's lender what its mapping tells: factors and groups, and no policy."""
    factors = FactorCatalogue(
        dimensions={
            one.id: Dimension(id=one.id, label_en=one.label_en, label_zh=one.label_zh) for one in own.dimensions
        },
        factors={one.id: _factor(one) for one in own.factors},
    )
    return Lender(EVERYBODY, {}, factors, own.contract, own_slices(own), own)


def own_slices(own: OwnTable) -> Slices:
    """Give what tells each person's group, slice by slice."""
    return {one.name: partial(_levels if not one.bands else _bands, one=one) for one in own.slices}


def found(name: str | None, key: str) -> Path:
    """Find a file named in the settings, from the folder one works in or from the project's.

    Raises
    ------
    ConfigError
        It is in neither.
    """
    asked = as_typed(name or "")
    for place in (asked, project_root() / asked):
        with suppress(OSError):  # a name longer than any file has
            if name and place.exists():
                return place
    cure = f"write its path: --set {key}=PATH; docs/how-to-own-data.md says where example tables come from"
    raise ConfigError(f"there is no such file: {name}", where=key, cure=cure)


def _factor(one: OwnFactor) -> Factor:
    return Factor(
        id=one.id, dimension=one.dimension, label_en=one.label_en, label_zh=one.label_zh,
        columns={column.name: column.direction for column in one.columns},
        is_actionable=one.is_actionable, is_protected=one.is_protected,
    )


def _levels(people: pd.DataFrame, one: OwnSlice) -> Groups:
    return people[one.column].astype(object).where(people[one.column].notna(), "unknown").to_numpy(dtype=object)


def _bands(people: pd.DataFrame, one: OwnSlice) -> Groups:
    ends = [f"{end:g}" for end in one.bands]
    names = [f"below {ends[0]}", *(f"{low} to below {high}" for low, high in pairwise(ends)),
             f"{ends[-1]} and above", "unknown"]
    values = people[one.column].to_numpy(dtype=np.float64, na_value=np.nan)
    places = np.where(np.isnan(values), len(names) - 1, np.searchsorted(np.array(one.bands), values, side="right"))
    return np.array(names, dtype=object)[places]


def _how_split(own: OwnTable, data: DataSettings) -> str:
    by = "id" if own.id else "row"
    if own.time:
        return f"test: the last {data.test_months} months of {own.time}; the rest is split by a hash of the {by}"
    return f"no time column: test is {data.test_share:.0%} of the people by a hash of the {by}, not later people"
