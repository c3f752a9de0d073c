"""The main job: from documents to a registered model, with everything on the way remembered."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from weilidai.config import Configured, TrainSettings
from weilidai.evaluation.gates import GateResult, check_gates, require_gates
from weilidai.evaluation.stability import farthest_column
from weilidai.evaluation.study_settings import AgeRules
from weilidai.facts import load_book
from weilidai.inference.age import LEARNT_FROM, MONTH
from weilidai.models.background import choose_background
from weilidai.models.bundle import Bundle, cited_facts, save_bundle
from weilidai.models.settings import ExplainSettings
from weilidai.pipeline.birth import ALLOWED, origin_of
from weilidai.pipeline.costing import cost_metrics, cost_table
from weilidai.pipeline.fidelity.report import FidelityReport
from weilidai.pipeline.fidelity.writing import write_fidelity
from weilidai.pipeline.handing_over import in_hand
from weilidai.pipeline.judging import judge
from weilidai.pipeline.kept_scores import write_scores
from weilidai.pipeline.learning import Lender, Students, Tables, choose_inputs, learn, prepare
from weilidai.pipeline.learnt_before import LearntBefore
from weilidai.pipeline.model_card import model_card
from weilidai.pipeline.numbers import numbers_of
from weilidai.pipeline.recourse_rates import rates_in_test
from weilidai.pipeline.recovering import of_seed, over_seeds, recover_weights, seed_agreement, seed_metrics
from weilidai.pipeline.reporting import Findings, note_of, write_report
from weilidai.pipeline.run_labels import headlines_first, run_name, run_params, run_tags
from weilidai.pipeline.scale.learning import growing
from weilidai.pipeline.simulate import Simulator
from weilidai.pipeline.sources import Source, source_of
from weilidai.pipeline.studies.protection import price_of_protection
from weilidai.pipeline.tested_versions import libraries_outside
from weilidai.pipeline.weighing import Weighing, weigh, weigh_found
from weilidai.pipeline.whole import require_place
from weilidai.progress import Progress
from weilidai.tracking.champion import Registered
from weilidai.tracking.datasets import log_dataset
from weilidai.tracking.registry import hand_in
from weilidai.tracking.runs import Run, open_or_spool, training_run


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
    fidelity: FidelityReport | None
    stages: Mapping[str, str]
    """What was learnt and what was learnt before, as tags."""


def train(
    configured: Configured, progress: Progress, export: Path | None = None, *, allow_dirty: bool = False
) -> TrainResult:
    """Get people, learn, judge, explain, keep and register; a run in the store from the first step to the last.

    Parameters
    ----------
    configured
        Checked settings and where they come from.
    progress
        Where to report to.
    export
        Folder that gets the bundle too, whether or not it passes its gates; must not exist.
    allow_dirty
        Let the model take the champion's place although files were changed and not committed; the log says so.

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
    source = source_of(settings)
    choose_inputs(source.lender, settings)  # whatever is wrong there, no run begins
    tags = run_tags(configured) | source.tags
    if export:
        require_place(export)
    if off := libraries_outside({}):
        progress.say(f"warning: {off}; the model will be no champion")
    with progress.stage("opening the store"):
        store = open_or_spool(settings.tracking)
    with (
        growing(settings.scale, progress) as grow,
        training_run(settings.tracking, run_name(configured), tags, store) as run,
    ):
        if run.spool.is_open:
            kept = run.spool.lost or f"the run is kept in {run.spool.folder}"
            progress.say(f"warning: the store does not answer; {kept}")
        run.log_params(run_params(settings))
        allowed = {ALLOWED: "yes"} if allow_dirty else {}
        if allowed:
            run.set_tags(allowed)
        before = LearntBefore.of(settings.cache, progress, grow)
        made = _make(configured, source, progress, run.name, allowed, before)
        with progress.stage("keeping the run and its model"):
            registered = _keep(run, made, settings, export)
        metrics = {**made.findings.metrics, **_weigh_again(run, made, settings, progress)}
    if registered is None:  # the end of the run has said so already
        raise run.spool.refusal()
    return TrainResult(run.id, run.name, metrics, made.findings.gates, registered)


