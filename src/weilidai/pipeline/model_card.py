"""The model card: what a saved model is, how good it is and where it ends, written from the model itself.

Every training keeps one beside its report. ``python -m weilidai.pipeline.model_card [URI]`` writes
``docs/model_card.md`` anew, from the champion unless another model is named; no figure in it is typed by hand.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from weilidai.columns import CATALOGUE
from weilidai.inference.signature import input_fields
from weilidai.models.bundle import Bundle
from weilidai.pipeline.birth import STATEMENT
from weilidai.pipeline.report_page import spell
from weilidai.pipeline.reporting import headline_table
from weilidai.pipeline.studies.protection import PRICE
from weilidai.places import project_root

CHAMPION: Final = "models:/weilidai@champion"
DIGESTS: Final = ("facts", "parameters", "table", "mapping", "settings")
NO_CEILING: Final = (
    "There is no ceiling: these people come from a table, and nobody knows the truth behind it. "
    "How much better a model could be stays open."
)
USE: Final = """\
## What it is for

To try out methods of reasons, recourse, fairness, reject inference or limit setting on decisions whose truth is
known, to teach, and to compare credit models. One call gives the chance of an invitation, the first grant with an
interval, the daily rate and the grade, and on request up to four reasons that name document and section.

**Not for:** deciding about a living person; guessing what the bank would decide; claims about the bank's customers,
rates of approval or fairness; use outside the laboratory.
"""
LIMITS: Final = """\
## Where it ends

- It has learnt a simulated lender that follows five public articles. What they leave out is an assumption, and
  patterns are as simple as the articles are.
- Reasons tell what moved this model's score, not what causes repayment; an exact reason of a wrong model stays wrong.
- Grants and rates are learnt from people who opened the product, and are a guess for everybody else.
- A value outside the possible range is refused, not extrapolated; an unknown category counts as missing.
- The interval of a grant holds on average over people, and over the groups it is calibrated for; not for each person.
- It ages: the decisions of another regime or year are other decisions.
"""
OWN_USE: Final = """\
## What it is for

To rank and explain the people of the table it has learnt from, and people like them. The chance it tells is that of
the label its mapping calls good; `p_invite` and `is_invited` are the names of that chance and of the decision.
"""
OWN_LIMITS: Final = """\
## Where it ends

- No simulator stands behind it: nobody knows the true chance, so there is no ceiling and no check of the reasons.
- Reasons tell what moved this model's score, in the words of the mapping; no document is cited.
- A value outside the range of the mapping is refused, not extrapolated; an unknown code counts as missing.
- Split by people and not by time, a test says nothing of later months.
"""
CEILING: Final = """\
The ceiling is the score of the simulator's own probability on the same people: no model can do better on average.
Whoever fails a documented condition is told apart by rules alone; the figure among the eligible is the one that tells
models apart."""
CHALLENGERS: Final = """\
## Against other models

What the model gains on each, with the interval of a bootstrap over people; below zero the other model is better.
"""
DIRECTIONS: Final = """\
## Directions

