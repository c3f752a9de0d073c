"""The house plan: what stands where and who may look at whom, read from the source itself.

``python -m weilidai.pipeline.architecture`` writes ``docs/architecture.md`` anew.
"""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from weilidai.places import project_root

TOP: Final[Mapping[str, str]] = {
    "configs": "settings: the training run, experiments that extend it, searches, policies, regimes",
    "data": "facts (read in documents, by hand), matched (parameters, generated), generated (yours, ignored by git)",
    "docs": "this page, how-tos, settings, glossary, datasheet, decisions",
    "models": "exported bundles, ignored by git",
    "notebooks": "thin ones, kept without outputs, executed by the tests",
    "tests": "mirror the source; house/ holds the rules of the house, behaviour/ the stories, e2e/ the whole way",
}
"""Folder beside the source -> what is in it."""
HEAD: Final = """\
# Architecture

Written by `make docs` from the source; change the source, not this page.

    documents -> facts -> a simulator matched to them -> people -> models in MLflow -> reasons that end at a document

Everything is synthetic: a simulated lender, neither the bank's model nor its data.

## Three walls

- **The simulator never reads a fact.** `population` and `lender` get their numbers from `data/matched`, where each
  stands with its origin; only `matching` sees facts and simulator together.
- **A model never sees the simulator.** True probabilities are a table of their own that `evaluation` alone opens.
- **Importing does nothing.** No file is read, no heavy library loaded, before something is asked for.

Imports go downward only; `tests/house/test_walls.py` holds every module to it. Only `tracking`, and the part of
`inference` that MLflow runs, know MLflow.

## A person's way to a decision

1. `dataset.contract` checks the table against one catalogue of columns (`columns.py`), in training and in scoring
   alike.
2. `rules.Eligibility`, the policy inside the saved model, names the documented conditions a person fails; whoever
   fails one has probability 0, and the failed conditions are the reasons.
3. `models.invite`, `models.quota` and `models.rate` score whoever is left: LightGBM trees held to the documented
   directions, calibrated afterwards.
4. `explain` shares the score out among columns, adds them up to documented factors, and words the strongest with
   value, mark, document and section.
5. `inference.decider` is the one way to a decision; Python, the command line, MLflow and its server all come through
   it.

## The life of a run

`cli` reads words, `config` turns files into checked settings, `pipeline.training` puts the stages together: generate,
hold against the documents, learn, judge, weigh, prove directions, check gates; `tracking` keeps the run, its tables
and its model, registers it, and moves the champion only through the gates. A saved model is a folder of LightGBM text
and JSON sealed by digests (`models.manifest`), checked tree by tree before LightGBM reads it (`models.structure`),
and asked for answers it gave before (`models.known_answers`). What travels with it is the part of the package it
needs (`inference.travelling`).

## Who imports whom

As it is in the source; `errors`, `columns`, `units`, `rules` and other modules at the bottom are left out.

| unit | imports |
|---|---|
"""


def architecture(root: Path | None = None) -> str:
    """Write the house plan as markdown."""
    root = root or project_root()
    package = root / "src" / "weilidai"
    imports = "".join(f"| {unit} | {', '.join(sorted(others))} |\n" for unit, others in units(package).items())
    tree = "".join(f"    {line}\n" for line in (*_top(), *_tree(package)))
    return f"{HEAD}{imports}\n## The tree\n\n{tree}"


def units(package: Path) -> dict[str, set[str]]:
    """Give the units of a package and the units each imports, late imports included."""
    found = {folder.name: set[str]() for folder in sorted(package.iterdir()) if (folder / "__init__.py").is_file()}
    for unit, others in found.items():
        for file in (package / unit).rglob("*.py"):
            others |= {name for name in _imported(file, package.name) if name in found and name != unit}
    return found


def _imported(file: Path, package: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == package:
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and str(node.module).startswith(f"{package}."):
            yield str(node.module).split(".")[1]


def _top() -> Iterator[str]:
    yield from (f"{name + '/':<27} {what}" for name, what in TOP.items())


def _tree(package: Path) -> Iterator[str]:
    """List packages and modules with the first line each says of itself."""
    yield f"{'src/weilidai/':<27} {_says(package / '__init__.py')}"
    yield from _inside(package, 1)


def _inside(folder: Path, depth: int) -> Iterator[str]:
    indent = "  " * depth
    for inner in sorted(path for path in folder.iterdir() if (path / "__init__.py").is_file()):
        yield f"{indent + inner.name + '/':<27} {_says(inner / '__init__.py')}"
        yield from _inside(inner, depth + 1)
    for file in sorted(folder.glob("*.py")):
        if file.name != "__init__.py":
            yield f"{indent + file.name:<27} {_says(file)}"


def _says(file: Path) -> str:
    words = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return words.split("\n", maxsplit=1)[0]


def main() -> None:
    """Write ``docs/architecture.md`` of the project."""
    (project_root() / "docs" / "architecture.md").write_text(architecture(), encoding="utf-8")


if __name__ == "__main__":
    main()
