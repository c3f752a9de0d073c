"""Some of the simulator's numbers replaced by others: what a regime or a reading changes, and nothing else."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from weilidai.errors import ConfigError, suggest
from weilidai.facts import Book
from weilidai.parameters import Number, Parameters, flatten
from weilidai.plain_yaml import YamlFile, read_yaml

OPEN: Final = ("lender.eligibility.rules", "lender.invitation.terms", "lender.journey.approval.terms")
"""Groups that may take new entries."""
OPTIONAL: Final = (
    "lender.journey.outage.month", "lender.journey.outage.days", "lender.journey.outage.days_in_month",
    "lender.repayment.reminders.reach_change", "lender.repayment.reminders.unreached",
    "lender.pricing.discount_kept", "lender.journey.added_check.conversion_change",
)
"""Numbers of mechanisms that the reference does without."""


def _filled(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    return text


def _with_lists(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


Text = Annotated[str, AfterValidator(_filled)]
Finite = Annotated[float, Field(allow_inf_nan=False)]


class Closed(BaseModel):
    """A group of settings that accepts exactly its own names."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Own = TypeVar("Own", bound=Closed)


class Change(Closed):
    """One number that differs, or one new rule or term; read from a fact or chosen."""

    path: Text
    """Dotted path of the number, or of a new entry below a group that takes new entries."""
    why: Text
    fact: Text | None = None
    """Fact the number is read from."""
    value_index: Annotated[int, Field(ge=0)] = 0
    """Which of the fact's values it is."""
    value: Annotated[Any, AfterValidator(_with_lists)] = None
    """The number chosen, or the leaves of a new entry."""
    plus: Finite | None = None
    """Added to the number that stands there, which matching found."""
    same_as: Text | None = None
    """Path of another number that it is to equal."""

    @model_validator(mode="after")
    def _has_one_origin(self) -> Self:
        if [self.fact, self.value, self.plus, self.same_as].count(None) != 3:  # noqa: PLR2004  # all but one
            raise ValueError("needs one of 'fact', 'value', 'plus' and 'same_as', and only one")
        return self


def overlaid(parameters: Parameters, changes: Iterable[Change], book: Book, source: str) -> Parameters:
    """Replace the numbers that the changes name; everything else stays.

    Parameters
    ----------
    parameters
        What is changed.
    changes
        In the order in which they are applied; a later one may fill an entry that an earlier one made.
    book
        Where facts are looked up.
    source
        Written beside numbers that were chosen and not read: the file they stand in.

    Raises
    ------
    ConfigError
        A path or a fact does not exist, or a fact holds no such value.
    """
    numbers = dict(parameters.numbers)
    for change in changes:
        for path, number in _numbers(change, numbers, book, source):
            require_place(path, numbers, source, makes_entry=isinstance(change.value, Mapping))
            numbers[path] = number
    return Parameters(parameters.regime, numbers, parameters.certificate)


def _numbers(
    change: Change, numbers: Mapping[str, Number], book: Book, source: str
) -> Iterator[tuple[str, Number]]:
    if change.fact is not None:
        yield change.path, Number(figure(book, change.fact, change.value_index), "fact", change.fact)
    elif change.plus is not None:
        yield change.path, Number(_figure_at(change.path, numbers, source) + change.plus, "setting", source)
    elif change.same_as is not None:
        require_place(change.same_as, numbers, source)
        yield change.path, Number(numbers[change.same_as].value, "setting", source)
    else:
        for path, value in flatten(change.value, change.path).items():
            yield path, Number(value, "setting", source)


def _figure_at(path: str, numbers: Mapping[str, Number], source: str) -> float:
    require_place(path, numbers, source)
    found = numbers[path].value if path in numbers else None
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise ConfigError(f"'{path}' holds no number to add to", where=source, cure="give its value")
    return float(found)


def figure(book: Book, name: str, index: int) -> float:
    """Read one value of a fact.

    Raises
    ------
    ConfigError
        There is no such fact, or it has no such value.
    """
    fact = book.fact(name)
    if index >= len(fact.values):
        raise ConfigError(f"fact '{name}' holds {len(fact.values)} values; value_index {index} is none of them",
                          cure="give the number as a value with its reason")
    return fact.values[index]


def require_place(path: str, numbers: Mapping[str, Number], source: str, *, makes_entry: bool = False) -> None:
    """Refuse a path that the simulator has no place for, with the near one."""
    if path in numbers or path in OPTIONAL:
        return
    entry = _new_entry(path)
    if entry and (makes_entry or any(known.startswith(f"{entry}.") for known in numbers)):
        return
    raise ConfigError(f"the simulator has no number '{path}'", where=source, cure=suggest(path, [*numbers, *OPTIONAL]))


def _new_entry(path: str) -> str | None:
    """Give the entry of a group that takes new ones which a path lies in."""
    for group in OPEN:
        if path.startswith(f"{group}."):
            return f"{group}.{path.removeprefix(f'{group}.').split('.')[0]}"
    return None


def read_settings(file: Path, settings: type[Own], source: str) -> Own:
    """Read a settings file into its class; whatever is wrong names its line.

    Raises
    ------
    ConfigError
        Not plain YAML, an unknown key, or a value that cannot be meant.
    """
    page = read_yaml(file)
    if page.defects:
        line, what = page.defects[0]
        raise ConfigError(what, where=f"{source}:{line}", cure="write plain 'key: value' lines")
    try:
        return settings.model_validate(page.data)
    except ValidationError as error:
        told = [_told(dict(one), page, source, settings) for one in error.errors(include_url=False)]
    raise ConfigError("\n  ".join(told))


def _told(detail: Mapping[str, Any], page: YamlFile, source: str, settings: type[Closed]) -> str:
    keys = tuple(detail["loc"])
    text = str(detail["msg"]).removeprefix("Value error, ")
    if detail["type"] == "extra_forbidden":
        text = f"unknown key, {suggest(str(keys[-1]), _known(settings))}"
    return f"{source}:{page.line(keys)}: {'.'.join(map(str, keys))}: {text}"


def _known(settings: type[Closed]) -> set[str]:
    """Give every key of a class and of the classes it is made of that stand in this project's settings."""
    names = set(settings.model_fields)
    for below in Closed.__subclasses__():
        names |= set(below.model_fields)
    return names
