"""One self-contained page for an answer."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from rich.table import Table
from rich.text import Text

from current_numbers import current_numbers
from weilidai.errors import ResourceError
from weilidai.parameters import Parameters
from weilidai.pipeline import asking, two_lives
from weilidai.pipeline.answer_charts import charts
from weilidai.pipeline.answer_page import answer_page, write_page
from weilidai.pipeline.asking import ask_why_not
from weilidai.pipeline.asking_how_to import ask_how_to
from weilidai.pipeline.asking_products import ask_which_product
from weilidai.pipeline.asking_terms import ask_terms
from weilidai.pipeline.asking_why_gone import ask_why_gone

PLANTED = "<script>alert('x')</script>"
ELSEWHERE = re.compile(r"(?:src|href|action|@import|url)\s*[=(]|https?:|//[\w-]+\.", re.IGNORECASE)
Ask = Callable[[str], Any]


def _now(regime: str, *_: object, **__: object) -> Parameters:
    return current_numbers(regime)


@pytest.fixture(scope="module", autouse=True)
def _numbers_of_now() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asking, "load_parameters", _now)
        patch.setattr(two_lives, "numbers_of", _now)
        yield


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory, people: pd.DataFrame) -> Path:
    place: Path = tmp_path_factory.mktemp("page") / "people.csv"
    people.to_csv(place, index=False)
    return place


@pytest.fixture(scope="module")
def asks(model: Path, file: Path) -> dict[str, Ask]:
    uri = str(model)
    return {
        "why-not": lambda language: ask_why_not(uri, file, "17", language),  # type: ignore[arg-type]
        "terms": lambda language: ask_terms(uri, file, "17", language, instalments=24),  # type: ignore[arg-type]
        "which-product": lambda language: ask_which_product(uri, file, "17", language),  # type: ignore[arg-type]
        "why-gone": lambda language: ask_why_gone(None, file, "17", language),  # type: ignore[arg-type]
        "how-to": lambda language: ask_how_to(uri, file, "17", language, seconds=0.2),  # type: ignore[arg-type]
    }


class _Reader(HTMLParser):
    """Notes every element, and refuses one that is closed without having been opened."""

    VOID = frozenset({"meta", "br", "img"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not [name for name, _ in attrs if name.startswith("on")]
        self.tags.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(page: str) -> _Reader:
    reader = _Reader()
    reader.feed(page)
    assert reader.open == ["html"]
    return reader


@dataclass(frozen=True)
class Hostile:
    """An answer whose every text is an attack."""

    question: str = "unheard-of"

    def to_dict(self) -> dict[str, Any]:
        return {"question": self.question, "language": "en"}

    def __rich_console__(self, *_: object) -> Iterator[Any]:
        table = Table(title=PLANTED, caption=PLANTED)
        table.add_column(PLANTED)
        table.add_row(Text(PLANTED))
        table.add_row(PLANTED)
        yield Text(PLANTED, style="bold")
        yield table
        yield PLANTED


QUESTIONS = ["why-not", "how-to", "terms", "which-product", "why-gone"]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("question", QUESTIONS)
def test_a_page_stands_alone_with_words_and_charts(asks: dict[str, Ask], question: str, language: str) -> None:
    page = answer_page(asks[question](language), "17")
    read_page = read(page)
    assert read_page.tags.count("svg") >= 1
    assert read_page.tags.count("table") + read_page.tags.count("p") >= 3
    assert "script" not in read_page.tags
    assert not ELSEWHERE.search(page)
    assert "default-src &#x27;none&#x27;" in page
    spoken, synthetic = {"en": ("en", "not the bank"), "zh": ("zh-CN", "不代表银行的决定")}[language]
    assert f"<html lang={spoken}>" in page
    assert page.count(synthetic) == 1


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_person_id_cannot_carry_markup(asks: dict[str, Ask], question: str) -> None:
    page = answer_page(asks[question]("en"), PLANTED)
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_no_text_of_an_answer_can_carry_markup() -> None:
    page = answer_page(Hostile(), PLANTED)
    assert "<script" not in page
    assert page.count("&lt;script&gt;") == 8
    assert "script" not in read(page).tags


def test_no_question_can_carry_markup() -> None:
    assert "<script" not in answer_page(Hostile(PLANTED))


def test_an_answer_that_nobody_draws_has_its_words_alone() -> None:
    assert "svg" not in read(answer_page(Hostile())).tags


def test_a_page_has_the_whole_schedule_and_every_factor(asks: dict[str, Ask]) -> None:
    terms = read(answer_page(asks["terms"]("en")))
    assert terms.tags.count("tr") >= 24
    gone = asks["why-gone"]("en")
    words = " ".join(read(answer_page(gone)).words)
    assert [one.text for one in gone.factors if one.text not in words] == []


def test_a_page_says_what_the_terminal_says(asks: dict[str, Ask]) -> None:
    answer = asks["why-not"]("zh")
    words = " ".join(read(answer_page(answer)).words)
    assert [reason.text for reason in (*answer.reasons, *answer.strengths) if reason.text not in words] == []


def test_a_file_that_is_there_is_never_overwritten(tmp_path: Path, asks: dict[str, Ask]) -> None:
    place = tmp_path / "answer.html"
    write_page(asks["why-not"]("en"), place)
    before = place.read_bytes()
    with pytest.raises(ResourceError, match="there is a file already"):
        write_page(asks["why-not"]("zh"), place)
    assert place.read_bytes() == before


@pytest.mark.parametrize(("language", "said"), [("en", "adults only"), ("zh", "仅限成年人")])
def test_a_rule_told_by_its_own_name_is_drawn_in_words(language: str, said: str) -> None:
    adult = {"factor": "adult", "contribution": None}
    told = {
        "question": "why-not", "language": language, "is_invited": False, "p_invite": 0.0, "threshold": 0.5,
        "reasons": [adult], "strengths": [],
    }
    assert said in str(charts(told)[1])
