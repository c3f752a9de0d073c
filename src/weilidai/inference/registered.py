"""Finding a model in MLflow's registry or in a run, and fetching its bundle."""

import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import url2pathname

from weilidai.errors import ConfigError, StoreError, suggest
from weilidai.stores import (
    BUNDLE_IN_MODEL,
    DIGEST_TAG,
    check_sqlite,
    prepare_mlflow,
    refusal,
    sqlite_file,
    store_uri,
    without_password,
)

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import LoggedModel

_VERSION = re.compile(r"models:/(?P<name>[^/@]+)/(?P<version>[1-9]\d*)")
_ALIAS = re.compile(r"models:/(?P<name>[^/@]+)@(?P<alias>[^/@]+)")
_ID = re.compile(r"models:/(?P<id>m-[0-9a-f]{32})")
_IN_RUN = re.compile(r"runs:/(?P<run>[^/]+)/(?P<name>[^/]+)/?")
_FORMS = "write models:/<name>@<alias>, models:/<name>/<version> or runs:/<run id>/model"
_LISTED = 1000


@contextmanager
def fetched(address: str, tracking_uri: str | None) -> Iterator[tuple[Path, str | None]]:
    """Give the bundle folder behind a registry address, and its recorded digest when there is one.

    A bundle on this machine is read where it is; one on a server is fetched for the time of the block.

    Raises
    ------
    StoreError
        The store has no such model, version, alias or run, or does not answer.
    ConfigError
        The address does not have the form of one.
    """
    prepare_mlflow()
    uri = store_uri(tracking_uri)
    with tempfile.TemporaryDirectory(prefix="weilidai-") as shelf:
        model = _find(address, uri)
        yield _local(model, uri, Path(shelf)), model.tags.get(DIGEST_TAG)


def _find(address: str, uri: str) -> "LoggedModel":
    from mlflow.exceptions import MlflowException
    from requests.exceptions import RequestException

    try:
        client = _client(uri)
        if found := _ID.fullmatch(address):
            return client.get_logged_model(found["id"])
        if found := _IN_RUN.fullmatch(address):
            return _in_run(client, found["run"], found["name"], uri)
        return client.get_logged_model(_registered(client, address, uri))
    except (MlflowException, RequestException) as error:
        raise refusal(uri, error) from error


def _client(uri: str) -> "MlflowClient":
    from mlflow import MlflowClient
    from mlflow.store.db.utils import _get_latest_schema_revision

    if file := sqlite_file(uri):
        check_sqlite(file, str(_get_latest_schema_revision()))  # type: ignore[no-untyped-call]
    return MlflowClient(tracking_uri=uri, registry_uri=uri)


def _registered(client: "MlflowClient", address: str, uri: str) -> str:
    """Give the id of the kept model that a registered version or alias stands for."""
    found = _VERSION.fullmatch(address) or _ALIAS.fullmatch(address)
    if found is None:
        raise ConfigError("not the address of a registered model", where=address, cure=_FORMS)
    name = found["name"]
    names = {model.name: model for model in client.search_registered_models(max_results=_LISTED)}
    if name not in names:
        raise _unknown("model", name, names, uri)
    wanted = found.groupdict()
    aliases = {str(alias): str(version) for alias, version in names[name].aliases.items()}
    if "alias" in wanted and wanted["alias"] not in aliases:
        raise _unknown(f"alias of {name}", wanted["alias"], aliases, uri)
    version = wanted.get("version") or aliases[wanted["alias"]]
    versions = [str(v.version) for v in client.search_model_versions(f"name = '{name}'", max_results=_LISTED)]
    if version not in versions:
        raise _unknown(f"version of {name}", version, versions, uri)
    # A SQL registry remembers the kept model as the version's source only, not as its model_id.
    kept = _ID.fullmatch(client.get_model_version(name, version).source or "")
    if kept is None:
        raise StoreError("was not registered by weilidai: it has no bundle", where=f"models:/{name}/{version}")
    return kept["id"]


def _in_run(client: "MlflowClient", run_id: str, name: str, uri: str) -> "LoggedModel":
    from mlflow.exceptions import MlflowException

    try:
        run = client.get_run(run_id)
    except MlflowException as error:
        raise _unknown("run", run_id, _recent_runs(client), uri) from error
    outputs = run.outputs.model_outputs if run.outputs else []
    kept = {model.name: model for model in (client.get_logged_model(output.model_id) for output in outputs)}
    if name not in kept:
        raise _unknown(f"model in run {run_id}", name, kept, uri)
    return kept[name]


def _recent_runs(client: "MlflowClient") -> list[str]:
    experiments = [experiment.experiment_id for experiment in client.search_experiments()]
    return [run.info.run_id for run in client.search_runs(experiments, max_results=50)]


def _unknown(what: str, word: str, known: Iterable[str], uri: str) -> StoreError:
    choices = list(known)
    cure = suggest(word, choices) if choices else "there is none yet; train once: `weilidai train`"
    return StoreError(f"the store has no {what} '{word}'", where=without_password(uri), cure=cure)


def _local(model: "LoggedModel", uri: str, shelf: Path) -> Path:
    from mlflow.artifacts import download_artifacts
    from mlflow.exceptions import MlflowException

    if model.status != "READY":
        raise StoreError(f"the model was never finished ({model.status})", where=f"models:/{model.model_id}")
    place = f"{model.artifact_location.rstrip('/')}/{BUNDLE_IN_MODEL}"
    if place.startswith("file:"):
        return Path(url2pathname(urlsplit(place).path))
    if Path(place).is_absolute():
        return Path(place)
    try:
        return Path(download_artifacts(artifact_uri=place, dst_path=str(shelf), tracking_uri=uri))
    except (MlflowException, OSError) as error:
        raise refusal(uri, error) from error
