"""Matching and fidelity as jobs: fit and store, check what is stored, judge generated people."""

import json
from pathlib import Path
from typing import Any, Final

import pandas as pd

from weilidai.errors import DataError
from weilidai.facts import load_book
from weilidai.matching import REFERENCE_REGIME, MatchSettings, load_parameters, parameters_file
from weilidai.matching.fidelity import Finding
from weilidai.matching.fit import perturbed
from weilidai.matching.regime_run import match_regime
from weilidai.matching.regimes import load_regime, regime_names
from weilidai.matching.run import Matched, Standing, match
from weilidai.matching.standing import check_regime
from weilidai.parameters import write_parameters
from weilidai.pipeline.fidelity.report import FidelityReport, hold_against_documents
from weilidai.pipeline.fidelity.writing import write_fidelity
from weilidai.pipeline.generating import CERTIFICATE
from weilidai.pipeline.whole import whole_folder
from weilidai.progress import Progress

__all__ = [
    "FidelityReport", "Finding", "MatchSettings", "check_stored", "judge_folder", "match_and_store", "regimes_meant",
    "write_judgement",
]

ALL: Final = "all"


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


def check_stored(settings: MatchSettings, regime: str, progress: Progress) -> Standing:
    """Tell whether the stored parameters still hold; nothing is written."""
    with progress.stage("judging unseen people", 1) as advance:
        standing = check_regime(load_parameters(regime), load_book(), settings)
        advance(1)
    return standing


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
    return hold_against_documents(applicants, truth, load_parameters(str(applicants["regime"].iloc[0])))


def write_judgement(report: FidelityReport, people: Path, out: Path) -> Path:
    """Write findings, coverage and the readable page into a new folder, and say where the page is.

    Raises
    ------
    ResourceError
        The folder exists and is not empty, or cannot be written.
    """
    file = people / CERTIFICATE
    certificate: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    with whole_folder(out) as aside:
        page = write_fidelity(report, aside, certificate)
    return out / page.name


def _table(folder: Path) -> pd.DataFrame:
    files = sorted(folder.glob("*.parquet"))
    if not files:
        raise DataError("no generated people here", where=str(folder),
                        cure="make some: weilidai generate --rows 300000 --seed 7 --out people")
    return pd.concat([pd.read_parquet(file) for file in files], ignore_index=True)
