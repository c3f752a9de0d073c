"""What a training leaves to look at: pictures, tables, one page that holds them, and a note for the run."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from weilidai.evaluation.gates import GateResult
from weilidai.evaluation.plots import dimension_plot, quota_plot, reliability_plot, roc_plot, stability_plot
from weilidai.evaluation.stability import month_by_month
from weilidai.explain.swarm import swarm_plot
from weilidai.models.monotonicity import Proof
from weilidai.pipeline.fidelity.figures import short
from weilidai.pipeline.fidelity.page import BOUNDS
from weilidai.pipeline.fidelity.report import FidelityReport
from weilidai.pipeline.judging import Judgement
from weilidai.pipeline.report_page import report_page, spell
from weilidai.pipeline.weighing import Weighing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HEADLINES: Final = (
    ("ranking of everybody (AUC)", "{}.invite.auc", "baseline.woe_scorecard.invite.auc"),
    ("ranking among the eligible (AUC)", "{}.invite_eligible.auc", "baseline.woe_scorecard.invite_eligible.auc"),
    ("separation (KS)", "{}.invite.ks", "baseline.woe_scorecard.invite.ks"),
    ("log-loss", "{}.invite.logloss", "baseline.woe_scorecard.invite.logloss"),
    ("first grant, explained (R2)", "{}.quota.r2", "baseline.plain_quota.quota.r2"),
    ("first grant, mean error (yuan)", "{}.quota.mae_cny", "baseline.plain_quota.quota.mae_cny"),
    ("first grant, interval holds", "{}.quota.coverage", ""),
    ("daily rate, explained (R2)", "{}.rate.r2", ""),
)
"""What is measured, its metric of model and ceiling, and that of the plain model."""

RECOURSE: Final = (
    ("people", "refused test people asked for"), ("found_share", "advice of one or two actions found"),
    ("none_share", "certified that there is none"), ("undecided_share", "three actions or more, not searched here"),
    ("true_improvement_share", "cheapest plan that improves the truth"),
    ("harms_other_share", "cheapest plan that hurts the other aim; not shown"),
)
"""Figure of recourse, and what it says."""
WORST: Final = 10
"""Targets of the population shown beside the model; the fidelity page holds all."""


@dataclass(frozen=True)
class Findings:
    """Everything a report is made of."""

    title: str
    judgement: Judgement
    weighing: Weighing
    gates: Sequence[GateResult]
    metrics: Mapping[str, float]
    certificate: Mapping[str, Any]
    settings: str
    """Resolved settings as YAML."""
    further: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    """What challengers add, by name."""
    fidelity: FidelityReport | None = None
    """The people held against the documents; None where no document speaks of them."""
    recourse: Mapping[str, float] = field(default_factory=dict)
    """What advice for a few refused people is worth; empty where nobody was asked for."""


def write_report(findings: Findings, folder: Path) -> None:
    """Write pictures, tables and ``report.html`` into a folder."""
    pictures, tables = _pictures(findings), _tables(findings)
    page = report_page(findings.title, pictures, tables, findings.settings, findings.certificate)
    for name, content in pictures.items():
        _write(folder / "plots" / f"{name}.png", content)
    for name, table in tables.items():
        _write(folder / "tables" / f"{name}.csv", table.to_csv(index=False).encode())
    challengers = tables["challengers"].to_json(orient="records", indent=2, force_ascii=False)
    weights = findings.weighing.recovery.to_json(orient="records", indent=2, force_ascii=False)
    _write(folder / "tables" / "weight_recovery.json", weights.encode())
    _write(folder / "tables" / "challengers.json", challengers.encode())
    _write(folder / "report.html", page.encode())
    _write(folder / "settings.yaml", findings.settings.encode())
    _write(folder / "birth_certificate.json", json.dumps(findings.certificate, indent=2, ensure_ascii=False).encode())


def headline_table(metrics: Mapping[str, float]) -> pd.DataFrame:
    """Give ``what``, ``model``, ``ceiling`` and ``plain`` of the figures looked at first; NaN where there is none."""
    rows = [
        {
            "what": what,
            "model": metrics.get(name.format("test"), float("nan")),
            "ceiling": metrics.get(name.format("ceiling"), float("nan")),
            "plain": metrics.get(plain, float("nan")),
        }
        for what, name, plain in HEADLINES
    ]
    return pd.DataFrame(rows)


def note_of(findings: Findings) -> str:
    """Write the run's description in markdown: headline figures, weights by dimension, gates."""
    gates = [f"- {'passed' if gate.passed else '**FAILED**'} {gate.name}: {gate.why}" for gate in findings.gates]
    tables = (headline_table(findings.metrics), findings.weighing.dimensions)
    statement = f"**{findings.certificate['statement']}**"
    return "\n".join([statement, "", *(line for table in tables for line in _markdown(table)), *gates])


