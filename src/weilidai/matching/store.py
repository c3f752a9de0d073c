"""Where matched parameters are kept, and reading them."""

from pathlib import Path

from weilidai.errors import ConfigError, suggest
from weilidai.matching.compose import REFERENCE_REGIME
from weilidai.matching.regimes import regime_names
from weilidai.parameters import Parameters, read_parameters
from weilidai.places import data_dir


def parameters_file(regime: str = REFERENCE_REGIME, folder: Path | None = None) -> Path:
    """Tell where a regime's parameters are kept."""
    return (folder or data_dir() / "matched") / f"{regime}.yaml"


def load_parameters(regime: str = REFERENCE_REGIME, folder: Path | None = None) -> Parameters:
    """Read the stored parameters of a regime.

    Raises
    ------
    ConfigError
        If the regime is not known; the error names the nearest one.
    """
    file = parameters_file(regime, folder)
    if not file.is_file():
        known = regime_names()
        command = "weilidai match" if regime == REFERENCE_REGIME else f"weilidai match --regime {regime}"
        raise ConfigError(f"no matched parameters for regime '{regime}'", where=str(file.parent),
                          cure=f"run '{command}'" if regime in known else suggest(regime, known))
    return read_parameters(file)
