"""How the entry comes up, how long it stays, when the person acts on it, and whether it can be used now.

D1 section 3: a payment that fails for lack of balance, the monthly batch on days 1 to 5 or a Licaitong
purchase brings the entry up (D1.3.trigger_failed_payment, D1.3.trigger_batch_days,
D1.3.trigger_licaitong_purchase); it stays 72, 24 or 6 hours by value tier (D1.3.entry_stays_wealthy,
D1.3.entry_stays_active, D1.3.entry_stays_new); who acts later than 12 hours is queued again
(D1.3.act_within, D1.3.late_back_to_queue): the application is not taken in this round. Only invited people see
it (D2.2.entry_for_invited_only). Event, day and stay are those of the last time it came up, which lies in an
earlier month for who acted then and was not shown it since; for who has opened, those of the time that led to it.
Nothing brings it up before it can: not before the service is there and the name is verified (D3.1.real_name_required),
and no purchase before there is a holding.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from weilidai.columns import ENTRY_EVENTS
from weilidai.lender.some_people import NO_LEVEL, SomePeople, chosen
from weilidai.lender.standing_time import longest_open
from weilidai.lender.take_up import VALUE_TIERS, TriggerRates, mean_triggers, value_tier
from weilidai.noise import Noise
from weilidai.parameters import Strict
from weilidai.units import DAYS_PER_MONTH, HOURS_PER_DAY, MONTHS_PER_YEAR

Array = npt.NDArray[Any]
BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float32]
_f = np.float32
BATCH: Final = ENTRY_EVENTS.index("monthly_batch")
PURCHASE: Final = ENTRY_EVENTS.index("licaitong_purchase")
DAYS_OF_MONTHS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""Days of each month that every year has."""
OF_THE_ENTRY: Final = ("entry_months_ago", "entry_day_of_month", "entry_shown_hours")
FOLLOW_TRIAL: Final = (
    "has_tried", "is_requeued", "has_applied", "has_passed_first_checks", "is_verified", "is_intercepted",
    "is_approved", "is_opened",
)
"""What nobody is who has not tried."""
TENTHS: Final = _f(10)
"""Hours are told in tenths, rounded up so that in time stays in time."""


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
    """Median hours until those who try do so, by event."""
    act_spread: float
    """Standard deviation of the logarithm of these hours."""


def entry_columns(
    people: Mapping[str, Any], states: Mapping[str, Array], parameters: EntryParameters, rates: TriggerRates,
    noise: Noise,
) -> dict[str, Array]:
    """Tell for everyone who saw the entry what brought it up and when, and for who tried whether it was in time.

    Parameters
    ----------
    people
        The people's columns.
    states
        ``entry_trigger_count_1m``, ``has_closed_entry`` and ``has_tried``.
    parameters, rates
        Numbers of the entry, and of the value tiers.
    noise
        The block's random streams.
    """
    shown, tried = states["entry_trigger_count_1m"] > 0, states["has_tried"]
    who = SomePeople.where(shown | tried | states["has_closed_entry"])
    event = _event(who, people, parameters, who.of(noise.uniform("entry_event")))
    tier = who.of(value_tier(people, rates))
    back = np.where(who.of(shown), _f(0), _months_back(who, event, people, rates, noise))
    hours = np.where(who.of(tried), _hours_to_act(who, event, parameters, noise), _f(np.nan))
    month, uniform = who.of(people["snapshot_month"]) - back, who.of(noise.uniform("entry_day_of_month"))
    return {
        "entry_event": who.codes(event), "entry_months_ago": who.numbers(back),
        "entry_day_of_month": who.numbers(_day(event, month, parameters, uniform)),
        "entry_shown_hours": who.numbers(_stays(parameters)[tier]), "hours_to_act": who.numbers(hours),
        "is_requeued": who.flags(hours > _windows(parameters)[tier]),
    }


