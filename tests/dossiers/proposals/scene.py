"""What the tests of proposals share: asking for one, having it made, and reading it."""

from collections.abc import Callable
from typing import Any, TypeVar

from app.dossiers.proposals.beside import Run
from app.dossiers.proposals.making import Maker
from tests.world import World

PATH = "/v1/proposals"
Made = TypeVar("Made")


async def run_here(work: Callable[..., Made], *arguments: object) -> Made:
    """As the service has it done, in this process: a process of its own takes a second to start."""
    return work(*arguments)


def maker(world: World, run: Run = run_here) -> Maker:
    """This process's part in making proposals."""
    return Maker(world.parts.follower, world.parts.clock, world.parts.database, run)


async def ask(world: World, headers: dict[str, str] | None = None, **fields: Any) -> dict[str, Any]:
    """Asks for a proposal, as the expert team unless said."""
    body = {"seed": 7, **fields}
    return await world.ok(world.http.post(PATH, json=body, headers=headers or world.expert_team()))


async def make(world: World) -> bool:
    """Makes a proposal, as the job does; whether there was any."""
    async with world.parts.database.write() as session:
        return await maker(world).make(session)


async def read(
    world: World, proposal: dict[str, Any], part: str = "", headers: dict[str, str] | None = None
) -> dict[str, Any]:
    """A proposal, or a part of it (`/lines`)."""
    path = f"{PATH}/{proposal['id']}{part}"
    return await world.ok(world.http.get(path, headers=headers or world.expert_team()))


async def made(world: World, headers: dict[str, str] | None = None, **fields: Any) -> dict[str, Any]:
    """A proposal that is made."""
    asked = await ask(world, headers, **fields)
    assert await make(world)
    return await read(world, asked, headers=headers)


async def made_somehow(world: World) -> dict[str, Any]:
    """A proposal that is made, here or by the service that runs beside."""
    asked = await ask(world)
    while (await read(world, asked))["status"] != "done":
        await make(world)
    return asked


async def lines(world: World, proposal: dict[str, Any], headers: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """The lines of a proposal."""
    items: list[dict[str, Any]] = (await read(world, proposal, "/lines", headers))["items"]
    return items
