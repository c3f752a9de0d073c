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


def test_the_calendar_is_listed_as_json_by_regime(run) -> None:
    rows = json.loads(run("facts", "--calendar", "--json").out)
    assert [row["regime"] for row in rows] == ["trial", "expansion", "optimisation", "contraction", "data_separated"]
    assert {"date", "fact", "document", "section"} <= set(rows[0]["events"][0])


def test_the_calendar_is_shown_as_text(run) -> None:
    assert "D4.5.outage_days" in run("facts", "--calendar").out


def test_the_calendar_takes_no_conditions(run) -> None:
    ended = run("facts", "--calendar", "--document", "D4")
    assert (ended.code, ended.out) == (2, "")
    assert "leave the other conditions out" in ended.err


def test_every_fact_says_what_it_drives_or_why_nothing_does(run) -> None:
    rows = json.loads(run("facts", "--json").out)
    assert [row["id"] for row in rows if not row["drives"] and not row["why"]] == []
    found = {row["id"]: row["drives"] for row in rows}
    assert "parameter lender.rate_review.review.every_months" in found["D1.6.review_cycle"]


def test_a_word_of_the_documents_finds_claims(run) -> None:
    rows = json.loads(run("facts", "--search", "冷静期", "--json").out)
    assert "D3.9.cooling_off" in {row["id"] for row in rows}
    assert rows == json.loads(run("facts", "--search", "cooling-off", "--json").out)


def test_an_unknown_reading_or_choice_is_refused_with_the_near_name(run, tmp_path) -> None:
    for chosen, near in (("failure=three", "failures"), ("failures=tree", "three")):
        ended = run("generate", "--rows", "10", "--seed", "1", "--out", str(tmp_path / "people"), "--reading", chosen)
        assert (ended.code, f"did you mean '{near}'?" in ended.err) == (2, True)
        assert not (tmp_path / "people").exists()
