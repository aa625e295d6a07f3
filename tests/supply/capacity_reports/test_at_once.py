"""Several systems at once over the same offers: they wait for each other, and none is lost."""

import asyncio
from datetime import timedelta
from typing import Any

from tests.conftest import NOW
from tests.patience import PATIENCE
from tests.supply.capacity.locks import connection, waiting
from tests.supply.capacity_reports.sending import (
    current,
    history,
    push,
    statuses,
)
from tests.world import World


async def _offers(world: World, count: int) -> list[dict[str, Any]]:
    provider = await world.add_provider()
    return [await world.add_offer(provider, f"o{number}") for number in range(count)]


async def test_two_calls_in_opposite_order_wait_for_each_other(
    committing_world: World, fresh_database_url: str
) -> None:
    world = committing_world
    offers = await _offers(world, 6)
    for offer in offers[::2]:
        await world.report(offer, placesFree=9, observedAt=(NOW - timedelta(days=1)).isoformat())
    forth = [{"offerId": offer["id"], "placesFree": 1} for offer in offers]
    back = [{"offerId": offer["id"], "placesFree": 2} for offer in reversed(offers)]
    held = sorted(offer["id"] for offer in offers)[0]
    async with connection(fresh_database_url) as holder, connection(fresh_database_url) as observer:
        async with holder.transaction():
            await holder.execute("SELECT FROM offers WHERE id = $1 FOR UPDATE", held)
            sending = [asyncio.create_task(push(world, world.admin, *reports)) for reports in (forth, back) * 2]
            await waiting(observer, 4)
        answers = await asyncio.gather(*sending)
    assert all(answer.status_code == 200 for answer in answers)
    assert len({(await current(world, offer))["placesFree"] for offer in offers}) == 1, "one call came last"


async def test_no_call_waits_for_or_holds_an_offer_of_another(committing_world: World, fresh_database_url: str) -> None:
    world = committing_world
    own, other = await world.add_offer(), await world.add_offer()
    reports = [{"offerId": offer["id"], "placesFree": 1} for offer in (own, other)]
    async with connection(fresh_database_url) as holder, holder.transaction():
        await holder.execute("SELECT FROM offers WHERE id = $1 FOR UPDATE", other["id"])
        async with asyncio.timeout(PATIENCE):
            answer = await push(world, world.provider(own["providerId"]), *reports)
    assert statuses(answer) == ["accepted", "rejected"]


async def test_many_calls_and_single_reports_at_once(committing_world: World) -> None:
    world = committing_world
    offers = await _offers(world, 5)
    sent: list[Any] = []
    for ago in (3, 0, 2, 1):
        observed = (NOW - timedelta(minutes=ago)).isoformat()
        reports = [{"offerId": each["id"], "placesFree": ago, "observedAt": observed} for each in offers]
        sent.append(push(world, world.admin, *(reports if ago % 2 else reversed(reports))))
        sent += [world.report(each, placesFree=ago + 10, observedAt=observed) for each in offers]
    await asyncio.gather(*sent)
    for offer in offers:
        assert (await current(world, offer))["placesFree"] in {0, 10}
        assert len(await history(world, offer)) == 8


async def test_the_same_first_reports_at_once_are_kept_once(committing_world: World) -> None:
    world = committing_world
    offers = await _offers(world, 3)
    reports = [{"offerId": each["id"], "placesFree": 1, "observedAt": NOW.isoformat()} for each in offers]
    answers = await asyncio.gather(*(push(world, world.admin, *reports) for _ in range(4)))
    assert sorted(map(tuple, map(statuses, answers))) == [("accepted",) * 3] + [("unchanged",) * 3] * 3
    for offer in offers:
        assert len(await history(world, offer)) == 1
