"""What the studies, searches and weight experiments of a store found, as a section of the model card.

The newest run that ended well speaks; whatever was never run is named with the command that runs it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from weilidai.pipeline.card_tables import span, table
from weilidai.places import configs_dir
from weilidai.tracking.listing import RunRow, find_finished
from weilidai.tracking.settings import TrackingSettings

HEAD: Final = """\
## Studies

What one training cannot tell, each from the newest run of its kind in the same store; the figures are that run's
metrics, under the names given, and its tables and pictures lie with it."""
PEOPLE: Final = ("rows", "data.rows", "most", "people")
SEED: Final = ("seed", "data.seed")
"""Parameters of a run that tell how many people it took and which, the first that is there."""
EACH: Final = "*"
"""Part of a metric's name that differs from line to line; what is said of it names it."""
WEIGHTS: Final = "weight.seeds.worst_difference"


@dataclass(frozen=True)
class Kind:
    """A kind of run that the card tells of."""

    title: str
    command: str
    tags: Mapping[str, str]
    """By which its runs are found."""
    figures: Sequence[tuple[str, str]]
    """What is told and its metric; ``*`` in both stands for every name that is there."""
    meaning: str
    """What the figures mean and what is good, a sentence or two."""
    measured: Sequence[str] = field(default=())
    """Metrics without which a run is none of this kind."""


_STUDIES: Final = (
    Kind(
        "Why the models fall short of the truth", "weilidai study gap", {"kind": "study gap"}, (
            ("invite among the eligible, AUC short of the truth's", "gap.invite_auc.total"),
            ("first grant, R2 short of the truth's", "gap.quota_r2.total"),
            ("invite, log-loss above the truth's", "gap.invite_logloss.total"),
            ("of that: calibration", "gap.invite_logloss.calibration"),
            ("of that: too few people", "gap.invite_logloss.sample_size"),
            ("of that: columns not read", "gap.invite_logloss.hidden_columns"),
            ("of that: bounds on the trees", "gap.invite_logloss.settings"),
            ("of that: the form of trees", "gap.invite_logloss.model_form"),
        ),
        "0 is the truth itself; the causes add up to the whole, and one below 0 means that taking it away made the "
        "model worse.",
    ),
    Kind(
        "What more people would bring", "weilidai study learning-curve", {"kind": "study learning_curve"}, (
            ("share of the ceiling reached, (AUC - 0.5), most people", "curve.invite.share_of_ceiling"),
            ("invite, log-loss above the truth's, most people", "curve.invite.excess_logloss"),
            ("the same, however many people", "curve.invite.excess_logloss.floor"),
            ("first grant, R2 below the truth's, most people", "curve.quota.excess_r2"),
            ("the same, however many people", "curve.quota.excess_r2.floor"),
            ("weight-of-evidence scorecard, log-loss above the truth's", "curve.woe_scorecard.invite.excess_logloss"),
        ),
        "A floor well below the figure means that people are lacking, a floor near it that more of them would not "
        "help; the interval is from the lowest to the highest population.",
    ),
    Kind(
        "How long it stays good", "weilidai study stability", {"kind": "study stability"}, (
            ("{}: AUC of the model learnt before", "stability.*.auc"),
            ("{}: AUC gained by learning anew", "stability.*.gain"),
            ("{}: stability index of the score, the worst month", "stability.*.psi"),
            ("{}: Home Credit stability score", "stability.*.stability_score"),
        ),
        "A gain whose interval lies above 0 says that learning anew pays under that regime; an index above 0.25 would "
        "have told so without outcomes. The stability score is the mean Gini less its fall and its wobble by month.",
    ),
    Kind(
        "How fair it is", "weilidai study fairness", {"kind": "study fairness"}, (
            ("widest gap of a group in the share of the invited that is reached", "fairness.reached_gap_max"),
            ("widest gap of a group in the share that is selected", "fairness.selected_gap_max"),
            ("widest gap in price at equal true risk, lender, basis points a year", "fairness.price_gap_bp_max"),
            ("widest gap in price at equal true risk, model, basis points a year", "fairness.model_price_gap_bp_max"),
            ("planted gap in price that is found in every group, basis points", "fairness.detectable_bp_max"),
            ("AUC gained by letting the model read the protected columns", "fairness.auc_gain.with"),
            ("AUC gained by keeping all of them from it", "fairness.auc_gain.without"),
        ),
        "0 is parity; the widest of many groups lies above 0 by chance alone, for which its interval makes no "
        "allowance, and a gap in price below the planted one that is found may be none. AUC is among the eligible, "
        "against the model as configured; below 0 is the price of protection.",
    ),
    Kind(
        "What learning from those let in alone costs", "weilidai study reject-inference",
        {"kind": "study selective_labels"}, (
            ("default risk, AUC on everybody, learnt from those who opened", "selective_labels.sees_all.none.auc"),
            ("the same, learnt from everybody's outcome", "selective_labels.sees_all.all_outcomes.auc"),
            ("the same, the truth", "selective_labels.sees_all.truth.auc"),
            ("{}: AUC gained, the learner sees what the lender sees", "selective_labels.sees_all.*.auc_gain"),
            ("{}: AUC gained, the lender selects by what it does not see", "selective_labels.sees_less.*.auc_gain"),
        ),
        "A method helps when the interval of its gain over doing nothing (none) lies above 0; all_outcomes and truth "
        "are what no lender has.",
    ),
    Kind(
        "Whether reasons are right", "weilidai study reasons", {"kind": "study reasons"}, (
            ("{}: main adverse reason right, by dimension", "reasons.*.main_dimension"),
            ("{}: four adverse reasons right, by dimension", "reasons.*.four_dimensions"),
            ("{}: sign right, of factors above 5 %", "reasons.*.sign"),
            ("{}: same main dimension after learning from other people", "reasons.*.same_main_dimension"),
            ("{}: largest error of a sum, log-odds", "reasons.*.sum_error"),
        ),
        "Shares of unseen eligible people, for each way of sharing out a score; wanted are 0.9, 0.9, 0.99 and 0.85, "
        "and sums exact to a millionth.",
    ),
    Kind(
        "What advice is worth", "weilidai study recourse --model models:/weilidai@champion",
        {"kind": "study recourse"}, (
            ("advice found", "recourse.found_share"), ("certified that there is none", "recourse.none_share"),
            ("undecided", "recourse.undecided_share"),
            ("cheapest plan improves the truth", "recourse.true_improvement_share"),
            ("advice shown first improves the truth", "recourse.shown_improves_share"),
            ("missed, against trying every one and two actions", "recourse.missed_share"),
            ("plans that cannot be", "recourse.impossible_share"),
            ("milliseconds, 95 of 100 people take less", "recourse.ms_p95"),
        ),
        "Shares of the people asked for; good is nothing missed, nothing impossible and little undecided, and advice "
        "that helps in truth and not only in the model.",
    ),
)
_SEARCH_FIGURES: Final = (
    ("defaults: {} on people of later months", "search.default.*"), ("best trial: {}", "search.best.*"),
    ("gained by the best trial", "search.gain"), ("trials", "search.trials"),
)
_SEARCHES: Final = tuple(
    Kind(
        f"Whether better settings are missed, {called}", f"weilidai sweep configs/sweep/{name}.yaml",
        {"kind": "search", "model": name}, _SEARCH_FIGURES,
        "The defaults are good enough when the upper end of the gain is small; both were judged on people no trial "
        "had seen.",
    )
    for name, called in (("invite", "invite"), ("quota", "first grant"))
)
_WEIGHT_FIGURES: Final = (
    ("weight of the dimension furthest off, any seed", WEIGHTS),
    ("weight of {} less the truth's", "weight.*.seeds.difference"),
    ("main adverse reason right, by documented dimension", "explain.agreement.main_documented_dimension.seeds.mean"),
    ("the same, the worst seed", "explain.agreement.main_documented_dimension.seeds.worst"),
    ("main adverse reason right, by dimension", "explain.agreement.main_dimension.seeds.mean"),
    ("sign right, of factors above 5 %, the worst seed", "explain.agreement.sign.seeds.worst"),
)


