"""What the documents say of a column without a figure, and where a documented mark itself is excluded.

A mark in the factor file reads its number from a fact. Many facts carry none: they only say that something
counts, and which way. One line per column (or column and level) names the fact to cite then.
"""

from collections.abc import Mapping
from typing import Final

_CITED: Final = """
    card_on_time_share D3.2.invitation_card_on_time
    other_credit_line_cny D2.4.feature_other_debt
    managed_group_count D0.2.manages_groups_opened
    contact_change_share_12m D1.2.source_social_stability
    profile_update_count_12m D0.2.zombie_profile
    moments_post_count_12m D0.2.zombie_moments
    complaint_count_12m D2.4.feature_complaints
    charity_months_12m D3.3.charity_score_gain
    utility_on_time_share D1.2.source_performance
    offline_payment_share D3.4.advice_offline_scan
    red_packet_share D3.2.pay_score_weight_red_packets
    refund_share D2.4.feature_refunds
    large_payment_count_12m D2.4.feature_large_payments
    licaitong_months D3.2.invitation_licaitong_time
    insurance_premium_cny D3.5.insurance_beats_money_funds
    monthly_card_flow_cny D1.5.card_flow_counts
    annual_income_cny D1.5.steady_income_watched
    user_type D1.5.types_differ
    user_type=student D0.7.students_strict
    user_type=freelancer D0.1.no_income_freelancers
    user_type=high_net_worth D0.7.wealthy_needs
    city_tier=tier3_4 D0.4.tier34_not_localised
    city_tier=county_rural D0.4.county_infrastructure
    ip_change_count_30d D0.6.ip_switching
    identity_change_count_12m D0.6.identity_card_changes
    night_transfer_count_30d D0.6.night_transfers
    age_years D2.5.minors_excluded
"""

CITED: Final[Mapping[str, str]] = dict(line.split() for line in _CITED.strip().splitlines())
"""Column, or column=level, -> fact that speaks of it without a figure."""

STRICT: Final = frozenset({
    "D0.1.flow_opened", "D0.1.licaitong_mark", "D0.2.friends_opened", "D0.2.opens_opened", "D1.1.real_name_months",
    "D1.2.inquiries_below", "D1.2.open_loans_below", "D1.7.device_count", "D1.7.location_jump",
    "D1.7.operation_failures", "D3.3.lingqiantong_earnings_mark",
})
"""Facts whose mark is excluded: "above 8", "below 5"."""

ALARMS: Final = frozenset({"D1.7.device_count", "D1.7.location_jump", "D1.7.operation_failures"})
"""Facts whose mark is what sets off an alarm; to stay below it is no standard reached."""


def cited_without_figure(column: str, value: object = None) -> str | None:
    """Name the fact that speaks of a column, or of one of its levels, without a figure."""
    return CITED.get(f"{column}={value}", CITED.get(column))


def cited_place(fact: str | None) -> tuple[str | None, int | None]:
    """Read document and section off a fact id; an assumption has neither.

    Examples
    --------
    >>> cited_place("D0.2.opens_opened")
    ('D0', 2)
    >>> cited_place("A.lender.rules")
    (None, None)
    """
    if fact is None or not fact.startswith("D"):
        return None, None
    document, section, _ = fact.split(".", 2)
    return document, int(section)
