"""Pieces of a page."""

from weilidai.pipeline.markup import Html, element, join, page


def test_plain_text_is_escaped_wherever_it_stands() -> None:
    for shown in (element("p", "<i>"), join("<i>"), element("p", title="<i>"), page("<i>", "<i>")):
        assert "<i>" not in shown


def test_markup_is_not_escaped_again() -> None:
    assert join(element("b", "a & b"), Html("<br>")) == "<b>a &amp; b</b><br>"


def test_an_attribute_cannot_be_left_by_a_quotation_mark() -> None:
    assert 'title="&quot; onclick=&quot;x"' in element("p", title='" onclick="x')


def test_names_of_attributes_are_spelt_as_markup_spells_them() -> None:
    assert element("rect", class_="a", stroke_width=1.5) == '<rect class="a" stroke-width="1.5"></rect>'
