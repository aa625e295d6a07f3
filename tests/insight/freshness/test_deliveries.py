"""Freshness by institution: which months it was to deliver, and whether it did, as `GET /deliveries` says of each."""

from typing import Any

import pytest

from app.kit.security.callers import Role
from tests.dossiers.deliveries.scene import child, deliver
from tests.dossiers.transfers.scene import add_institution
from tests.insight.asked import ask
from tests.insight.scene import bring
from tests.world import World, codes, problem

PATH = "/v1/insight/freshness"
GI = "De Jeugd- en Gezinsbeschermers"
OFFERS = ("offers", "fresh", "ageing", "stale", "missing", "freshShare")
MONTHS = ("monthsDue", "monthsDelivered", "monthsMissing", "deliveredShare")


async def _by_institution(world: World, headers: dict[str, str], **query: str) -> dict[str, Any]:
    await bring(world)
    return await ask(world, "freshness", headers, by="institution", **query)


async def _states(world: World, headers: dict[str, str], month: str) -> dict[str, int]:
    path = f"/v1/deliveries?month={month}&limit=200"
    found = (await world.ok(world.http.get(path, headers=headers)))["items"]
    return {each["institution"]: int(each["state"] != "missing") for each in found}


@pytest.mark.parametrize("who", ["region", "supraregion", "inspectorate"])
async def test_says_what_deliveries_say_of_each_month(world: World, who: str) -> None:
    headers = {
        "region": world.region(),
        "supraregion": world.as_(Role.SUPRAREGION, supraregion="noord-holland"),
        "inspectorate": world.as_(Role.INSPECTORATE),
    }[who]
    own, other = await add_institution(world, name=GI), await add_institution(world, name="Klein team")
    await deliver(world, child(requestedOn="2026-09-20"), headers=own.headers)
    await deliver(world, child(requestedOn="2026-10-02"), headers=other.headers, query="?referenceDay=2026-10-31")
    await world.ok(world.http.post("/v1/deliveries", json={"month": "2026-09"}, headers=own.headers))
    answer = await _by_institution(world, headers, firstMonth="2026-09", lastMonth="2026-11")
    for month in ("2026-09", "2026-10", "2026-11"):
        rows = [each for each in answer["items"] if each["period"] == month]
        assert {each["name"]: each["monthsDelivered"] for each in rows} == await _states(world, headers, month)
        [total] = [each for each in answer["totals"] if each["period"] == month]
        assert total["monthsDue"] == len(rows) == total["monthsDelivered"] + total["monthsMissing"]
        assert total["monthsDelivered"] == sum(each["monthsDelivered"] for each in rows) > 0
    assert {row[name] for row in answer["items"] for name in OFFERS} == {None}


async def test_a_quarter_counts_the_months_that_have_begun(world: World) -> None:
    own = await add_institution(world, name=GI)
    await deliver(world, child(requestedOn="2026-09-20"), headers=own.headers)
    answer = await _by_institution(world, own.headers, unit="quarter", firstMonth="2026-10")
    [row] = answer["items"]
    assert (row["name"], row["period"], [row[name] for name in MONTHS]) == (GI, "2026-Q4", [2, 1, 1, 0.5])


async def test_what_is_delivered_shows_at_once(world: World) -> None:
    before = await _by_institution(world, world.gi, firstMonth="2026-11")
    assert [each["monthsDelivered"] for each in before["totals"]] == [0]
    await world.ok(world.http.post("/v1/deliveries", json={"month": "2026-11"}, headers=world.gi))
    after = await ask(world, "freshness", world.gi, by="institution", firstMonth="2026-11")
    assert [each["monthsDelivered"] for each in after["totals"]] == [1]


async def test_an_institution_sees_its_own_and_a_provider_none(world: World) -> None:
    own, other = await add_institution(world, name=GI), await add_institution(world, name="Klein team")
    await deliver(world, child(), headers=other.headers)
    answer = await _by_institution(world, own.headers, firstMonth="2026-11")
    assert [(each["code"], each["name"]) for each in answer["items"]] == [(own.id, GI)]
    asked = {"by": "institution"}
    problem(await world.http.get(PATH, params=asked, headers=world.as_(Role.PROVIDER)), 403, "forbidden")


async def test_offers_and_institutions_are_not_mixed(world: World) -> None:
    by_offer = await ask(world, "freshness", world.region(), firstMonth="2026-11")
    assert {row[name] for row in by_offer["totals"] for name in MONTHS} == {None}
    for wrong in (
        {"institution": "7c9e6679-7425-40de-944b-e07fc1f90ae7"},
        {"by": "institution", "careType": "gezinshuis"},
    ):
        answer = await world.http.get(PATH, params=wrong, headers=world.region())
        assert set(codes(answer).values()) == {"not-applicable"}


async def test_of_one_institution(world: World) -> None:
    institution = await add_institution(world, name=GI)
    await deliver(world, child(), headers=institution.headers)
    every = await _by_institution(world, world.region(), firstMonth="2026-11")
    [own] = [each for each in every["items"] if each["name"] == GI]
    asked = {"by": "institution", "institution": institution.id, "firstMonth": "2026-11"}
    one = await ask(world, "freshness", world.region(), **asked)
    assert one["items"] == [own]
    assert own["monthsDelivered"] == 1
