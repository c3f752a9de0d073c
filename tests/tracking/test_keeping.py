import shutil
from pathlib import Path

import pytest

from weilidai.errors import ModelError
from weilidai.inference.pyfunc import Packaging
from weilidai.models.manifest import digest_of
from weilidai.tracking import keeping
from weilidai.tracking.keeping import keep_model
from weilidai.tracking.runs import Run


def models(run: Run) -> dict[str, str]:
    found = run.store.client.search_logged_models([run.store.experiment_id])
    return {model.model_id: str(model.status) for model in found if model.source_run_id == run.id}


def test_a_kept_model_is_ready_and_knows_its_bundle_and_metrics(
    run: Run, bundle_folder: Path, packed: Packaging
) -> None:
    run.log_params({"data": {"rows": 3000}})
    run.log_metrics({"test.invite.auc": 0.75})
    kept = keep_model(run, bundle_folder, packed)
    assert kept.digest == digest_of(bundle_folder)
    model = run.store.client.get_logged_model(kept.id)
    assert str(model.status) == "READY"
    assert model.tags["weilidai.bundle_digest"] == kept.digest
    assert model.params == {"data.rows": "3000"}
    assert [(metric.key, metric.value) for metric in model.metrics] == [("test.invite.auc", 0.75)]
    outputs = run.store.client.get_run(run.id).outputs.model_outputs
    assert [output.model_id for output in outputs] == [kept.id]
    assert run.store.client.get_run(run.id).data.metrics == {"test.invite.auc": 0.75}


def test_a_bundle_that_is_not_whole_is_not_even_begun(
    run: Run, bundle_folder: Path, packed: Packaging, tmp_path: Path
) -> None:
    shutil.copytree(bundle_folder, tmp_path / "bundle")
    (tmp_path / "bundle" / "rate.txt").unlink()
    with pytest.raises(ModelError, match="is missing"):
        keep_model(run, tmp_path / "bundle", packed)
    assert models(run) == {}


def test_what_breaks_while_it_is_kept_is_marked_as_failed(
    run: Run, bundle_folder: Path, packed: Packaging, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(keeping, "_link", interrupted)
    with pytest.raises(KeyboardInterrupt):
        keep_model(run, bundle_folder, packed)
    assert list(models(run).values()) == ["FAILED"]
