"""A small fact folder that each test may spoil in its own way."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from weilidai.columns import FEATURES, LEVELS
from weilidai.errors import ConfigError
from weilidai.facts import Book, load_book

FACTS = """\
document: D0
title_en: Why some have no entry
title_zh: 入口缺失的原因
facts:
  - id: D0.2.rate_high
    section: 2
    locator: sentence 2
    label_en: Share with the entry among the active
    label_zh: 活跃者中的比例
    kind: rate
    values: [0.45]
    unit: share
    universe: people with more than 8 opens a day
    role: fit
    factor: daily_open_count
    mechanism: invitation
    targets:
      - {moment: invited_share.active, tolerance: 0.02, why: given in whole percent}
  - id: D0.2.opens_mark
    section: 2
    locator: table 1, row 1
    label_en: Opens a day of people with the entry
    label_zh: 有入口者的日打开次数
    kind: threshold
    values: [8]
    unit: count_per_day
    universe: people with the entry
    role: rule
    mechanism: activity_filter
    sets: lender.invitation.opens.mark
  - id: D0.5.grant
    section: 5
    locator: sentence 1
    label_en: Range of the first grant
    label_zh: 首次额度区间
    kind: range
    values: [500, 30000]
    unit: cny
    universe: first grants
    period: "2021-"
    role: check
    mechanism: first_grant
    sets:
      - {path: lender.grant.low, value_index: 0}
      - {path: lender.grant.high, value_index: 1}
"""
CONFLICTS = """\
conflicts:
  - id: X.D0.opens
    facts: [D0.2.rate_high, D0.2.opens_mark]
    clash: the profile and the rate do not agree
    arithmetic: 45 % is less than all
    reading: the profile is typical
    alternatives: [the profile is a bound]
"""
ASSUMPTIONS = """\
assumptions:
  - id: A.population.friends
    path: population.friends
    values: {median: 190, kind: lognormal, shares: [0.2, 0.8]}
    why: the middle lies near the lower mark
    free:
      median: {sd: 10, low: 100, high: 300}
  - id: A.lender.intercept
    path: lender.intercept
    values: -0.2
    why: found by matching
    free: {sd: 1, low: -5, high: 5, start: 0}
"""


def factors_text() -> str:
    """Give one factor for each feature column, all in one dimension."""
    head = "dimensions:\n  - {id: everything, label_en: everything, label_zh: 全部}\nfactors:\n"
    rows = (
        f"  - id: {column}\n    dimension: everything\n    label_en: {column}\n    label_zh: 因素\n"
        f"    columns: {{{column}: {0 if column in LEVELS else 1}}}\n    is_actionable: true\n    is_protected: false\n"
        for column in FEATURES
    )
    return head + "".join(rows)


@dataclass(frozen=True)
class FactFolder:
    path: Path

    def write(self, name: str, text: str) -> None:
        file = self.path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace one passage, which must be there exactly once."""
        text = (self.path / name).read_text(encoding="utf-8")
        assert text.count(old) == 1
        self.write(name, text.replace(old, new))

    def load(self) -> Book:
        return load_book(self.path)

    def problems(self) -> list[str]:
        """Load, and give the problems that are reported, each without the folder's own path."""
        with pytest.raises(ConfigError) as raised:
            self.load()
        return [line.strip().replace(f"{self.path}/", "") for line in raised.value.what.splitlines()[1:]]


@pytest.fixture
def folder(tmp_path: Path) -> FactFolder:
    made = FactFolder(tmp_path / "facts")
    made.path.mkdir()
    made.write("D0.yaml", FACTS)
    made.write("factors.yaml", factors_text())
    made.write("conflicts/D0.yaml", CONFLICTS)
    made.write("assumptions/population.yaml", ASSUMPTIONS)
    return made
