"""The model card: what a saved model is, how good it is and where it ends, written from the model itself.

Every training keeps one beside its report. ``python -m weilidai.pipeline.model_card [URI]`` writes
``docs/model_card.md`` anew, from the champion unless another model is named, and adds what the studies of the same
store found; no figure in it is typed by hand.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from weilidai.columns import CATALOGUE
from weilidai.evaluation.slices import SLICES
from weilidai.inference.signature import input_fields
from weilidai.models.bundle import Bundle
from weilidai.pipeline.birth import STATEMENT
from weilidai.pipeline.card_studies import find_runs, studies_section
from weilidai.pipeline.card_tables import ranged, span, table
from weilidai.pipeline.card_words import (
    CALIBRATION,
    CHALLENGERS,
    FAIRNESS,
    HEADLINES,
    PICTURES,
    REASONS,
    STABILITY,
    Told,
)
from weilidai.pipeline.reporting import HEADLINES as MEASURED
from weilidai.pipeline.reporting import RECOURSE, headline_table
from weilidai.places import project_root
from weilidai.tracking.listing import RunRow
from weilidai.tracking.versions import find_version

CHAMPION: Final = "models:/weilidai@champion"
REGISTERED: Final = ("models:/", "runs:/")
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
models apart. The test is on months later than any the model has learnt from, as it would be used."""
PLAIN: Final = "The plain model is a points card of weights of evidence, and for grants a straight line."
AGAINST: Final = """\
## Against other models

What the model gains on each, with the interval of a bootstrap over people; below zero the other model is better, and
an interval that holds zero tells no winner.
"""
DIRECTIONS: Final = """\
## Directions

Whether more of a column ever moves a score against its documented direction, decided over all trees, not by sampling.
Good is that every claim is proved: nobody is then refused for what the documents hold in a person's favour.
"""
PRICED: Final = """\
It is what the same trees have more on the test when they are free; near 0 the directions cost nothing, below 0 they
even help."""
WEIGHTS: Final = """\
## Weights

What each dimension weighs among the eligible: in the documents, in the simulator's own decisions, and in the model's.
The scale is that on which the dimensions with a documented weight add up to 1; good is a model within 0.02 of the truth
on each of these."""
MOVES: Final = """\
## Stability

How far the people of the test have moved away from those learnt from, month by month."""
FILES: Final = """\
## Pictures and tables

Kept with the run of the training, under these names:
"""
ADVICE: Final = """
Advice sought for a few refused people of the test, one or two actions, and tried in the simulator:
"""
GAPS: Final = """
Documented conditions and weights differ between groups, so shares of invitations do, too; a gap here is the simulated
policy's before it is the model's."""


def model_card(bundle: Bundle, studies: Mapping[str, RunRow | None] | None = None, run_id: str = "") -> str:
    """Write the card of a saved model as markdown.

    Parameters
    ----------
    bundle
        The model; its birth certificate holds the metrics and proofs of the run it comes from.
    studies
        What to tell of studies, as from :func:`weilidai.pipeline.card_studies.find_runs`; None leaves them out.
    run_id
        The run it comes from; empty when nobody knows it.
    """
    certificate = bundle.birth_certificate
    metrics: Mapping[str, float] = certificate.get("metrics", {})
    use, limits = (USE, LIMITS) if bundle.own_table is None else (OWN_USE, OWN_LIMITS)
    parts = (
        _head(bundle, certificate, run_id), use.splitlines(), _goodness(metrics), _challengers(metrics),
        _calibration(metrics), _directions(certificate.get("monotone", {}), metrics), _stability(certificate, metrics),
        _fairness(bundle, certificate, metrics), _weights(metrics), _reasons(metrics),
        () if studies is None else studies_section(studies, certificate), _files(metrics), limits.splitlines(),
        _inputs(bundle),
    )
    written = ("\n".join(part).strip() for part in parts)
    return "\n\n".join(part for part in written if part) + "\n"


