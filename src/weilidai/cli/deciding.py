"""Commands that decide: for a file, and for one person."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import typer

from weilidai.cli.wording import Scale, ScaleSets, examples, print_json

PANEL = "Decisions"
Language = Literal["en", "zh"]
Method = Literal["equal_principal", "equal_instalment"]


class Question(StrEnum):
    """What can be asked about a person."""

    WHY_NOT = "why-not"
    TERMS = "terms"
    WHICH_PRODUCT = "which-product"
    WHY_GONE = "why-gone"
    HOW_TO = "how-to"


_OPTIONS: Final[Mapping[str, tuple[Question, ...]]] = {
    "amount": (Question.TERMS, Question.WHICH_PRODUCT), "instalments": (Question.TERMS, Question.WHICH_PRODUCT),
    "method": (Question.TERMS,),
    "before": (Question.WHY_GONE,), "after": (Question.WHY_GONE,), "other-model": (Question.WHY_GONE,),
    "for": (Question.HOW_TO,), "seconds": (Question.HOW_TO,), "gain": (Question.HOW_TO,),
}
"""Option -> questions that take it."""
_ANSWERS: Final[Mapping[Question, tuple[str, str]]] = {
    Question.WHY_NOT: ("asking", "ask_why_not"), Question.TERMS: ("asking_terms", "ask_terms"),
    Question.WHICH_PRODUCT: ("asking_products", "ask_which_product"),
    Question.WHY_GONE: ("asking_why_gone", "ask_why_gone"), Question.HOW_TO: ("asking_how_to", "ask_how_to"),
}
"""Question -> module of the pipeline, and function in it, that answers."""
_PARAMETERS: Final = {"amount": "amount_cny", "other-model": "other_model", "for": "aim", "gain": "gain_share"}
_ASKS_THE_SIMULATOR: Final = (Question.WHY_GONE,)
"""Questions that need no model."""

CHAMPION = "models:/weilidai@champion"

Model = Annotated[str, typer.Option(metavar="URI", help="A bundle folder, models:/name@alias or runs:/id/model.")]
AskedModel = Annotated[str | None, typer.Option("--model", metavar="URI", help=(
    f"A bundle folder, models:/name@alias or runs:/id/model; {CHAMPION} if left out. "
    "why-gone: none if left out; else one that learnt under one of the two regimes."
))]
Store = Annotated[
    str | None, typer.Option("--tracking-uri", metavar="URI", help="Store of the registry, if not the usual one.")
]
Input = Annotated[Path, typer.Option("--input", metavar="FILE", help="People: .parquet, .csv, .json, or generated.")]
Output = Annotated[Path, typer.Option(
    "--out", metavar="FILE", help="Decisions: .parquet or .csv, with --scale also a folder; must not exist.",
)]
Reasons = Annotated[Language | None, typer.Option(help="Add reasons in this language, as a JSON list per person.")]
Asked = Annotated[Question, typer.Argument(help=(
    "why-not: what stands between a person and an invitation. "
    "terms: first grant, price, schedule, leaving early, paying late. "
    "which-product: every product, open or not and why, and the cheapest. "
    "why-gone: the same person under two regimes, and what made the difference. "
    "how-to: what to do for an invitation or a higher quota, checked in the simulation."
))]
Person = Annotated[Path, typer.Option(metavar="FILE", help="One person as .json, or a table of people with --id.")]
Id = Annotated[str | None, typer.Option("--id", "--person-id", metavar="PERSON_ID", help="Which person of the table.")]
Amount = Annotated[float | None, typer.Option(
    metavar="CNY", min=1, max=1e9, help="terms, which-product: amount to borrow; the first grant if left out.",
)]
Instalments = Annotated[int | None, typer.Option(
    metavar="N", min=1, max=360, help="terms, which-product: monthly instalments; 12 if left out.",
)]
RepaymentMethod = Annotated[Method | None, typer.Option(
    help="terms: equal principal each month, or equal payments; equal_instalment if left out.",
)]
Before = Annotated[str | None, typer.Option(
    metavar="REGIME", help="why-gone: the earlier regime; the reference if left out.",
)]
After = Annotated[str | None, typer.Option(
    metavar="REGIME", help="why-gone: the later regime; that of the table, or contraction, if left out.",
)]
OtherModel = Annotated[str | None, typer.Option(
    metavar="URI", help="why-gone: a second model, which learnt under the other regime.",
)]
Aim = Annotated[Literal["invitation", "quota"] | None, typer.Option(
    "--for", help="how-to: what is wanted; an invitation if left out.",
)]
Seconds = Annotated[float | None, typer.Option(
    metavar="S", min=0, max=3600, help="how-to: time for trying three and more changes at once; 5 if left out.",
)]
Gain = Annotated[float | None, typer.Option(
    metavar="SHARE", min=0.01, max=5, help="how-to: how much higher a quota is wanted; 0.2 if left out.",
)]
Html = Annotated[Path | None, typer.Option(
    "--html", metavar="FILE", help="Write the answer as one page with charts, too; must not exist.",
)]
AnswerLanguage = Annotated[Language, typer.Option(help="Language of the answer.")]
Json = Annotated[bool, typer.Option("--json", help="Plain JSON on standard output.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("predict", rich_help_panel=PANEL, epilog=examples(
        "weilidai predict --input people --out decisions.parquet",
        "weilidai predict --input people.csv --out decisions.csv --reasons zh",
        "weilidai predict --model models/first --input people.csv --out decisions.csv",
        "weilidai predict --input many --out many_decisions --scale configs/scale/dask.yaml",
    ))(predict)
    app.command("ask", rich_help_panel=PANEL, epilog=examples(
        "weilidai ask why-not --person people --id 7",
        "weilidai ask why-not --person person.json --language zh",
        "weilidai ask terms --person people --id 7 --amount 10000 --instalments 10",
        "weilidai ask terms --person person.json --method equal_principal --json",
        "weilidai ask which-product --person person.json --amount 2000 --instalments 3 --language zh",
        "weilidai ask why-gone --person people --id 7 --before optimisation --after contraction",
        "weilidai ask how-to --person people --id 7",
        "weilidai ask how-to --person people --id 7 --for quota --gain 0.5 --language zh",
        "weilidai ask why-not --person people --id 7 --language zh --html answer.html",
    ))(ask)


def predict(
    input_file: Input, output_file: Output, model: Model = CHAMPION, reasons: Reasons = None,
    tracking_uri: Store = None, scale: Scale = None, sets: ScaleSets = None,
) -> None:
    """Decide for everybody in a file: chance of an invitation, first grant with interval, rate, grade, reasons."""
    from weilidai.config import load_scale
    from weilidai.pipeline.predicting import predict as predict_file
    from weilidai.progress import for_this_terminal

    progress, workers = for_this_terminal(), load_scale(scale, sets or ())
    done = predict_file(model, input_file, output_file, reasons, progress, tracking_uri=tracking_uri, scale=workers)
    for warning in done.warnings:
        progress.say(f"warning: {warning}")
    told = "synthetic, not the bank's decisions" if done.is_synthetic else "by a model of a table of one's own"
    progress.say(f"{done.people:,} people, {done.invited:,} invited; {told}")
    typer.echo(output_file)


def ask(
    question: Asked, person: Person, person_id: Id = None, model: AskedModel = None,
    amount: Amount = None, instalments: Instalments = None, method: RepaymentMethod = None,
    before: Before = None, after: After = None, other_model: OtherModel = None,
    aim: Aim = None, seconds: Seconds = None, gain: Gain = None,
    language: AnswerLanguage = "en", as_json: Json = False, html: Html = None, tracking_uri: Store = None,
) -> None:
    """Ask about one person, and get an answer that ends at the documents."""
    options = _options(question, {
        "amount": amount, "instalments": instalments, "method": method,
        "before": before, "after": after, "other-model": other_model,
        "for": aim, "seconds": seconds, "gain": gain,
    })
    if html:
        from weilidai.pipeline.whole import require_file_place

        require_file_place(html)
    asked = model if model or question in _ASKS_THE_SIMULATOR else CHAMPION
    answer = _answering(question)(asked, person, person_id, language, tracking_uri, **options)
    if html:
        from weilidai.pipeline.answer_page import write_page

        write_page(answer, html, person_id)
    if as_json:
        print_json(answer.to_dict())
        return
    from rich.console import Console

    Console().print(answer)


def _answering(question: Question) -> Callable[..., Any]:
    """Give what answers a question; what the others need is not loaded."""
    module, name = _ANSWERS[question]
    answers: Callable[..., Any] = getattr(import_module(f"weilidai.pipeline.{module}"), name)
    return answers


def _options(question: Question, given: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the options that were given, and refuse those that a question does not know."""
    from weilidai.errors import ConfigError

    meant = {name: value for name, value in given.items() if value is not None}
    for name in meant:
        if question not in _OPTIONS[name]:
            known = " and ".join(f"'{one}'" for one in _OPTIONS[name])
            raise ConfigError(f"'{question}' has no option --{name}", where="ask", cure=f"it belongs to {known}")
    return {_PARAMETERS.get(name, name): value for name, value in meant.items()}
