import json
import logging
import zlib
from base64 import b64decode
from urllib.parse import parse_qs, urlsplit

import pytest

from weilidai.errors import StoreError
from weilidai.pipeline import looking_back
from weilidai.tracking.runs import training_run
from weilidai.tracking.settings import TrackingSettings
from weilidai.tracking.store import Store, open_store
from weilidai.tracking.views import KEY, NAME, SECTIONS, TAG, address, envelope, keep_view

MLFLOWS_LIMIT = 5000
"""Characters of an experiment's tag."""


@pytest.fixture
def store(settings: TrackingSettings) -> Store:
    own = settings.model_copy(update={"experiment": "looked at"})
    with training_run(own, "a training"):
        pass
    return open_store(own)


def tag_of(store: Store) -> str | None:
    return store.client.get_experiment(store.experiment_id).tags.get(TAG)


def test_the_view_is_kept_once_and_what_users_changed_of_it_stays(store: Store) -> None:
    keep_view(store)
    kept = json.loads(str(tag_of(store)))
    assert kept["name"] == NAME
    store.client.set_experiment_tag(store.experiment_id, TAG, "changed by a user")
    keep_view(store)
    assert tag_of(store) == "changed by a user"


def test_every_figure_of_the_view_has_a_column_and_a_chart_in_a_section_of_its_own() -> None:
    told = envelope(1_700_000_000_000)
    assert len(told) <= MLFLOWS_LIMIT
    state = json.loads(zlib.decompress(b64decode(json.loads(told)["state"].removeprefix("deflate;"))))
    figures = [name for names in SECTIONS.values() for name in names]
    assert state["selectedColumns"] == [f"metrics.`{name}`" for name in figures]
    assert [chart["metricKey"] for chart in state["compareRunCharts"]] == figures
    shown = {section["uuid"] for section in state["compareRunSections"] if section["display"]}
    assert {chart["metricSectionId"] for chart in state["compareRunCharts"]} == shown


def test_the_address_names_the_experiment_and_the_view(store: Store) -> None:
    page = urlsplit(address(store, 5055))
    assert page.netloc == "127.0.0.1:5055"
    inside = urlsplit(page.fragment)
    assert inside.path == f"/experiments/{store.experiment_id}/runs"
    assert parse_qs(inside.query) == {"compareRunsMode": ["CHART"], "viewStateShareKey": [KEY]}


def test_a_store_that_refuses_the_view_is_no_traceback_of_mlflow(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refused(*_: object) -> None:
        logging.getLogger("mlflow.store.db.utils").error("a traceback")
        raise StoreError("attempt to write a readonly database")

    store.client.delete_experiment_tag(store.experiment_id, TAG)
    monkeypatch.setattr(type(store.client), "set_experiment_tag", refused)
    with pytest.raises(StoreError):
        keep_view(store)
    assert not caplog.records
    assert not logging.getLogger("mlflow.store.db.utils").disabled


def test_a_store_that_cannot_be_written_is_served_without_the_view(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert KEY in looking_back.ui_server(store.settings, 5055)[1]

    def refused(_store: Store) -> None:
        raise StoreError("attempt to write a readonly database")

    monkeypatch.setattr(looking_back, "keep_view", refused)
    assert looking_back.ui_server(store.settings, 5055)[1] == "http://127.0.0.1:5055"
