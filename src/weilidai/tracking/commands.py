"""Lines to paste: how to look at the runs, and how to load the model."""

import shlex
import sys

from weilidai.errors import ConfigError
from weilidai.stores import store_uri
from weilidai.tracking.settings import TrackingSettings


def ui_arguments(settings: TrackingSettings, port: int = 5000) -> list[str]:
    """Give the command that serves MLflow's UI on this store, for this machine only, as a list of arguments."""
    store = ["--backend-store-uri", settings.resolved_uri]
    # One worker: a machine of two cores has the page sooner, and one person looks at it.
    return [sys.executable, "-m", "mlflow", "ui", *store, "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]


def ui_command(settings: TrackingSettings, port: int = 5000) -> str:
    """Give the same as one line for a shell."""
    return "MLFLOW_DISABLE_TELEMETRY=true " + shlex.join(ui_arguments(settings, port))


def load_line(settings: TrackingSettings, model_uri: str) -> str:
    """Give one line of Python that loads a model, wherever it is pasted on this machine.

    The store is named only when it is not the one that would be asked anyway.
    """
    elsewhere = "" if _is_usual(settings) else f", tracking_uri={settings.resolved_uri!r}"
    return f"import weilidai; model = weilidai.load_model({model_uri!r}{elsewhere})"


def _is_usual(settings: TrackingSettings) -> bool:
    try:
        return settings.resolved_uri == store_uri()
    except ConfigError:
        return False
