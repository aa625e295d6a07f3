"""`scripts/audit` fails where there is a vulnerability and where it cannot look, and says which."""

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOWHERE = "http://127.0.0.1:1"


class Osv(ThreadingHTTPServer):
    """A stand-in for osv.dev on this machine: it knows of one vulnerability in each package of `vulnerable`."""

    vulnerable: frozenset[str] = frozenset()
    asked: list[str]

    def found(self, queries: list[dict[str, object]]) -> list[dict[str, object]]:
        names = [str(query["package"]["name"]) for query in queries]  # type: ignore[index]
        self.asked += names
        known = [{"id": "PYSEC-2026-1", "modified": "2026-01-01T00:00:00Z"}]
        return [{"vulns": known} if name in self.vulnerable else {} for name in names]


class _Handler(BaseHTTPRequestHandler):
    server: Osv

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._answer({"results": self.server.found(body["queries"])})

    def do_GET(self) -> None:
        self._answer({"id": "PYSEC-2026-1", "modified": "2026-01-01T00:00:00Z", "summary": "A hole", "affected": []})

    def _answer(self, document: object) -> None:
        body = json.dumps(document).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def osv() -> Iterator[Osv]:
    server = Osv(("127.0.0.1", 0), _Handler)
    server.asked = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def audit(what: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - a script of ours
        [ROOT / "scripts/audit", what],
        cwd=ROOT,
        env=os.environ | {"UV_HTTP_RETRIES": "0", "NPM_CONFIG_FETCH_RETRIES": "0"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def at(osv: Osv) -> str:
    return f"http://127.0.0.1:{osv.server_port}"


def test_packages_without_a_known_vulnerability_pass(osv: Osv) -> None:
    done = audit("python", OSV_URL=at(osv))
    assert done.returncode == 0, done.stderr
    assert {"fastapi", "asyncpg", "ruff"} <= set(osv.asked)


def test_a_known_vulnerability_fails_with_its_package(osv: Osv) -> None:
    osv.vulnerable = frozenset({"fastapi"})
    done = audit("python", OSV_URL=at(osv))
    assert done.returncode == 1
    assert "fastapi" in done.stdout + done.stderr
    assert "PYSEC-2026-1" in done.stdout + done.stderr


def test_where_it_cannot_look_it_fails() -> None:
    python = audit("python", OSV_URL=NOWHERE)
    assert python.returncode == 1
    assert "Python: a vulnerability was found, or it could not be looked for" in python.stderr
    npm = audit("npm", NPM_CONFIG_REGISTRY=NOWHERE)
    assert npm.returncode == 1
    for folder in ("what is copied into app/", "openapi", "tests/web/browser"):
        assert f"npm: {folder}: a vulnerability was found, or it could not be looked for" in npm.stderr


def test_what_it_does_not_know_is_said() -> None:
    done = audit("pyhton")
    assert done.returncode == 2
    assert "What is 'pyhton'?" in done.stderr
