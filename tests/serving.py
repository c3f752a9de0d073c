"""A kept model behind ``mlflow models serve``, and a client of it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

STARTED_WITHIN_SECONDS = 120


@dataclass(frozen=True)
class Answered:
    """What the server said."""

    status: int
    body: str

    @property
    def predictions(self) -> list[dict[str, Any]]:
        return json.loads(self.body)["predictions"]


@dataclass(frozen=True)
class Server:
    """An address that answers."""

    port: int
    log: Path

    def post(self, body: bytes, kind: str = "application/json", timeout: float = 60) -> Answered:
        request = Request(f"http://127.0.0.1:{self.port}/invocations", body, {"Content-Type": kind})
        try:
            with urlopen(request, timeout=timeout) as answer:  # noqa: S310  # our own server
                return Answered(answer.status, answer.read().decode())
        except HTTPError as refused:
            return Answered(refused.code, refused.read().decode())

    def ask(self, data: dict[str, Any], params: dict[str, Any] | None = None) -> Answered:
        return self.post(json.dumps({**data, **({"params": params} if params else {})}).encode())

    def is_up(self) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/ping", timeout=5) as answer:
                return answer.status == 200
        except (URLError, OSError):
            return False


@contextmanager
def served(model: str, folder: Path, port: int | None = None, **environment: str) -> Iterator[Server]:
    """Serve a model with MLflow's own command for the time of the block."""
    server = Server(port or _free_port(), folder / "serving.log")
    command = [
        sys.executable, "-m", "mlflow", "models", "serve", "-m", model, "--env-manager", "local",
        "-h", "127.0.0.1", "-p", str(server.port),
    ]  # fmt: skip
    paths = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with server.log.open("wb") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, cwd=folder, start_new_session=True,
            env={**os.environ, "PATH": paths, "MLFLOW_ALLOW_PICKLE_DESERIALIZATION": "false", **environment},
        )  # fmt: skip
        try:
            _wait_for(server, process)
            yield server
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=30)


def _wait_for(server: Server, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + STARTED_WITHIN_SECONDS
    while not server.is_up():
        assert process.poll() is None, server.log.read_text()[-2000:]
        assert time.monotonic() < deadline, server.log.read_text()[-2000:]
        time.sleep(0.3)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
