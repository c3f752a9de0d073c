"""The numbers a job runs on: stored parameters of a regime, readings laid over them, and whether they are fresh."""

from collections.abc import Mapping

from weilidai.dataset.settings import DataSettings
from weilidai.errors import ConfigError
from weilidai.facts import load_book
from weilidai.matching import load_parameters
from weilidai.matching.readings import with_readings
from weilidai.matching.standing import agrees
from weilidai.parameters import Parameters


def numbers_of(regime: str, readings: Mapping[str, str] | None = None) -> Parameters:
    """Read the numbers of a regime under the chosen readings.

    Raises
    ------
    ConfigError
        The regime, a reading or a choice does not exist, or the regime is not matched yet.
    """
    return with_readings(load_parameters(regime), readings or {}, load_book())


def require_fresh(data: DataSettings) -> bool:
    """Refuse to learn from parameters that the facts have left behind, unless the settings allow it.

    Returns
    -------
    bool
        Whether the parameters are stale, and allowed to be.

    Raises
    ------
    ConfigError
        The stored parameters do not agree with the facts, and ``data.allow_stale_parameters`` is false.
    """
    if agrees(load_parameters(data.regime), load_book()):
        return False
    if not data.allow_stale_parameters:
        raise ConfigError(
            f"the stored parameters of regime '{data.regime}' do not agree with the facts any more",
            where="data.regime",
            cure="run 'weilidai match' and then 'weilidai match --regime all', or set data.allow_stale_parameters=true",
        )
    return True
