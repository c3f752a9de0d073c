"""Commands that study the models with the truth at hand."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from weilidai.cli.wording import examples, print_json

if TYPE_CHECKING:
    import pandas as pd

    from weilidai.config import TrainSettings
    from weilidai.pipeline.studies.outcome import Study

PANEL = "Training"
WIDTH = 240
"""Of what is not shown on a terminal; 80 columns would break every word of a wide table."""
MOST_ROWS = 40
"""Rows of a table that are shown; files hold all."""

Config = Annotated[Path | None, typer.Option("--config", metavar="FILE", help="Settings; else configs/train.yaml.")]
Sets = Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Change one setting; repeatable.")]
Rows = Annotated[int | None, typer.Option(min=5_000, help="People of each population.")]
Most = Annotated[str | None, typer.Option("--rows", metavar="N,N,N", help="Numbers of people, three or more.")]
Seeds = Annotated[int | None, typer.Option(min=1, max=100, help="Independent populations.")]
Seed = Annotated[int | None, typer.Option(min=0, max=2**31, help="Seed of the first population.")]
LearntIn = Annotated[str | None, typer.Option(metavar="REGIME", help="Regime the model is learnt in.")]
Model = Annotated[str, typer.Option(metavar="URI", help="A bundle folder, models:/name@alias or runs:/id/model.")]
People = Annotated[int | None, typer.Option(min=1, max=100_000, help="People to seek advice for.")]
Told = Annotated[int | None, typer.Option("--people", min=100, max=200_000, help="Eligible people told reasons.")]
Trainings = Annotated[int | None, typer.Option(min=2, max=100, help="Models, each learnt from people drawn anew.")]
For = Annotated[
    Literal["invitation", "quota"], typer.Option("--for", help="An invitation for the refused, or a higher quota.")
]
Out = Annotated[Path | None, typer.Option(metavar="FOLDER", help="Write tables, pictures and JSON into a new folder.")]
Log = Annotated[bool, typer.Option("--log/--no-log", help="Keep the study as a run in the store.")]
Json = Annotated[bool, typer.Option("--json", help="Plain JSON on standard output.")]

study = typer.Typer(no_args_is_help=True, help="Study the models with the truth at hand: why, how long, how fair.")


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    study.command("gap", epilog=examples("weilidai study gap", "weilidai study gap --rows 50000 --no-log"))(gap)
    study.command("learning-curve", epilog=examples(
        "weilidai study learning-curve",
        "weilidai study learning-curve --rows 20000,100000,1000000 --seeds 1",
    ))(learning_curve)
    study.command("stability", epilog=examples(
        "weilidai study stability", "weilidai study stability --learnt-in optimisation --out stability",
    ))(stability)
    study.command("fairness", epilog=examples(
        "weilidai study fairness", "weilidai study fairness --set evaluation.protected=[age_years,city_tier]",
    ))(fairness)
    study.command("reject-inference", epilog=examples(
        "weilidai study reject-inference", "weilidai study reject-inference --rows 1000000 --seeds 8",
    ))(reject_inference)
    study.command("reasons", epilog=examples(
        "weilidai study reasons",
        "weilidai study reasons --set data.rows=60000 --set model.invite.num_leaves=4 --no-log",
    ))(reasons)
    study.command("recourse", epilog=examples(
        "weilidai study recourse --model models:/weilidai@champion",
        "weilidai study recourse --model bundle --people 200 --for quota --no-log",
    ))(recourse)
    app.add_typer(study, name="study", rich_help_panel=PANEL)


def gap(
    rows: Rows = None, seed: Seed = None, config: Config = None, sets: Sets = None, out: Out = None,
    log: Log = True, as_json: Json = False,
) -> None:
    """Split what the models lack of the truth into causes: chance, columns, number of people, form, calibration."""
    _run("gap", {"rows": rows}, _settings(config, sets, seed), out, log=log, as_json=as_json)


def learning_curve(
    rows: Most = None, seeds: Seeds = None, seed: Seed = None, config: Config = None, sets: Sets = None,
    out: Out = None, log: Log = True, as_json: Json = False,
) -> None:
    """Learn from more and more people and see where the regret leads."""
    given = {"rows": _numbers(rows), "populations": seeds}
    _run("learning_curve", given, _settings(config, sets, seed), out, log=log, as_json=as_json)


def stability(
    rows: Rows = None, learnt_in: LearntIn = None, seed: Seed = None, config: Config = None, sets: Sets = None,
    out: Out = None, log: Log = True, as_json: Json = False,
) -> None:
    """Take a model through the months and regimes after it, and say whether to learn anew."""
    given = {"rows": rows, "learnt_in": learnt_in}
    _run("stability", given, _settings(config, sets, seed), out, log=log, as_json=as_json)


def fairness(
    rows: Rows = None, seed: Seed = None, config: Config = None, sets: Sets = None, out: Out = None,
    log: Log = True, as_json: Json = False,
) -> None:
    """Compare groups: quality, selection, errors, prices of equal true risk, and what protection costs."""
    _run("fairness", {"rows": rows}, _settings(config, sets, seed), out, log=log, as_json=as_json)


def reject_inference(
    rows: Rows = None, seeds: Seeds = None, seed: Seed = None, config: Config = None, sets: Sets = None,
    out: Out = None, log: Log = True, as_json: Json = False,
) -> None:
    """Learn default risk from those let in, by each method, and judge by the true risk of everybody."""
    given = {"rows": rows, "populations": seeds}
    _run("selective_labels", given, _settings(config, sets, seed), out, log=log, as_json=as_json)


def reasons(
    people: Told = None, trainings: Trainings = None, seed: Seed = None, config: Config = None, sets: Sets = None,
    out: Out = None, log: Log = True, as_json: Json = False,
) -> None:
    """Hold reasons against the truth, each way of sharing out a score, and see whether retraining changes them."""
    given = {"people": people, "trainings": trainings}
    _run("reasons", given, _settings(config, sets, seed), out, log=log, as_json=as_json)


def recourse(
    model: Model, people: People = None, seed: Seed = None, aim: For = "invitation", config: Config = None,
    sets: Sets = None, out: Out = None, log: Log = True, as_json: Json = False,
) -> None:
    """Seek advice for unseen people: found, possible, complete, quick, and true in the simulator."""
    given = {"model": model, "people": people, "seed": seed, "aim": aim}
    _run("recourse", given, _settings(config, sets, None), out, log=log, as_json=as_json)


def _settings(config: Path | None, sets: list[str] | None, seed: int | None) -> "TrainSettings":
    from weilidai.config import load_settings
    from weilidai.pipeline.numbers import require_simulator

    seeded = [] if seed is None else [f"data.seed={seed}"]
    settings = load_settings(config, [*(sets or ()), *seeded]).settings
    require_simulator(settings.data)
    return settings


def _numbers(text: str | None) -> tuple[int, ...] | None:
    from weilidai.errors import ConfigError

    if text is None:
        return None
    try:
        return tuple(int(word) for word in text.split(","))
    except ValueError as error:
        raise ConfigError(f"{text!r} is no list of whole numbers", where="--rows", cure="as in 20000,100000") from error


def _run(
    name: str, given: dict[str, Any], settings: "TrainSettings", out: Path | None, *, log: bool, as_json: bool
) -> None:
    from weilidai.pipeline.studies.outcome import keep_study, write_study
    from weilidai.pipeline.studies.running import run_study
    from weilidai.pipeline.whole import require_place
    from weilidai.progress import for_this_terminal

    if out:
        require_place(out)
    made = run_study(name, settings, given, for_this_terminal())
    if out:
        write_study(made, out)
    run_id = keep_study(made, settings.tracking) if log else None
    if as_json:
        print_json({**made.to_dict(), "run_id": run_id})
        return
    _show(made)
    for what, place in (("run", run_id), ("written to", out)):
        if place:
            typer.echo(f"{what} {place}")


def _show(made: "Study") -> None:
    from rich.console import Console
    from rich.table import Table

    wide = None if sys.stdout.isatty() else WIDTH
    console = Console(highlight=False, width=wide)
    for name, rows in made.tables.items():
        shown = rows.head(MOST_ROWS)
        more = "" if len(shown) == len(rows) else f", the first {len(shown)} of {len(rows)} rows"
        table = Table(title=f"\n{name.replace('_', ' ')}{more}", title_justify="left", box=None, padding=(0, 1))
        for column in shown.columns:
            table.add_column(str(column).replace("_", " "), overflow="fold",
                             justify="left" if _is_text(shown[column]) else "right")
        for row in shown.to_dict("records"):
            table.add_row(*(_figure(cell) for cell in row.values()))
        console.print(table)
    console.print()
    for line in made.answer:
        console.print(line, markup=False)


def _is_text(values: "pd.Series") -> bool:
    return bool(values.map(lambda cell: isinstance(cell, str)).any())


def _figure(value: object) -> str:
    if not isinstance(value, float):
        return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
    return "-" if value != value else f"{value:,.4g}"  # noqa: PLR0124  # not a number
