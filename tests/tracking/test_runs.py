import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from weilidai.errors import DataError, StoreError
from weilidai.tracking.runs import FAILURE, NOTE, PARENT, PROCESS, Run, reap, training_run
from weilidai.tracking.settings import TrackingSettings

SLEEP = """
import sys, time
from weilidai.tracking.runs import training_run
from weilidai.tracking.settings import TrackingSettings
with training_run(TrackingSettings(uri=sys.argv[1]), "interrupted") as run:
    print(run.id, flush=True)
    time.sleep(60)
"""


def stored(run: Run) -> tuple[str, dict[str, str]]:
    found = run.store.client.get_run(run.id)
    return found.info.status, found.data.tags


def test_a_run_that_ends_well_is_finished(settings: TrackingSettings) -> None:
    with training_run(settings, "a name for people", {"regime": "optimisation"}) as run:
        assert stored(run)[0] == "RUNNING"
    status, tags = stored(run)
    assert status == "FINISHED"
    assert tags["regime"] == "optimisation"
    assert tags["mlflow.runName"] == "a name for people"
    assert FAILURE not in tags


def test_an_error_of_ours_is_told_whole(settings: TrackingSettings) -> None:
    with pytest.raises(DataError), training_run(settings, "fails") as run:
        raise DataError("a column is missing", where="friend_count")
    assert stored(run)[0] == "FAILED"
    assert stored(run)[1][FAILURE] == "data: friend_count: a column is missing"


def test_another_error_is_told_by_kind_and_line_because_it_may_hold_a_value(settings: TrackingSettings) -> None:
    with pytest.raises(ValueError, match="4711"), training_run(settings, "fails") as run:
        raise ValueError("could not convert person 4711")
    assert stored(run)[0] == "FAILED"
    assert stored(run)[1][FAILURE].startswith("ValueError at test_runs.py:")
    assert "4711" not in stored(run)[1][FAILURE]


def test_ctrl_c_is_killed_not_failed(settings: TrackingSettings) -> None:
    with pytest.raises(KeyboardInterrupt), training_run(settings, "interrupted") as run:
        raise KeyboardInterrupt
    assert stored(run) == ("KILLED", stored(run)[1] | {FAILURE: "interrupted (Ctrl-C)"})


def test_ctrl_c_twice_stops_at_once_and_the_next_start_marks_the_run(
    settings: TrackingSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def again(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), training_run(settings, "interrupted twice") as run:
        monkeypatch.setattr(Run, "set_tags", again)
        raise KeyboardInterrupt
    assert stored(run)[0] == "RUNNING"
    monkeypatch.setattr("weilidai.tracking.runs.is_gone", lambda _process: True)
    assert run.id in reap(run.store)
    assert stored(run)[0] == "KILLED"


def test_sigterm_closes_the_run_and_leaves_with_its_code(settings: TrackingSettings) -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as left, training_run(settings, "terminated") as run:
        os.kill(os.getpid(), signal.SIGTERM)
    assert left.value.code == 143
    assert stored(run)[0] == "KILLED"
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_run_whose_process_was_shot_is_found_and_marked(settings: TrackingSettings, run: Run) -> None:
    with subprocess.Popen([sys.executable, "-c", SLEEP, settings.resolved_uri], stdout=subprocess.PIPE, text=True) as p:
        assert p.stdout is not None
        shot = p.stdout.readline().strip()
        p.kill()
    found = run.store.client.get_run(shot)
    assert found.info.status == "RUNNING"
    assert reap(run.store) == [shot]
    found = run.store.client.get_run(shot)
    assert found.info.status == "KILLED"
    assert "without a word" in found.data.tags[FAILURE]
    assert stored(run)[0] == "RUNNING"
    assert reap(run.store) == []


def test_a_store_that_fails_at_the_end_does_not_hide_the_error(
    settings: TrackingSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object, **__: object) -> None:
        raise StoreError("the disk is gone")

    with pytest.raises(ValueError, match="the real one") as told, training_run(settings, "fails twice"):
        monkeypatch.setattr(Run, "set_tags", gone)
        raise ValueError("the real one")
    assert "could not be marked FAILED: the disk is gone" in told.value.__notes__[0]


def test_parameters_are_flat_and_a_long_one_is_kept_whole(run: Run) -> None:
    run.log_params({"data": {"rows": 200_000}, "note": "x" * 900})
    params = run.store.client.get_run(run.id).data.params
    assert params["data.rows"] == "200000"
    assert params["note"].endswith("(cut; whole in params.json)")
    assert "x" * 900 in Path(run.store.client.download_artifacts(run.id, "params.json")).read_text()


def test_more_metrics_than_one_batch_holds_arrive(run: Run) -> None:
    run.log_metrics({f"slice.{number}.auc": number / 2000 for number in range(1500)})
    assert len(run.store.client.get_run(run.id).data.metrics) == 1500


def test_no_metric_arrives_when_one_is_no_number(run: Run) -> None:
    with pytest.raises(StoreError, match=r"test\.invite\.ks"):
        run.log_metrics({"test.invite.auc": 0.7, "test.invite.ks": float("nan")})
    assert run.store.client.get_run(run.id).data.metrics == {}


def test_a_note_is_the_description_of_the_run(run: Run) -> None:
    run.note("# What came out\n\n微粒贷")
    assert stored(run)[1][NOTE] == "# What came out\n\n微粒贷"
    run.note("long " * 2000)
    assert stored(run)[1][NOTE].endswith("(cut; whole in note.md)")
    assert Path(run.store.client.download_artifacts(run.id, "note.md")).read_text() == "long " * 2000


def test_a_folder_of_artifacts_is_kept(run: Run, tmp_path: Path) -> None:
    (tmp_path / "plots").mkdir()
    (tmp_path / "plots" / "roc.svg").write_text("<svg/>")
    run.log_artifacts(tmp_path, "report")
    assert [file.path for file in run.store.client.list_artifacts(run.id, "report/plots")] == ["report/plots/roc.svg"]


def test_a_trial_is_a_child_of_its_search(run: Run) -> None:
    with run.child("trial 1", {"kind": "trial"}) as trial:
        trial.log_metrics({"valid.invite.logloss": 0.4})
    status, tags = stored(trial)
    assert (status, tags[PARENT], tags["kind"]) == ("FINISHED", run.id, "trial")
    assert tags[PROCESS] == stored(run)[1][PROCESS]
