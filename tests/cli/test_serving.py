import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.request import Request, urlopen

from small_bundle import build_bundle, draw_people
from weilidai.inference.decider import Decider
from weilidai.models.bundle import save_bundle

COMMAND = [sys.executable, "-c", "from weilidai.cli import main; main()"]


def test_a_model_is_served_until_it_is_stopped(tmp_path: Path) -> None:
    bundle, people = build_bundle()
    save_bundle(bundle, tmp_path / "bundle", people)
    with subprocess.Popen(
        [*COMMAND, "serve", "--model", "bundle", "--port", "0"], cwd=tmp_path, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stderr is not None
        address = server.stderr.readline().split()[0]
        asked = json.dumps({"people": json.loads(draw_people(3, seed=1).to_json(orient="records"))}).encode()
        request = Request(address, asked, {"Content-Type": "application/json"})  # noqa: S310  # our own server
        with urlopen(request, timeout=60) as answer:  # noqa: S310
            told = json.load(answer)
        os.kill(server.pid, signal.SIGTERM)
        assert server.wait(timeout=30) == 143
    rows = json.loads(asked)["people"]
    alone = [Decider(bundle, "here").decide_one(row)["p_invite"] for row in rows]
    assert [row["p_invite"] for row in told["decisions"]] == alone


def test_a_model_that_is_not_there_ends_in_one_message(run, tmp_path: Path) -> None:
    ended = run("serve", "--model", tmp_path / "none")
    assert ended.code == 4
    assert ended.err.startswith("error: ")