def opened_entry_columns(
    people: Mapping[str, Any], states: Mapping[str, Array], parameters: EntryParameters, rates: TriggerRates,
    noise: Noise,
) -> dict[str, Array]:
    """Put the entry that opened people acted on as far back as their opening; everybody else's stays.

    Who had no holding yet when the account was opened bought nothing then: another event led to it, and the time
    to act is that event's, within the same window.

    Parameters
    ----------
    people
        The people's columns.
    states
        ``is_opened``, ``opened_months_ago`` and the columns of the entry.
    parameters, rates, noise
        As for :func:`entry_columns`.
    """
    opened, back = states["is_opened"], states["opened_months_ago"]
    too_early = opened & (states["entry_event"] == PURCHASE) & (people["licaitong_months"] < back)
    other = SomePeople.where(too_early)
    event, hours = states["entry_event"].copy(), states["hours_to_act"].copy()
    event[other.rows] = _event(other, people, parameters, other.of(noise.uniform("opened_entry_event")), holds=False)
    window = _windows(parameters)[other.of(value_tier(people, rates))]
    uniform = other.of(noise.uniform("opened_hours_to_act"))
    hours[other.rows] = _hours_in_time(other.of(event), window, parameters, uniform)
    who = SomePeople.where(opened)
    month, uniform = who.of(people["snapshot_month"]) - who.of(back), who.of(noise.uniform("opened_entry_day"))
    day = _day(who.of(event), month, parameters, uniform)
    return {
        "entry_event": event, "hours_to_act": hours,
        "entry_months_ago": np.where(opened, back, states["entry_months_ago"]),
        "entry_day_of_month": np.where(opened, who.numbers(day), states["entry_day_of_month"]),
    }


def in_time_probability(people: Mapping[str, Any], parameters: EntryParameters, rates: TriggerRates) -> FloatArray:
    """Chance that who tries does so before the entry is gone or the time to act is over; shape (people,)."""
    median = np.array([parameters.median_hours_to_act[event] for event in ENTRY_EVENTS])
    by_event = ndtr(np.log(_windows(parameters) / median[:, None]) / parameters.act_spread).astype(np.float32)
    weights = _event_weights(people["wallet_balance_cny"], people["licaitong_balance_cny"], parameters)
    chance: FloatArray = (weights * by_event[:, value_tier(people, rates)]).sum(axis=0) / weights.sum(axis=0)
    return chance


def without_trial(states: Mapping[str, Array], stopped: BoolArray) -> dict[str, Array]:
    """Take back what people did with the entry who could not have done it; shapes (people,).

    Parameters
    ----------
    states
        ``entry_trigger_count_1m``, ``FOLLOW_TRIAL``, ``hours_to_act`` and the columns of the entry.
    stopped
        Who could not. An entry that came up in an earlier month was only known from the trial; it is gone, too.
    """
    missing = _f(np.nan)
    unseen = stopped & (states["entry_trigger_count_1m"] == 0)
    return {
        **{name: states[name] & ~stopped for name in FOLLOW_TRIAL},
        "hours_to_act": np.where(stopped, missing, states["hours_to_act"]),
        "entry_event": np.where(unseen, np.uint8(NO_LEVEL), states["entry_event"]),
        **{name: np.where(unseen, missing, states[name]) for name in OF_THE_ENTRY},
    }


def has_seen(states: Mapping[str, Array]) -> BoolArray:
    """Tell who has seen the entry: shown this month, or acted on it before; shape (people,)."""
    seen: BoolArray = states["entry_event"] < len(ENTRY_EVENTS)
    return seen


def is_entry_available(is_kept: BoolArray, states: Mapping[str, Array]) -> BoolArray:
    """Tell who can use the entry now; shape (people,).

    Parameters
    ----------
    is_kept
        Invited, not closed by the person, and not in an outage.
    states
        Everything decided and told so far. An appeal that is upheld ends cool-down and freeze together.
    """
    frozen = states["is_assessment_frozen"] & ~states["is_appeal_upheld"]
    cools_down = (states["retry_after_hours"] > 0) | (states["has_cooled_down"] & ~states["has_passed_first_checks"])
    return is_kept & ~states["has_lost_entry"] & ~frozen & ~cools_down & ~states["is_requeued"]


