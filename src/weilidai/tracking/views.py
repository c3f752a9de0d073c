"""What matters at a glance in MLflow's pages: a view of the experiment with a few figures before the hundreds.

MLflow keeps saved views as tags of the experiment, lists them under *Views* and opens one named in the address. A run
has some six hundred metrics, which its charts show in the order of the alphabet.
"""

import json
import logging
import time
import zlib
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import urlencode

from weilidai.tracking.store import Store, answering

NAME: Final = "What matters"
KEY: Final = "weilidai-what-matters-1"
"""Names the view in the address; another number when the figures below change, as users may have changed theirs."""
TAG: Final = f"mlflow.sharedViewState.{KEY}"
SECTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "Who is invited": (
        "test.invite_eligible.auc", "share_of_ceiling.invite_eligible.auc", "test.invite.auc", "test.invite.logloss",
        "test.invite.ece", "test.invite.psi_max",
    ),
    "First grant": (
        "test.quota.r2", "share_of_ceiling.quota.r2", "test.quota.mae_cny", "test.quota.coverage",
        "test.quota.slice_coverage_gap_max", "test.rate.r2",
    ),
    "Weights and reasons": (
        "weight.worst_difference", "explain.agreement.main_dimension", "recourse.found_share",
    ),
}  # fmt: skip
"""Charts of the view, and the columns of its table."""
_OTHERS: Final = "Model metrics"
"""MLflow's own name of the section that all further figures go to."""
_WIDTHS: Final = {"name": 300, "figure": 190}
_RUN_NAME: Final = "attributes.`Run Name`"


def keep_view(store: Store) -> None:
    """Keep the view with the experiment, unless it is there; what users changed of it stays.

    Raises
    ------
    StoreError
        The store does not take it.
    """
    with answering(store.uri), _unlogged():
        if TAG not in store.client.get_experiment(store.experiment_id).tags:
            store.client.set_experiment_tag(store.experiment_id, TAG, envelope(int(time.time() * 1000)))


@contextmanager
def _unlogged() -> Iterator[None]:
    """Keep MLflow from printing the traceback of a refusal that is expected: a store may be there to be read only."""
    logger = logging.getLogger("mlflow.store.db.utils")
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before


def address(store: Store, port: int) -> str:
    """Give the page that shows the view, served on this machine."""
    asked = urlencode({"compareRunsMode": "CHART", "viewStateShareKey": KEY})
    return f"http://127.0.0.1:{port}/#/experiments/{store.experiment_id}/runs?{asked}"


def envelope(now: int) -> str:
    """Write the view as MLflow reads it; ``now`` in milliseconds since 1970."""
    # as short as MLflow writes it, because its tags are limited
    state = b64encode(zlib.compress(json.dumps(_state()).encode())).decode()
    return json.dumps({"name": NAME, "createdAt": now, "updatedAt": now, "state": f"deflate;{state}"})


def _state() -> dict[str, Any]:
    figures = [f"metrics.`{name}`" for names in SECTIONS.values() for name in names]
    return {
        "searchFilter": "tags.kind = 'train'", "orderByKey": "attributes.start_time", "orderByAsc": False,
        "selectedColumns": figures, "columnOrder": [_RUN_NAME, *figures],
        "columnWidths": {_RUN_NAME: _WIDTHS["name"], **dict.fromkeys(figures, _WIDTHS["figure"])},
        "compareRunSections": [
            *(_section(title, shown=True) for title in SECTIONS), _section(_OTHERS, shown=False),
        ],
        "compareRunCharts": [_bars(name, title) for title, names in SECTIONS.items() for name in names],
        "isAccordionReordered": True, "hideEmptyCharts": True,
    }  # fmt: skip


def _section(title: str, *, shown: bool) -> dict[str, Any]:
    return {"uuid": title, "name": title, "display": shown, "isReordered": False, "isGenerated": not shown}


def _bars(name: str, title: str) -> dict[str, Any]:
    return {"uuid": name, "type": "BAR", "metricKey": name, "metricSectionId": title, "runsCountToCompare": 10}
