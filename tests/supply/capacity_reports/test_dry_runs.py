"""Dry runs: what would come of each line, of which nothing is taken in."""

from tests.supply.capacity_reports.sending import PATH, current, history, push, statuses
from tests.world import World, problem


async def test_a_dry_run_says_what_would_come_of_each_line_and_takes_nothing_in(world: World) -> None:
    offer, new = await world.add_offer(), await world.add_offer()
    await world.report(offer, placesTotal=4, placesFree=1, note="Bel eerst.")
    lines = [
        {"offerId": offer["id"], "placesFree": 3, "note": "Bel eerst."},
        {"offerId": offer["id"], "placesFree": 9},
        {"offerId": offer["id"], "placesFree": 2, "observedAt": "2026-01-01T00:00:00Z"},
        {"offerId": new["id"], "placesFree": 1},
    ]
    answer = await push(world, world.admin, *lines, path=f"{PATH}?dryRun=true")
    assert statuses(answer) == ["accepted", "rejected", "accepted", "accepted"]
    content = answer.json()
    assert content["dryRun"] is True
    assert [item["changes"] for item in content["items"]] == [
        [{"field": "placesFree", "old": 1, "new": 3}],
        [],
        [],
        [
            {"field": "placesFree", "old": None, "new": 1},
            {"field": "acceptsReferrals", "old": None, "new": True},
        ],
    ]
    assert [item["stands"] for item in content["items"]] == [True, False, False, True]
    assert [len(await history(world, each)) for each in (offer, new)] == [1, 0]
    answer = await push(world, world.admin, *lines)
    assert statuses(answer) == ["accepted", "rejected", "accepted", "accepted"]
    assert answer.json()["dryRun"] is False
    assert [item["changes"] for item in answer.json()["items"]] == [[]] * 4
    assert (await current(world, offer))["placesFree"] == 3


async def test_a_dry_run_of_all_or_nothing_says_that_nothing_would_be_taken_in(world: World) -> None:
    offer = await world.add_offer()
    lines = [{"offerId": offer["id"], "placesFree": 1}, {"offerId": offer["id"], "placesFree": -1}]
    answer = await push(world, world.admin, *lines, path=f"{PATH}?dryRun=true&atomic=true")
    found = problem(answer, 400, "invalid-input")
    assert (found["dryRun"], found["rejected"]) == (True, 2)
    assert await history(world, offer) == []


async def test_a_dry_run_leaves_the_key_of_the_real_one_free(world: World) -> None:
    offer = await world.add_offer()
    headers = world.admin | {"Idempotency-Key": "melding-1"}
    for query in ("?dryRun=true", ""):
        assert statuses(await push(world, headers, {"offerId": offer["id"], "placesFree": 1}, path=PATH + query)) == [
            "accepted"
        ]
    assert len(await history(world, offer)) == 1
