"""The how-tos are done as they are written: every command and every piece of Python, in order, in one folder."""

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

PAGES = ("how-to-train", "how-to-compare", "how-to-load")
BLOCK = re.compile(r"```(?P<kind>console|python|yaml)\n(?P<text>.*?)```", re.DOTALL)
WITHIN_SECONDS = 600
PORT = 5001


def blocks(root: Path, page: str) -> list[tuple[str, str]]:
    text = (root / "docs" / f"{page}.md").read_text(encoding="utf-8")
    return [(found["kind"], found["text"]) for found in BLOCK.finditer(text)]


@pytest.fixture(scope="module")
def folder(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("how to")
    for part in ("data/facts", "data/matched", "configs"):
        shutil.copytree(root / part, place / part)
    (place / "models").mkdir()
    return place


@pytest.fixture(scope="module")
def environment(folder: Path) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("MLFLOW_TRACKING")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**own, "PATH": path, "WEILIDAI_HOME": str(folder), "PORT": str(free_port())}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def do(line: str, folder: Path, environment: dict[str, str]) -> str:
    words = ["sh", "-c", line]
    done = subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=WITHIN_SECONDS
    )
    assert done.returncode == 0, f"{line}\n{done.stdout[-500:]}\n{done.stderr[-2000:]}"
    return done.stdout


@contextmanager
def served(line: str, folder: Path, environment: dict[str, str]) -> Iterator[None]:
    with (folder / "serving.log").open("wb") as log:
        words = ["sh", "-c", line]
        process = subprocess.Popen(words, cwd=folder, env=environment, stdout=log, stderr=log, start_new_session=True)
        try:
            deadline = time.monotonic() + 120
            while subprocess.run(["curl", "-sf", f"http://127.0.0.1:{environment['PORT']}/ping"],  # noqa: S607
                                 capture_output=True, check=False).returncode:  # fmt: skip
                assert process.poll() is None, (folder / "serving.log").read_text()[-2000:]
                assert time.monotonic() < deadline
                time.sleep(0.5)
            yield
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=30)


def test_a_page_is_only_there_to_be_done(root: Path) -> None:
    for page in PAGES:
        kinds = [kind for kind, _ in blocks(root, page)]
        assert "console" in kinds


def test_training_comparing_and_loading_are_done_as_written(
    root: Path, folder: Path, environment: dict[str, str]
) -> None:
    """One test, for each page stands on what the page before has made."""
    shown: dict[str, str] = {}
    for kind, text in blocks(root, "how-to-train"):
        if kind == "yaml":
            (folder / "my.yaml").write_text(text, encoding="utf-8")
        for line in commands(text, kind):
            shown[line] = do(line, folder, environment)
    for kind, text in blocks(root, "how-to-compare"):
        for line in commands(text, kind):
            shown[line] = do(line, folder, environment)
    assert (folder / "compared.html").stat().st_size > 10_000
    assert any("champion" in out for out in shown.values())
    load(root, folder, environment)


def load(root: Path, folder: Path, environment: dict[str, str]) -> None:
    at_last, serving = "", ""
    for kind, text in blocks(root, "how-to-load"):
        if kind == "python":
            (folder / "piece.py").write_text(text, encoding="utf-8")
            do(f"{shlex.quote(sys.executable)} piece.py", folder, environment)
        for line in (own.replace(str(PORT), environment["PORT"]) for own in commands(text, kind)):
            if line.startswith("export "):
                name, _, value = line.removeprefix("export ").partition("=")
                environment[name] = value
            elif line.startswith("mlflow models serve"):
                serving = line
            elif line.startswith("curl"):
                with served(serving, folder, environment):
                    at_last = do(line, folder, environment)
            else:
                do(line, folder, environment)
    assert at_last.count('"p_invite"') == 2
    assert at_last.count('"reasons"') == 2


def commands(text: str, kind: str) -> list[str]:
    return [line.removeprefix("$ ") for line in text.splitlines() if line.startswith("$ ")] if kind == "console" else []
