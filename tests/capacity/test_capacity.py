"""Reporting capacity: who may, what is refused, what stands afterwards."""

from tests.conftest import SettableClock
from tests.world import World, codes, problem


async def test_needs_a_token(world: World) -> None:
    offer = await world.add_offer()
    answer = await world.http.put(f"/v1/offers/{offer['id']}/capacity", json={"placesFree": 1})
    problem(answer, 401, "unauthenticated")
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_is_the_owners_alone(world: World) -> None:
    offer = await world.add_offer()
    other = await world.add_provider()
    for headers in (world.gi, world.region(), world.provider(other)):
        answer = await world.http.put(f"/v1/offers/{offer['id']}/capacity", json={"placesFree": 1}, headers=headers)
        problem(answer, 403, "forbidden")


async def test_lists_all_errors_at_once(world: World) -> None:
    offer = await world.add_offer()
    answer = await world.http.put(
        f"/v1/offers/{offer['id']}/capacity?now=true",
        json={"placesFree": -1, "note": "bel 123456782", "nextFreeOn": "22-11-2026", "vrij": 2},
        headers=world.provider(offer["providerId"]),
    )
    assert codes(answer) == {
        "#/placesFree": "out-of-range",
        "#/note": "bsn",
        "#/nextFreeOn": "format",
        "#/vrij": "unknown-field",
        "#/query/now": "unknown-query-key",
    }


async def test_an_older_report_goes_into_the_history_and_changes_nothing_now(
    world: World, clock: SettableClock
) -> None:
    offer = await world.add_offer()
    await world.report(offer, placesFree=2, observedAt="2026-11-20T09:00:00+01:00")
    standing = await world.report(offer, placesFree=5, observedAt="2026-11-19T09:00:00+01:00")
    assert standing["placesFree"] == 2
    assert standing["observedAt"] == "2026-11-20T08:00:00Z"
    history = await world.ok(world.http.get(f"/v1/offers/{offer['id']}/capacity-history", headers=world.gi))
    assert [item["placesFree"] for item in history["items"]] == [5, 2]
