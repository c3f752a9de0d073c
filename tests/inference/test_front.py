"""The small door over HTTP: the figures of every other door, whatever is sent, and no value of a refused row."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any

import pandas as pd
import pytest

from small_bundle import draw_people
from weilidai.dataset.problems import Problem
from weilidai.errors import ResourceError
from weilidai.inference.decider import Decider
from weilidai.inference.front import Front, Limits

SECRET = 77123
SMALL = Limits(most_bytes=200_000, most_rows=20, seconds=1.0)


@contextmanager
def answering(decider: Decider, limits: Limits) -> Iterator[Front]:
    with Front(decider, 0, limits) as front:
        thread = threading.Thread(target=front.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield front
        finally:
            front.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def front(decider: Decider) -> Iterator[Front]:
    with answering(decider, SMALL) as opened:
        yield opened


def ask(front: Front, body: bytes | dict[str, Any], path: str = "/decide", **headers: str) -> tuple[int, Any]:
    connection = HTTPConnection("127.0.0.1", front.server_port, timeout=60)
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    connection.request("POST", path, sent, {"Content-Type": "application/json", **headers})
    answer = connection.getresponse()
    told = answer.read()
    connection.close()
    return answer.status, json.loads(told) if told else None


def rows_of(people: pd.DataFrame) -> list[dict[str, Any]]:
    return json.loads(people.to_json(orient="records", double_precision=15))


def raw(front: Front, sent: bytes, *, then: bytes = b"", every: float = 0.0) -> bytes:
    """Send bytes, then more of them one by one, and read all that comes back."""
    with socket.create_connection(("127.0.0.1", front.server_port), timeout=20) as line:
        line.sendall(sent)
        for letter in then:
            time.sleep(every)
            try:
                line.sendall(bytes([letter]))
            except OSError:
                break
        told = b""
        while part := line.recv(65536):
            told += part
    return told


@pytest.mark.parametrize("language", [None, "zh", "en"])
def test_http_gives_the_same_figures_to_the_last_digit(front: Front, decider: Decider, language: Any) -> None:
    rows = rows_of(draw_people(20, seed=5))
    status, told = ask(front, {"people": rows, "reasons": language})
    wanted = rows_of(decider.decide(pd.DataFrame(rows), reasons=language))
    for row in wanted:
        if language:
            row["reasons"] = json.loads(row["reasons"])
    assert status == 200
    assert told["errors"] == []
    assert [set(row) for row in told["decisions"]] == [set(row) for row in wanted]
    direct = decider.decide(pd.DataFrame(rows), reasons=language)
    assert [row["p_invite"] for row in told["decisions"]] == direct["p_invite"].tolist()
    assert [row["quota_cny"] for row in told["decisions"]] == direct["quota_cny"].tolist()
    assert [row.get("reasons") for row in told["decisions"]] == [row.get("reasons") for row in wanted]


def test_one_person_alone_gets_what_the_person_gets_in_a_table(front: Front, decider: Decider) -> None:
    rows = rows_of(draw_people(5, seed=6))
    together = ask(front, {"people": rows})[1]["decisions"]
    assert [ask(front, {"people": [row]})[1]["decisions"][0] for row in rows] == together
    assert together[0]["p_invite"] == decider.decide_one(rows[0])["p_invite"]


@pytest.mark.parametrize("body", [
    b"", b"{", b"[1]", b"77", b"null", b"\xff\xfe", b"[" * 100_000, b'{"people": []}', b'{"people": 5}',
    b'{"people": [5]}', b'{"people": [{}], "foo": 1}', b'{"people": [{"a": 1, "a": 2}]}', b'{"people": [{"a": NaN}]}',
    b'{"people": [{}], "reasons": "fr"}', b'{"people": [{}], "reasons": ["zh"]}', b'{"people": [{}], "partial": 1}',
    b'{"people": [{"region": "\\ud800"}]}',
    b'{"people": [{"a": ' + b"9" * 5000 + b"}]}",
], ids=lambda body: body[:36].decode("latin-1"))  # fmt: skip
def test_a_body_that_cannot_be_meant_is_refused_and_the_server_stays_up(front: Front, body: bytes) -> None:
    assert ask(front, body)[0] == 400
    assert ask(front, {"people": rows_of(draw_people(1, seed=1))})[0] == 200


@pytest.mark.parametrize("value", [
    SECRET + 0.5, str(SECRET), True, None, [SECRET], {"a": SECRET}, 1e308, 10**400, -(10**400),
], ids=lambda value: str(value)[:20])  # fmt: skip
def test_a_bad_row_is_told_by_row_and_column_and_never_repeated(front: Front, value: Any) -> None:
    rows = rows_of(draw_people(3, seed=7))
    rows[1]["friend_count"] = value
    status, told = ask(front, {"people": rows})
    assert status == 422
    (row,) = told["error"]["rows"]
    assert (row["row"], row["problems"][0]["column"]) == (2, "friend_count")
    assert str(SECRET) not in json.dumps(told)


def test_good_rows_are_decided_and_bad_ones_listed_when_that_is_asked_for(front: Front, decider: Decider) -> None:
    rows = rows_of(draw_people(4, seed=8))
    good = decider.decide(pd.DataFrame([rows[0], rows[3]]))["p_invite"].tolist()
    rows[1]["friend_count"] = "many"
    del rows[2]["daily_open_count"]
    status, told = ask(front, {"people": rows, "partial": True})
    assert status == 200
    assert [row and row["p_invite"] for row in told["decisions"]] == [good[0], None, None, good[1]]
    found = [(error["row"], error["problems"][0]["column"]) for error in told["errors"]]
    assert found == [(2, "friend_count"), (3, "daily_open_count")]


@pytest.mark.parametrize("value", [["SECRET"], {"a": "SECRET"}])
def test_a_category_that_is_no_word_is_a_bad_row_and_no_defect(front: Front, value: Any) -> None:
    rows = rows_of(draw_people(3, seed=7))
    rows[1]["user_type"] = value
    status, told = ask(front, {"people": rows, "partial": True})
    assert (status, [error["row"] for error in told["errors"]]) == (200, [2])
    assert "SECRET" not in json.dumps(told)


def test_who_leaves_out_a_column_is_judged_alike_alone_and_among_others(front: Front) -> None:
    rows = rows_of(draw_people(3, seed=7))
    del rows[1]["user_type"]
    (alone,) = ask(front, {"people": [rows[1]]})[1]["error"]["rows"]
    status, told = ask(front, {"people": rows})
    assert status == 422
    assert told["error"]["rows"] == [{**alone, "row": 2}]


@pytest.mark.parametrize("yes", [1, 1.0])
def test_true_and_1_are_the_same_flag_in_one_request(front: Front, decider: Decider, yes: float) -> None:
    rows = rows_of(draw_people(3, seed=7))
    for row, flag in zip(rows, (True, yes, False), strict=True):
        row["has_salary_card"] = flag
    status, told = ask(front, {"people": rows})
    assert status == 200
    assert [one["p_invite"] for one in told["decisions"]] == [decider.decide_one(row)["p_invite"] for row in rows]


@pytest.fixture
def looks(decider: Decider, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count the tables that are looked at."""
    looked, refusals = [], decider.refusals
    monkeypatch.setattr(decider, "refusals", lambda people: looked.append(len(people)) or refusals(people))
    return looked


