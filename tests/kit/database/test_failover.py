"""Connecting to one of several hosts: the one that takes writes, also when another is silent."""

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.kit.database.sessions import driver_of, make_engine
from tests.replication import Replication

AS_OWNER = text("SET ROLE NONE")
"""The service may not ask where data is."""
WHERE = text("SELECT current_setting('data_directory')")


class Silent:
    """A host that takes connections and answers nothing."""

    def __init__(self) -> None:
        self.port = 0
        self.taken: list[asyncio.StreamWriter] = []

    def take(self, _: asyncio.StreamReader, caller: asyncio.StreamWriter) -> None:
        self.taken.append(caller)


@pytest.fixture
async def silent() -> AsyncIterator[Silent]:
    host = Silent()
    server = await asyncio.start_server(host.take, "127.0.0.1", 0)
    host.port = server.sockets[0].getsockname()[1]
    yield host
    server.close()
    for caller in host.taken:
        caller.close()
    await server.wait_closed()


def url(database: str, *hosts: Any, target: str = "read-write") -> str:
    named = "&".join(f"host={host}" for host in hosts)
    return f"postgresql+asyncpg://postgres@/{database}?{named}&target_session_attrs={target}"


async def where(engine: AsyncEngine) -> str:
    """Who answers on a new connection."""
    async with engine.connect() as connection:
        await connection.execute(AS_OWNER)
        answer = str(await connection.scalar(WHERE))
        await connection.invalidate()
    return answer


async def test_a_silent_host_does_not_hide_the_next_one_and_is_not_asked_again(
    replication: Replication, silent: Silent
) -> None:
    hosts = f"127.0.0.1:{silent.port}", f"{replication.primary.folder}:5432"
    engine = make_engine(url(replication.database, *hosts), pool_size=1, patience=1)
    for _ in range(3):
        assert await where(engine) == str(replication.primary.data)
    assert len(silent.taken) == 1
    await engine.dispose()


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("target", ["read-write", "primary", "read-only", "standby"])
async def test_the_host_is_the_one_that_is_asked_for(replication: Replication, order: int, target: str) -> None:
    hosts = [f"{server.folder}:5432" for server in (replication.primary, replication.replica)]
    engine = make_engine(url(replication.database, *hosts[::order], target=target), pool_size=1)
    expected = replication.primary if target in {"read-write", "primary"} else replication.replica
    for _ in range(2):
        assert await where(engine) == str(expected.data)
    await engine.dispose()


async def test_the_host_that_took_over_is_found(replication: Replication) -> None:
    engine = make_engine(replication.failover_url, pool_size=1)
    assert await where(engine) == str(replication.primary.data)
    replication.kill_primary()
    replication.promote()
    for _ in range(2):
        assert await where(engine) == str(replication.replica.data)
    await engine.dispose()


async def forward(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while data := await source.read(65536):
        target.write(data)
    target.close()


@pytest.fixture
async def port(replication: Replication) -> AsyncIterator[int]:
    """A TCP port that leads to the primary, which itself has a socket in the file system only."""
    tasks: list[asyncio.Task[None]] = []

    async def serve(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        its_source, its_target = await asyncio.open_unix_connection(replication.primary.folder / ".s.PGSQL.5432")
        tasks.append(asyncio.create_task(forward(source, its_target)))
        tasks.append(asyncio.create_task(forward(its_source, target)))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    for each in tasks:
        each.cancel()  # where a test failed, its connection is still open
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_machine_that_is_gone_is_noticed(replication: Replication, port: int) -> None:
    engine = make_engine(f"postgresql+asyncpg://postgres@127.0.0.1:{port}/{replication.database}", pool_size=1)
    async with engine.connect() as connection:
        await connection.execute(AS_OWNER)
        assert await connection.scalar(WHERE) == str(replication.primary.data)
        driver = await driver_of(connection)
        its_socket = driver._transport.get_extra_info("socket")  # noqa: SLF001 - it shows it nowhere else
    names = [socket.TCP_USER_TIMEOUT, socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT]
    assert [its_socket.getsockopt(socket.IPPROTO_TCP, name) for name in names] == [15000, 5, 5, 2]
    assert its_socket.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
    await engine.dispose()


async def test_no_host_is_the_one_that_is_asked_for(replication: Replication) -> None:
    hosts = [f"{replication.replica.folder}:5432"] * 2
    for dsn in (url(replication.database, *hosts), f"{replication.replica_url}&target_session_attrs=read-write"):
        engine = make_engine(dsn, pool_size=1)
        with pytest.raises(OSError, match="None of the hosts match"):
            await where(engine)
        await engine.dispose()
