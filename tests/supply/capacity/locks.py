"""Making requests truly meet in the database: all wait for a row that the test holds, and then go on together."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx
from sqlalchemy.engine import make_url

from tests.patience import PATIENCE


@asynccontextmanager
async def connection(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection of the test's own to the database of a `committing_world`."""
    url = make_url(database_url).set(drivername="postgresql")
    made = await asyncpg.connect(url.render_as_string(hide_password=False))
    yield made
    await made.close()


async def waiting(observer: asyncpg.Connection, count: int) -> list[int]:
    """The processes that wait for a lock, as soon as there are `count` of them."""
    query = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    async with asyncio.timeout(PATIENCE):
        while len(found := await observer.fetch(query)) < count:
            pass
    return [int(row["pid"]) for row in found]


async def meeting(
    database_url: str, lock: str, *requests: Coroutine[Any, Any, httpx.Response]
) -> dict[int, httpx.Response]:
    """The answers by status to requests that all came as far as the rows that `lock` holds before one went on."""
    async with connection(database_url) as holder, connection(database_url) as observer:
        async with holder.transaction():
            await holder.execute(lock)
            sending = [asyncio.create_task(request) for request in requests]
            await waiting(observer, len(sending))
        answers = await asyncio.gather(*sending)
    return {answer.status_code: answer for answer in answers}


async def in_turn(database_url: str, lock: str, *requests: Coroutine[Any, Any, httpx.Response]) -> list[httpx.Response]:
    """As `meeting`, but each came to the rows before the next did, so they go on in this order; their answers in it."""
    async with connection(database_url) as holder, connection(database_url) as observer:
        sending = []
        async with holder.transaction():
            await holder.execute(lock)
            for request in requests:
                sending.append(asyncio.create_task(request))
                await waiting(observer, len(sending))
        return list(await asyncio.gather(*sending))
