"""Answers of resources about supply, as a test reads them."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from app.insight.supply_history.service import bring_up_to_date
from tests.world import World

Json = dict[str, Any]
SAID = {"period", "firstDay", "lastDay", "provisional", "code", "name"}


async def bring_supply(world: World) -> None:
    """Does what the job does."""
    async with world.parts.database.write() as session:
        await bring_up_to_date(session, world.parts.clock())


async def ask(world: World, name: str, headers: dict[str, str], **query: Any) -> Json:
    """The answer of a resource, with what was kept until now."""
    return await world.ok(world.http.get(f"/v1/insight/{name}", params=query, headers=headers))


def figures_of(row: Json) -> Json:
    """The figures of a row, without what says which it is."""
    return {name: value for name, value in row.items() if name not in SAID}


def by_code(answer: Json) -> dict[tuple[str, str], Json]:
    """The figures of a breakdown by period and code."""
    return {(row["period"], row["code"]): figures_of(row) for row in answer["items"]}


def periods_of(answer: Json) -> Iterator[tuple[Json, date, date]]:
    """The rows of the totals, each with its first and its last day."""
    for row in answer["totals"]:
        yield row, date.fromisoformat(row["firstDay"]), date.fromisoformat(row["lastDay"])
