"""Matching and fidelity as jobs: fit and store, check what is stored, judge generated people."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from weilidai.errors import ConfigError, DataError
from weilidai.facts import load_book
from weilidai.matching import REFERENCE_REGIME, MatchSettings, load_parameters, parameters_file
from weilidai.matching.fidelity import Finding
from weilidai.matching.fit import perturbed
from weilidai.matching.policies import COMPOSITE, load_policy, policy_agrees, policy_file, policy_names
from weilidai.matching.policy_run import PolicyMatched, PolicyRow, match_policy, measure_policy
from weilidai.matching.regime_run import match_regime
from weilidai.matching.regimes import load_regime, regime_names
from weilidai.matching.run import Matched, Standing, match
from weilidai.matching.standing import check_regime
from weilidai.parameters import Parameters, write_parameters
from weilidai.pipeline.fidelity.report import FidelityReport, Origin, hold_against_documents
from weilidai.pipeline.fidelity.writing import write_fidelity
from weilidai.pipeline.generating import CERTIFICATE
from weilidai.pipeline.numbers import numbers_of, require_untouched
from weilidai.pipeline.scale.settings import ScaleSettings
from weilidai.pipeline.whole import whole_folder
from weilidai.progress import Progress

__all__ = [
    "FidelityReport", "Finding", "MatchSettings", "Standing", "check_stored", "judge_folder", "match_and_store",
    "regimes_meant", "write_judgement",
]

ALL: Final = "all"
MOST_PEOPLE_HERE: Final = 5_000_000
"""People whose columns one process holds at once."""


def regimes_meant(word: str) -> list[str]:
    """Read which regimes are meant: one, or all with the reference first.

    Raises
    ------
    ConfigError
        There is no such regime; the near one is named.
    """
    if word != ALL:
        return [load_regime(word).name]
    return [REFERENCE_REGIME, *(name for name in regime_names() if name != REFERENCE_REGIME)]


def match_and_store(settings: MatchSettings, regime: str, away: float, progress: Progress) -> tuple[Matched, Path]:
    """Fit the simulator to the facts and write its parameters.

    Parameters
    ----------
    settings
        People, seeds and steps.
    regime
        Whose parameters; every other than the reference is laid over the stored reference.
    away
        Start this many prior widths away from the assumed values, at random; 0 starts at them. Only for the
        reference; a regime starts at the reference's numbers.
    progress
        Where to report.
    """
    book = load_book()
    with progress.stage("matching", settings.steps) as advance:

        def told(step: int, distance: float) -> None:
            advance(step)
            progress.say(f"step {step}: distance {distance:,.1f}")

        if regime == REFERENCE_REGIME:
            start = perturbed(book, settings, away) if away else None
            matched = match(book, settings, start=start, progress=told)
        else:
            matched = match_regime(load_regime(regime), load_parameters(), book, settings, told)
    file = parameters_file(regime)
    write_parameters(matched.parameters, file)
    return matched, file


def check_stored(
    settings: MatchSettings, regime: str, progress: Progress, scale: ScaleSettings | None = None
) -> Standing:
    """Tell whether the stored parameters still hold; nothing is written.

    With ``scale``, workers of a Dask cluster make and measure the people, who may be more than memory holds.

    Raises
    ------
    ConfigError
        They were edited by hand; or so many people take workers.
    """
    parameters = load_parameters(regime)
    require_untouched(parameters)
    if scale is not None and scale.is_dask:
        from weilidai.pipeline.scale.checking import check_on_workers
        from weilidai.pipeline.scale.cluster import open_workers

        asked = settings.check_people
        with open_workers(scale, progress) as workers, progress.stage("judging unseen people", 3 * asked) as advance:
            return check_on_workers(workers, parameters, load_book(), settings, advance)
    if settings.check_people > MOST_PEOPLE_HERE:
        raise ConfigError(f"one process judges at most {MOST_PEOPLE_HERE:,} people", where="--people",
                          cure="let workers do it: --scale configs/scale/dask.yaml")
    with progress.stage("judging unseen people", 1) as advance:
        standing = check_regime(parameters, load_book(), settings)
        advance(1)
    return standing


def policies_meant(word: str) -> list[str]:
    """Read which named policies are meant: one, or all.

    Raises
    ------
    ConfigError
        There is no such policy; the near one is named.
    """
    return [name for name in policy_names() if name != COMPOSITE] if word == ALL else [load_policy(word).name]


def match_policy_and_store(settings: MatchSettings, name: str, progress: Progress) -> tuple[PolicyMatched, Path]:
    """Find a named policy's numbers on the stored reference and write them."""
    with progress.stage(f"weighing by {name}", 1) as advance:
        matched = match_policy(load_policy(name), load_parameters(), load_book(), settings)
        advance(1)
    file = policy_file(name)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_parameters(matched.parameters, file)
    return matched, file


