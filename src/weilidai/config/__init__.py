"""Settings of a training run: read from YAML, laid over each other, checked, and shown with their origins.

The settings classes live beside the code that reads them; this package only composes them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from weilidai.config.checking import check
from weilidai.config.layers import Layered, read_layers
from weilidai.config.settings import TrainSettings
from weilidai.config.showing import settings_as_yaml
from weilidai.errors import ConfigError
from weilidai.pipeline.scale.settings import ScaleSettings
from weilidai.places import configs_dir

__all__ = ["Configured", "ScaleSettings", "TrainSettings", "load_scale", "load_settings"]


@dataclass(frozen=True)
class Configured:
    """Checked settings, and where each of them came from."""

    settings: TrainSettings
    layered: Layered
    file: Path

    def as_yaml(self) -> str:
        """Write the settings as YAML with one origin comment per key."""
        return settings_as_yaml(self.settings, self.layered)


def load_settings(file: Path | None = None, sets: Sequence[str] = ()) -> Configured:
    """Read the settings of a training run.

    Parameters
    ----------
    file
        A settings file; ``configs/train.yaml`` of the project when left out.
    sets
        Changes as typed on the command line, ``section.key=value``.

    Raises
    ------
    ConfigError
        A file cannot be read, or settings cannot be meant; all of those are listed.
    """
    chosen = file or configs_dir() / "train.yaml"
    layered = read_layers(chosen, sets)
    return Configured(check(layered), layered, chosen)


def load_scale(file: Path | None = None, sets: Sequence[str] = ()) -> ScaleSettings:
    """Read where the work is done, for a command that reads no other settings.

    Parameters
    ----------
    file
        A settings file with a group ``scale``; this process alone does the work when left out.
    sets
        Changes as typed on the command line, ``scale.key=value``.

    Raises
    ------
    ConfigError
        As :func:`load_settings`; or a change is of another group, which this command would not mind.
    """
    other = [text for text in sets if not text.startswith("scale.")]
    if other:
        raise ConfigError(f"'{other[0]}' sets nothing that this command reads", where="--set",
                          cure="write --set scale.key=value")
    return load_settings(file, sets).settings.scale if file or sets else ScaleSettings()
