"""The measured figures as a page."""

from collections.abc import Mapping
from typing import Any

HEADINGS = {
    "generation": "Making people", "memory": "Memory", "training": "Training", "deciding": "Deciding and explaining",
    "doors": "One decision through both doors", "scale": "Two workers against one", "starting": "Starting",
}
MEANS = {"at_least": "at least", "at_most": "at most"}
TOP = """# Benchmarks

Written by `make bench` from `docs/benchmarks.json`. Each figure stands beside a floor or a peer measured turn by turn
in the same run; figures are medians. Trust the ratios: a busy machine moves both sides alike.
"""


def page(found: Mapping[str, Any]) -> str:
    """Write the figures, the machine and the versions as Markdown."""
    parts = [TOP, *(_part(name, found["figures"]) for name in HEADINGS)]
    machine = [f"- {name}: {value}" for name, value in found["machine"].items()]
    versions = ", ".join(f"{name} {value}" for name, value in found["versions"].items())
    return "\n".join([*filter(None, parts), "## Machine\n", *machine, f"- versions: {versions}", ""])


def _part(name: str, figures: list[Mapping[str, Any]]) -> str:
    own = [figure for figure in figures if figure["part"] == name]
    if not own:
        return ""
    rows = [
        "| what | measured | against | peer | ratio | wanted | met | repeats |",
        "|---|---|---|---|---|---|---|---|",
        *(_row(figure) for figure in own),
    ]
    return f"## {HEADINGS[name]}\n\n" + "\n".join(rows) + "\n"


def _row(figure: Mapping[str, Any]) -> str:
    unit = figure["unit"]
    met = {True: "yes", False: "no", None: ""}[figure["is_met"]]
    wanted = [
        f"{MEANS[bound['comparison']]} {spell(bound['value'])} {what}".strip()
        for bound, what in ((figure["wanted"], unit), (figure["wanted_ratio"], "of the peer"))
        if bound
    ]
    cells = (
        figure["name"], f"{spell(figure['own'])} {unit}", figure["against"], f"{spell(figure['peer'])} {unit}",
        spell(figure["ratio"]), ", ".join(wanted), met, f"{figure['repeats']}",
    )
    return "| " + " | ".join(cells) + " |"


def spell(number: float) -> str:
    """Write three digits that count, and thousands apart."""
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.3g}"
