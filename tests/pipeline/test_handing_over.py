"""Whatever becomes of a run, the model that was learnt is in hand."""

from pathlib import Path

import pytest

from weilidai.errors import ResourceError, StoreError, WeilidaiError
from weilidai.inference.loading import load_model
from weilidai.pipeline.handing_over import in_hand


@pytest.fixture
def bundle(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    import shutil

    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    return shutil.copytree(model, tmp_path / "temporary" / "shelf" / "bundle")


def test_a_kept_model_is_left_where_it_is_wanted(bundle: Path, tmp_path: Path) -> None:
    with in_hand(bundle, tmp_path / "wanted"):
        pass
    with in_hand(bundle, None):
        pass
    assert load_model(str(tmp_path / "wanted")).columns
    assert [place.name for place in (tmp_path / "temporary").iterdir()] == ["shelf"]


@pytest.mark.parametrize(("fault", "kind", "code"), [
    (StoreError("the run was deleted", where="store", cure="look"), StoreError, 5),
    (ResourceError("no room", where="a folder"), ResourceError, 6),
    (OSError(28, "No space left on device", "report"), ResourceError, 6),
    (MemoryError(), ResourceError, 6),
])  # fmt: skip
def test_a_model_whose_run_cannot_be_kept_is_left_where_it_is_wanted_and_that_is_said(
    bundle: Path, tmp_path: Path, fault: Exception, kind: type[WeilidaiError], code: int
) -> None:
    with pytest.raises(kind, match="its model is whole all the same") as refused, in_hand(bundle, tmp_path / "wanted"):
        raise fault
    assert refused.value.exit_code == code
    assert str(tmp_path / "wanted") in refused.value.cure
    assert load_model(str(tmp_path / "wanted")).columns


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), ValueError("of a library")])
def test_whatever_else_ends_the_keeping_leaves_the_model_where_it_is_wanted(
    bundle: Path, tmp_path: Path, fault: BaseException
) -> None:
    with pytest.raises(type(fault)) as ended, in_hand(bundle, tmp_path / "wanted"):
        raise fault
    assert ended.value.__notes__ == [f"its model is whole all the same, in {tmp_path / 'wanted'}"]
    assert load_model(str(tmp_path / "wanted")).columns


@pytest.mark.parametrize("is_wanted", [False, True])
def test_a_model_that_can_be_left_nowhere_else_stays_among_the_temporary_files(
    bundle: Path, tmp_path: Path, *, is_wanted: bool
) -> None:
    (tmp_path / "taken").touch()
    with pytest.raises(StoreError, match="the run is lost") as refused, in_hand(
        bundle, tmp_path / "taken" if is_wanted else None
    ):
        raise StoreError("the run is lost")
    place = Path(refused.value.cure.removeprefix("the model is in ").partition(";")[0])
    assert place.parent == tmp_path / "temporary"
    assert place.stat().st_mode & 0o077 == 0
    assert load_model(str(place)).columns


def test_a_wanted_folder_that_cannot_be_replaced_takes_no_model_away(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(_folder: Path) -> None:
        raise OSError(16, "Device or resource busy")

    (tmp_path / "mounted").mkdir()
    monkeypatch.setattr(Path, "rmdir", busy)
    with pytest.raises(StoreError, match="the run is lost") as refused, in_hand(bundle, tmp_path / "mounted"):
        raise StoreError("the run is lost")
    monkeypatch.undo()
    place = Path(refused.value.cure.removeprefix("the model is in ").partition(";")[0])
    assert place.parent == tmp_path / "temporary"
    assert load_model(str(place)).columns
