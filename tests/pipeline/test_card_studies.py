"""The section on studies says what the newest runs of a store say, and what was never run."""

from datetime import UTC, datetime

import pytest

from weilidai.cli.studying import study as commands
from weilidai.pipeline.card_studies import Kind, find_runs, kinds, studies_section
from weilidai.pipeline.studies.outcome import Study, keep_study
from weilidai.pipeline.studies.running import GAP, STUDIES
from weilidai.tracking.listing import RunRow
from weilidai.tracking.runs import training_run
from weilidai.tracking.settings import TrackingSettings

GAP_TITLE = "Why the models fall short of the truth"
METRICS = {
    "gap.invite_auc.total": 0.00312, "gap.invite_auc.total_low": 0.0021, "gap.invite_auc.total_high": 0.0041,
    "gap.invite_logloss.total": 0.0009, "gap.unheard_of": 1.0,
}  # fmt: skip


def kept(metrics, **params):
    return RunRow(
        "abcdef0123456789", "gap", "FINISHED", datetime(2026, 11, 22, tzinfo=UTC), 60.0, None, params, metrics,
        {"facts_digest": "f"},
    )


def text(found, facts="f"):
    return "\n".join(studies_section(found, {"facts_digest": facts}))


@pytest.fixture(scope="module")
def uri(tmp_path_factory):
    return f"sqlite:///{tmp_path_factory.mktemp('studies') / 'store.db'}"


@pytest.fixture
def tracking(uri, request):
    return TrackingSettings(uri=uri, experiment=request.node.name)


def test_every_study_is_told_of_with_the_command_there_is():
    tags = {kind.tags["kind"] for kind in kinds()}
    assert {f"study {name}" for name in (GAP, *STUDIES)} <= tags
    offered = {command.name for command in commands.registered_commands}
    told = {kind.command.split()[2] for kind in kinds() if kind.command.startswith("weilidai study")}
    assert told == offered


def test_searches_and_the_training_of_every_named_scorecard_are_told_of(root):
    named = {kind.command.split()[-1] for kind in kinds() if kind.command.split()[1] in ("sweep", "train")}
    files = [*(root / "configs" / "sweep").glob("*.yaml"), *(root / "configs" / "experiments" / "weights").glob("*")]
    assert named == {str(file.relative_to(root)) for file in files}


def test_what_was_never_run_is_named_with_its_command(tracking):
    found = find_runs(tracking)
    assert set(found.values()) == {None}
    assert text(found).count("Not run yet: `weilidai ") == len(kinds())


def test_a_run_is_told_with_its_people_seed_date_figures_and_their_meaning():
    told = text({GAP_TITLE: kept(METRICS, rows="200000", seed="20210")})
    assert "`weilidai study gap`: run `abcdef01`, 2026-11-22, 200,000 people, seed 20210." in told
    assert "| `gap.invite_auc.total` | 0.0031 | 0.0021 to 0.0041 |" in told
    assert "| `gap.invite_logloss.total` | 0.0009 |  |" in told
    assert "0 is the truth itself" in told
    assert "unheard_of" not in told


def test_a_run_of_other_facts_than_the_model_says_so():
    run = {GAP_TITLE: kept(METRICS)}
    assert "another state of the facts" not in text(run)
    assert "another state of the facts" in text(run, facts="g")


def test_names_that_differ_from_run_to_run_are_told_in_words():
    metrics = {"stability.data_separated.gain": 0.02, "stability.data_separated.gain_low": 0.01,
               "stability.data_separated.gain_high": 0.03}  # fmt: skip
    told = text({"How long it stays good": kept(metrics)})
    assert "| data separated: AUC gained by learning anew | `stability.data_separated.gain` | 0.0200 | 0.0100" in told


def test_the_newest_finished_study_of_the_store_speaks(tracking):
    certificate = {"regime": "optimisation", "commit": "c", "facts_digest": "f", "parameters_digest": "p"}
    for total in (0.5, 0.25):
        study = Study("gap", {"rows": 9_000, "seed": 7}, ("said",), {}, certificate,
                      metrics={"gap.invite_auc.total": total})  # fmt: skip
        keep_study(study, tracking)
    with pytest.raises(KeyboardInterrupt), training_run(tracking, "stopped", {"kind": "study gap"}):
        raise KeyboardInterrupt
    told = text(find_runs(tracking))
    assert "| `gap.invite_auc.total` | 0.2500 |  |" in told
    assert "9,000 people, seed 7." in told


def test_a_plain_training_is_no_weight_experiment_of_its_policy(tracking):
    tags = {"kind": "train", "policy": "composite"}
    with training_run(tracking, "weights", tags) as run:
        run.log_metrics({"weight.seeds.worst_difference": 0.013, "weight.bureau.seeds.difference": -0.013})
    with training_run(tracking, "plain", tags) as plain:
        plain.log_metrics({"weight.worst_difference": 0.5})
    found = find_runs(tracking)["Whether documented weights come back, composite"]
    assert found is not None
    assert found.id == run.id
    assert "| weight of bureau less the truth's |" in text({"Whether documented weights come back, composite": found})


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.title)
def test_every_kind_says_what_its_figures_mean(kind: Kind):
    assert kind.meaning.endswith(".")
    assert len({metric for _, metric in kind.figures}) == len(kind.figures)
    assert all(metric.count("*") == what.count("{}") for what, metric in kind.figures)
