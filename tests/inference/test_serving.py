"""The served model over real HTTP: the same figures, whatever is sent, and no value of a refused row."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings

from doors import as_rows, tables, through_python  # type: ignore[import-not-found]
from serving import served  # type: ignore[import-not-found]
from weilidai.inference.decider import Decider

pytestmark = pytest.mark.slow

SECRET = 77123


@pytest.fixture(scope="module")
def server(kept: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with served(str(kept), tmp_path_factory.mktemp("served")) as answering:
        yield answering


def as_split(people: pd.DataFrame) -> dict[str, Any]:
    return {"dataframe_split": json.loads(people.to_json(orient="split", double_precision=15, index=False))}


def as_records(people: pd.DataFrame) -> dict[str, Any]:
    return {"dataframe_records": json.loads(people.to_json(orient="records", double_precision=15))}


@pytest.mark.parametrize("form", [as_split, as_records])
def test_http_gives_the_same_figures_to_the_last_digit(
    server: Any, decider: Decider, people: pd.DataFrame, form: Any
) -> None:
    answered = server.ask(form(people.head(60)))
    assert answered.status == 200
    assert answered.predictions == as_rows(decider.decide(people.head(60)))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_reasons_come_on_request_through_params(
    server: Any, decider: Decider, people: pd.DataFrame, language: Any
) -> None:
    answered = server.ask(as_split(people.head(10)), {"reasons": language})
    assert answered.predictions == as_rows(decider.decide(people.head(10), reasons=language))


def test_a_parquet_body_is_answered_too(server: Any, decider: Decider, people: pd.DataFrame) -> None:
    body = BytesIO()
    people.head(20).to_parquet(body)
    answered = server.post(body.getvalue(), "application/vnd.apache.parquet")
    assert answered.predictions == as_rows(decider.decide(people.head(20)))


def test_the_example_that_travels_with_the_model_is_a_request(server: Any, kept: Path) -> None:
    answered = server.post((kept / "serving_input_example.json").read_bytes())
    assert answered.status == 200
    assert json.loads(answered.predictions[0]["reasons"])


@pytest.mark.parametrize("body", [
    b"", b"{", b"[1]", b"77", b"null", b"\xff\xfe", b"[" * 20_000, b'{"foo": 1}', b'{"dataframe_records": []}',
    b'{"dataframe_records": 5}', b'{"dataframe_split": {"columns": ["uses_vpn", "uses_vpn"], "data": [[1, 2]]}}',
    b'{"dataframe_records": [{"friend_count": 1}], "params": {"reasons": "fr"}}', b'{"inputs": {"friend_count": [1]}}',
], ids=lambda body: body[:24].decode("latin-1"))  # fmt: skip
def test_a_body_that_cannot_be_meant_is_refused_and_the_server_stays_up(server: Any, body: bytes) -> None:
    assert server.post(body).status in (400, 500)
    assert server.is_up()


@pytest.mark.parametrize("kind", ["text/plain", "application/json; charset=utf-16", "multipart/form-data"])
def test_another_kind_of_content_is_refused(server: Any, kind: str) -> None:
    assert server.post(b"{}", kind).status == 415


@pytest.mark.parametrize(("column", "value"), [
    ("friend_count", -SECRET), ("friend_count", str(SECRET)), ("friend_count", None), ("friend_count", SECRET + 0.5),
    ("has_salary_card", None), ("has_salary_card", "yes"), ("has_salary_card", SECRET),
    ("monthly_spend_cny", float("nan")), ("monthly_spend_cny", float("inf")), ("monthly_spend_cny", {"a": SECRET}),
    ("user_type", None),
])  # fmt: skip
def test_a_row_outside_the_contract_is_refused_by_column_and_never_repeated(
    server: Any, decider: Decider, people: pd.DataFrame, column: str, value: object
) -> None:
    """The same breach through Python is refused too; a served model casts nothing on the way."""
    rows = as_records(people.head(3))["dataframe_records"]
    rows[1][column] = value
    answered = server.ask({"dataframe_records": rows})
    wanted = refusal(decider, pd.DataFrame(rows))
    assert (answered.status == 400) == bool(wanted)
    if wanted:
        assert wanted in json.loads(answered.body)["stack_trace"]
        assert str(SECRET) not in answered.body
        assert str(rows[0]["monthly_spend_cny"]) not in answered.body


def refusal(decider: Decider, people: pd.DataFrame) -> str:
    from weilidai.errors import DataError

    try:
        decider.decide(people)
    except DataError as error:
        return str(error).splitlines()[1].strip()
    return ""


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(people=tables())
def test_people_of_all_kinds_get_over_http_what_python_gives(
    server: Any, decider: Decider, people: pd.DataFrame
) -> None:
    body = BytesIO()
    people.to_parquet(body)
    answered = server.post(body.getvalue(), "application/vnd.apache.parquet")
    wanted = through_python(decider, people, None)
    if wanted == 3:
        assert answered.status == 400
    else:
        assert answered.predictions == wanted


def test_a_hundred_at_once_get_what_each_asked_for(server: Any, decider: Decider, people: pd.DataFrame) -> None:
    wanted = as_rows(decider.decide(people.head(100), reasons="en"))
    bodies = [as_split(people.iloc[place : place + 1]) for place in range(100)]
    with ThreadPoolExecutor(100) as crowd:
        answers = list(crowd.map(lambda body: server.ask(body, {"reasons": "en"}), bodies))
    assert [answer.status for answer in answers] == [200] * 100
    assert [answer.predictions[0] for answer in answers] == wanted


def test_the_log_holds_no_value_of_a_person(server: Any) -> None:
    assert str(SECRET) not in server.log.read_text()
