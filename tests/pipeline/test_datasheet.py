"""The datasheet in docs/ is what the generator writes."""

import pytest

from weilidai.columns import CATALOGUE
from weilidai.pipeline.datasheet import datasheet


@pytest.fixture(scope="module")
def written():
    return datasheet()


def test_the_datasheet_in_docs_is_what_the_stored_parameters_give(written, root):
    kept = (root / "docs" / "datasheet.md").read_text(encoding="utf-8")
    assert kept == written, "run 'make docs'"


def test_every_column_is_described_once(written):
    for name in CATALOGUE:
        assert written.count(f"\n| `{name}` |") == 1


def test_it_says_first_of_all_that_nobody_in_it_lives(written):
    assert "synthetic" in written[:600].lower()


def test_another_sample_changes_figures_but_not_the_shape(written):
    other = datasheet(rows=3000, seed=5)
    assert other != written
    assert other.count("\n") == written.count("\n")
