"""A real tracking server on loopback that breaks off at the n-th request, and is well again when it is told."""

import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest

from weilidai.stores import prepare_mlflow


@dataclass
class FailingServer:
    """Counts requests, and answers 500 from one of them on."""

    uri: str = ""
    asked: int = 0
    fails_from: float = float("inf")

    def break_at(self, request: float) -> None:
        """Begin to count, and fail from that request on."""
        self.asked, self.fails_from = 0, request

    def heal(self) -> None:
        """Answer everything again."""
        self.break_at(float("inf"))

    def answer(self, app: Callable[..., Any], environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        self.asked += 1
        if self.asked >= self.fails_from:
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            start("500 Internal Server Error", [("Content-Type", "text/plain")])
            return [b"broken"]
        prepare_mlflow()  # each phase of a test forgets what warnings are harmless
        return app(environ, start)


class _Threads(ThreadingMixIn, WSGIServer):
    """One thread a request: registering a model, the server asks itself for it."""

    daemon_threads = True


class _Silent(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def failing_server(folder: Path, patch: pytest.MonkeyPatch) -> Iterator[FailingServer]:
    """Serve a new SQLite store of the folder in a thread."""
    patch.setenv("_MLFLOW_SERVER_FILE_STORE", f"sqlite:///{folder / 'server.db'}")
    patch.setenv("_MLFLOW_SERVER_ARTIFACT_ROOT", (folder / "artifacts").as_uri())
    patch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    prepare_mlflow()
    with warnings.catch_warnings(action="ignore"):  # what the server's own modules say about each other
        from mlflow.server import app, fastapi_app, handlers  # noqa: F401  # else imported at the first search
        from mlflow.tracking._model_registry import utils as registry
        from mlflow.tracking._tracking_service import utils as tracking

    patch.setattr(handlers, "_tracking_store", None)
    patch.setattr(handlers, "_model_registry_store", None)
    patch.setattr(tracking, "_tracking_uri", None)
    patch.setattr(registry, "_registry_uri", None)  # the server names its own for the whole process,
    patch.setenv("MLFLOW_REGISTRY_URI", "")  # and for those it starts
    told = FailingServer()
    server = make_server("127.0.0.1", 0, lambda e, s: told.answer(app, e, s), _Threads, _Silent)
    told.uri = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
