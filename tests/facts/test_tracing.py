"""Every claim leads to what it drives, or says why it drives nothing."""

import pytest

from weilidai.columns import CATALOGUE
from weilidai.facts import load_book
from weilidai.facts.citing import citing_modules, module_exists, named_in, setting_exists
from weilidai.facts.tracing import Drive, idle_facts, trace


@pytest.fixture(scope="module")
def book():
    return load_book()


@pytest.fixture(scope="module")
def drives(book):
    return trace(book)


def test_every_rule_and_scenario_drives_something_or_says_why_not(book):
    assert [fact.id for fact in idle_facts(book)] == []


def test_what_nothing_follows_is_called_context_and_neither_rule_nor_scenario(book, drives):
    called = [fact.id for fact in book.facts.values() if fact.role in ("rule", "scenario") and not drives[fact.id]]
    assert called == []


def test_a_claim_about_the_pay_score_leads_to_columns_that_the_score_weighs(drives):
    followed = [*drives["D3.1.pay_score_part_spending"], *drives["D3.1.pay_score_part_promises"]]
    columns = {drive.name for drive in followed if drive.by == "column"}
    assert columns == {"red_packet_share", "offline_payment_share", "card_on_time_share", "overdue_count_24m"}


def test_every_number_of_a_rule_is_followed_by_more_than_its_factor(book, drives):
    numbers = [fact for fact in book.facts.values() if fact.role in ("rule", "scenario") and fact.values]
    assert [f.id for f in numbers if f.why is None and {d.by for d in drives[f.id]} <= {"factor"}] == []


def test_every_context_says_why_nothing_follows_it(book):
    assert [fact.id for fact in book.facts.values() if fact.role == "context" and not fact.why] == []


def test_a_claim_that_is_obeyed_names_columns_modules_or_settings_that_exist(book):
    named = {name for fact in book.facts.values() for name in fact.obeyed_by}
    assert [n for n in named if n not in CATALOGUE and not module_exists(n) and not setting_exists(n)] == []


@pytest.mark.parametrize(("fact", "drive"), [
    ("D1.6.review_cycle", Drive("parameter", "lender.rate_review.review.every_months")),
    ("D2.2.entry_share", Drive("target", "invited_share")),
    ("D3.1.debit_cards_least", Drive("rule", "lender.eligibility.rules.debit_card")),
    ("D4.6.reminder_reach_change", Drive("setting", "regime/contraction")),
    ("D3.5.merchant_effect_after", Drive("setting", "readings")),
    ("D1.7.device_window", Drive("column", "device_count_7d")),
    ("D1.4.element_face", Drive("module", "lender.identity_check")),
    ("D2.3.tier_prime_review", Drive("assumption", "A.limits.prime_review")),
    ("D2.4.feature_friends", Drive("factor", "social_ties: friend_count, managed_group_count")),
])
def test_a_claim_is_traced_by_the_way_it_is_followed(drives, fact, drive):
    assert drive in drives[fact]


def test_a_mark_of_a_factor_is_traced_to_the_column_it_is_read_on(drives):
    assert any(drive.by == "mark" and "daily_payment_count" in drive.name for drive in drives["D0.1.payments_opened"])


def test_a_module_that_only_shows_an_example_is_no_trace():
    assert not any(name.startswith(("cli", "facts")) for names in citing_modules().values() for name in names)


def test_ids_are_found_in_running_text():
    assert named_in("read (D0.2.rate_high, X.D0.opens) and D0.2.rate_high.") == ("D0.2.rate_high",)


def test_a_rule_without_a_trace_is_named(folder):
    folder.edit("D0.yaml", "    sets: lender.invitation.opens.mark\n", "")
    assert [fact.id for fact in idle_facts(folder.load())] == ["D0.2.opens_mark"]


def test_a_reason_is_enough(folder):
    folder.edit("D0.yaml", "    sets: lender.invitation.opens.mark\n", "    why: nobody counts it\n")
    assert idle_facts(folder.load()) == ()


@pytest.mark.parametrize(("name", "near"), [("lender.entri", "lender.entry"), ("is_invite", "is_invited")])
def test_an_unknown_column_or_module_is_refused_with_the_near_name(folder, name, near):
    folder.edit("D0.yaml", "    sets: lender.invitation.opens.mark\n", f"    obeyed_by: {name}\n")
    assert [problem for problem in folder.problems() if f"did you mean '{near}'" in problem]
