import pandas as pd

from weilidai.pipeline.report_page import report_page

TABLE = pd.DataFrame({"what": ["<b>bold</b>"], "value": [0.12345]})
TABLES = {"headlines": TABLE, "weights_by_dimension": TABLE, "gates": TABLE, "slices": TABLE}


def test_the_page_needs_no_other_file_and_says_it_is_synthetic() -> None:
    page = report_page("a run", {"ranking": b"PNG"}, TABLES, "data: {}", {"seed": 1})
    assert "synthetic" in page
    assert 'src="data:image/png;base64,' in page
    for outside in ("http:", "https:", "<script", "<link"):
        assert outside not in page


def test_markup_in_names_and_values_is_shown_and_not_run() -> None:
    page = report_page("<script>alert(1)</script>", {}, TABLES, "a: <b>", {"note": "<i>"})
    for markup in ("<script>", "<b>bold", "<b>", "<i>"):
        assert markup not in page


def test_every_table_is_on_the_page_once() -> None:
    page = report_page("a run", {}, TABLES, "", {})
    for name in TABLES:
        assert page.count(f"<h2>{name.replace('_', ' ')}</h2>") == 1


def test_a_wide_table_scrolls_in_its_box_and_says_where_the_rest_is() -> None:
    page = report_page("a run", {}, {"population_fidelity_worst": TABLE}, "", {})
    assert ".wide{overflow-x:auto}" in page
    assert '<div class="wide"><table' in page
    assert "fidelity.html" in page
