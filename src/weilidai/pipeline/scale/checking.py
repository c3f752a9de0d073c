"""The check of stored parameters on very many unseen people, who are nowhere all at once."""

from collections.abc import Mapping, Sequence

import numpy as np

from weilidai.errors import ConfigError
from weilidai.facts import Book
from weilidai.matching import REFERENCE_REGIME, MatchSettings
from weilidai.matching.adding_up import Measured, Part, Told, add_up, chosen, tell
from weilidai.matching.crowd import Crowd, joined
from weilidai.matching.fidelity import GROUPS, Finding, finding, jackknife, measured, worst_first
from weilidai.matching.run import Standing
from weilidai.matching.simulated import marks_of, unseen_crowd
from weilidai.matching.standing import stale_numbers, stale_targets
from weilidai.noise import BLOCK
from weilidai.parameters import Parameters
from weilidai.pipeline.scale.cluster import Workers
from weilidai.progress import Advance

SAMPLE: int = 50
"""People on whom it is tried whether a moment follows from its sums."""
Reads = frozenset[tuple[str, str]]


def check_on_workers(
    workers: Workers, parameters: Parameters, book: Book, settings: MatchSettings, advance: Advance
) -> Standing:
    """Tell whether the reference's stored parameters still hold, judged on people of whom each worker makes some.

    Parameters
    ----------
    workers
        Who makes and measures the people.
    parameters, book
        What is judged, and by what.
    settings
        Number and seed of the people.
    advance
        Told the number of people measured, three times over: for two rounds of sums, and for the rest.

    Raises
    ------
    ConfigError
        The parameters are of another regime than the reference.
    """
    if parameters.regime != REFERENCE_REGIME:
        raise ConfigError("workers check the reference only", where=f"--regime {parameters.regime}",
                          cure="leave --scale out; a regime is held against the same people in the reference")
    found = judge_on_workers(workers, parameters, book, settings, advance)
    return Standing(stale_numbers(parameters, book), found, retargeted=stale_targets(parameters, book))


def judge_on_workers(
    workers: Workers, parameters: Parameters, book: Book, settings: MatchSettings, advance: Advance
) -> list[Finding]:
    """Measure every target on unseen people, worst first; the same people as in one process."""
    targets, marks, seed = book.targets(), marks_of(parameters, book), settings.check_seed
    pieces = pieces_of(settings.check_people, workers.settings.partition_people)
    shared, done = workers.share((parameters, seed, marks)), 0

    def count(number: int) -> None:
        nonlocal done
        done += len(pieces[number]) * BLOCK
        advance(done)

    def ask(known: Mapping[str, Sequence[float]]) -> list[Mapping[str, Told]]:
        told: dict[int, Mapping[str, Told]] = {}
        for number, answer in workers.do(tell_of, pieces, shared, known):
            told[number] = answer
            count(number)
        return [told[number] for number in range(len(pieces))]

    first = Part.of(unseen_crowd(parameters, seed, range(1), marks).part(np.arange(BLOCK) < SAMPLE), 0)
    added, others = add_up([target.moment for target in targets], ask, first)
    kept: dict[int, Crowd] = {}
    for number, crowd in workers.do(columns_of, pieces, shared, frozenset().union(*others.values())):
        kept[number] = crowd
        count(number)
    gathered = _on_whole(joined([kept[number] for number in range(len(pieces))]), others)
    known = {**added, **gathered}
    rows = ((target, known[target.moment]) for target in targets)
    return worst_first(finding(book, t, one.value, float(jackknife(one.without))) for t, one in rows)


def pieces_of(people: int, at_once: int) -> list[range]:
    """Cut people into ranges of blocks; whole blocks, as one process makes them."""
    blocks, step = -(-people // BLOCK), max(at_once // BLOCK, 1)
    return [range(start, min(start + step, blocks)) for start in range(0, blocks, step)]


def tell_of(
    numbers: range, shared: tuple[Parameters, int, Mapping[str, float]], known: Mapping[str, Sequence[float]]
) -> dict[str, Told]:
    """Make the people of some blocks and say what they know of each moment."""
    return tell(Part.of(_crowd(numbers, shared), numbers.start * BLOCK), known)


def columns_of(numbers: range, shared: tuple[Parameters, int, Mapping[str, float]], reads: Reads) -> Crowd:
    """Make the people of some blocks and give the columns that some moments read."""
    return chosen(_crowd(numbers, shared), reads)


def _crowd(numbers: range, shared: tuple[Parameters, int, Mapping[str, float]]) -> Crowd:
    parameters, seed, marks = shared
    return unseen_crowd(parameters, seed, numbers, marks)


def _on_whole(crowd: Crowd, others: Mapping[str, Reads]) -> dict[str, Measured]:
    """Measure the moments that do not add up on their columns of all people."""
    if not others:
        return {}
    people = len(next(values for arrays in (crowd.columns, crowd.weights) for values in arrays.values()))
    group = np.arange(people) % GROUPS
    rest = (crowd.part(group != left_out) for left_out in range(GROUPS))  # one after the other: each is almost a copy
    without = np.array([[measured(name, part) for name in others] for part in rest])
    return {name: Measured(measured(name, crowd), without[:, place]) for place, name in enumerate(others)}
