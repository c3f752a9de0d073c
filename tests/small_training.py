"""A whole training on four thousand people, for the tests that stop it or start many at once."""

from pathlib import Path

from weilidai.config import load_settings
from weilidai.pipeline.training import train
from weilidai.progress import Silent
from weilidai.stores import prepare_mlflow

SETTINGS = """
extends: {root}/configs/train.yaml
data: {{rows: 4000, limits: {{minimum_class_rows: 5, minimum_rows: 100}}}}
model:
  invite: {{num_iterations: 30, learning_rate: 0.3, min_data_in_leaf: 20}}
  quota: {{num_iterations: 20, learning_rate: 0.3, min_data_in_leaf: 10, spread_iterations: 10}}
  rate: {{num_iterations: 20, learning_rate: 0.3, min_data_in_leaf: 10}}
  challengers: []
evaluation:
  replicates: 0
  gates: {{}}
cache: {{folder: "{folder}/cache"}}
tracking: {{uri: "sqlite:///{folder}/mlflow.db"}}
"""


def write_settings(root: Path, folder: Path) -> Path:
    """Write the settings into a folder, whose store they name too."""
    folder.mkdir(exist_ok=True)
    file = folder / "tiny.yaml"
    file.write_text(SETTINGS.format(root=root, folder=folder), encoding="utf-8")
    return file


def trained(root: Path, folder: Path) -> dict[str, float]:
    """Train on four thousand people into a store of the folder."""
    prepare_mlflow()
    return dict(train(load_settings(write_settings(root, folder)), Silent()).metrics)
