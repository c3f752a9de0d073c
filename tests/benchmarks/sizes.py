"""How much is measured: the whole, about a fifth, and little enough for the tests."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """People and repeats of each part."""

    people: int
    learning_people: int
    trees: int
    reason_people: int
    few_on_disk: int
    many_on_disk: int
    calls: int
    threads: int
    repeats: int


WHOLE = Size(
    people=1_000_000, learning_people=200_000, trees=3000, reason_people=100_000,
    few_on_disk=2_000_000, many_on_disk=20_000_000, calls=200, threads=2, repeats=5,
)
FIFTH = Size(
    people=200_000, learning_people=60_000, trees=3000, reason_people=20_000,
    few_on_disk=400_000, many_on_disk=2_000_000, calls=200, threads=2, repeats=5,
)
QUICK = Size(
    people=5_000, learning_people=9_000, trees=10, reason_people=200,
    few_on_disk=5_000, many_on_disk=20_000, calls=5, threads=1, repeats=1,
)
SIZES = {"whole": WHOLE, "fifth": FIFTH, "quick": QUICK}
