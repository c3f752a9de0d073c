"""Making people: as frames in memory, or as files of any size."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from weilidai.facts import load_book
from weilidai.lender import LenderParameters
from weilidai.lender import policy as eligibility
from weilidai.matching.policies import COMPOSITE
from weilidai.parameters import Parameters
from weilidai.pipeline.birth import birth_certificate
from weilidai.pipeline.learning import Lender
from weilidai.pipeline.numbers import numbers_of
from weilidai.pipeline.scale.settings import ScaleSettings
from weilidai.pipeline.simulate import simulate
from weilidai.pipeline.whole import whole_folder
from weilidai.pipeline.writing_people import BLOCKS_IN_A_FILE, adding_up, write_people
from weilidai.progress import Progress

CERTIFICATE: Final = "birth_certificate.json"


def generate_frames(
    rows: int, seed: int, regime: str, progress: Progress, readings: Mapping[str, str] | None = None,
    policy: str = COMPOSITE,
) -> tuple[pd.DataFrame, pd.DataFrame, Parameters]:
    """Make people in memory.

    Returns
    -------
    applicants, truth, parameters
        One row per person; the truth behind the decisions; the numbers they were made with.
    """
    parameters = numbers_of(regime, readings, policy)
    with progress.stage("making people", rows) as advance:
        applicants, truth = simulate(parameters, rows, seed, progress=adding_up(advance))
    return applicants, truth, parameters


def generate_files(
    rows: int, seed: int, regime: str, out: Path, progress: Progress, readings: Mapping[str, str] | None = None,
    policy: str = COMPOSITE, scale: ScaleSettings | None = None,
) -> Path:
    """Make people as ``applicants/*.parquet``, ``truth/*.parquet`` and a birth certificate; whole or not at all.

    With ``scale``, workers of a Dask cluster write them; the files are the same to the last byte.

    Raises
    ------
    ResourceError
        The folder exists and is not empty, or cannot be written; or there are no workers to be had.
    """
    parameters = numbers_of(regime, readings, policy)
    with whole_folder(out) as aside:
        if scale is not None and scale.is_dask:
            _write_on_workers(parameters, rows, seed, aside, progress, scale)
        else:
            with progress.stage("making people", rows) as advance:
                write_people(parameters, rows, seed, aside, advance, blocks_in_a_file=BLOCKS_IN_A_FILE)
        settings = {"rows": rows, "seed": seed, "regime": regime, "readings": dict(readings or {}), "policy": policy}
        written = json.dumps(birth_certificate(parameters, settings, seed), indent=2, ensure_ascii=False)
        (aside / CERTIFICATE).write_text(written + "\n", encoding="utf-8")
    return out


def lender_of(parameters: Parameters) -> Lender:
    """Read what is public inside the lender: policy, grades, documented drivers."""
    numbers = parameters.part("lender", LenderParameters)
    return Lender(eligibility(numbers.eligibility), dict(numbers.pricing.grade_rate), load_book().factors)


def _write_on_workers(
    parameters: Parameters, rows: int, seed: int, folder: Path, progress: Progress, scale: ScaleSettings
) -> None:
    from weilidai.pipeline.scale.cluster import open_workers
    from weilidai.pipeline.scale.generating import generate_on_workers

    with open_workers(scale, progress) as workers, progress.stage("making people", rows) as advance:
        generate_on_workers(workers, parameters, rows, seed, folder, advance, blocks_in_a_file=BLOCKS_IN_A_FILE)
