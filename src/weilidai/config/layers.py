"""Where a setting's value comes from: a file, the files it extends, and ``--set`` on the command line."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from weilidai.config.yaml_text import near_file, parse_value, read_mapping, shown
from weilidai.errors import ConfigError
from weilidai.places import project_root

EXTENDS: Final = "extends"
KeyPath = tuple[str, ...]


@dataclass(frozen=True)
class Layer:
    """The settings of one source: nested values, and the place of each key."""

    name: str
    """What ``--print-config`` calls it: ``file``, ``parent`` or ``--set``."""
    values: Mapping[str, Any]
    places: Mapping[KeyPath, str] = field(repr=False)
    """Key path -> ``file:line``, or the argument as typed."""


@dataclass(frozen=True)
class Layered:
    """All sources laid over each other, the last one on top."""

    values: Mapping[str, Any]
    origins: Mapping[KeyPath, str]
    """Key path -> source and place, as in ``parent configs/train.yaml:12``."""

    def origin(self, path: KeyPath) -> str:
        """Tell where a key, or the nearest group around it, was given; empty when it was left to its default."""
        while path:
            if path in self.origins:
                return self.origins[path]
            path = path[:-1]
        return ""


def read_layers(file: Path, sets: Sequence[str] = ()) -> Layered:
    """Read a settings file, the files it extends, and what the command line sets.

    Raises
    ------
    ConfigError
        A file cannot be read, extends itself or something outside the project, or a ``--set`` has no ``=``.
    """
    *parents, own = _chain(file)
    return lay_over([*parents, own, *(_set_layer(text) for text in sets)])


def lay_over(layers: Iterable[Layer]) -> Layered:
    """Merge layers: mappings key by key, anything else replaced whole; an empty mapping empties what is below."""
    values: dict[str, Any] = {}
    origins: dict[KeyPath, str] = {}
    for layer in layers:
        emptied = _merge(values, layer.values)
        origins = {path: told for path, told in origins.items() if not any(path[: len(e)] == e for e in emptied)}
        origins.update({path: f"{layer.name} {place}" for path, place in layer.places.items()})
    return Layered(values, origins)


def _merge(below: dict[str, Any], above: Mapping[str, Any]) -> list[KeyPath]:
    """Lay one mapping over another, and tell which groups it emptied."""
    emptied: list[KeyPath] = []
    for key, value in above.items():
        if isinstance(value, Mapping) and value:
            place = below.get(key)
            below[key] = dict(place) if isinstance(place, Mapping) else {}
            emptied += [(key, *path) for path in _merge(below[key], value)]
        else:
            below[key] = value
            emptied += [(key,)] if isinstance(value, Mapping) else []
    return emptied


def _chain(file: Path) -> list[Layer]:
    """Read the file and its ancestors, the eldest first."""
    allowed = (project_root(), file.resolve().parent)
    layers: list[Layer] = []
    trail: list[Path] = []
    current: Path | None = file.resolve()
    while current:
        _refuse_cycle(trail, current)
        trail.append(current)
        values, places = read_mapping(current)
        parent = values.pop(EXTENDS, None)
        layers.insert(0, Layer("parent" if len(trail) > 1 else "file", values, places))
        current = _parent(parent, current, places, allowed) if parent is not None else None
    return layers


def _refuse_cycle(trail: Sequence[Path], current: Path) -> None:
    if current in trail:
        chain = " -> ".join(shown(file) for file in (*trail, current))
        raise ConfigError(f"the settings extend themselves: {chain}", where=shown(current),
                          cure=f"take '{EXTENDS}' out of one of them")


def _parent(parent: object, file: Path, places: Mapping[KeyPath, str], allowed: Sequence[Path]) -> Path:
    where = places.get((EXTENDS,), shown(file))
    if not isinstance(parent, str) or not parent:
        raise ConfigError(f"'{EXTENDS}' must name one file", where=where, cure=f"{EXTENDS}: ../train.yaml")
    target = (file.parent / parent).resolve()
    if not any(target.is_relative_to(place) for place in allowed):
        raise ConfigError(f"'{EXTENDS}' leads out of the project: {parent}", where=where,
                          cure="copy the parent beside the file that extends it")
    if not _is_file(target):
        raise ConfigError(f"the file it extends does not exist: {parent}", where=where, cure=near_file(target))
    return target


def _is_file(target: Path) -> bool:
    try:
        return target.is_file()
    except OSError:  # a name longer than any file has
        return False


def _set_layer(text: str) -> Layer:
    key, equals, value = text.partition("=")
    path = tuple(part.strip() for part in key.split("."))
    if not equals or not all(path):
        raise ConfigError(f"'{text}' sets nothing", where="--set", cure="write --set section.key=value")
    nested: Any = parse_value(value, f"--set {text}")
    for part in reversed(path):
        nested = {part: nested}
    return Layer("--set", nested, dict.fromkeys(_leaves(nested), text))


def _leaves(values: object, above: KeyPath = ()) -> Iterator[KeyPath]:
    yield above
    if isinstance(values, Mapping):
        for key, inner in values.items():
            yield from _leaves(inner, (*above, key))
