"""From an index to a realistic value."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy.special import ndtri

from weilidai.population.marginals import MARGINALS
from weilidai.population.settings import NEEDED, ColumnModel

SHARES = st.floats(0.02, 0.98)
MODELS = st.builds(
    ColumnModel, kind=st.sampled_from(sorted(MARGINALS)), loads=st.just({}), noise=st.just(1.0),
    median=st.floats(0.1, 1e5), spread=st.floats(0.05, 2.5), share=SHARES, full=SHARES,
    location=st.floats(-4, 4), mean=st.floats(-5, 5), sd=st.floats(0.1, 5),
)
INDEX = np.linspace(-5, 5, 401, dtype=np.float32)
MANY = ndtri((np.arange(100_000) + 0.5) / 100_000).astype(np.float32)


def model(kind, **values):
    return ColumnModel(kind=kind, loads={}, noise=1.0, **values)


@given(MODELS)
def test_every_marginal_rises_with_its_index(drawn):
    values = MARGINALS[drawn.kind](INDEX, drawn)
    assert (np.diff(values.astype(np.float64)) >= 0).all()
    assert np.isfinite(values).all()


@given(MODELS)
def test_every_marginal_keeps_single_precision(drawn):
    values = MARGINALS[drawn.kind](INDEX, drawn)
    assert values.dtype == (np.bool_ if drawn.kind == "flag" else np.float32)


def test_a_lognormal_is_skewed_with_the_declared_median_and_spread():
    values = MARGINALS["lognormal"](MANY, model("lognormal", median=190, spread=0.85))
    assert np.median(values) == pytest.approx(190, rel=1e-3)
    assert np.log(values).std() == pytest.approx(0.85, rel=1e-3)
    assert values.mean() > 1.3 * np.median(values)


@pytest.mark.parametrize("share", [0.06, 0.42, 0.94])
def test_a_hurdle_has_the_declared_zeros_and_the_declared_median_above_them(share):
    values = MARGINALS["hurdle"](MANY, model("hurdle", share=share, median=300, spread=2))
    assert (values > 0).mean() == pytest.approx(share, abs=1e-4)
    assert np.median(values[values > 0]) == pytest.approx(300, rel=0.01)


def test_a_count_is_whole_with_zeros_where_the_curve_stays_below_one():
    values = MARGINALS["count"](MANY, model("count", median=0.5, spread=1.05))
    assert (values == np.floor(values)).all()
    assert (values == 0).mean() == pytest.approx(0.745, abs=0.002)


def test_a_full_share_is_full_for_the_declared_part_only():
    values = MARGINALS["full_share"](MANY, model("full_share", full=0.55, location=1.9, spread=1))
    assert (values == 1).mean() == pytest.approx(0.55, abs=1e-4)
    assert values[values < 1].max() < 0.9


def test_a_share_has_the_declared_middle():
    values = MARGINALS["share"](MANY, model("share", location=-2.2, spread=0.6))
    assert np.median(values) == pytest.approx(1 / (1 + np.exp(2.2)), rel=1e-3)


def test_a_flag_is_true_for_the_declared_share():
    assert MARGINALS["flag"](MANY, model("flag", share=0.06)).mean() == pytest.approx(0.06, abs=1e-4)


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in NEEDED.items() for name in names])
def test_a_marginal_without_one_of_its_numbers_is_refused_by_name(kind, name):
    given_ones = dict.fromkeys(NEEDED[kind], 0.5)
    del given_ones[name]
    with pytest.raises(ValidationError, match=name):
        model(kind, **given_ones)


def test_every_marginal_says_what_it_needs():
    assert set(NEEDED) == set(MARGINALS)
