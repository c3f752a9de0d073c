"""Settings as a file again: every value in place, with a comment that says where it comes from."""

import os
from collections.abc import Iterator, Mapping
from typing import Any, Final

import yaml

from weilidai.config.layers import KeyPath, Layered
from weilidai.config.settings import TrainSettings

FROM_ENVIRONMENT: Final[Mapping[KeyPath, str]] = {("tracking", "uri"): "MLFLOW_TRACKING_URI"}
"""Setting -> environment variable that fills it when no file does."""


def settings_as_yaml(settings: TrainSettings, layered: Layered) -> str:
    """Write resolved settings as YAML that can be run again, one origin comment per key."""
    rows = list(_rows(settings.model_dump(mode="json"), layered))
    width = min(48, max(len(text) for text, origin in rows if origin))
    return "".join(f"{text:<{width}}  # {origin}\n" if origin else f"{text}\n" for text, origin in rows)


def _rows(values: Mapping[str, Any], layered: Layered, above: KeyPath = ()) -> Iterator[tuple[str, str]]:
    indent = "  " * len(above)
    for key, value in values.items():
        path = (*above, key)
        if isinstance(value, Mapping) and value:
            yield f"{indent}{key}:", ""
            yield from _rows(value, layered, path)
        else:
            yield f"{indent}{key}: {_inline(value)}", _origin(path, value, layered)


def _origin(path: KeyPath, value: object, layered: Layered) -> str:
    given = layered.origins.get(path, "")
    variable = FROM_ENVIRONMENT.get(path)
    if variable and variable in os.environ:
        found = f"{variable}={os.environ[variable]}"
        return f"environment {found}" if value is None else f"{given} (wins over environment {found})"
    return given or "default"


def _inline(value: object) -> str:
    text: str = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10_000)
    return text.removesuffix("\n...\n").strip()
