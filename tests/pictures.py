"""Pictures of the comparison and of MLflow's pages, taken of the store of this project: ``make pictures``.

They show the runs of ``weilidai experiments``, which has to be run before.
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from matplotlib.image import imread, imsave

from browsing import picture_of, served
from weilidai.config import load_settings
from weilidai.tracking.listing import list_runs
from weilidai.tracking.store import open_store
from weilidai.tracking.views import address

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "images"
COMMAND = (sys.executable, "-c", "from weilidai.cli import main; main()")
COMPARED = ("train.yaml", "large_trees.yaml", "few_people.yaml", "four_part.yaml")
"""Settings of the runs that are compared; the first three on our own page."""
ASSISTANT = 0.256
"""Share of the width that MLflow gives to an assistant of its own, at the right."""


def main() -> int:
    store = open_store(load_settings().settings.tracking, create=False)
    latest = {run.tags.get("config"): run for run in reversed(list_runs(store.settings))}
    runs = [latest[config] for config in COMPARED]
    with TemporaryDirectory() as folder, served() as port:
        profile, page = Path(folder) / "browser", f"http://127.0.0.1:{port}/#"
        charts = address(store, port)
        named = quote("[" + ",".join(f'"{run.id}"' for run in runs) + "]")
        experiment = quote(f'["{store.experiment_id}"]')
        for name, shown, size in (
            ("mlflow_charts", charts, (1900, 1250)),
            ("mlflow_runs", charts.replace("CHART", "TABLE"), (2200, 760)),
            ("mlflow_model", f"{page}/models/{store.settings.registered_model}", (1700, 760)),
            ("mlflow_compare", f"{page}/compare-runs?runs={named}&experiments={experiment}", (1700, 1400)),
        ):
            file = PICTURES / f"{name}.png"
            picture_of(shown, profile, size, file)
            imsave(file, imread(file)[:, :round(size[0] * (1 - ASSISTANT))])
        compared = Path(folder) / "compared.html"
        subprocess.run((*COMMAND, "compare", *(run.id for run in runs[:3]), "--html", str(compared)), check=True,
                       stdout=subprocess.DEVNULL)  # fmt: skip
        picture_of(compared.as_uri(), profile, (1250, 1500), PICTURES / "comparison_page.png")
    sys.stdout.write(f"{len(list(PICTURES.glob('*.png')))} pictures in {PICTURES}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