Whether more of a column ever moves a score against its documented direction, decided over all trees, not by sampling.
"""
GAPS: Final = """
Documented conditions and weights differ between groups, so shares of invitations do, too; a gap here is the simulated
policy's before it is the model's."""
CALIBRATION: Final = (
    ("calibration error, everybody", "test.invite.ece", "test.invite.ece_floor"),
    ("calibration error, among the eligible", "test.invite_eligible.ece", "test.invite_eligible.ece_floor"),
    ("mean probability over share invited", "test.invite.mean_ratio", ""),
    ("distance from the true probability, among the eligible", "test.invite_eligible.ece_true", ""),
    ("grants inside their interval", "test.quota.coverage", ""),
    ("the same on average over all draws of the grants", "test.quota.coverage_true", ""),
    ("grant, mean bias as a share", "test.quota.bias_share", ""),
    ("a group's interval off its promise, beyond chance", "test.quota.slice_coverage_beyond_chance", ""),
    ("the same on average over all draws of the grants", "test.quota.slice_coverage_true_gap_max", ""),
)
"""What is measured, its metric, and the metric of what chance alone makes of it."""
FAIRNESS: Final = (
    ("ranking of the group ranked worst (AUC)", "test.invite.slice_auc_min"),
    ("largest gap between told and real share of invitations in a group", "test.invite.slice_gap_max"),
    ("lowest share of invitations of a group over the highest", "test.invite.slice_impact_ratio_min"),
    ("largest bias of the grant in a group, as a share", "test.quota.slice_bias_max"),
    ("lowest share of grants inside their interval in a group", "test.quota.slice_coverage_min"),
    ("what the protected columns of the settings would add to the ranking (AUC)", PRICE),
)
REASONS: Final = (
    ("main dimension as in the truth", "explain.agreement.main_dimension"),
    ("the same by the dimensions of the scorecard that decides", "explain.agreement.main_documented_dimension"),
    ("main factor as in the truth", "explain.agreement.main_factor"),
    ("sign as in the truth", "explain.agreement.sign"),
    ("of the four strongest factors, found", "explain.agreement.top_four"),
)


def model_card(bundle: Bundle) -> str:
    """Write the card of a saved model as markdown.

    Parameters
    ----------
    bundle
        The model; its birth certificate holds the metrics and proofs of the run it comes from.
    """
    certificate = bundle.birth_certificate
    metrics: Mapping[str, float] = certificate.get("metrics", {})
    use, limits = (USE, LIMITS) if bundle.own_table is None else (OWN_USE, OWN_LIMITS)
    parts = (
        _head(bundle, certificate), use.splitlines(), _goodness(metrics), _challengers(metrics), _calibration(metrics),
        _directions(certificate.get("monotone", {}), metrics), _fairness(bundle, certificate, metrics),
        _reasons(metrics), limits.splitlines(), _inputs(bundle),
    )
    return "\n\n".join("\n".join(part).strip() for part in parts) + "\n"


def _head(bundle: Bundle, certificate: Mapping[str, Any]) -> Iterator[str]:
    yield from ("# Model card", "", f"**{certificate.get('statement', STATEMENT)}**", "")
    yield "Written from the saved model; every figure is of the run it comes from, on people of the test."
    yield from ("", "## What it is", "")
    called = {"invite": "invite", "quota": "first grant", "rate": "daily rate"}
    trees = ", ".join(f"{called[name]} {model.booster.num_trees():,}" for name, model in bundle.models.items())
    rules, versions = bundle.invite.eligibility, certificate.get("versions", {})
    yield from _table(("", ""), (
        ("models", f"LightGBM trees held to documented directions: {trees}"),
        ("policy", "none: everybody is looked at" if rules.is_open else
         f"{len(rules.rules)} hard conditions and a score of {len(rules.scorecard.items)} parts"),
        ("reads", f"{len(bundle.columns)} columns; the invite model {len(bundle.invite.features.names)}"),
        ("invites from", f"probability {bundle.invite.threshold:.4f}"),
        ("learnt from", _population(certificate)),
        ("code", certificate.get("commit", "unknown")),
        *((f"digest of {name}", str(certificate[f"{name}_digest"])[:12]) for name in DIGESTS
          if f"{name}_digest" in certificate),
        ("made", certificate.get("created", "unknown")),
        ("made with", ", ".join(f"{name} {version}" for name, version in versions.items())),
    ))


def _population(certificate: Mapping[str, Any]) -> str:
    data = certificate.get("settings", {}).get("data", {})
    if data.get("source", "simulated") != "simulated":
        table = certificate.get("table", {})
        digest = str(certificate.get("table_digest", ""))[:12]
        return f"a table of one's own: {table.get('title_en')}, {table.get('rows', 0):,} rows, digest {digest}"
    return f"{data.get('rows', 0):,} people, seed {certificate.get('seed')}, regime {certificate.get('regime')}"


def _goodness(metrics: Mapping[str, float]) -> Iterator[str]:
    has_ceiling = any(name.startswith("ceiling.") for name in metrics)
    yield from ("## How good it is", "")
    yield from (CEILING if has_ceiling else NO_CEILING).splitlines()
    yield ""
    table = headline_table(metrics)
    rows = (tuple(row) for row in table[["what", "model", "ceiling", "plain"]].itertuples(index=False))
    yield from _table(("on people of later months", "model", "ceiling", "plain model"), rows)
    yield ""
    ranged = [_ranged(metrics, name) for name in ("test.invite_eligible.auc", "share_of_ceiling.invite_eligible.auc")]
    yield " ".join(f"{text}." for text in ranged if text)


def _challengers(metrics: Mapping[str, float]) -> Iterator[str]:
    yield from (*CHALLENGERS.splitlines(), "")
    names = sorted(name for name in metrics if name.startswith("gain.") and not name.endswith(("_low", "_high")))
    told = [name for name in names if name.endswith(("invite_eligible.auc", "quota.r2"))]
    rows = ((*_split(name), metrics[name], _span(metrics, name)) for name in told)
    yield from _table(("model", "figure", "gain", "interval"), rows)


def _calibration(metrics: Mapping[str, float]) -> Iterator[str]:
    yield from ("## Calibration", "")
    rows = ((what, metrics[name], metrics.get(floor, float("nan"))) for what, name, floor in CALIBRATION
            if name in metrics)
    yield from _table(("", "model", "by chance alone"), rows)


def _directions(proofs: Mapping[str, Any], metrics: Mapping[str, float]) -> Iterator[str]:
    yield from (*DIRECTIONS.splitlines(), "")
    rows = ((name, proof["claims"], proof["proved"], len(proof["not_proved"])) for name, proof in proofs.items())
    yield from _table(("model", "claims", "proved", "not proved"), rows)
    prices = [f"{name.removeprefix('monotone.price.')} {round(value, 4) + 0.0:+.4f}" for name, value in metrics.items()
              if name.startswith("monotone.price.")]
    yield from ("", f"Holding them costs, against the same trees without: {', '.join(prices)}.") if prices else ()


def _fairness(bundle: Bundle, certificate: Mapping[str, Any], metrics: Mapping[str, float]) -> Iterator[str]:
    yield from ("## Groups", "")
    own = certificate.get("settings", {}).get("evaluation", {}).get("protected", ())
    kept_out = [name for factor in bundle.factors.factors.values() if factor.is_protected for name in factor.columns]
    protected = ", ".join(f"`{name}`" for name in dict.fromkeys((*kept_out, *own))) or "none"
    groups = "age bands, city tiers, regions and kinds of user"
    if bundle.own_table is not None:
        groups = ", ".join(f"`{one.name}`" for one in bundle.own_table.slices) or "none"
    yield f"Never a feature of any model: {protected}. Groups: {groups}."
    yield ""
    yield from _table(("", "figure"), ((what, metrics[name]) for what, name in FAIRNESS if name in metrics))
    yield from GAPS.splitlines() if bundle.own_table is None else ()


def _reasons(metrics: Mapping[str, float]) -> Iterator[str]:
    yield from ("## Reasons", "")
    rows = [(what, metrics[name]) for what, name in REASONS if name in metrics]
    if not rows:
        yield "Not held against a truth, which nobody knows here."
        return
    yield from ("How often the strongest contributions agree with the simulator's own:", "")
    yield from _table(("", "share of people"), rows)


def _inputs(bundle: Bundle) -> Iterator[str]:
    yield from ("## What it reads", "", "Whatever may be left out counts as unknown; other columns are not read.", "")
    own = bundle.own_table
    meant = {name: column.label_en for name, column in CATALOGUE.items()}
    if own is not None:
        meant = {column.column: column.label_en for column in own.columns}
    rows = (
        (f"`{field.name}`", field.type, "" if field.is_required else "yes", meant.get(field.name, "who it is"))
        for field in input_fields(bundle.columns, own)
    )
    yield from _table(("column", "kind", "may be left out", "meaning"), rows)


def _ranged(metrics: Mapping[str, float], name: str) -> str:
    return f"`{name}` {metrics[name]:.4f}, interval {_span(metrics, name)}" if name in metrics else ""


def _span(metrics: Mapping[str, float], name: str) -> str:
    ends = [metrics.get(f"{name}_{end}") for end in ("low", "high")]
    return " to ".join(f"{end:.4f}" for end in ends if end is not None)


def _split(name: str) -> tuple[str, str]:
    _, model, figure = name.split(".", 2)
    return model.replace("_", " "), figure


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield "|---" * len(heads) + "|"
    for row in rows:
        yield "| " + " | ".join(spell(cell) if isinstance(cell, float) else str(cell) for cell in row) + " |"


def main() -> None:
    """Write ``docs/model_card.md`` of the project."""
    from weilidai.inference.loading import load_model

    bundle = load_model(sys.argv[1] if len(sys.argv) > 1 else CHAMPION).bundle
    (project_root() / "docs" / "model_card.md").write_text(model_card(bundle), encoding="utf-8")


if __name__ == "__main__":
    main()