def _event(
    who: SomePeople, people: Mapping[str, Any], parameters: EntryParameters, uniform: FloatArray, *, holds: bool = True
) -> npt.NDArray[np.uint8]:
    """Choose what brought the entry up; without ``holds``, at a time before there was any holding."""
    wallet, held = who.of(people["wallet_balance_cny"]), who.of(people["licaitong_balance_cny"]) * _f(holds)
    return chosen(_event_weights(wallet, held, parameters), uniform)


def _event_weights(wallet: FloatArray, held: FloatArray, parameters: EntryParameters) -> FloatArray:
    """Weigh the events: an empty wallet fails payments, a holder buys, the batch comes for everyone."""
    odds = {
        "failed_payment": np.exp(wallet * _f(-1 / parameters.short_wallet_cny)),
        "monthly_batch": np.ones_like(wallet),
        "licaitong_purchase": (held > 0).astype(np.float32),
    }
    return np.stack([_f(parameters.event_weight[event]) * odds[event] for event in ENTRY_EVENTS])


def _months_back(
    who: SomePeople, event: Array, people: Mapping[str, Any], rates: TriggerRates, noise: Noise
) -> FloatArray:
    """Months without an entry before one came up: as many as the tier's rate leaves empty and its event allows."""
    empty = np.log1p(-who.of(noise.uniform("entry_months_ago"))) / -who.of(mean_triggers(people, rates))
    longest = who.of(longest_open(people))
    longest = np.where(event == PURCHASE, np.minimum(longest, who.of(people["licaitong_months"])), longest)
    months: FloatArray = np.minimum(_f(1) + np.floor(empty), np.maximum(longest, _f(1)))
    return months


def _day(event: Array, month: FloatArray, parameters: EntryParameters, uniform: FloatArray) -> FloatArray:
    """Days of the batch for the batch, any day of its month for the rest."""
    first, last = parameters.batch_days
    days = np.array(DAYS_OF_MONTHS, dtype=np.float32)[month.astype(np.int32) % MONTHS_PER_YEAR]
    start = np.where(event == BATCH, _f(first), _f(1))
    length = np.where(event == BATCH, _f(last - first + 1), days)
    day: FloatArray = start + np.floor(uniform * length)
    return day


def _stays(parameters: EntryParameters) -> FloatArray:
    """Hours the entry stays, in the order of the tiers; shape (tiers,)."""
    return np.array([parameters.stays_hours[tier] for tier in VALUE_TIERS], dtype=np.float32)


def _windows(parameters: EntryParameters) -> FloatArray:
    """Hours in which to act, in the order of the tiers; shape (tiers,)."""
    return np.minimum(_stays(parameters), _f(parameters.act_within_hours))


def _hours_to_act(who: SomePeople, event: Array, parameters: EntryParameters, noise: Noise) -> FloatArray:
    """Hours until the person acts: lognormal around the event's median, at most a month."""
    median = np.array([parameters.median_hours_to_act[name] for name in ENTRY_EVENTS], dtype=np.float32)[event]
    hours = median * np.exp(_f(parameters.act_spread) * who.of(noise.normal("hours_to_act")))
    within: FloatArray = np.minimum(np.ceil(hours * TENTHS) / TENTHS, _f(DAYS_PER_MONTH * HOURS_PER_DAY))
    return within


def _hours_in_time(event: Array, window: FloatArray, parameters: EntryParameters, uniform: FloatArray) -> FloatArray:
    """Hours until people act who do so within the window: the part of the lognormal that lies before its end."""
    median = np.array([parameters.median_hours_to_act[name] for name in ENTRY_EVENTS], dtype=np.float32)[event]
    in_time = ndtr(np.log(window / median) * _f(1 / parameters.act_spread))
    hours = median * np.exp(_f(parameters.act_spread) * ndtri((_f(1) - uniform) * in_time))
    within: FloatArray = np.minimum(np.ceil(hours * TENTHS) / TENTHS, window)
    return within