def _head(bundle: Bundle, certificate: Mapping[str, Any], run_id: str) -> Iterator[str]:
    yield from ("# Model card", "", f"**{certificate.get('statement', STATEMENT)}**", "")
    yield "Written from the saved model; every figure is of the run it comes from, on people of the test."
    yield from ("", "## What it is", "")
    called = {"invite": "invite", "quota": "first grant", "rate": "daily rate"}
    trees = ", ".join(f"{called[name]} {model.booster.num_trees():,}" for name, model in bundle.models.items())
    rules, versions = bundle.invite.eligibility, certificate.get("versions", {})
    yield from table(("", ""), (
        ("models", f"LightGBM trees held to documented directions: {trees}"),
        ("policy", "none: everybody is looked at" if rules.is_open else
         f"{len(rules.rules)} hard conditions and a score of {len(rules.scorecard.items)} parts"),
        ("reads", f"{len(bundle.columns)} columns; the invite model {len(bundle.invite.features.names)}"),
        ("invites from", f"probability {bundle.invite.threshold:.4f}"),
        ("learnt from", _population(certificate)),
        *((("run", f"`{run_id}`"),) if run_id else ()),
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
    yield from (*(CEILING if has_ceiling else NO_CEILING).splitlines(), PLAIN)
    yield ""
    told = headline_table(metrics)[["what", "model", "ceiling", "plain"]].itertuples(index=False)
    rows = ((*row, HEADLINES[metric]) for row, (_, metric, _) in zip(told, MEASURED, strict=True))
    yield from table(("on people of the test", "model", "ceiling", "plain model", "what it is"), rows)
    yield ""
    names = ("test.invite_eligible.auc", "share_of_ceiling.invite_eligible.auc", "share_of_ceiling.quota.r2")
    yield " ".join(f"{text}." for text in (ranged(metrics, name) for name in names) if text)
    if has_ceiling:
        yield "The share of the ceiling counts an AUC from 0.5, which is a coin; 1 is all there is to be had."


def _challengers(metrics: Mapping[str, float]) -> Iterator[str]:
    yield from (*AGAINST.splitlines(), "")
    names = sorted(name for name in metrics if name.startswith("gain.") and not name.endswith(("_low", "_high")))
    told = [(*_split(name), name) for name in names if name.endswith(("invite_eligible.auc", "quota.r2"))]
    rows = ((model.replace("_", " "), figure, metrics[name], span(metrics, name), CHALLENGERS.get(model, ""))
            for model, figure, name in told)
    yield from table(("model", "figure", "gain", "interval", "what it is"), rows)


def _calibration(metrics: Mapping[str, float]) -> Iterator[str]:
    yield from ("## Calibration", "", "Whether probabilities and intervals may be taken at their word.", "")
    rows = ((one.what, metrics[one.metric], metrics.get(one.floor, float("nan")), one.meaning) for one in CALIBRATION
            if one.metric in metrics)
    yield from table(("", "model", "by chance alone", "what it is"), rows)


def _directions(proofs: Mapping[str, Any], metrics: Mapping[str, float]) -> Iterator[str]:
    yield from (*DIRECTIONS.splitlines(), "")
    rows = ((name, proof["claims"], proof["proved"], len(proof["not_proved"])) for name, proof in proofs.items())
    yield from table(("model", "claims", "proved", "not proved"), rows)
    prices = [f"{name.removeprefix('monotone.price.')} {round(value, 4) + 0.0:+.4f}" for name, value in metrics.items()
              if name.startswith("monotone.price.")]
    if prices:
        yield from ("", f"Price of holding them: {', '.join(prices)}.", PRICED)


def _stability(certificate: Mapping[str, Any], metrics: Mapping[str, float]) -> Iterator[str]:
    if not any(one.metric in metrics for one in STABILITY):
        return
    yield from (*MOVES.splitlines(), "")
    yield from _meant(STABILITY, metrics)
    numbers = sorted(int(name.rpartition("_")[2]) for name in metrics if name.startswith("test.invite.psi.month_"))
    if numbers:
        rows = ((number, metrics[f"test.invite.psi.month_{number}"],
                 metrics.get(f"test.columns.csi_max.month_{number}", float("nan"))) for number in numbers)
        yield ""
        yield from table(("month of the test", "score", "column that moved most"), rows)
    if moved := certificate.get("moved_most"):
        yield from ("", f"The column that moved most in any month is `{moved['column']}`, in {moved['month']}.")


def _fairness(bundle: Bundle, certificate: Mapping[str, Any], metrics: Mapping[str, float]) -> Iterator[str]:
    yield from ("## Groups", "")
    own = certificate.get("settings", {}).get("evaluation", {}).get("protected", ())
    kept_out = [name for factor in bundle.factors.factors.values() if factor.is_protected for name in factor.columns]
    protected = ", ".join(f"`{name}`" for name in dict.fromkeys((*kept_out, *own))) or "none"
    groups = f"{', '.join(name.replace('_', ' ') for name in SLICES)} (which tells those the bureau does not know)"
    if bundle.own_table is not None:
        groups = ", ".join(f"`{one.name}`" for one in bundle.own_table.slices) or "none"
    yield f"Never a feature of any model: {protected}. Groups: {groups}."
    yield ""
    yield from _meant(FAIRNESS, metrics)
    yield from GAPS.splitlines() if bundle.own_table is None else ()


def _weights(metrics: Mapping[str, float]) -> Iterator[str]:
    names = [name.split(".")[1] for name in metrics if name.startswith("weight.") and name.endswith(".oracle")]
    if not names:
        return
    yield from (*WEIGHTS.splitlines(), "")
    nan, ends = float("nan"), ("documented", "oracle", "model", "difference")
    rows = ((name.replace("_", " "), *(metrics.get(f"weight.{name}.{end}", nan) for end in ends),
             span(metrics, f"weight.{name}.difference")) for name in names)
    yield from table(("dimension", "documented", "truth", "model", "model less truth", "interval"), rows)


def _reasons(metrics: Mapping[str, float]) -> Iterator[str]:
    yield from ("## Reasons", "")
    if not any(one.metric in metrics for one in REASONS):
        yield "Not held against a truth, which nobody knows here."
        return
    yield from ("How often the strongest contributions agree with the simulator's own:", "")
    yield from _meant(REASONS, metrics)
    rows = [(what, metrics[f"recourse.{name}"]) for name, what in RECOURSE if f"recourse.{name}" in metrics]
    if rows:
        yield from (*ADVICE.splitlines(), "")
        yield from table(("", "share of people"), rows)


def _meant(told: Sequence[Told], metrics: Mapping[str, float]) -> Iterator[str]:
    rows = ((one.what, metrics[one.metric], one.meaning) for one in told if one.metric in metrics)
    yield from table(("", "figure", "what it is"), rows)


def _files(metrics: Mapping[str, float]) -> Iterator[str]:
    yield from FILES.splitlines()
    yield from ("", *(f"- `{name}`: {shows}" for name, (shows, needed) in PICTURES.items()
                      if not needed or needed in metrics))


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
    yield from table(("column", "kind", "may be left out", "meaning"), rows)


def _split(name: str) -> tuple[str, str]:
    _, model, figure = name.split(".", 2)
    return model, figure


def main() -> None:
    """Write ``docs/model_card.md`` of the project."""
    from weilidai.config import load_settings
    from weilidai.inference.loading import load_model

    tracking, uri = load_settings().settings.tracking, sys.argv[1] if len(sys.argv) > 1 else CHAMPION
    bundle = load_model(uri, tracking_uri=tracking.uri).bundle
    run_id = find_version(tracking, uri).run_id if uri.startswith(REGISTERED) else ""
    card = model_card(bundle, find_runs(tracking), run_id)
    (project_root() / "docs" / "model_card.md").write_text(card, encoding="utf-8")


if __name__ == "__main__":
    main()
