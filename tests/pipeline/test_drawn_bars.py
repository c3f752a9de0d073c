"""Charts as inline SVG."""

import re

import pytest

from weilidai.pipeline.drawn_bars import WIDTH, Bar, Mark, draw_bars, draw_columns, wrap

RECT = re.compile(r'<rect x="([\d.e+-]+)" y="([\d.e+-]+)" width="([\d.e+-]+)" height="([\d.e+-]+)"')


def rectangles(drawing: str) -> list[tuple[float, ...]]:
    return [tuple(map(float, found)) for found in RECT.findall(drawing)]


def test_bars_of_one_axis_start_where_the_last_ended() -> None:
    first, second, third = rectangles(draw_bars("t", [Bar("a", 0, 8, ""), Bar("b", 8, 5, ""), Bar("c", 5, 9, "")]))
    assert second[0] + second[2] == pytest.approx(first[0] + first[2], abs=0.01)
    assert third[0] == pytest.approx(second[0], abs=0.01)


def test_lengths_are_in_proportion() -> None:
    long, short = rectangles(draw_bars("t", [Bar("a", 0, 0.8, ""), Bar("b", 0, -0.2, "")]))
    assert long[2] == pytest.approx(4 * short[2], rel=1e-4)


@pytest.mark.parametrize("ends", [(0.0, 0.0), (-1e-9, 1e9), (-5.0, -1.0), (1.0, 1.0)])
def test_nothing_is_drawn_outside(ends: tuple[float, float]) -> None:
    drawing = draw_bars("t", [Bar("a", *ends, "")], [Mark("m", ends[1])])
    for left, _, wide, _ in rectangles(drawing):
        assert left >= 0
        assert left + wide <= WIDTH
    assert "nan" not in drawing


def test_layers_of_a_column_stand_on_each_other() -> None:
    drawing = draw_columns("t", [(3.0, 1.0), (2.0, 2.0)], ("a", "b"), ("favourable", "open"), "4")
    lower, upper = rectangles(drawing)[2:4]
    assert upper[1] + upper[3] == pytest.approx(lower[1], abs=0.01)
    assert lower[3] == pytest.approx(3 * upper[3], rel=1e-3)


def test_no_line_runs_through_a_figure() -> None:
    drawing = draw_bars("t", [Bar("a", 0, 0.927, "92.7%")], [Mark("from", 0.5), Mark("100%", 1.0)])
    (note,) = re.findall(r'<text[^>]*x="([\d.]+)"[^>]*>92.7%', drawing)
    lines = [float(found) for found in re.findall(r'<line x1="([\d.]+)"', drawing)]
    assert float(note) > max(lines)


def test_every_text_is_escaped_and_no_word_is_lost() -> None:
    label = "<b>how many</b> people are invited at all, and by whom, in this regime"
    drawing = draw_bars("<i>", [Bar(label, 0, 1, "&")])
    assert "<b>" not in drawing
    assert "<i>" not in drawing
    assert " ".join(wrap(label, 20)) == label


def test_chinese_takes_twice_the_room() -> None:
    assert wrap("社交行为数据的权重", 10) == ["社交行为数", "据的权重"]
    assert wrap("", 10) == [""]
