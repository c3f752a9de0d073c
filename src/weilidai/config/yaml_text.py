"""Settings as text: files whose every key knows its line, and single values from the command line."""

from pathlib import Path
from typing import Any

from weilidai.errors import ConfigError, suggest
from weilidai.plain_yaml import YamlFile, parse_yaml, read_yaml

KeyPath = tuple[str, ...]


def read_mapping(file: Path) -> tuple[dict[str, Any], dict[KeyPath, str]]:
    """Read a settings file: its nested values, and ``file:line`` of each key.

    Raises
    ------
    ConfigError
        The file is missing, a folder, unreadable, empty, not UTF-8, or not plain YAML; all defects are named.
    """
    name = shown(file)
    if not file.exists():
        raise ConfigError("there is no such file", where=name, cure=near_file(file))
    if file.is_dir():
        raise ConfigError("is a folder, not a settings file", where=name, cure=f"name a file in it: {name}/train.yaml")
    page = read_yaml(file)
    _refuse_defects(page, name)
    if not isinstance(page.data, dict):
        raise ConfigError("holds no 'key: value' lines", where=f"{name}:{page.line(())}", cure=_colon_cure(page))
    places = {
        tuple(str(key) for key in keys): f"{name}:{line}"
        for keys, line in page.lines.items()
        if keys and all(isinstance(key, str) for key in keys)
    }
    return page.data, places


def parse_value(text: str, where: str) -> Any:  # noqa: ANN401  # whatever plain value YAML spells
    """Read one value as YAML would: a number, true, null, a list, or text.

    Examples
    --------
    >>> parse_value("1e-3", "--set"), parse_value("[1, 2]", "--set"), parse_value("yes", "--set")
    (0.001, (1, 2), 'yes')
    """
    page = parse_yaml(Path(where), f"value: {text}")
    _refuse_defects(page, where)
    return page.data["value"]


def shown(file: Path) -> str:
    """Name a file as short as it can be from where the reader stands."""
    try:
        return str(file.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(file)


def near_file(file: Path) -> str:
    """Say which settings file beside a missing one was probably meant."""
    beside = [other.name for other in file.parent.glob("*.yaml")]
    return suggest(file.name, beside) if beside else f"there is no settings file in {shown(file.parent)}"


def _refuse_defects(page: YamlFile, name: str) -> None:
    if not page.defects:
        return
    (line, what), *others = page.defects
    listed = "".join(f"\n  {name}:{at}: {other}" for at, other in others)
    raise ConfigError(what + listed, where=f"{name}:{line}" if line else name, cure=_colon_cure(page))


def _colon_cure(page: YamlFile) -> str:
    if "：".encode() in page.content:
        return "there is a full-width colon '：'; write ': '"
    return "write plain 'key: value' lines"
