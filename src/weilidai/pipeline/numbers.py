"""The numbers a job runs on: stored parameters of a regime, readings laid over them, and whether they are fresh."""

from collections.abc import Mapping

from weilidai.dataset.settings import DataSettings
from weilidai.errors import ConfigError
from weilidai.facts import load_book
from weilidai.matching import load_parameters, parameters_file
from weilidai.matching.policies import COMPOSITE, policy_agrees, with_policy
from weilidai.matching.readings import with_readings
from weilidai.matching.standing import edited_by_hand, why_stale
from weilidai.parameters import Parameters


def numbers_of(regime: str, readings: Mapping[str, str] | None = None, policy: str = COMPOSITE) -> Parameters:
    """Read the numbers of a regime under the chosen readings and policy.

    Raises
    ------
    ConfigError
        The regime, a reading, a choice or the policy does not exist, or is not matched yet.
    """
    return with_readings(with_policy(load_parameters(regime), policy), readings or {}, load_book())


def require_simulator(data: DataSettings) -> None:
    """Refuse a job that asks the simulator when the settings name a table of one's own.

    Raises
    ------
    ConfigError
        ``data.source`` is ``table``.
    """
    if data.source != "simulated":
        raise ConfigError(
            "this job asks the simulator, which knows nothing of a table of one's own", where="data.source",
            cure="only 'weilidai train' reads data.source=table",
        )


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
    require_simulator(data)
    parameters, book = load_parameters(data.regime), load_book()
    why = why_stale(parameters, book)
    if why is None and policy_agrees(data.policy, parameters, book):
        return False
    if not data.allow_stale_parameters:
        raise _stale(data, why)
    return True


def require_untouched(parameters: Parameters) -> None:
    """Refuse parameters that are not what matching wrote.

    Raises
    ------
    ConfigError
        The file of this regime, or of the reference that it rests on, was edited by hand.
    """
    edited = edited_by_hand(parameters)
    if edited is not None:
        raise ConfigError(
            f"the stored parameters of regime '{edited}' were edited by hand: their numbers are not those that the "
            "certificate was written for",
            where=str(parameters_file(edited)), cure=f"take the file back, or run 'weilidai match --regime {edited}'",
        )


def _stale(data: DataSettings, why: str | None) -> ConfigError:
    named = why is None
    again = f"weilidai match --policy {data.policy}" if named else "weilidai match --regime all"
    what = f"policy '{data.policy}'" if named else f"regime '{data.regime}'"
    return ConfigError(
        f"the stored parameters of {what} {why or 'do not agree with the facts any more'}",
        where="data.policy" if named else "data.regime",
        cure=f"run 'weilidai match' and then '{again}', or set data.allow_stale_parameters=true",
    )
