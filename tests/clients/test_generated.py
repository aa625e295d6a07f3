"""Clients that generators make of openapi/openapi.json do the main job, against the service over HTTP.

A provider publishes a free place; an institution matches, keeps a request, and sends a referral, which is accepted.
"""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest

from app.kit.database.sessions import connect
from app.kit.security.callers import Role
from app.main import create_app
from app.settings import Settings
from tests.http import Served, serving_http

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "openapi" / "openapi.json"
MODULES = ROOT / "openapi" / "node_modules"
GENERATOR = "openapi-python-client==0.29.1"
"""In an environment of its own, which uv makes once: it wants an older typer than ours."""


@pytest.fixture
async def served(settings: Settings, fresh_database_url: str) -> AsyncIterator[Served]:
    """The service on a database of its own, on a port."""
    database = connect(fresh_database_url, pool_size=5)
    async with serving_http(create_app(settings, database=database)) as made:
        yield made


async def _run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """What a command prints, which must succeed."""
    process = await asyncio.create_subprocess_exec(
        *map(str, command),
        cwd=cwd,
        env=os.environ | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0, printed.decode()
    return printed.decode()


async def _main_job(served: Served, *command: str | Path, cwd: Path) -> str:
    """What the main job prints, done by a contracted provider and an institution."""
    provider_id = await served.add_provider()
    await served.add_contract(provider_id)
    return await _run(
        *command,
        cwd=cwd,
        BASE=f"http://127.0.0.1:{served.port}/v1",
        PROVIDER=provider_id,
        PROVIDER_TOKEN=served.token(Role.PROVIDER, provider_id=UUID(provider_id)),
        GI_TOKEN=served.token(Role.GI, institution="De Jeugd- en Gezinsbeschermers"),
    )


async def test_a_python_client(served: Served, tmp_path: Path) -> None:
    uv = Path(sys.executable).with_name("uv")
    options = ("--path", DOCUMENT, "--output-path", tmp_path / "generated", "--meta", "none")
    generate = ("tool", "run", "--from", GENERATOR, "openapi-python-client", "generate")
    await _run(uv, *generate, *options, cwd=tmp_path)
    shutil.copy(ROOT / "tests" / "clients" / "main_job.py", tmp_path)
    assert await _main_job(served, sys.executable, "main_job.py", cwd=tmp_path) == "accepted\n"


async def test_typescript_types(served: Served, tmp_path: Path) -> None:
    await _run(ROOT / "scripts" / "openapi-lint", "--install-only", cwd=ROOT)
    (tmp_path / "node_modules").symlink_to(MODULES)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    shutil.copy(ROOT / "tests" / "clients" / "main_job.ts", tmp_path)
    optional = "--default-non-nullable=false"  # what has a default may be left out of a question
    await _run(MODULES / ".bin" / "openapi-typescript", DOCUMENT, optional, "-o", "generated.d.ts", cwd=tmp_path)
    options = ("--strict", "--target", "es2022", "--module", "nodenext", "--lib", "es2022,dom,dom.iterable")
    await _run(MODULES / ".bin" / "tsc", *options, "main_job.ts", cwd=tmp_path)
    assert await _main_job(served, "node", "main_job.js", cwd=tmp_path) == "accepted\n"
