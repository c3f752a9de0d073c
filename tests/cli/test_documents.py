import json


def test_facts_are_listed_as_json_with_their_fields(run) -> None:
    rows = json.loads(run("facts", "--json").out)
    assert len(rows) >= 150
    wanted = {"id", "document", "section", "label_en", "label_zh", "kind", "values", "unit", "role"}
    assert all(wanted <= set(row) for row in rows)


def test_conflicts_are_listed_as_json_with_their_fields(run) -> None:
    rows = json.loads(run("facts", "--conflicts", "--json").out)
    assert rows
    assert all({"id", "facts", "clash", "reading"} <= set(row) for row in rows)


def test_facts_can_be_narrowed_down(run) -> None:
    rows = json.loads(run("facts", "--document", "D2", "--role", "fit", "--json").out)
    assert rows
    assert {(row["document"], row["role"]) for row in rows} == {("D2", "fit")}


def test_one_fact_is_shown_as_a_card_in_either_language(run) -> None:
    name = json.loads(run("facts", "--json").out)[0]["id"]
    assert name in run("facts", name).out
    assert "内容" in run("facts", name, "--language", "zh").out


def test_an_unknown_fact_is_refused_with_the_near_name(run) -> None:
    name = json.loads(run("facts", "--json").out)[0]["id"]
    ended = run("facts", name + "x")
    assert ended.code == 2
    assert f"did you mean '{name}'?" in ended.err
    assert ended.out == ""


def test_an_unknown_document_names_the_known_ones(run) -> None:
    ended = run("facts", "--document", "D7")
    assert ended.code == 2
    assert "D0, D1, D2, D3, D4" in ended.err
