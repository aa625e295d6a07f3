"""Changes watched in a second server: here one that shows them after it was asked a few times."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from uuid import UUID

import pytest

from scripts.benchmark import BenchmarkError
from scripts.benchmark.questions import Askers, Target
from scripts.benchmark.visibility import Seen, Watcher, client, summarise


class Backend:
    """What two servers share: the waiting count of each offer, and after how many questions a change shows."""

    def __init__(self, *, late: int) -> None:
        self.late = late
        self.waiting: dict[str, int] = {}
        self.asked: list[str] = []

    def item(self, offer: str, *, own: bool) -> dict[str, Any]:
        """As a search shows it."""
        self.asked.append(offer)
        shows = own or self.asked.count(offer) > self.late
        return {"offer": {"id": offer}, "availability": {"waitingCount": self.waiting[offer] if shows else 0}}


@contextmanager
def _serving(backend: Backend, *, own: bool, status: int = 200) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_PUT(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            backend.waiting[self.path.split("/")[3]] = body["waitingCount"]
            self._answer({})

        def do_GET(self) -> None:
            self._answer({"items": [backend.item(each, own=own) for each in list(backend.waiting)[-1:]]})

        def _answer(self, content: dict[str, Any]) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


TARGETS = [Target(UUID(int=number), UUID(int=9), "key") for number in range(100)]


@contextmanager
def _watching(one: str, other: str) -> Iterator[Watcher]:
    with client(one) as made_in, client(other) as looked_for_in:
        yield Watcher(made_in, looked_for_in, Askers())


def test_looks_until_the_change_is_there() -> None:
    backend = Backend(late=3)
    with (
        _serving(backend, own=True) as one,
        _serving(backend, own=False) as other,
        _watching(one, other) as watcher,
    ):
        seen = list(watcher.watch(TARGETS, 5, 60))
    assert len(seen) == 5
    assert all(each.own and each.shown is not None and each.shown > 0 for each in seen)
    assert len(backend.asked) == 5 * (3 + 1 + 1), "four looks at the other server and one at the own"


def test_no_time_means_no_changes() -> None:
    backend = Backend(late=0)
    with _serving(backend, own=True) as one, _watching(one, one) as watcher:
        assert list(watcher.watch(TARGETS, 5, 0)) == []


def test_an_error_stops_it() -> None:
    with (
        _serving(Backend(late=0), own=True, status=503) as one,
        _watching(one, one) as watcher,
        pytest.raises(BenchmarkError, match="503"),
    ):
        list(watcher.watch(TARGETS, 5, 60))


def test_percentiles_are_of_what_was_seen() -> None:
    seen = [Seen((number + 1) / 1000, own=True) for number in range(101)]
    found = summarise([*seen, Seen(None, own=False)], 60_000, loaded=True)
    assert (found.changes, found.unseen, found.own_unseen) == (102, 1, 1)
    assert found.p99_ms == pytest.approx(101)


def test_a_percentile_among_the_unseen_is_none() -> None:
    seen = [Seen(0.002, own=True)] * 98 + [Seen(None, own=True)] * 2
    found = summarise(seen, 60_000, loaded=False)
    assert (found.p50_ms, found.p99_ms, found.unseen) == (2, None, 2)
    assert summarise([], 60_000, loaded=False).p50_ms is None