def _make(
    configured: Configured, source: Source, progress: Progress, title: str, allowed: Mapping[str, str],
    before: LearntBefore,
) -> _Made:
    settings, lender = configured.settings, source.lender
    population = source.people(progress)
    truth, fidelity = population.truth, population.fidelity
    inputs = choose_inputs(lender, settings)
    tables = prepare(population.applicants, inputs, lender, settings, progress)
    students = learn(tables, inputs, lender, settings, progress, before)
    before.tell(progress)
    judgement = judge(students, tables, truth, settings.evaluation, progress, lender.slices)
    shares: dict[str, float] = {}
    documented = "" if truth is None else "documented "
    with progress.stage(f"weighing the {documented}dimensions"):
        weighing = _weigh(students, tables, truth, lender, settings)
    costs = cost_table(students.invite, tables.test, lender.factors, lender.contract, settings.evaluation.sources)
    metrics = {**judgement.metrics, **weighing.metrics, **(fidelity.metrics if fidelity else {}), **cost_metrics(costs)}
    if truth is not None:
        metrics |= price_of_protection(tables, truth, students.invite, lender, settings, progress)
        shares = _recourse(students, tables, lender, settings, progress)
        metrics |= {f"recourse.{name}": value for name, value in shares.items() if name != "people"}
    findings = Findings(
        title, judgement, weighing, check_gates(metrics, settings.evaluation), metrics,
        {**population.certificate, **allowed}, configured.as_yaml(),
        {name: table for said in students.challengers.values() for name, table in said.tables.items()}
        | {"cost_of_columns": costs},
        fidelity, shares,
    )
    return _Made(lender, tables, students, findings, fidelity, before.tags)


def _recourse(
    students: Students, tables: Tables, lender: Lender, settings: TrainSettings, progress: Progress
) -> dict[str, float]:
    data, count = settings.data, settings.evaluation.recourse_people
    if not count or students.quota is None:
        return {}
    simulator = Simulator.of(numbers_of(data.regime, data.readings, data.policy))
    models = Bundle(
        students.invite, students.quota, students.rate, lender.factors, (), {}, pd.DataFrame(), settings.model.explain
    )
    return rates_in_test(models, tables.test, simulator, data.seed, count, load_book(), progress)


def _weigh(
    students: Students, tables: Tables, truth: pd.DataFrame | None, lender: Lender, settings: TrainSettings
) -> Weighing:
    if truth is None or students.quota is None:
        return weigh_found(students.invite, students.quota, tables.test, lender.factors)
    return weigh(
        students.invite, students.quota, tables.test, truth.iloc[tables.split.test], lender.factors,
        settings.data.policy, settings.evaluation.replicates,
    )


def _keep(run: Run, made: _Made, settings: TrainSettings, export: Path | None) -> Registered | None:
    from weilidai.inference.pyfunc import packaging

    bundle = _bundle(made, settings.model.explain, settings.evaluation.age)
    with tempfile.TemporaryDirectory(prefix="weilidai-") as shelf:
        folder = Path(shelf) / "bundle"
        save_bundle(bundle, folder, made.tables.test)
        with in_hand(folder, export):
            _log(run, made, settings, bundle)
            packed = packaging(bundle, made.tables.test)
            registered = hand_in(run, folder, packed, made.findings.gates, origin_of(bundle.birth_certificate))
    return registered


