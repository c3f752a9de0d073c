"""The job behind ``weilidai sweep``: one parent run, a child for every trial, and the defaults judged at the end."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from weilidai.config import Configured, TrainSettings
from weilidai.models.settings import TreeSettings
from weilidai.models.tuning.settings import SearchSettings
from weilidai.pipeline.birth import digest_of
from weilidai.pipeline.generating import generate_frames, lender_of
from weilidai.pipeline.learning import Lender, choose_inputs, prepare
from weilidai.pipeline.memory import require_memory
from weilidai.pipeline.numbers import numbers_of, require_fresh
from weilidai.pipeline.search.candidate import GROUNDS
from weilidai.pipeline.search.outcome import Outcome, judge_search, write_outcome
from weilidai.pipeline.search.study import finished, open_study, proposed, rows_of, study_file, watcher
from weilidai.progress import Progress
from weilidai.tracking.runs import Run, training_run
from weilidai.tracking.store import open_store

if TYPE_CHECKING:
    from optuna import Study


@dataclass(frozen=True)
class SweepResult:
    """What a search found, and where it is."""

    run_id: str
    run_name: str
    outcome: Outcome
    study: Path


def sweep(configured: Configured, progress: Progress) -> SweepResult:
    """Search better settings of one model, going on where a search of the same name stopped.

    Parameters
    ----------
    configured
        Checked settings and where they come from; ``search`` says what to search.
    progress
        Where to report to.

    Raises
    ------
    WeilidaiError
        Settings, data or store do not allow it, or the study was made for something else.
    """
    settings = configured.settings
    search = settings.search
    require_memory(settings.data.rows)
    require_fresh(settings.data)
    study = open_study(search, _defaults(settings), _fingerprint(settings))
    ground = _ground(settings, progress)
    with progress.stage("opening the store"):
        open_store(settings.tracking)
    name = f"search {search.name}, {settings.data.rows:,} people"
    tags = {"kind": "search", "model": search.model, "config": configured.file.name}
    with training_run(settings.tracking, name, tags) as run:
        learnt_from = settings.data.model_dump(include={"rows", "seed"})
        run.log_params({"search": search.model_dump(mode="json", exclude={"space"}), "data": learnt_from})
        _try_all(study, ground, search, run, progress)
        with progress.stage("comparing the best with the defaults"):
            weighed = _importance(study, search.weighed_from)
            outcome = judge_search(ground, search, settings.evaluation, rows_of(study), weighed)
        _keep(run, outcome, search)
    return SweepResult(run.id, run.name, outcome, study_file(search))


def _try_all(study: "Study", ground: Any, search: SearchSettings, run: Run, progress: Progress) -> None:  # noqa: ANN401
    done = finished(study)
    if done:
        progress.say(f"going on after {done} trials of the study '{search.name}'")
    with progress.stage("trials", search.trials) as advance:
        for number in range(done, search.trials):
            advance(number)
            _try(study, ground, search, run)
        advance(search.trials)


def _try(study: "Study", ground: Any, search: SearchSettings, parent: Run) -> None:  # noqa: ANN401  # either ground
    import optuna

    trial = study.ask()
    knobs = proposed(trial, search, ground.defaults)
    with parent.child(f"{search.name} trial {trial.number}", {"kind": "trial", "trial": "running"}) as run:
        run.log_params(knobs.model_dump(include=set(search.space)))
        try:
            loss = ground.loss(ground.grow(knobs, watcher(trial, search, knobs.learning_rate)))
        except optuna.TrialPruned:
            study.tell(trial, state=optuna.trial.TrialState.PRUNED)
            run.set_tags({"trial": "pruned"})
            return
        except BaseException:
            study.tell(trial, state=optuna.trial.TrialState.FAIL)
            raise
        study.tell(trial, loss)
        run.log_metrics({"search.loss": loss})
        run.set_tags({"trial": "complete"})


def _importance(study: "Study", fewest: int) -> Mapping[str, float]:
    import optuna

    if sum(row.state == "complete" for row in rows_of(study)) < fewest:
        return {}
    evaluator = optuna.importance.FanovaImportanceEvaluator(seed=0)
    return {name: round(share, 4) for name, share in
            optuna.importance.get_param_importances(study, evaluator=evaluator).items()}


def _keep(run: Run, outcome: Outcome, search: SearchSettings) -> None:
    run.log_metrics(outcome.metrics)
    run.note(outcome.in_words())
    run.set_tags({"default_is_within": str(outcome.is_within).lower()})
    with tempfile.TemporaryDirectory(prefix="weilidai-") as shelf:
        write_outcome(outcome, search, Path(shelf))
        run.log_artifacts(Path(shelf), "search")


def _ground(settings: TrainSettings, progress: Progress) -> Any:  # noqa: ANN401  # either ground
    data = settings.data
    applicants, _, parameters = generate_frames(data.rows, data.seed, data.regime, progress, data.readings, data.policy)
    lender: Lender = lender_of(parameters)
    inputs = choose_inputs(lender, settings)
    tables = prepare(applicants, inputs, lender, settings, progress)
    return GROUNDS[settings.search.model](tables, inputs, lender, _defaults(settings))  # type: ignore[arg-type]


def _defaults(settings: TrainSettings) -> TreeSettings:
    return settings.model.invite if settings.search.model == "invite" else settings.model.quota


def _fingerprint(settings: TrainSettings) -> str:
    """Digest of everything that makes the losses of two trials comparable."""
    search, data = settings.search, settings.data
    return digest_of({
        "data": data.model_dump(mode="json"), "defaults": _defaults(settings).model_dump(mode="json"),
        "model": search.model, "space": {name: span.model_dump() for name, span in search.space.items()},
        "parameters": numbers_of(data.regime, data.readings, data.policy).digest,
    })
