"""Commands that decide: for a file, and for one person."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import typer

from weilidai.cli.wording import examples, print_json

PANEL = "Decisions"
Language = Literal["en", "zh"]


class Question(StrEnum):
    """What can be asked about a person."""

    WHY_NOT = "why-not"


CHAMPION = "models:/weilidai@champion"

Model = Annotated[str, typer.Option(metavar="URI", help="A bundle folder, models:/name@alias or runs:/id/model.")]
Store = Annotated[
    str | None, typer.Option("--tracking-uri", metavar="URI", help="Store of the registry, if not the usual one.")
]
Input = Annotated[Path, typer.Option("--input", metavar="FILE", help="People: .parquet, .csv, or a generated folder.")]
Output = Annotated[Path, typer.Option("--out", metavar="FILE", help="Decisions: .parquet or .csv; must not exist.")]
Reasons = Annotated[Language | None, typer.Option(help="Add reasons in this language, as a JSON list per person.")]
Asked = Annotated[Question, typer.Argument(help="why-not: what stands between a person and an invitation.")]
Person = Annotated[Path, typer.Option(metavar="FILE", help="One person as .json, or a table of people with --id.")]
Id = Annotated[str | None, typer.Option("--id", metavar="PERSON_ID", help="Which person of the table.")]
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
    language: AnswerLanguage = "en", as_json: Json = False, tracking_uri: Store = None,
) -> None:
    """Ask about one person, and get an answer that ends at the documents."""
    from weilidai.pipeline.asking import ask_why_not

    answer = {Question.WHY_NOT: ask_why_not}[question](model, person, person_id, language, tracking_uri)
    if as_json:
        print_json(answer.to_dict())
        return
    from rich.console import Console

    Console().print(answer)
