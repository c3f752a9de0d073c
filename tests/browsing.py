"""MLflow's pages in headless Chromium: served as the command serves them, read as text or taken as a picture."""

import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
SECONDS = 120


@contextmanager
def served(*words: str) -> Iterator[int]:
    """Serve the pages by ``weilidai ui`` with more words, and give the port."""
    port = _free_port()
    command = [sys.executable, "-c", "from weilidai.cli import main; main()", "ui", "--port", str(port), *words]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


def text_of(page: str, profile: Path) -> str:
    """Read a page once what it loads is there, without its markup."""
    return unescape(re.sub(r"<[^>]+>", " ", _browse(page, profile, (1600, 2400), "--dump-dom")))


def picture_of(page: str, profile: Path, size: tuple[int, int], file: Path) -> None:
    """Take a picture of a page, so many pixels wide and high."""
    _browse(page, profile, size, "--hide-scrollbars", f"--screenshot={file}")


def _browse(page: str, profile: Path, size: tuple[int, int], *asked: str) -> str:
    command = [
        str(BROWSER), "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}",
        f"--window-size={size[0]},{size[1]}", "--virtual-time-budget=40000", *asked, page,
    ]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=SECONDS).stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        try:
            with urlopen(f"http://127.0.0.1:{port}/health", timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.3)
    raise TimeoutError("the pages are not served")
