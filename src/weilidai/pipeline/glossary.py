"""The glossary of the documents' and the project's words, written from the terms and facts of the book.

``python -m weilidai.pipeline.glossary`` writes ``docs/glossary.md`` anew; a figure in it is read from its fact.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from weilidai.facts import Book, Fact, Term, load_book
from weilidai.facts.amounts import spell_values
from weilidai.places import project_root

GROUPS: Final[Mapping[str, str]] = {
    "numbers": "Numbers and where they come from",
    "people": "People and what happens to them",
    "weighing": "How the lender weighs people",
    "learning": "Simulating and learning",
    "chinese": "Chinese credit terms",
}
"""Group of terms -> heading, in the order of the page."""
HEAD: Final = """\
# Glossary

Written by `make docs` from {terms} terms of `data/facts/terms.yaml`; change the source, not this page.

One idea, one word. A word in `code` is spelt like that in columns, files and configuration. Figures are those of the
documents, each with the fact it is read from; `weilidai facts WORD` finds the claims about a word.
The lender described here is simulated: it follows public articles, not the bank's own model or data.
"""


def glossary(book: Book | None = None) -> str:
    """Write the glossary as markdown."""
    book = book or load_book()
    return HEAD.format(terms=len(book.terms)) + "".join(line + "\n" for group in GROUPS for line in _group(book, group))


def _group(book: Book, group: str) -> Iterator[str]:
    terms = [term for term in book.terms.values() if term.group == group]
    has_figures = any(term.facts for term in terms)
    words = ["中文", "English here"] if group == "chinese" else ["word", "中文"]
    headings = [*words, "meaning", *["in the documents"] * has_figures]
    yield from ("", f"## {GROUPS[group]}", "", f"| {' | '.join(headings)} |", "|---" * len(headings) + "|")
    for term in terms:
        names = [term.zh, _spelt(term)] if group == "chinese" else [_spelt(term), term.zh]
        figures = _figures([book.fact(name) for name in term.facts])
        yield f"| {' | '.join([*names, term.meaning, *[figures] * has_figures])} |"


def _spelt(term: Term) -> str:
    code = ", ".join(f"`{name}`" for name in term.code)
    return f"{term.en} ({code})" if code else term.en


def _figures(facts: Sequence[Fact]) -> str:
    """Write the figures of facts with what they are of, each with its id."""
    return "; ".join(f"{fact.label_en}{_value(fact)} (`{fact.id}`)" for fact in facts)


def _value(fact: Fact) -> str:
    return f": {spell_values(fact.values, fact.unit)}" if fact.values else ""


def main() -> None:
    """Write ``docs/glossary.md`` of the project."""
    file = project_root() / "docs" / "glossary.md"
    file.write_text(glossary(), encoding="utf-8")


if __name__ == "__main__":
    main()
