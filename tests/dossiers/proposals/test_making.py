"""Making proposals: once over all processes, seen from outside meanwhile, taken over where a process dies."""

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.dossiers.proposals import repository
from app.dossiers.proposals.beside import solved
from app.dossiers.proposals.making import MOST_ATTEMPTS
from tests.dossiers.proposals.scene import Made, ask, lines, make, maker, read
from tests.world import World

KILL = "SELECT set_config('role', 'none', true), pg_terminate_backend(:pid, 60000)"
"""As whoever logged in, whose the processes of the server are."""


class Held:
    """Does the work here, but solves when it is let."""

    def __init__(self) -> None:
        self.begun, self.let = asyncio.Event(), asyncio.Event()

    async def __call__(self, work: Callable[..., Made], *arguments: object) -> Made:
        """As `run_here`."""
        if work is solved:
            self.begun.set()
            await self.let.wait()
        return work(*arguments)


async def test_one_process_makes_it_and_another_goes_on_where_that_dies(committing_world: World) -> None:
    world, held, backend = committing_world, Held(), asyncio.Queue[int]()
    request = await world.add_request()
    asked = await ask(world)

    async def makes() -> None:
        async with world.parts.database.write() as session:
            backend.put_nowait(await session.scalar(text("SELECT pg_backend_pid()")) or 0)
            await maker(world, held).make(session)

    dying = asyncio.create_task(makes())
    await held.begun.wait()
    seen = await read(world, asked)
    assert (seen["status"], seen["progress"], seen["result"]) == ("running", {"done": 1, "total": 1}, None)
    assert not await make(world), "another process makes it too"
    async with world.parts.database.aside() as connection:
        await connection.execute(text(KILL), {"pid": await backend.get()})
    assert await make(world), "nobody goes on"
    held.let.set()
    with pytest.raises(DBAPIError):
        await dying
    assert (await read(world, asked))["status"] == "done"
    assert [each["requestId"] for each in await lines(world, asked)] == [request["id"]]
    assert not await make(world)


async def test_one_whose_making_ends_each_time_is_given_up(committing_world: World) -> None:
    world = committing_world
    asked = await ask(world)

    async def dies(_: Callable[..., Made], *__: object) -> Made:
        raise OSError

    for _ in range(MOST_ATTEMPTS):
        with pytest.raises(OSError, match=r"^$"):
            async with world.parts.database.write() as session:
                await maker(world, dies).make(session)
        assert (await read(world, asked))["status"] == "running"
    assert await make(world)
    failed = await read(world, asked)
    assert (failed["status"], failed["failure"]) == ("failed", "given-up")
    assert not await make(world)


async def test_many_children_are_read_some_at_a_time(committing_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world = committing_world
    monkeypatch.setattr(repository, "_AT_ONCE", 2)
    children = {(await world.add_request())["id"] for _ in range(4)}
    asked = await ask(world)
    assert await make(world)
    assert {each["requestId"] for each in await lines(world, asked)} == children