def check_policy(settings: MatchSettings, name: str) -> tuple[bool, tuple[PolicyRow, ...]]:
    """Tell whether a policy's stored numbers are up to date, and how they do on unseen people."""
    book = load_book()
    rows = measure_policy(load_policy(name), numbers_of(REFERENCE_REGIME, policy=name), book, settings)
    return policy_agrees(name, load_parameters(), book), rows


def judge_folder(folder: Path) -> FidelityReport:
    """Judge a generated population, fact by fact, worst first.

    Raises
    ------
    DataError
        The folder is not a generated population.
    """
    applicants, truth = (_table(folder / kind) for kind in ("applicants", "truth"))
    if len(applicants) != len(truth) or not (applicants["person_id"] == truth["person_id"]).all():
        raise DataError("applicants and truth are not the same people", where=str(folder),
                        cure="generate the folder anew with 'weilidai generate'")
    certificate = _certificate(folder)
    regime = str(applicants["regime"].iloc[0])
    if certificate.get("regime", regime) != regime:
        raise DataError(f"the people live in '{regime}' and their birth certificate says '{certificate['regime']}'",
                        where=str(folder), cure="generate the folder anew with 'weilidai generate'")
    readings = certificate.get("settings", {}).get("readings", {})
    parameters = numbers_of(regime, readings, certificate.get("settings", {}).get("policy", COMPOSITE))
    origin = Origin(certificate.get("seed"), readings, tuple(_remarks(certificate, parameters)))
    return hold_against_documents(applicants, truth, parameters, origin)


def _remarks(certificate: Mapping[str, Any], parameters: Parameters) -> Iterator[str]:
    if not certificate:
        yield f"There is no {CERTIFICATE} beside these people; they are taken to follow every reading by default."
    elif certificate.get("parameters_digest") != parameters.digest:
        yield "These people were made with other numbers than those stored now; generate anew to judge what is stored."


def write_judgement(report: FidelityReport, people: Path, out: Path) -> Path:
    """Write findings, coverage and the readable page into a new folder, and say where the page is.

    Raises
    ------
    ResourceError
        The folder exists and is not empty, or cannot be written.
    """
    with whole_folder(out) as aside:
        page = write_fidelity(report, aside, _certificate(people))
    return out / page.name


def _certificate(people: Path) -> dict[str, Any]:
    """Read the birth certificate of generated people; empty where there is none.

    Raises
    ------
    DataError
        It is there and cannot be read.
    """
    file = people / CERTIFICATE
    if not file.is_file():
        return {}
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DataError("the birth certificate cannot be read", where=str(file),
                        cure="generate the folder anew with 'weilidai generate'") from error
    if not isinstance(found, dict):
        raise DataError("the birth certificate is not one", where=str(file),
                        cure="generate the folder anew with 'weilidai generate'")
    return found


def _table(folder: Path) -> pd.DataFrame:
    files = sorted(folder.glob("*.parquet"))
    if not files:
        raise DataError("no generated people here", where=str(folder),
                        cure="make some: weilidai generate --rows 300000 --seed 7 --out people")
    return pd.concat([pd.read_parquet(file) for file in files], ignore_index=True)
