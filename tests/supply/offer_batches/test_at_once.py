"""Batches beside single changes of the same offers: they wait for each other, none is lost, and none hangs."""

import asyncio
from typing import Any

from tests.patience import PATIENCE
from tests.supply.capacity.locks import connection, waiting
from tests.supply.capacity_reports.sending import push
from tests.world import World

OFFER = {"careType": "gezinshuis", "ageMin": 0, "ageMax": 17, "locationKey": "here"}


def _offers(name: str, count: int, *, first: int = 0) -> list[dict[str, Any]]:
    return [OFFER | {"key": f"o{number}", "name": name} for number in range(first, first + count)]


async def _batch(world: World, provider: str, body: Any, query: str = "") -> dict[str, Any]:
    path = f"/v1/providers/{provider}/offers/_batch{query}"
    return await world.ok(world.http.post(path, json=body, headers=world.provider(provider)))


async def _names(world: World, provider: str) -> dict[str, str]:
    path = f"/v1/providers/{provider}/offers?limit=200"
    items = (await world.ok(world.http.get(path, headers=world.gi)))["items"]
    return {item["key"]: item["name"] for item in items}


async def test_of_batches_with_the_same_new_offers_one_makes_them(committing_world: World) -> None:
    world = committing_world
    provider = await world.add_provider()
    bodies = [
        {"locations": [{"key": "here", "name": name, "postcode": "1781AB"}], "requests": offers}
        for name in "abcd"
        for offers in [_offers(name, 20) if name < "c" else _offers(name, 20)[::-1]]
    ]
    answers = await asyncio.gather(*(_batch(world, provider, body) for body in bodies))
    assert sorted(answer["created"] for answer in answers) == [0, 0, 0, 21]
    assert sorted(answer["replaced"] for answer in answers) == [0, 21, 21, 21]
    assert len(set((await _names(world, provider)).values())) == 1, "one of them came last, as a whole"


async def test_an_offer_that_a_single_put_makes_meanwhile_is_replaced(
    committing_world: World, fresh_database_url: str
) -> None:
    world = committing_world
    first = await world.add_offer(key="first")
    provider = first["providerId"]
    async with connection(fresh_database_url) as other, connection(fresh_database_url) as observer:
        transaction = other.transaction()
        await transaction.start()
        made = await other.fetchval(
            "INSERT INTO offers SELECT (o).* FROM (SELECT jsonb_populate_record(o, jsonb_build_object("
            "'id', gen_random_uuid(), 'key', 'o1')) AS o FROM offers o) AS copied RETURNING id"
        )
        sending = asyncio.create_task(_batch(world, provider, {"requests": _offers("anders", 3)}))
        await waiting(observer, 1)
        await transaction.commit()
        answer = await sending
    assert [each["status"] for each in answer["results"]] == ["created"] * 3
    assert answer["results"][1]["offerId"] == str(made)
    assert await _names(world, provider) == {"first": first["name"], **dict.fromkeys(("o0", "o1", "o2"), "anders")}


async def test_batches_puts_ends_moves_and_reports_of_the_same_offers_at_once(committing_world: World) -> None:
    world = committing_world
    provider = await world.add_provider()
    own = world.provider(provider)
    await world.add_location(provider)
    offers = [await world.add_offer(provider, f"o{number}") for number in range(8)]
    sent: list[Any] = []
    for turn in range(3):
        body = {"locations": [{"key": "here", "name": "H", "postcode": "1781AB", "city": f"Stad {turn}"}]}
        sent.append(_batch(world, provider, body | {"requests": _offers(f"batch {turn}", 10)}))
        sent.append(_batch(world, provider, {"requests": _offers(f"deel {turn}", 5)}, "?endMissing=true"))
        sent.append(world.ok(push(world, own, *({"offerId": each["id"], "placesFree": turn} for each in offers))))
        sent.append(world.add_offer(provider, f"o{turn}", name=f"alleen {turn}"))
        sent.append(world.add_offer(provider, f"nieuw{turn}", name="nieuw"))
        sent.append(world.add_location(provider, city=f"Elders {turn}"))
        sent.append(world.http.delete(f"/v1/offers/{offers[turn]['id']}", headers=own))
        patch = {"name": f"Aanbieder {turn}"}
        sent.append(world.http.patch(f"/v1/providers/{provider}", json=patch, headers=own | {"If-Match": "*"}))
    async with asyncio.timeout(PATIENCE):
        answers = await asyncio.gather(*sent)
    assert all(each.is_success for each in answers if not isinstance(each, dict))
    last = await _batch(world, provider, {"requests": _offers("ten slotte", 10)}, "?endMissing=true")
    assert last["rejected"] == 0
    assert await _names(world, provider) == {f"o{number}": "ten slotte" for number in range(10)}
