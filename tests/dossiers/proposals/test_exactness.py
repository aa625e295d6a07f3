"""A proposal of the service against every way there is: families, places that were promised, and what is left out."""

from collections.abc import Mapping

import pytest

from app.allocation.model import Method
from app.dossiers.proposals.case_file import read_case
from tests.allocation.plain import Plain
from tests.dossiers.proposals.scene import lines, made, read
from tests.dossiers.referrals.scene import decide, refer
from tests.world import World

REPORTED: Mapping[str, tuple[int, int, int]] = {"a": (4, 1, 1), "b": (2, 0, 1), "c": (1, 2, 0), "d": (2, 0, 0)}
"""Free places by the report, children who wait, and places that were promised after it."""
OVER = {"measure": {"type": "21", "imposedOn": "2026-07-01"}}


@pytest.mark.parametrize("method", ["stable", "least-lateness"])
async def test_it_is_the_best_of_all_ways_with_what_is_left_of_each_offer(world: World, method: Method) -> None:
    left = {}
    for name, (free, waiting, promised) in REPORTED.items():
        offer = await world.contracted_offer(ageMax=12 if name == "d" else 17)
        await world.report(offer, placesTotal=9, placesFree=free, waitingCount=waiting, waitDaysIntake=20)
        left[offer["id"]] = max(0, free - waiting - promised)
        for _ in range(promised):
            await world.ok(decide(world, await refer(world, offer), "accept"))
    older = OVER | {"birthMonth": "2010-05"}
    for group, child in (("gezin-1", {}), ("gezin-1", older), ("gezin-2", OVER), ("gezin-2", {}), (None, older)):
        await world.add_request(child=child, siblingGroup=group)
    refused = await world.add_request(child=OVER)
    first = next(iter(left))
    await world.ok(decide(world, await refer(world, {"id": first}, refused), "decline", reason="no-place"))
    proposal = await made(world, method=method)
    case = read_case(await read(world, proposal, "/case"))
    assert {each.offer: each.places for each in case.places} == left
    assert len([each for each in case.children if each.group]) == 4
    plain, found = Plain(case), await lines(world, proposal)
    way = {f"k{number}": each["offer"] and each["offer"]["id"] for number, each in enumerate(found, start=1)}
    assert None in way.values()
    assert way in list(plain.ways())
    if method == "stable":
        assert [each for each in plain.ways() if not plain.pointing(each)] == [way]
    else:
        assert plain.counted(way) == min(map(plain.counted, plain.ways()))
