"""A small door over HTTP for this machine: bounded in bytes, rows, time and callers, and silent about values.

``mlflow models serve`` leaves those bounds to a server in front of it. This one has them itself, from the standard
library alone, and gives the figures of every other door. What is asked and what is answered is never written down.
"""

import json
import math
import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, NoReturn

import pandas as pd

from weilidai.errors import DataError, ResourceError
from weilidai.inference.bad_rows import TooManyKindsError, errors_of, table_of
from weilidai.inference.decider import Decider
from weilidai.inference.signature import LANGUAGES, REASONS, Language

HOST: Final = "127.0.0.1"
_PAGES: Final = {"/health": "GET", "/decide": "POST"}
_WORDS: Final = frozenset({"people", "reasons", "partial"})


@dataclass(frozen=True)
class Limits:
    """What one caller may ask for, and how many at once."""

    most_bytes: int = 8 * 2**20
    most_rows: int = 2_000
    most_columns: int = 1_000
    """Different columns that the people of a request may name together; a table has room for each of each person."""
    seconds: float = 10.0
    """Until a request must have arrived; as long again it may wait for its turn, its bad rows may be looked for, and
    its answer may take to be taken."""
    at_once: int = 2
    """Requests that are decided at the same time; the others wait."""
    most_waiting: int = 128
    """Connections open at the same time."""


class Front(ThreadingHTTPServer):
    """Answers ``GET /health`` and ``POST /decide`` on the loopback address of this machine.

    Parameters
    ----------
    decider
        The model.
    port
        0 takes a free one.
    limits
        Bounds of a request.

    Raises
    ------
    ResourceError
        Another program has the port.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, decider: Decider, port: int, limits: Limits | None = None) -> None:
        self.decider, self.limits = decider, limits or Limits()
        self.turns = threading.BoundedSemaphore(self.limits.at_once)
        self._places = threading.BoundedSemaphore(self.limits.most_waiting)
        try:
            super().__init__((HOST, port), _Caller)
        except OSError as error:
            raise ResourceError(
                f"the port cannot be taken ({error.strerror})", where=f"{HOST}:{port}", cure="choose another --port"
            ) from error

    @property
    def hosts(self) -> frozenset[str]:
        """Names by which this machine may call it; any other is a page that was led here."""
        return frozenset(f"{name}:{self.server_port}" for name in (HOST, "localhost"))

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401  # the library's own
        """Open a thread for a caller, or turn one too many away at once."""
        if not self._places.acquire(blocking=False):
            request.sendall(b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n")
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except BaseException:
            self._places.release()  # no thread was begun that would do it
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """Answer a caller, and give its place back whatever happens."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, *_: object) -> None:
        """Say nothing: a caller that went away is no event, and a traceback could hold a value."""


class _RefusedError(Exception):
    """An answer that is no decision."""

    def __init__(self, status: HTTPStatus, what: str, **more: Any) -> None:  # noqa: ANN401  # goes into JSON
        super().__init__(what)
        self.status, self.told = status, {"error": {"status": int(status), "what": what, **more}}


class _Caller(BaseHTTPRequestHandler):
    server: Front
    server_version, sys_version = "weilidai", ""

    def handle(self) -> None:
        self._is_late = self._is_heard = False
        watch = threading.Timer(self.server.limits.seconds, self._give_up)
        watch.daemon = True
        watch.start()
        self._watch = watch
        try:
            self.handle_one_request()  # one a connection: nobody holds one open
            if not self._is_heard:
                self._hear_out()
        finally:
            watch.cancel()

    def do_GET(self) -> None:
        self._answered()

    def do_POST(self) -> None:
        self._answered()

    def log_message(self, *_: object) -> None:
        """Write nothing down."""

    def send_error(self, code: int, *_: object) -> None:
        """Answer in JSON what the library found wrong with the head of a request, without repeating it."""
        status = HTTPStatus(code)
        self._send(status, {"error": {"status": code, "what": status.phrase.lower()}})

    def _give_up(self) -> None:
        self._is_late = True
        with _quietly():
            self.connection.shutdown(socket.SHUT_RD)

    def _hear_out(self) -> None:
        """Let a caller finish who was refused while it was sending, or a reset would take the answer from it."""
        with _quietly():
            self.connection.shutdown(socket.SHUT_WR)
            while not self._is_late and self.connection.recv(65_536):
                pass

    def _answered(self) -> None:
        try:
            self._require_ours()
            if self.path == "/health":
                return self._send(HTTPStatus.OK, {"status": "ok", "model": self.server.decider.origin})
            asked = _asked(self._body(), self.server.limits)
            with self._turn():
                told = _decided(self.server.decider, *asked, self.server.limits.seconds)
            self._send(HTTPStatus.OK, told)
        except _RefusedError as refused:
            self._send(refused.status, refused.told)
        except Exception:  # noqa: BLE001  # a defect of ours must not show a value
            self._send(HTTPStatus.INTERNAL_SERVER_ERROR, {"error": {"status": 500, "what": "a defect of weilidai"}})
        return None

    def _require_ours(self) -> None:
        hosts = self.headers.get_all("Host") or []
        if len(hosts) != 1 or hosts[0] not in self.server.hosts:
            raise _RefusedError(HTTPStatus.BAD_REQUEST, "another host was asked for")
        origin = self.headers.get("Origin")
        if origin is not None and origin not in {f"http://{host}" for host in self.server.hosts}:
            raise _RefusedError(HTTPStatus.FORBIDDEN, "a page of another origin asks")
        if self.path not in _PAGES:
            raise _RefusedError(HTTPStatus.NOT_FOUND, "there is /decide and /health")
        if self.command != _PAGES[self.path]:
            raise _RefusedError(HTTPStatus.METHOD_NOT_ALLOWED, f"ask with {_PAGES[self.path]}")

    def _body(self) -> bytes:
        if self.headers.get_content_type() != "application/json":
            raise _RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "send application/json")
        lengths = self.headers.get_all("Content-Length") or []
        told = lengths[0] if len(lengths) == 1 else ""
        if not (told.isascii() and told.isdigit()) or self.headers.get("Transfer-Encoding"):
            raise _RefusedError(HTTPStatus.LENGTH_REQUIRED, "say how long the body is")
        if len(told) > len(str(self.server.limits.most_bytes)) or int(told) > self.server.limits.most_bytes:
            most = self.server.limits.most_bytes
            raise _RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"at most {most} bytes", most_bytes=most)
        body = self.rfile.read(int(told))
        self._is_heard = True
        self._watch.cancel()
        if self._is_late:
            raise _RefusedError(HTTPStatus.REQUEST_TIMEOUT, f"not whole within {self.server.limits.seconds:g} s")
        if len(body) < int(told):
            raise _RefusedError(HTTPStatus.BAD_REQUEST, "the body ends early")
        return body

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self.server.turns.acquire(timeout=self.server.limits.seconds):
            raise _RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, "too many ask at once; ask again in a second")
        try:
            yield
        finally:
            self.server.turns.release()

    def _send(self, status: HTTPStatus, told: Mapping[str, Any]) -> None:
        body = json.dumps(told, ensure_ascii=False, allow_nan=False).encode()
        with _quietly():
            self.connection.settimeout(self.server.limits.seconds)  # nobody holds a place by not reading
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Connection", "close")
            if status is HTTPStatus.SERVICE_UNAVAILABLE:
                self.send_header("Retry-After", "1")
            self.end_headers()
            self.wfile.write(body)