def kinds() -> tuple[Kind, ...]:
    """Give everything the section tells of: studies, searches, and a training for each named scorecard."""
    names = sorted(file.stem for file in (configs_dir() / "experiments" / "weights").glob("*.yaml"))
    weights = tuple(
        Kind(
            f"Whether documented weights come back, {name.replace('_', ' ')}",
            f"weilidai train configs/experiments/weights/{name}.yaml", {"kind": "train", "policy": name},
            _WEIGHT_FIGURES,
            "A difference of 0.02 is two points of weight, and no more is wanted; the interval is over seeds.",
            (WEIGHTS,),
        )
        for name in names
    )
    return (*_STUDIES, *_SEARCHES, *weights)


def find_runs(tracking: TrackingSettings) -> dict[str, RunRow | None]:
    """Give, by title, the newest run of each kind that ended well; None where there is none.

    Raises
    ------
    StoreError
        The store does not answer.
    """
    return {kind.title: find_finished(tracking, kind.tags, kind.measured) for kind in kinds()}


def studies_section(found: Mapping[str, RunRow | None], digests: Mapping[str, str]) -> Iterator[str]:
    """Write the section.

    Parameters
    ----------
    found
        Title of a kind -> its run, as from :func:`find_runs`.
    digests
        ``facts_digest`` of the model on the card, to tell which runs are of an older state of the documents.
    """
    yield from HEAD.splitlines()
    for kind in kinds():
        yield from ("", f"### {kind.title}", "")
        run = found.get(kind.title)
        yield from _told(kind, run, digests) if run else (f"Not run yet: `{kind.command}`.",)


def _told(kind: Kind, run: RunRow, digests: Mapping[str, str]) -> Iterator[str]:
    date = f", {run.started:%Y-%m-%d}" if run.started else ""
    people, seed = (next((run.params[one] for one in names if one in run.params), "") for names in (PEOPLE, SEED))
    counted = f", {int(people):,} people" if people.isdigit() else ""
    yield f"`{kind.command}`: run `{run.id[:8]}`{date}{counted}{f', seed {seed}' if seed else ''}."
    if run.tags.get("facts_digest", digests.get("facts_digest")) != digests.get("facts_digest"):
        yield "It was run with another state of the facts than the model on this card."
    yield ""
    rows = ((what, f"`{name}`", run.metrics[name], span(run.metrics, name))
            for told, metric in kind.figures for what, name in _named(told, metric, run.metrics))
    yield from table(("", "metric", "figure", "interval"), rows)
    yield from ("", kind.meaning)


def _named(what: str, metric: str, metrics: Mapping[str, float]) -> Iterator[tuple[str, str]]:
    """Give what is said and the metric's full name, of all that are there and fit."""
    fits = re.compile(re.escape(metric).replace(re.escape(EACH), r"([^.]+)"))
    for name in metrics:
        match = fits.fullmatch(name)
        if match and not name.endswith(("_low", "_high")):
            yield what.format(*(part.replace("_", " ") for part in match.groups())), name
