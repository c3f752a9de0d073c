"""Commands that decide: for a file, and for one person."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import typer

from weilidai.cli.wording import examples, print_json

PANEL = "Decisions"
Language = Literal["en", "zh"]
Method = Literal["equal_principal", "equal_instalment"]


class Question(StrEnum):
    """What can be asked about a person."""

    WHY_NOT = "why-not"
    TERMS = "terms"
    WHICH_PRODUCT = "which-product"


_LOAN_OPTIONS: Final[Mapping[Question, tuple[str, ...]]] = {
    Question.WHY_NOT: (), Question.TERMS: ("amount", "instalments", "method"),
    Question.WHICH_PRODUCT: ("amount", "instalments"),
}
"""Question -> options about the loan that it takes."""
_PARAMETERS: Final = {"amount": "amount_cny"}

CHAMPION = "models:/weilidai@champion"

Model = Annotated[str, typer.Option(metavar="URI", help="A bundle folder, models:/name@alias or runs:/id/model.")]
Store = Annotated[
    str | None, typer.Option("--tracking-uri", metavar="URI", help="Store of the registry, if not the usual one.")
]
Input = Annotated[Path, typer.Option("--input", metavar="FILE", help="People: .parquet, .csv, .json, or generated.")]
Output = Annotated[Path, typer.Option("--out", metavar="FILE", help="Decisions: .parquet or .csv; must not exist.")]
Reasons = Annotated[Language | None, typer.Option(help="Add reasons in this language, as a JSON list per person.")]
Asked = Annotated[Question, typer.Argument(help=(
    "why-not: what stands between a person and an invitation. "
    "terms: first grant, price, schedule, leaving early, paying late. "
    "which-product: every product, open or not and why, and the cheapest."
))]
Person = Annotated[Path, typer.Option(metavar="FILE", help="One person as .json, or a table of people with --id.")]
Id = Annotated[str | None, typer.Option("--id", metavar="PERSON_ID", help="Which person of the table.")]
Amount = Annotated[float | None, typer.Option(
    metavar="CNY", min=1, max=1e9, help="terms, which-product: amount to borrow; the first grant if left out.",
)]
Instalments = Annotated[int | None, typer.Option(
    metavar="N", min=1, max=360, help="terms, which-product: monthly instalments; 12 if left out.",
)]
RepaymentMethod = Annotated[Method | None, typer.Option(
    help="terms: equal principal each month, or equal payments; equal_instalment if left out.",
)]
AnswerLanguage = Annotated[Language, typer.Option(help="Language of the answer.")]
Json = Annotated[bool, typer.Option("--json", help="Plain JSON on standard output.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("predict", rich_help_panel=PANEL, epilog=examples(
        "weilidai predict --input people --out decisions.parquet",
        "weilidai predict --input people.csv --out decisions.csv --reasons zh",
        "weilidai predict --model models/first --input people.csv --out decisions.csv",
    ))(predict)
    app.command("ask", rich_help_panel=PANEL, epilog=examples(
        "weilidai ask why-not --person people --id 7",
        "weilidai ask why-not --person person.json --language zh",
        "weilidai ask terms --person people --id 7 --amount 10000 --instalments 10",
        "weilidai ask terms --person person.json --method equal_principal --json",
        "weilidai ask which-product --person person.json --amount 2000 --instalments 3 --language zh",
    ))(ask)


def predict(
    input_file: Input, output_file: Output, model: Model = CHAMPION, reasons: Reasons = None, tracking_uri: Store = None
) -> None:
    """Decide for everybody in a file: chance of an invitation, first grant with interval, rate, grade, reasons."""
    from weilidai.pipeline.predicting import predict as predict_file
    from weilidai.progress import for_this_terminal

    progress = for_this_terminal()
    done = predict_file(model, input_file, output_file, reasons, progress, tracking_uri=tracking_uri)
    for warning in done.warnings:
        progress.say(f"warning: {warning}")
    progress.say(f"{done.people:,} people, {done.invited:,} invited; synthetic, not the bank's decisions")
    typer.echo(output_file)


def ask(
    question: Asked, person: Person, person_id: Id = None, model: Model = CHAMPION,
    amount: Amount = None, instalments: Instalments = None, method: RepaymentMethod = None,
    language: AnswerLanguage = "en", as_json: Json = False, tracking_uri: Store = None,
) -> None:
    """Ask about one person, and get an answer that ends at the documents."""
    from weilidai.pipeline.asking import ask_why_not
    from weilidai.pipeline.asking_products import ask_which_product
    from weilidai.pipeline.asking_terms import ask_terms

    ask_one: Mapping[Question, Callable[..., Any]] = {
        Question.WHY_NOT: ask_why_not, Question.TERMS: ask_terms, Question.WHICH_PRODUCT: ask_which_product,
    }
    options = _loan_options(question, {"amount": amount, "instalments": instalments, "method": method})
    answer = ask_one[question](model, person, person_id, language, tracking_uri, **options)
    if as_json:
        print_json(answer.to_dict())
        return
    from rich.console import Console

    Console().print(answer)


def _loan_options(question: Question, given: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the options that were given, and refuse those that a question does not know."""
    from weilidai.errors import ConfigError

    meant = {name: value for name, value in given.items() if value is not None}
    for name in meant:
        if name not in _LOAN_OPTIONS[question]:
            known = " and ".join(f"'{one}'" for one, names in _LOAN_OPTIONS.items() if name in names)
            raise ConfigError(f"'{question}' has no option --{name}", where="ask", cure=f"it belongs to {known}")
    return {_PARAMETERS.get(name, name): value for name, value in meant.items()}
