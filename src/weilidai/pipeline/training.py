"""The main job: from documents to a registered model, with everything on the way remembered."""

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from weilidai.config import Configured, TrainSettings
from weilidai.evaluation.gates import GateResult, check_gates, require_gates
from weilidai.facts import load_book
from weilidai.models.bundle import Bundle, cited_facts, save_bundle
from weilidai.pipeline.birth import birth_certificate
from weilidai.pipeline.fidelity.report import FidelityReport, hold_against_documents
from weilidai.pipeline.fidelity.writing import write_fidelity
from weilidai.pipeline.forecast import require_memory
from weilidai.pipeline.generating import generate_frames, lender_of
from weilidai.pipeline.judging import judge
from weilidai.pipeline.learning import Lender, Students, Tables, choose_inputs, learn, prepare
from weilidai.pipeline.numbers import numbers_of, require_fresh
from weilidai.pipeline.reporting import Findings, note_of, write_report
from weilidai.pipeline.weighing import weigh
from weilidai.pipeline.whole import require_place, whole_folder
from weilidai.progress import Progress
from weilidai.tracking.datasets import log_dataset
from weilidai.tracking.keeping import keep_model
from weilidai.tracking.registry import Registered, register
from weilidai.tracking.runs import Run, training_run
from weilidai.tracking.store import open_store

VARIED: Final = (
    "num_iterations", "early_stopping_round", "learning_rate", "num_leaves", "max_depth", "min_data_in_leaf",
    "feature_fraction", "lambda_l2", "seed",
)
"""Settings of a model that are logged as parameters of the run; all settings go into it as a file."""


@dataclass(frozen=True)
class TrainResult:
    """What a training made, and where it is."""

    run_id: str
    run_name: str
    metrics: Mapping[str, float]
    gates: Sequence[GateResult]
    registered: Registered


@dataclass(frozen=True)
class _Made:
    """What was generated, learnt and found, before it is kept."""

    lender: Lender
    tables: Tables
    students: Students
    findings: Findings
    fidelity: FidelityReport


def train(configured: Configured, progress: Progress, export: Path | None = None) -> TrainResult:
    """Generate, learn, judge, explain, keep and register; a run in the store from the first step to the last.

    Parameters
    ----------
    configured
        Checked settings and where they come from.
    progress
        Where to report to.
    export
        Folder that gets the bundle too, whether or not it passes its gates; must not exist.

    Returns
    -------
    TrainResult
        Also when gates failed: the report is written and the model registered first, as challenger then.

    Raises
    ------
    WeilidaiError
        Settings, data or store do not allow it; the run is marked as failed with the reason.
    """
    settings = configured.settings
    require_memory(settings.data.rows)
    data = settings.data
    stale = {"stale_parameters": "true"} if require_fresh(data) else {}
    choose_inputs(lender_of(numbers_of(data.regime, data.readings)), settings)  # whatever is wrong there, no run begins
    if export:
        require_place(export)
    with progress.stage("opening the store"):
        open_store(settings.tracking)
    with training_run(settings.tracking, _run_name(configured), _tags(configured) | stale) as run:
        run.log_params(_params(settings))
        made = _make(configured, progress, run.name)
        with progress.stage("keeping the run and its model"):
            registered = _keep(run, made, settings, export)
    return TrainResult(run.id, run.name, made.findings.metrics, made.findings.gates, registered)


def _make(configured: Configured, progress: Progress, title: str) -> _Made:
    settings = configured.settings
    data = settings.data
    applicants, truth, parameters = generate_frames(data.rows, data.seed, data.regime, progress, data.readings)
    with progress.stage("holding the people against the documents"):
        fidelity = hold_against_documents(applicants, truth, parameters)
    lender = lender_of(parameters)
    inputs = choose_inputs(lender, settings)
    tables = prepare(applicants, inputs, lender, settings, progress)
    students = learn(tables, inputs, lender, settings, progress)
    judgement = judge(students, tables, truth, settings.evaluation, progress)
    with progress.stage("weighing the documented dimensions"):
        weighing = weigh(
            students.invite, students.quota, tables.test, truth.iloc[tables.split.test], lender.factors,
        )
    metrics = {**judgement.metrics, **weighing.metrics, **fidelity.metrics}
    findings = Findings(
        title, judgement, weighing, check_gates(metrics, settings.evaluation.gates), metrics,
        birth_certificate(parameters, settings.model_dump(mode="json"), data.seed), configured.as_yaml(),
    )
    return _Made(lender, tables, students, findings, fidelity)


def _keep(run: Run, made: _Made, settings: TrainSettings, export: Path | None) -> Registered:
    from weilidai.inference.pyfunc import packaging

    run.log_metrics(made.findings.metrics)
    run.note(note_of(made.findings))
    run.set_tags({name: made.findings.certificate[name] for name in ("commit", "facts_digest", "parameters_digest")})
    for purpose in ("train", "valid", "calibrate", "test"):
        _log_table(run, getattr(made.tables, purpose), purpose, settings)
    bundle = _bundle(made)
    with tempfile.TemporaryDirectory(prefix="weilidai-") as shelf:
        report, folder = Path(shelf) / "report", Path(shelf) / "bundle"
        write_report(made.findings, report)
        write_fidelity(made.fidelity, report, made.findings.certificate)
        run.log_artifacts(report)
        save_bundle(bundle, folder, made.tables.test)
        kept = keep_model(run, folder, packaging(bundle, made.tables.test))
        if export:
            with whole_folder(export) as aside:  # only what is written here may be told as its fault
                shutil.copytree(folder, aside, dirs_exist_ok=True)
    return register(run, kept, made.findings.gates)


def _bundle(made: _Made) -> Bundle:
    book, students, lender = load_book(), made.students, made.lender
    cited = [book.facts[name] for name in cited_facts(lender.factors, lender.policy) if name in book.facts]
    certificate = {**made.findings.certificate, "metrics": dict(made.findings.metrics)}
    return Bundle(
        students.invite, students.quota, students.rate, lender.factors, book.catalogue_rows(cited), certificate
    )


def _log_table(run: Run, table: pd.DataFrame, purpose: str, settings: TrainSettings) -> None:
    data = settings.data
    source = {"rows": str(data.rows), "seed": str(data.seed), "regime": data.regime, "part": purpose}
    log_dataset(run, table, f"{data.regime} {purpose}", purpose, source)


def _run_name(configured: Configured) -> str:
    data = configured.settings.data
    return f"{configured.file.stem}, {data.rows:,} people, seed {data.seed}"


def _tags(configured: Configured) -> dict[str, str]:
    settings = configured.settings
    return {
        "kind": "train",
        "regime": settings.data.regime,
        "policy": f"coverage {settings.model.invite.coverage:g}",
        "config": configured.file.name,
    }


def _params(settings: TrainSettings) -> dict[str, Any]:
    grown = {"invite": settings.model.invite, "quota": settings.model.quota, "rate": settings.model.rate}
    models = {name: own.model_dump(include=set(VARIED)) for name, own in grown.items()}
    models["invite"]["coverage"] = settings.model.invite.coverage
    return {"data": settings.data.model_dump(mode="json", exclude={"limits"}), **models}


def refuse_failed_gates(result: TrainResult) -> None:
    """End a job whose model failed a gate, once everything is kept and shown.

    Raises
    ------
    GateError
        At least one gate failed; the message lists all that did.
    """
    require_gates(result.gates)
