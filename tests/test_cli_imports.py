"""What a command loads: those that a newcomer or a provider's machine runs start without the service."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CASE = Path(__file__).parent / "vectors" / "case-10.json"
PROPOSAL = Path(__file__).parent / "allocation" / "vectors" / "six-children.json"
SERVICE = frozenset(
    {
        *("fastapi", "starlette", "uvicorn", "sqlalchemy", "alembic", "asyncpg", "pgqueuer", "cryptography", "jwt"),
        *("pydantic_settings", "structlog", "prometheus_client", "app.main", "app.settings", "app.demo"),
    }
)
"""What the service is made of. (typer itself reads options with pydantic.)"""
PUSH = ("push", "--url", "ftp://example.org", "--client", "duinen")
PROBE = """
import atexit, json, sys
atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr))
from app.cli import main
main(sys.argv[1:])
"""


def loaded(status: int, *arguments: str) -> set[str]:
    """The modules that a command, run by a Python of its own, has loaded when it ends with that exit status."""
    ran = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", PROBE, *arguments],
        env={**os.environ, "WIJZER_CLIENT_SECRET": "geheim"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == status, ran.stderr
    return set(json.loads(ran.stderr.splitlines()[-1]))


@pytest.mark.parametrize(
    ("arguments", "status", "most", "without"),
    [
        (["--help"], 0, 500, {"numpy", "httpx"}),
        (["push", "--help"], 0, 500, {"numpy", "httpx"}),
        ([*PUSH, str(CASE)], 2, 550, {"numpy"}),
        ([*PUSH, "--to", "waiting-children", str(CASE)], 2, 550, {"numpy", "app.dossiers.requests"}),
        (["rank", str(CASE)], 0, 550, {"httpx"}),
        (["rank", "nothing.json"], 2, 550, {"httpx"}),
        (["propose", "nothing.json"], 2, 560, {"httpx", "ortools"}),
        (["propose", str(PROPOSAL)], 0, 580, {"httpx", "pandas"}),
    ],
    ids=lambda value: " ".join(map(str, value[:2])) if isinstance(value, list) else "",
)
def test_a_command_loads_no_more_than_it_needs(arguments: list[str], status: int, most: int, without: set[str]) -> None:
    modules = loaded(status, *arguments)
    assert modules & (SERVICE | without) == set()
    assert len(modules) <= most, f"{len(modules)} modules"


@pytest.mark.parametrize("writer", ["app.demo.seed", "app.main"])
def test_who_writes_rows_knows_every_table(writer: str) -> None:
    """SQLAlchemy writes no row that refers to a table it was never told of, and says so only then."""
    probe = f"import {writer}, sys; from app.kit.database.tables import Table; known = set(Table.metadata.tables); "
    compare = "from app.tables import METADATA; sys.exit(str(set(METADATA.tables) - known or ''))"
    ran = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", probe + compare], capture_output=True, text=True, check=False
    )
    assert ran.stderr.strip() == ""


def test_a_worker_starts_with_no_more_than_its_first_request_needs() -> None:
    """What workbooks are made with, what each route takes, how each body is read, is worked out when asked."""
    probe = """
import json, sys
import app.main
from app.kit.http.late_routes import LateRoute
from app.kit.schemas import Schema
routes = [each for router in (*app.main.ROUTERS, *app.main.PAGES) for each in router.routes]
pending, schemas = [Schema], []
while pending:
    schemas += (subclasses := pending.pop().__subclasses__())
    pending += subclasses
print(json.dumps({
    "modules": len(sys.modules),
    "openpyxl": "openpyxl" in sys.modules,
    "routes": len(routes),
    "worked out": sum("dependant" in vars(each) for each in routes if isinstance(each, LateRoute)),
    "schemas": len(schemas),
    "built": sum(each.__pydantic_complete__ for each in schemas),
}))
"""
    ran = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)  # noqa: S603 - our own
    found = json.loads(ran.stdout)
    assert found["modules"] <= 2_500, found
    assert not found["openpyxl"]
    assert found["routes"] > 250
    assert found["worked out"] == 0
    assert found["schemas"] > 400
    assert found["built"] < 20
