"""What of this package travels inside a kept model: the modules that a decision needs, and no others."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).resolve().parents[1]
ROOT: Final = f"{PACKAGE.name}.inference.served"
"""The module MLflow runs; whatever it leads to is needed."""


def travelling_files() -> tuple[Path, ...]:
    """Give the files of the package that loading a model and deciding with it can import, however late."""
    return files_reached(ROOT)


def files_reached(root: str) -> tuple[Path, ...]:
    """Give the files of the package that a module of it can import, however late, its own among them."""
    found: dict[str, Path] = {}
    waiting = [root]
    while waiting:
        for name in _with_parents(waiting.pop()):
            file = _file(name)
            if file and name not in found:
                found[name] = file
                waiting += _imported(file)
    return tuple(sorted(found.values()))


def write_package(folder: Path) -> Path:
    """Write a copy of the package that holds only what travels, and give its place."""
    package = folder / PACKAGE.name
    for file in travelling_files():
        place = package / file.relative_to(PACKAGE)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.read_bytes())
    return package


def _with_parents(name: str) -> Iterator[str]:
    parts = name.split(".")
    yield from (".".join(parts[: place + 1]) for place in range(len(parts)))


def _file(name: str) -> Path | None:
    place = PACKAGE.parent.joinpath(*name.split("."))
    return next((file for file in (place.with_suffix(".py"), place / "__init__.py") if file.is_file()), None)


def _imported(file: Path) -> Iterator[str]:
    """Give every name of ours that a module imports; what only a type checker reads is left out."""
    for node in _walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            # A name taken from a package may be a module of it.
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (name for name in names if name.split(".")[0] == PACKAGE.name)


def _walk(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        if not (isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"):
            yield node
            yield from _walk(node)
