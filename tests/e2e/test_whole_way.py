"""From one command to a decision with reasons, through every door, on a small training."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from weilidai.tracking.views import SECTIONS

CHAMPION = "models:/weilidai@champion"
DECIDED = [
    "person_id", "p_invite", "is_invited", "quota_cny", "quota_low_cny", "quota_high_cny", "daily_rate", "credit_grade",
]


@pytest.fixture(scope="module")
def people(world) -> pd.DataFrame:
    return pd.read_parquet(world.folder / "people" / "applicants")


@pytest.fixture(scope="module")
def decided(world) -> pd.DataFrame:
    world.run("predict", "--input", "people", "--out", "decided.parquet", "--reasons", "en")
    return pd.read_parquet(world.folder / "decided.parquet")


def test_the_training_registers_a_champion(world) -> None:
    assert "weilidai version 1 is champion: the first model that passed its gates" in world.shown


def test_the_metrics_have_their_fixed_names_and_are_finite(world) -> None:
    metrics = world.metrics
    wanted = {
        "test.invite.auc", "test.invite.ks", "test.invite.logloss", "test.invite_eligible.auc", "test.quota.r2",
        "test.quota.mae_cny", "test.rate.r2", "ceiling.invite.auc", "ceiling.invite_eligible.auc", "ceiling.quota.r2",
        "baseline.woe_scorecard.invite.auc", "baseline.documented_rules.invite.auc", "baseline.plain_quota.quota.r2",
    }
    assert wanted <= set(metrics)
    assert {name for names in SECTIONS.values() for name in names} <= set(metrics)
    assert all(math.isfinite(value) for value in metrics.values())


def test_the_truth_ranks_at_least_as_well_as_any_model_and_is_not_perfect(world) -> None:
    metrics = world.metrics
    for who in ("test", "baseline.woe_scorecard", "baseline.documented_rules"):
        assert metrics[f"{who}.invite.auc"] <= metrics["ceiling.invite.auc"] + 0.01
    assert metrics["ceiling.invite.auc"] < 0.995
    assert metrics["ceiling.invite_eligible.auc"] < 0.95


def test_decisions_are_complete_and_say_that_they_are_synthetic(decided, people) -> None:
    assert decided.columns.tolist() == [*DECIDED, "reasons", "is_synthetic"]
    assert decided["person_id"].tolist() == people["person_id"].tolist()
    assert decided["p_invite"].between(0, 1).all()
    assert (decided["quota_low_cny"] <= decided["quota_cny"]).all()
    assert (decided["quota_cny"] <= decided["quota_high_cny"]).all()
    assert decided["is_synthetic"].all()


def test_every_reason_is_whole_and_ends_at_a_document_or_an_assumption(decided) -> None:
    reasons = [reason for listed in decided["reasons"] for reason in json.loads(listed)]
    assert len(reasons) > len(decided)
    keys = {
        "factor", "dimension", "contribution", "value", "mark", "document", "section", "text",
        "distance", "unit", "is_actionable",
    }
    assert all(set(reason) == keys and reason["text"] for reason in reasons)
    assert {reason["document"] for reason in reasons} <= {"D0", "D1", "D2", "D3", "D4", None}
    assert max(len(json.loads(listed)) for listed in decided["reasons"]) <= 4


def test_a_csv_of_the_same_people_gets_the_same_decisions(world, people, decided) -> None:
    people.to_csv(world.folder / "people.csv", index=False)
    world.run("predict", "--input", "people.csv", "--out", "decided.csv", "--reasons", "en")
    read = pd.read_csv(world.folder / "decided.csv")
    pd.testing.assert_frame_equal(read, decided, check_dtype=False, check_column_type=False, check_exact=True)


def test_every_door_of_python_gives_the_same_decisions(world, people, decided) -> None:
    import mlflow

    import weilidai

    ours = weilidai.load_model(CHAMPION, tracking_uri=world.store)
    batch = ours.decide(people, reasons="en")
    pd.testing.assert_frame_equal(batch, decided[batch.columns], check_dtype=False, check_exact=True)
    for row in (0, 17, 399):
        one = ours.decide(people.iloc[[row]], reasons="en")
        pd.testing.assert_frame_equal(one, batch.iloc[[row]], check_exact=True)
    exported = weilidai.load_model(world.folder / "exported").decide(people, reasons="en")
    pd.testing.assert_frame_equal(exported, batch, check_exact=True)
    mlflow.set_tracking_uri(world.store)
    try:
        theirs = mlflow.pyfunc.load_model(CHAMPION)
        asked = people[[name for name in theirs.metadata.get_input_schema().input_names() if name in people.columns]]
        served = theirs.predict(_as_the_signature_says(asked), params={"reasons": "en"})
    finally:
        mlflow.set_tracking_uri(None)
    pd.testing.assert_frame_equal(served[batch.columns], batch, check_dtype=False, check_exact=True)


def _as_the_signature_says(people: pd.DataFrame) -> pd.DataFrame:
    wider = {name: "int64" if kind == "int32" else "float64" for name, kind in people.dtypes.astype(str).items()
             if kind in ("int32", "float32")}  # fmt: skip
    return people.astype(wider)


def test_asking_for_one_person_gives_the_decision_and_reasons_of_the_file(world, decided) -> None:
    for person in decided["person_id"].sample(3, random_state=1):
        asked = world.run("ask", "why-not", "--person", "people", "--id", person, "--json")
        answer, row = json.loads(asked.out), decided.set_index("person_id").loc[person]
        assert answer["p_invite"] == row["p_invite"]
        assert answer["is_invited"] == bool(row["is_invited"])
        assert answer["reasons"] == json.loads(row["reasons"])


def test_a_person_in_json_is_answered_in_chinese(world, people) -> None:
    person = json.loads(people.iloc[[3]].to_json(orient="records"))[0]
    (world.folder / "person.json").write_text(json.dumps(person), encoding="utf-8")
    answer = world.run("ask", "why-not", "--person", "person.json", "--language", "zh")
    assert "获邀概率" in answer.out


def test_the_load_line_works_when_pasted(world) -> None:
    line = next(line for line in world.shown.splitlines() if line.startswith("import weilidai"))
    pasted = subprocess.run(
        [sys.executable, "-c", f"{line}; print(model)"], cwd=world.folder, capture_output=True, text=True, check=True,
        env={**os.environ, "MLFLOW_TRACKING_URI": world.store},
    )
    assert pasted.stdout.startswith("Decider(")


def test_the_report_of_the_run_is_one_page_that_needs_nothing_else(world) -> None:
    pages = list((world.folder / "mlartifacts").rglob("report.html"))
    assert pages
    page = pages[0].read_text(encoding="utf-8")
    assert "synthetic" in page[:3000]
    assert page.count("data:image/png;base64,") >= 5
    assert "http" not in page.split("<h2>settings</h2>")[0].replace("http-equiv", "")
    assert {"settings.yaml", "birth_certificate.json"} <= {file.name for file in pages[0].parent.iterdir()}


def test_nothing_that_was_saved_is_a_pickle(world) -> None:
    saved = [file for file in (world.folder / "mlartifacts").rglob("*") if file.is_file()]
    assert saved
    assert [file for file in saved if file.suffix in (".pkl", ".pickle", ".joblib", ".skops")] == []
    assert [file for file in saved if file.read_bytes()[:2] in (b"\x80\x04", b"\x80\x05")] == []


def test_the_doctor_sees_the_store_and_its_champion(world) -> None:
    found = {one["what"]: one for one in json.loads(world.run("doctor", "--json").out)}
    assert "mlflow.db" in found["store"]["says"]
    assert "version" in found["champion"]["says"]
    assert [one for one in found.values() if one["state"] == "wrong"] == []


@pytest.mark.parametrize(("words", "code", "told"), [
    (("--model", "models:/weilidai@chmpion", "--input", "people"), 5, "did you mean 'champion'?"),
    (("--model", "no_such_folder", "--input", "people"), 4, "no_such_folder"),
    (("--model", CHAMPION, "--input", "no_such.csv"), 3, "no such file"),
    (("--model", CHAMPION, "--input", "words.csv"), 3, "daily_open_count"),
    (("--model", CHAMPION, "--input", "short.csv"), 3, "city_tier: is missing"),
])
def test_what_cannot_be_decided_ends_in_one_message_and_no_file(world, people, words, code, told) -> None:
    people.head(5).assign(daily_open_count="many").to_csv(world.folder / "words.csv")
    people.head(5)[["person_id", "friend_count"]].to_csv(world.folder / "short.csv")
    ended = world.run("predict", *words, "--out", "never.parquet", code=code)
    assert told in ended.err
    assert "Traceback" not in ended.err
    assert [file for file in Path(world.folder).iterdir() if "never" in file.name] == []