def _markdown(table: pd.DataFrame) -> Iterator[str]:
    yield "| " + " | ".join(str(name).replace("_", " ") for name in table.columns) + " |"
    yield "|---" * len(table.columns) + "|"
    for row in table.to_numpy(dtype=object):
        yield "| " + " | ".join(spell(cell) if isinstance(cell, float) else str(cell) for cell in row) + " |"
    yield ""


def _pictures(findings: Findings) -> dict[str, bytes]:
    seen, judged = findings.judgement.seen, findings.judgement
    grants, eligible = seen.grants.get("test"), seen.is_eligible
    weighing = findings.weighing
    shares = weighing.dimensions.set_index("dimension")
    drawn = {
        "ranking": roc_plot(seen.label, seen.chances),
        "ranking_eligible": roc_plot(seen.label[eligible], {who: s[eligible] for who, s in seen.chances.items()}),
        "calibration_eligible": reliability_plot(seen.label[eligible], seen.chances["test"][eligible]),
        "contributions": swarm_plot(weighing.contributions, weighing.values, weighing.features),
        "weights_by_dimension": dimension_plot(shares.rename(columns=lambda name: name.replace("_", " "))),
        "stability": stability_plot(judged.score_stability),
    }
    if grants is not None and grants.low is not None and grants.high is not None:
        drawn["first_grant"] = quota_plot(grants.actual, grants.predicted, grants.low, grants.high)
    return {name: _png(figure) for name, figure in drawn.items()}


def _tables(findings: Findings) -> dict[str, pd.DataFrame]:
    judged = findings.judgement
    columns = ["name", "metric", "value", "passed", "why"]
    return {
        "headlines": headline_table(findings.metrics),
        "weights_by_dimension": findings.weighing.dimensions,
        **_recourse(findings.recourse),
        **_fidelity(findings.fidelity),
        "weight_recovery": findings.weighing.recovery,
        "quota_weights_by_factor": findings.weighing.quota,
        "gates": pd.DataFrame([asdict(gate) for gate in findings.gates], columns=columns),
        "challengers": judged.challengers,
        "slices_invite": judged.invite.slices,
        **({"slices_quota": judged.quota.slices} if judged.quota else {}),
        "interval_by_slice": judged.interval,
        "directions": _directions(judged.proofs),
        "stability_by_month": judged.score_stability,
        "stability_by_column": month_by_month(judged.column_stability),
        **findings.further,
    }


def _recourse(shares: Mapping[str, float]) -> dict[str, pd.DataFrame]:
    rows = [
        {"what": what, "value": f"{shares[name]:.0%}" if name.endswith("share") else f"{shares[name]:,.0f}"}
        for name, what in RECOURSE if name in shares
    ]
    return {"recourse": pd.DataFrame(rows)} if rows else {}


def _fidelity(report: FidelityReport | None) -> dict[str, pd.DataFrame]:
    if report is None:
        return {}
    judged, undecided, outside = len(report.findings), len(report.undecided), len(report.outside)
    summary = [
        ("targets", f"{judged:,}"), ("within their tolerance", f"{judged - undecided - outside:,}"),
        ("undecided, these people being too few", f"{undecided:,}"), ("outside", f"{outside:,}"),
        ("farthest, in tolerances (1 is the edge)", short(report.metrics.get("fidelity.worst", float("nan")))),
        ("impossible people", f"{report.impossible.rows:,} of {report.impossible.people:,}"),
    ]
    worst = [
        {
            "what": one.label_en, "document": one.document, "section": one.section,
            "wanted": f"{BOUNDS[one.bound]}{short(one.wanted, one.unit)}", "got": short(one.got, one.unit),
            "interval": f"{short(one.low, one.unit)} to {short(one.high, one.unit)}",
            "distance": abs(one.distance), "verdict": one.verdict,
        }
        for one in report.findings[:WORST]
    ]
    return {
        "population_fidelity": pd.DataFrame(summary, columns=["what", "value"]),
        "population_fidelity_worst": pd.DataFrame(worst),
    }


def _directions(proofs: Mapping[str, Proof]) -> pd.DataFrame:
    rows = [
        {"model": name, "column": verdict.column, "direction": verdict.direction, "outcome": verdict.outcome,
         "failing_trees": verdict.failing_trees}
        for name, proof in proofs.items() for verdict in proof.verdicts
    ]
    return pd.DataFrame(rows, columns=["model", "column", "direction", "outcome", "failing_trees"])


def _png(figure: "Figure") -> bytes:
    buffer = BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
