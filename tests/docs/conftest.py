"""A service with the demo data set for each page, so that none finds what another has done."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from app.demo.seed import seed
from app.kit.clock import system_clock
from app.main import create_app
from app.settings import Settings
from tests.client.push.served import served
from tests.databases import run_sql, url_of
from tests.docs.pages import ROOT


@pytest.fixture(scope="session")
def demo_database(server_url: str, template_database: str, worker_id: str) -> Iterator[str]:
    """The name of a database with the demo data set, of which each page has a copy."""
    name = f"wijzer_docs_{os.getpid()}_{worker_id}"
    own = template_database
    asyncio.run(run_sql(server_url, f'CREATE DATABASE "{name}" TEMPLATE "{own}"'))
    asyncio.run(seed(url_of(server_url, name), system_clock().date()))
    yield name
    asyncio.run(run_sql(server_url, f'DROP DATABASE "{name}" WITH (FORCE)'))


@dataclass(frozen=True)
class Shell:
    """Where a page is typed: a directory like the repository's, and the service that it speaks to."""

    address: str
    cwd: Path
    environment: dict[str, str]


@pytest.fixture
async def shell(server_url: str, demo_database: str, tmp_path: Path) -> AsyncIterator[Shell]:
    """A fresh shell, and a fresh service with the demo data set."""
    name = f"wijzer_page_{uuid4().hex}"
    await run_sql(server_url, f'CREATE DATABASE "{name}" TEMPLATE "{demo_database}"')
    url = url_of(server_url, name)
    _furnish(tmp_path)
    with served(create_app(Settings(database_url=url, demo=True, webhook_private_targets=["127.0.0.1"]))) as address:
        environment = {"PYTHONPATH": str(ROOT), "API": f"{address}/v1", "DATABASE_URL": url, "DEMO": "true"}
        yield Shell(address.removeprefix("http://"), tmp_path, environment)
    await run_sql(server_url, f'DROP DATABASE "{name}" WITH (FORCE)')


def _furnish(directory: Path) -> None:
    """Gives a directory what pages read of the repository; what they write stays there."""
    for name in ("docs", "tests", "openapi", "migrations", "alembic.ini"):
        (directory / name).symlink_to(ROOT / name)
    command = directory / ".venv" / "bin" / "wijzer"
    command.parent.mkdir(parents=True)
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m app.cli "$@"\n')
    command.chmod(0o755)
