"""The simulator's numbers with their origins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weilidai.errors import ConfigError
from weilidai.parameters import Number, Parameters, Strict, flatten, nest, read_parameters, write_parameters

WORDS = st.text("abcdefgh_", min_size=1, max_size=5)
LEAVES = st.one_of(st.integers(), st.floats(allow_nan=False), st.text(max_size=4), st.lists(st.integers(), max_size=3))
BRANCHES = st.dictionaries(WORDS, LEAVES, min_size=1, max_size=3)
TREES = st.dictionaries(WORDS, st.one_of(LEAVES, BRANCHES), min_size=1, max_size=4)


class Price(Strict):
    low: float
    grades: dict[str, float]


def numbers(**values):
    return {path.replace("__", "."): Number(value, "fact", "D1.6.rate_range") for path, value in values.items()}


@given(TREES)
def test_flattening_and_nesting_undo_each_other(tree):
    assert nest(flatten(tree, "root")) == {"root": tree}


def test_a_part_is_read_into_its_settings():
    parameters = Parameters("optimisation", numbers(price__low=0.1, price__grades__A=0.3))
    assert parameters.part("price", Price) == Price(low=0.1, grades={"A": 0.3})


@pytest.mark.parametrize(("values", "path"), [
    ({"price__low": 0.1}, "price.grades"),
    ({"price__low": 0.1, "price__grades__A": 0.3, "price__hihg": 2.0}, "price.hihg"),
    ({"price__low": "cheap", "price__grades__A": 0.3}, "price.low"),
])
def test_a_number_without_a_place_and_a_place_without_a_number_are_named(values, path):
    with pytest.raises(ConfigError, match=path):
        Parameters("optimisation", numbers(**values)).part("price", Price)


def test_what_is_written_is_read_back_in_its_order(tmp_path):
    written = Parameters("trial", numbers(b__z=1.5, b__a=2, a__list=[1, 2], a__word="=="), {"seed": 3})
    write_parameters(written, tmp_path / "trial.yaml")
    read = read_parameters(tmp_path / "trial.yaml")
    assert read == written
    assert list(read.numbers) == ["b.z", "b.a", "a.list", "a.word"]
    assert [file.name for file in tmp_path.iterdir()] == ["trial.yaml"]


def test_a_failed_write_leaves_the_old_file(tmp_path):
    file = tmp_path / "trial.yaml"
    write_parameters(Parameters("trial", numbers(a__b=1.0)), file)
    before = file.read_bytes()
    with pytest.raises(Exception, match="represent"):
        write_parameters(Parameters("trial", numbers(a__b=object())), file)
    assert file.read_bytes() == before


def test_the_digest_follows_values_and_nothing_else():
    one = Parameters("trial", numbers(a__b=1.0, a__c=2.0))
    turned = Parameters("trial", dict(reversed(one.numbers.items())), {"note": "other"})
    assert one.digest == turned.digest
    assert one.digest != Parameters("trial", numbers(a__b=1.0, a__c=2.5)).digest


def test_a_missing_file_is_reported_with_the_command_that_makes_it(tmp_path):
    with pytest.raises(ConfigError, match="weilidai match"):
        read_parameters(tmp_path / "trial.yaml")


@pytest.mark.parametrize("text", ["", "[1, 2]", "regime: trial", "numbers: [1]", "numbers: {a: 3}", "a: [unclosed"])
def test_another_file_is_not_taken_for_parameters(tmp_path, text):
    file = tmp_path / "trial.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="not a parameter file"):
        read_parameters(file)
