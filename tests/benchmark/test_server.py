"""When a server counts as ready: all of its workers have to be, for one that has yet to load answers with errors."""

import http.server
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.kit.monitoring.log_events import CATALOGUE_LOADED
from scripts.benchmark import BenchmarkError
from scripts.benchmark import server as servers
from scripts.benchmark.server import Server

LINE = '{"offers": 60000, "event": "catalogue.loaded"}\n'


class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    """Where a worker answers that it is ready."""
    with http.server.HTTPServer(("127.0.0.1", 0), Ready) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield listening.server_port
        listening.shutdown()


@pytest.fixture
def process() -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-c", "input()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as running:  # noqa: S603 - our own
        yield running
        running.communicate(b"\n")


@pytest.mark.parametrize(("loaded", "workers", "ready"), [(1, 1, True), (1, 2, False), (2, 2, True)])
def test_every_worker_has_loaded(
    port: int,
    process: "subprocess.Popen[bytes]",
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    loaded: int,
    workers: int,
    ready: bool,
) -> None:
    monkeypatch.setattr(servers, "_READY_SECONDS", 0.0 if not ready else 60.0)
    log = tmp_path / "product.log"
    log.write_text(loaded * LINE)
    server = Server(process, port, workers, log)
    if ready:
        server.wait_until_ready("/ready", CATALOGUE_LOADED.name)
    else:
        with pytest.raises(BenchmarkError, match="not ready"):
            server.wait_until_ready("/ready", CATALOGUE_LOADED.name)
