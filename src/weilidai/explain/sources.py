"""Where a statement comes from, in words: document and section, or an assumption."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from weilidai.explain.words import language_place
from weilidai.facts.amounts import Language

_SECTION: Final = ("{}, section {}", "{}第{}节")
_ASSUMED: Final = ("assumption", "假设")
_JOINED: Final = ("; ", "；")
SYNTHETIC: Final[Mapping[Language, str]] = {
    "en": "A model of simulated people, built from public documents; not the bank's decision.",
    "zh": "本结果来自依据公开文档构建的模拟模型，不代表银行的决定。",
}
"""What no answer is."""


@dataclass(frozen=True)
class Source:
    """A documented fact and the place where it is read."""

    fact: str
    document: str
    section: int


def say_source(document: str | None, section: int | None, language: Language) -> str:
    """Say where something is documented; what is nowhere documented is an assumption.

    Examples
    --------
    >>> say_source("D3", 6, "en"), say_source("D3", 6, "zh"), say_source(None, None, "en")
    ('D3, section 6', 'D3第6节', 'assumption')
    """
    place = language_place(language)
    return _ASSUMED[place] if document is None else _SECTION[place].format(document, section)


def say_sources(sources: Iterable[Source], language: Language) -> str:
    """Say several places, each once, in the order given."""
    said = dict.fromkeys(say_source(one.document, one.section, language) for one in sources)
    return _JOINED[language_place(language)].join(said) or _ASSUMED[language_place(language)]