Asked = tuple[list[dict[str, Any]], Language | None, bool]


def _asked(body: bytes, limits: Limits) -> Asked:
    """Read people, the language of the reasons, and whether good rows are wanted without the bad ones."""
    told = _json(body)
    if not isinstance(told, dict) or not set(told) <= _WORDS or not isinstance(told.get("people"), list):
        raise _RefusedError(HTTPStatus.BAD_REQUEST, 'send {"people": [{...}], "reasons": "en", "partial": true}')
    people, reasons, partial = told["people"], told.get("reasons"), told.get("partial", False)
    if not people or not all(isinstance(person, dict) for person in people):
        raise _RefusedError(HTTPStatus.BAD_REQUEST, "people is a list of at least one object of columns")
    if len(people) > limits.most_rows:
        most = limits.most_rows
        raise _RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"at most {most} people", most_rows=most)
    if len(set().union(*people)) > limits.most_columns:
        most = limits.most_columns
        raise _RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"at most {most} columns", most_columns=most)
    if reasons not in (None, *LANGUAGES) or not isinstance(partial, bool):
        raise _RefusedError(HTTPStatus.BAD_REQUEST, "reasons is zh or en; partial is true or false")
    return people, reasons, partial


def _json(body: bytes) -> Any:  # noqa: ANN401  # any JSON
    try:
        return json.loads(body.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise _RefusedError(HTTPStatus.BAD_REQUEST, "the body is not JSON, or says a thing twice") from None


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) < len(pairs):
        raise ValueError
    for word in (*told, *told.values()):
        if isinstance(word, str):
            word.encode()  # half a character raises ValueError
    return told


def _no_constant(_word: str) -> NoReturn:
    raise ValueError


def _decided(
    decider: Decider, people: list[dict[str, Any]], reasons: Language | None, partial: bool, seconds: float  # noqa: FBT001
) -> dict[str, Any]:
    people = _flags_as_numbers(decider, people)
    try:
        errors = errors_of(decider, people, time.monotonic() + seconds)
    except TooManyKindsError:
        what = f"too many kinds of faults to tell them apart within {seconds:g} s; send fewer people"
        raise _RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, what) from None
    if errors and not partial:
        raise _RefusedError(HTTPStatus.UNPROCESSABLE_ENTITY, "people break the column contract", rows=errors)
    bad = {error["row"] for error in errors}
    good = [person for row, person in enumerate(people, 1) if row not in bad]
    try:
        answers = iter(_plain(decider.decide(table_of(good), reasons))) if good else iter(())
    except DataError:  # what no row shows alone
        raise _RefusedError(HTTPStatus.UNPROCESSABLE_ENTITY, "the table breaks the column contract") from None
    decisions = [None if row in bad else next(answers) for row in range(1, len(people) + 1)]
    return {"model": decider.origin, "decisions": decisions, "errors": errors}


def _flags_as_numbers(decider: Decider, people: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Write true and false as 1 and 0, which mean the same: a column that holds both kinds reads as text."""
    flags = {name for name, column in decider.contract.columns.items() if column.kind == "flag"}
    return [
        {name: int(value) if isinstance(value, bool) and name in flags else value for name, value in person.items()}
        for person in people
    ]


def _plain(decided: pd.DataFrame) -> list[dict[str, Any]]:
    rows = decided.to_dict("records")
    return [{str(name): _value(str(name), value) for name, value in row.items()} for row in rows]


def _value(name: str, value: Any) -> Any:  # noqa: ANN401  # a cell
    if name == REASONS:
        return json.loads(value)
    plain = value.item() if hasattr(value, "item") else value
    return None if isinstance(plain, float) and not math.isfinite(plain) else plain


@contextmanager
def _quietly() -> Iterator[None]:
    """Let a caller go who does not wait for the answer."""
    try:
        yield
    except OSError:
        return
