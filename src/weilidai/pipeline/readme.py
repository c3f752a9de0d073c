"""Write into README.md what `make train` really prints: train into a store of its own and replace the marked block.

Run by `make readme`; with ``--check`` it only tells whether the block is still true.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from weilidai.places import project_root

BLOCK: Final = re.compile(r"(<!-- begin output of make train -->\n).*?(<!-- end output of make train -->)", re.DOTALL)
CHANGING: Final = re.compile(r"^(?:run|store|look) .*$|^[a-z ,]+: [0-9.]+ s$", re.MULTILINE)
"""Lines that differ from run to run: ids, places, seconds."""
WIDTH: Final = "100"


def output_of_training() -> str:
    """Train in a copy of the project's facts, parameters and settings, and give what a terminal shows."""
    with tempfile.TemporaryDirectory() as folder:
        for part in ("data/facts", "data/matched", "configs"):
            shutil.copytree(project_root() / part, Path(folder) / part)
        _commit(folder)
        command = Path(sys.executable).with_name("weilidai")
        done = subprocess.run(  # noqa: S603  # our own command
            [command, "train"], cwd=folder, capture_output=True, text=True, check=True,
            env={**os.environ, "COLUMNS": WIDTH, "WEILIDAI_HOME": folder},
        )
    shown = (done.stderr + done.stdout).replace(folder, "PROJECT").replace(str(project_root()), "PROJECT")
    return re.sub(r"\(([0-9a-f]{8})[0-9a-f]{24}\)", r"(\1...)", shown).strip()


def _commit(folder: str) -> None:
    """Make the copy a checkout with nothing uncommitted, as a reader's clone is."""
    shutil.copy(project_root() / ".gitignore", folder)
    who = ("-c", "user.name=readme", "-c", "user.email=readme@localhost", "-c", "commit.gpgsign=false")
    for step in (("init", "--quiet"), ("add", "--all"), (*who, "commit", "--quiet", "--message", "as it is")):
        subprocess.run(["git", "-C", folder, *step], check=True)  # noqa: S603, S607  # the reader's own git


def lasting(text: str) -> list[str]:
    """Keep the lines that two runs of the same project share."""
    return [line.rstrip() for line in CHANGING.sub("", text).splitlines() if line.strip() and "PROJECT" not in line]


def main() -> int:
    """Refresh the block, or with --check compare it."""
    readme = project_root() / "README.md"
    text = readme.read_text(encoding="utf-8")
    shown = output_of_training()
    block = f"```text\n{shown}\n```\n"
    if "--check" in sys.argv:
        stands = BLOCK.search(text)
        return 0 if stands and lasting(stands.group(0).split("```text\n")[-1].split("```")[0]) == lasting(shown) else 1
    readme.write_text(BLOCK.sub(lambda found: found.group(1) + block + found.group(2), text), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