def _log(run: Run, made: _Made, settings: TrainSettings, bundle: Bundle) -> None:
    run.log_metrics(headlines_first(made.findings.metrics))
    run.note(note_of(made.findings))
    run.set_tags({"commit": made.findings.certificate["commit"], "gates": _gates(made.findings.gates), **made.stages})
    for purpose in ("train", "valid", "calibrate", "test"):
        _log_table(run, getattr(made.tables, purpose), purpose, settings)
    with tempfile.TemporaryDirectory(prefix="weilidai-") as shelf:
        report = Path(shelf)
        write_report(made.findings, report)
        (report / "model_card.md").write_text(model_card(bundle, run_id=run.id), encoding="utf-8")
        write_scores(made.findings.judgement.seen, report)
        if made.fidelity is not None:
            write_fidelity(made.fidelity, report, made.findings.certificate)
        run.log_artifacts(report)


def _weigh_again(run: Run, made: _Made, settings: TrainSettings, progress: Progress) -> dict[str, float]:
    """Measure the weights on further populations, when the settings name some, and keep what all of them say."""
    if not settings.data.repeat_seeds or made.lender.own_table is not None:
        return {}
    own = of_seed(made.findings.weighing.recovery, made.findings.weighing.agreement, settings.data.seed)
    further = recover_weights(settings, settings.data.repeat_seeds, progress, run)
    everyone = pd.concat([own, further], ignore_index=True)
    table = over_seeds(everyone)
    run.log_text(everyone.to_json(orient="records", indent=2), "tables/weight_recovery_by_seed.json")
    run.log_text(table.to_json(orient="records", indent=2), "tables/weight_recovery_seeds.json")
    metrics = seed_metrics(table) | seed_agreement(everyone)
    run.log_metrics(metrics)
    return metrics


def _bundle(made: _Made, explain: ExplainSettings, age: AgeRules) -> Bundle:
    students, lender = made.students, made.lender
    proofs = {name: proof.to_dict() for name, proof in made.findings.judgement.proofs.items()}
    certificate = {
        **made.findings.certificate, **_learnt_from(made.tables, age), "metrics": dict(made.findings.metrics),
        "monotone": proofs, "moved_most": dict(farthest_column(made.findings.judgement.column_stability)),
    }  # fmt: skip
    background = choose_background(made.tables.train, students.invite, explain.background_rows)
    return Bundle(
        students.invite, students.quota, students.rate, lender.factors, _cited(lender), certificate,
        background, explain, lender.own_table,
    )


def _learnt_from(tables: Tables, age: AgeRules) -> dict[str, Any]:
    """Tell the months of the people learnt from, so that the model knows when it is asked about much later ones."""
    parts = (tables.train, tables.valid, tables.calibrate)
    months = sorted({str(month) for part in parts if MONTH in part for month in part[MONTH].unique()})
    if not months:
        return {}
    told = {"first": months[0], "newest": months[-1], "warn_after_months": age.warn_after_months}
    return {LEARNT_FROM: told}


def _cited(lender: Lender) -> Sequence[Mapping[str, Any]]:
    if lender.own_table is not None:
        return ()
    book = load_book()
    return book.catalogue_rows(
        book.facts[name] for name in cited_facts(lender.factors, lender.policy) if name in book.facts
    )


def _log_table(run: Run, table: pd.DataFrame, purpose: str, settings: TrainSettings) -> None:
    data = settings.data
    if data.file is not None:
        name, source = Path(data.file).name, {"file": Path(data.file).name, "seed": str(data.seed), "part": purpose}
    else:
        name = data.regime
        source = {"rows": str(data.rows), "seed": str(data.seed), "regime": data.regime, "part": purpose}
    log_dataset(run, table, f"{name} {purpose}", purpose, source)


def _gates(gates: Sequence[GateResult]) -> str:
    failed = [gate.name for gate in gates if not gate.passed]
    return f"failed: {', '.join(failed)}" if failed else "passed"


def refuse_failed_gates(result: TrainResult) -> None:
    """End a job whose model failed a gate, once everything is kept and shown.

    Raises
    ------
    GateError
        At least one gate failed; the message lists all that did.
    """
    require_gates(result.gates)
