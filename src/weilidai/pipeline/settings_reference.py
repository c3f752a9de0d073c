"""Every setting with its kind, default, bounds and meaning, written from the settings classes themselves.

``python -m weilidai.pipeline.settings_reference`` writes ``docs/settings.md`` for people and ``configs/schema.json``
for editors anew.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from weilidai.config import TrainSettings
from weilidai.places import project_root

Node = Mapping[str, Any]

HEAD: Final = """\
# Settings

Written by `make docs` from the settings classes; change the source, not this page.

Every key of a settings file, as `weilidai train`, `weilidai sweep` and `--set` take it. `configs/train.yaml` holds
all of them at their defaults, but for the gates, which it adds. A file of your own begins with `extends:
../train.yaml` and holds only what differs; a list replaces the one below, a group is merged key by key, `{}` empties
a group. Whatever is unknown, of another kind or out of bounds is refused before anything runs, all of it at once,
with the key that was probably meant.

`weilidai train --print-config` shows the outcome with the origin of every value. Editors that read JSON schema
complete and check keys while you type with this line in a file of `configs/experiments`:

    # yaml-language-server: $schema=../schema.json
"""
EXTENDS: Final = {
    "type": "string", "description": "Settings file that this one differs from; a path from this file, in the project."
}
_BOUNDS: Final = {
    "minimum": "at least {}", "exclusiveMinimum": "above {}", "maximum": "at most {}", "exclusiveMaximum": "below {}",
    "minLength": "at least {} letters", "maxLength": "at most {} letters", "pattern": "`{}`",
}
_KINDS: Final = {
    "integer": "whole number", "number": "number", "string": "text", "boolean": "true or false", "null": "null",
}


def schema() -> dict[str, Any]:
    """Give the JSON schema of a settings file; nothing is required in it, for a file holds only what differs."""
    whole = TrainSettings.model_json_schema()
    bare: dict[str, Any] = _without(whole, {"title", "required"})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "weilidai settings", **bare,
        "properties": {"extends": EXTENDS, **bare["properties"]},
    }


def reference() -> str:
    """Write the reference as markdown."""
    whole = TrainSettings.model_json_schema()
    return HEAD + "\n".join(_group(whole, whole, ()))


def _group(group: Node, whole: Node, path: tuple[str, ...]) -> Iterator[str]:
    """Write one group of settings, then the groups inside it."""
    properties = {name: _resolved(node, whole) for name, node in group["properties"].items()}
    plain = {name: node for name, node in properties.items() if "properties" not in node}
    if path:
        yield f"\n{'#' * (len(path) + 1)} {'.'.join(path)}\n"
        yield f"{_first_line(group)}\n"
    if plain:
        yield from ("| key | kind | default | bounds | meaning |", "|---|---|---|---|---|")
        yield from (_row(name, node, whole) for name, node in plain.items())
    for name, node in properties.items():
        if "properties" in node:
            yield from _group(node, whole, (*path, name))
        elif member := _member(node, whole):
            yield from _group(member, whole, (*path, name, "NAME"))


def _row(name: str, node: Node, whole: Node) -> str:
    cells = (f"`{name}`", _kind(node, whole), _default(node), _bounds(node), node.get("description", ""))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _resolved(node: Node, whole: Node) -> Node:
    name = str(node.get("$ref", "")).rpartition("/")[2]
    found = {**whole["$defs"][name], **{key: value for key, value in node.items() if key != "$ref"}} if name else node
    # Of a group the class says more than the key that holds it.
    return {**found, "description": whole["$defs"][name]["description"]} if "properties" in found else found


def _member(node: Node, whole: Node) -> Node | None:
    """Give what stands behind freely named keys, when that is a group."""
    inner = node.get("additionalProperties")
    found = _resolved(inner, whole) if isinstance(inner, Mapping) else {}
    return found if "properties" in found else None


def _kind(node: Node, whole: Node) -> str:
    if "enum" in node:
        return " or ".join(f"`{word}`" for word in node["enum"])
    if "anyOf" in node:
        return " or ".join(_kind(choice, whole) for choice in node["anyOf"])
    if node.get("type") == "array":
        return f"list of {_kind(node['items'], whole)}"
    if node.get("type") == "object":
        member = _member(node, whole)
        return "groups by name" if member else f"{_kind(node['additionalProperties'], whole)} by name"
    return _KINDS[node["type"]]


def _default(node: Node) -> str:
    if "default" in node and not isinstance(node["default"], Mapping):
        return f"`{json.dumps(node['default'], ensure_ascii=False)}`"
    if "default" in node:
        return ", ".join(f"`{name}`" for name in node["default"])
    return "`{}`" if node.get("type") == "object" else ""


def _bounds(node: Node) -> str:
    choices = [node, *node.get("anyOf", ())]
    return ", ".join(text.format(_plain(part[key])) for part in choices for key, text in _BOUNDS.items() if key in part)


def _plain(bound: object) -> str:
    return f"{bound:,.15g}" if isinstance(bound, int | float) else str(bound)


def _first_line(group: Node) -> str:
    return str(group["description"]).split("\n\n", maxsplit=1)[0].replace("\n", " ")


def _without(node: Any, keys: set[str], *, names: bool = False) -> Any:  # noqa: ANN401  # a schema is any plain data
    """Leave annotations out, but never a setting that happens to be called like one."""
    if isinstance(node, Mapping):
        kept = {name: inner for name, inner in node.items() if names or name not in keys}
        return {name: _without(inner, keys, names=name in ("properties", "$defs")) for name, inner in kept.items()}
    return [_without(inner, keys) for inner in node] if isinstance(node, list) else node


def main() -> None:
    """Write ``docs/settings.md`` and ``configs/schema.json`` of the project."""
    (project_root() / "docs" / "settings.md").write_text(reference() + "\n", encoding="utf-8")
    written = json.dumps(schema(), indent=1, ensure_ascii=False)
    (project_root() / "configs" / "schema.json").write_text(written + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
