"""The words of the documents find the claims, in either language."""

import pytest

from weilidai.facts import load_book


@pytest.fixture(scope="module")
def book():
    return load_book()


@pytest.mark.parametrize(("word", "fact"), [
    ("冷静期", "D3.9.cooling_off"), ("白名单", "D4.2.whitelist"), ("征信", "D1.2.inquiries_below"),
    ("理财通", "D0.1.licaitong_rate"), ("零钱通", "D3.3.lingqiantong_earnings_mark"),
    ("授信", "D3.7.other_lines_to_income"), ("提额", "D1.8.growth_after_bills"),
    ("降额", "D0.5.loan_shopping_cut"), ("风控拦截", "D1.7.intercepted"), ("四要素", "D1.4.element_count"),
    ("微粒贷+", "D1.9.plus_service"), ("周转", "D0.8.zhouzhuan_push"), ("罚息", "D3.6.weilidai_penalty_share"),
    ("cooling-off", "D3.9.cooling_off"), ("Whitelist", "D2.2.entry_share"), ("DTI", "D4.2.debt_ratio_initial"),
    ("liveness", "D1.4.element_face"),
])
def test_a_term_of_the_documents_finds_its_claims(book, word, fact):
    assert fact in {found.id for found in book.search(word)}


def test_both_languages_of_a_term_find_the_same(book):
    assert book.search("冷静期") == book.search("cooling-off")


def test_other_conditions_still_hold(book):
    assert {fact.document for fact in book.search("征信", document="D1")} == {"D1"}


def test_a_word_of_this_project_finds_only_where_it_stands(book):
    assert {fact.id for fact in book.search("label")} == {fact.id for fact in book.search("标签")} == set()


def test_a_word_that_is_no_term_is_looked_for_as_it_is(book):
    assert [fact.id for fact in book.search("petabyte")] == []
    assert book.search("servers used")


def test_every_fact_of_a_term_exists_and_no_two_terms_share_an_id(folder):
    term = "  - {id: entry, group: people, zh: 入口, en: entry, meaning: the button, facts: [D0.2.rate_hig]}\n"
    folder.write("terms.yaml", "terms:\n" + term + term.replace("rate_hig", "rate_high"))
    problems = folder.problems()
    assert any("did you mean 'D0.2.rate_high'" in problem for problem in problems)
    assert any("id 'entry' was given before" in problem for problem in problems)


def test_another_word_for_a_thing_leaves_the_digest_alone(folder):
    before = folder.load().digest
    folder.write("terms.yaml", "terms:\n  - {id: entry, group: people, zh: 入口, en: entry, meaning: the button}\n")
    after = type(folder)(folder.path.rename(folder.path.parent / "again")).load()
    assert after.digest == before
    assert after.terms["entry"].words == ("入口", "entry")
