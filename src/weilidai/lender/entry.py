"""How the entry comes up, how long it stays, and when the person acts on it.

D1 section 3: a payment that fails for lack of balance, the monthly batch on days 1 to 5 or a Licaitong
purchase brings the entry up (D1.3.trigger_failed_payment, D1.3.trigger_batch_days,
D1.3.trigger_licaitong_purchase); it stays 72, 24 or 6 hours by value tier (D1.3.entry_stays_wealthy,
D1.3.entry_stays_active, D1.3.entry_stays_new); who acts later than 12 hours is queued again
(D1.3.act_within, D1.3.late_back_to_queue). Only invited people see it (D2.2.entry_for_invited_only).
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from weilidai.columns import ENTRY_EVENTS
from weilidai.lender.some_people import SomePeople, chosen
from weilidai.lender.take_up import VALUE_TIERS, TriggerRates, value_tier
from weilidai.noise import Noise
from weilidai.parameters import Strict
from weilidai.units import DAYS_PER_MONTH, HOURS_PER_DAY

Array = npt.NDArray[Any]
FloatArray = npt.NDArray[np.float32]
_f = np.float32
BATCH: Final = ENTRY_EVENTS.index("monthly_batch")


class EntryParameters(Strict):
    """Events by weight, how long the entry stays, and how soon people act."""

    event_weight: Mapping[str, float]
    """Weight of each event; the purchase counts for Licaitong holders only."""
    short_wallet_cny: float
    """Wallet balance at which failed payments have become rarer by the factor e."""
    batch_days: tuple[int, int]
    """First and last day of the monthly batch, both included."""
    stays_hours: Mapping[str, float]
    """How long the entry stays, by value tier."""
    act_within_hours: float
    median_hours_to_act: Mapping[str, float]
    """Median hours until those who apply do so, by event."""
    act_spread: float
    """Standard deviation of the logarithm of these hours."""


def entry_columns(
    people: Mapping[str, Any], states: Mapping[str, Array], parameters: EntryParameters, rates: TriggerRates,
    noise: Noise,
) -> dict[str, Array]:
    """Tell for everyone who saw the entry what brought it up, and for applicants when they acted.

    Parameters
    ----------
    people
        The people's columns.
    states
        Columns of the invitation and the journey made so far.
    parameters, rates
        Numbers of the entry, and of the value tiers.
    noise
        The block's random streams.
    """
    who = SomePeople.where(has_seen(states))
    event = _event(who, people, parameters, noise)
    stays = _stays(who, people, parameters, rates)
    acted = who.of(states["has_applied"])
    hours = np.where(acted, _hours_to_act(who, event, parameters, noise), _f(np.nan))
    window = np.minimum(stays, _f(parameters.act_within_hours))
    return {
        "entry_event": who.codes(event),
        "entry_day_of_month": who.numbers(_day(who, event, parameters, noise)),
        "entry_shown_hours": who.numbers(stays),
        "hours_to_act": who.numbers(hours),
        "is_requeued": who.flags(hours > window),
    }


def has_seen(states: Mapping[str, Array]) -> npt.NDArray[np.bool_]:
    """Tell who has seen the entry: shown this month, or acted on it before; shape (people,)."""
    seen: npt.NDArray[np.bool_] = (
        (states["entry_trigger_count_1m"] > 0) | states["has_applied"] | states["has_closed_entry"]
    )
    return seen


def _event(
    who: SomePeople, people: Mapping[str, Any], parameters: EntryParameters, noise: Noise
) -> npt.NDArray[np.uint8]:
    """Choose the event: an empty wallet fails payments, a holder buys, the batch comes for everyone."""
    wallet, held = who.of(people["wallet_balance_cny"]), who.of(people["licaitong_balance_cny"])
    odds = {
        "failed_payment": np.exp(wallet * _f(-1 / parameters.short_wallet_cny)),
        "monthly_batch": np.ones_like(wallet),
        "licaitong_purchase": (held > 0).astype(np.float32),
    }
    weights = np.stack([_f(parameters.event_weight[event]) * odds[event] for event in ENTRY_EVENTS])
    return chosen(weights, who.of(noise.uniform("entry_event")))


def _day(who: SomePeople, event: Array, parameters: EntryParameters, noise: Noise) -> FloatArray:
    """Days of the batch for the batch, any day of the month for the rest."""
    first, last = parameters.batch_days
    start = np.where(event == BATCH, _f(first), _f(1))
    length = np.where(event == BATCH, _f(last - first + 1), _f(DAYS_PER_MONTH))
    day: FloatArray = start + np.floor(who.of(noise.uniform("entry_day_of_month")) * length)
    return day


def _stays(
    who: SomePeople, people: Mapping[str, Any], parameters: EntryParameters, rates: TriggerRates
) -> FloatArray:
    hours = np.array([parameters.stays_hours[tier] for tier in VALUE_TIERS], dtype=np.float32)
    stays: FloatArray = hours[who.of(value_tier(people, rates))]
    return stays


def _hours_to_act(who: SomePeople, event: Array, parameters: EntryParameters, noise: Noise) -> FloatArray:
    """Hours until the person acts: lognormal around the event's median, at most a month."""
    median = np.array([parameters.median_hours_to_act[name] for name in ENTRY_EVENTS], dtype=np.float32)[event]
    hours = median * np.exp(_f(parameters.act_spread) * who.of(noise.normal("hours_to_act")))
    within: FloatArray = np.minimum(np.round(hours, 1), _f(DAYS_PER_MONTH * HOURS_PER_DAY))
    return within