def test_one_bad_row_among_many_is_found_in_few_looks(decider: Decider, looks: list[int]) -> None:
    rows = rows_of(draw_people(500, seed=7))
    rows[333]["friend_count"] = "many"
    with answering(decider, Limits(seconds=60)) as front:
        told = ask(front, {"people": rows, "partial": True})[1]
    assert [error["row"] for error in told["errors"]] == [334]
    assert len(looks) < 10


def test_two_thousand_bad_rows_are_told_in_few_looks_too(decider: Decider, looks: list[int]) -> None:
    rows = rows_of(draw_people(2000, seed=7))
    for place, row in enumerate(rows):
        row["friend_count"] = (-1 - place, 0.5 + place, str(place), f"many {place}", None)[place % 5]
    with answering(decider, Limits(seconds=60)) as front:
        told = ask(front, {"people": rows, "partial": True})[1]
    assert [error["row"] for error in told["errors"]] == list(range(1, 2001))
    assert len(looks) < 15


def test_more_kinds_of_faults_than_there_is_time_for_are_refused(
    decider: Decider, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(people: pd.DataFrame) -> list[Problem]:
        time.sleep(0.4)
        return refusals(people)

    refusals = decider.refusals
    rows = rows_of(draw_people(20, seed=7))
    for place, row in enumerate(rows):
        row["friend_count"], row["daily_open_count"] = (-1, "x", None, [], {})[place % 5], (-1, "x", [], {})[place % 4]
    monkeypatch.setattr(decider, "refusals", slow)
    with answering(decider, SMALL) as front:
        status, told = ask(front, {"people": rows, "partial": True})
    assert (status, told["error"]["what"]) == (
        413, "too many kinds of faults to tell them apart within 1 s; send fewer people"
    )


def test_nobody_left_is_an_answer_too(front: Front) -> None:
    status, told = ask(front, {"people": [{}], "partial": True})
    assert (status, told["decisions"], len(told["errors"])) == (200, [None], 1)


def test_bodies_and_tables_over_the_cap_are_refused(front: Front) -> None:
    assert ask(front, {"people": [{}] * 21})[0] == 413
    told = raw(front, b"POST /decide HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\n"
               b"Content-Length: 999999999999999999999\r\n\r\n" % front.server_port)  # fmt: skip
    assert told.startswith(b"HTTP/1.0 413")


def test_a_body_over_the_cap_is_told_so_even_while_it_is_sent(front: Front) -> None:
    assert ask(front, b"x" * 20_000_000)[0] == 413
    assert ask(front, b"x" * 150_000, **{"Content-Type": "text/plain"})[0] == 415


def test_columns_that_no_table_has_room_for_are_refused_before_one_is_made(front: Front) -> None:
    people = [{f"{person}_{column}": 1 for column in range(60)} for person in range(20)]
    status, told = ask(front, {"people": people})
    assert (status, told["error"]["most_columns"]) == (413, 1000)


def test_who_does_not_take_the_answer_is_let_go(decider: Decider) -> None:
    large = Decider(decider.bundle, "x" * 30_000_000)
    with (
        answering(large, Limits(seconds=0.5, most_waiting=1)) as front,
        socket.create_connection(("127.0.0.1", front.server_port)) as deaf,
    ):
        head = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % front.server_port
        deaf.sendall(head)
        time.sleep(3)
        assert raw(front, head).startswith(b"HTTP/1.0 200")


def test_a_body_without_a_length_or_of_another_kind_is_refused(front: Front) -> None:
    head = b"POST /decide HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\n" % front.server_port
    assert raw(front, head + b"\r\n").startswith(b"HTTP/1.0 411")
    assert raw(front, head + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}").startswith(b"HTTP/1.0 411")
    assert raw(front, head + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n").startswith(b"HTTP/1.0 411")
    assert ask(front, b"{}", **{"Content-Type": "text/plain"})[0] == 415


def test_a_slow_client_is_let_go_and_others_are_answered_meanwhile(front: Front) -> None:
    head = b"POST /decide HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\n"
    head += b"Content-Length: 900\r\n\r\n"
    with ThreadPoolExecutor(3) as pool:
        slow = pool.submit(raw, front, head % front.server_port, then=b"x" * 100, every=0.05)
        halted = pool.submit(raw, front, b"POST /dec", then=b"x" * 60, every=0.05)
        start = time.monotonic()
        assert ask(front, {"people": rows_of(draw_people(1, seed=1))})[0] == 200
        assert time.monotonic() - start < 5
        assert slow.result().startswith(b"HTTP/1.0 408")
        assert b"200" not in halted.result()[:20]


@pytest.mark.parametrize(("headers", "status"), [
    ({"Host": "evil.example"}, 400), ({"Host": "127.0.0.1:1"}, 400), ({"Origin": "http://evil.example"}, 403),
    ({"Origin": "null"}, 403),
])  # fmt: skip
def test_foreign_hosts_and_origins_are_refused(front: Front, headers: dict[str, str], status: int) -> None:
    assert ask(front, {"people": rows_of(draw_people(1, seed=1))}, **headers)[0] == status


def test_pages_of_this_machine_are_answered(front: Front) -> None:
    people = rows_of(draw_people(1, seed=1))
    origin = f"http://localhost:{front.server_port}"
    assert ask(front, {"people": people}, Host=f"localhost:{front.server_port}", Origin=origin)[0] == 200


@pytest.mark.parametrize(("path", "status"), [
    ("/../etc/passwd", 404), ("/decide/", 404), ("/health", 405), ("/decide?x=1", 404),
])  # fmt: skip
def test_other_paths_are_not_there(front: Front, path: str, status: int) -> None:
    assert ask(front, b"{}", path)[0] == status


def test_it_listens_on_this_machine_only(front: Front) -> None:
    assert front.server_address[0] == "127.0.0.1"
    with pytest.raises(ResourceError, match="port"):
        Front(front.decider, front.server_port)


def test_a_hundred_at_once_get_what_each_asked_for(decider: Decider) -> None:
    rows = rows_of(draw_people(100, seed=10))
    wanted = decider.decide(pd.DataFrame(rows))["p_invite"].tolist()
    with answering(decider, Limits(seconds=60)) as front, ThreadPoolExecutor(100) as pool:
        told = list(pool.map(lambda row: ask(front, {"people": [row]}), rows))
    assert [status for status, _ in told] == [200] * 100
    assert [answer["decisions"][0]["p_invite"] for _, answer in told] == wanted


def test_one_too_many_is_told_to_come_again(decider: Decider) -> None:
    with answering(decider, Limits(seconds=0.3, at_once=1)) as front:
        front.turns.acquire()
        connection = HTTPConnection("127.0.0.1", front.server_port, timeout=20)
        connection.request("POST", "/decide", json.dumps({"people": [{}]}), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
        connection.close()
        front.turns.release()
        assert ask(front, {"people": rows_of(draw_people(1, seed=1))})[0] == 200


def test_more_connections_than_there_are_places_are_turned_away_at_once(decider: Decider) -> None:
    with (
        answering(decider, Limits(seconds=5, most_waiting=1)) as front,
        socket.create_connection(("127.0.0.1", front.server_port)) as idle,
    ):
        idle.sendall(b"POST")
        time.sleep(0.3)
        assert raw(front, b"").startswith(b"HTTP/1.1 503")


def test_nothing_asked_is_written_down(front: Front, capfd: pytest.CaptureFixture[str]) -> None:
    ask(front, {"people": [{"friend_count": SECRET}]})
    ask(front, str(SECRET).encode(), f"/{SECRET}")
    assert capfd.readouterr() == ("", "")
