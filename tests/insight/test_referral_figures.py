"""What the figures of referrals, declines, stays, arrangements and escalations have in common: who sees whose, what
is refused, as tables, and how many statements they take."""

from typing import Any, Final

import pytest

from app.insight.definitions.resources import RESOURCES
from app.kit.security.callers import Role
from tests.dossiers.referrals.scene import OTHER_GI, decide, refer
from tests.dossiers.transfers.scene import add_institution
from tests.insight.scene import bring, figures
from tests.world import World, codes, problem

Json = dict[str, Any]

OF_HELP: Final = ("referrals", "declines", "residential-flow")
OF_CHILDREN: Final = ("arrangements", "escalations")
ALL: Final = (*OF_HELP, *OF_CHILDREN)
MOST_STATEMENTS: Final = 11
"""Of one answer: what the figures are, their source date and completeness, and names."""


@pytest.mark.parametrize("name", ALL)
async def test_who_sees_figures(world: World, name: str) -> None:
    path = f"/v1/insight/{name}"
    problem(await world.http.get(path), 401, "unauthenticated")
    for headers in (world.admin, world.as_(Role.REFERRER)):
        problem(await world.http.get(path, headers=headers), 403, "forbidden")
    by_provider = await world.http.get(path, headers=world.provider(await world.add_provider()))
    assert by_provider.status_code == (200 if name in OF_HELP else 403)
    for role in (Role.GI, Role.LOCAL_TEAM, Role.REGION, Role.SUPRAREGION, Role.NATIONAL, Role.INSPECTORATE):
        assert (await world.http.get(path, headers=world.as_(role))).status_code == 200, role


@pytest.mark.parametrize("name", ALL)
async def test_what_cannot_be_asked(world: World, name: str) -> None:
    async def asked(headers: dict[str, str] | None = None, **query: str) -> Any:
        return await world.http.get(f"/v1/insight/{name}", params=query, headers=headers or world.region())

    assert codes(await asked(by="kind" if name != "arrangements" else "step")) == {"#/query/by": "not-applicable"}
    assert codes(await asked(lastMonth="2026-12")) == {"#/query/lastMonth": "in-future"}
    assert codes(await asked(firstMonth="2026-10", lastMonth="2026-09")) == {"#/query/firstMonth": "order"}
    assert codes(await asked(month="2026-10")) == {"#/query/month": "unknown-query-key"}
    problem(await asked(region="JZ06"), 403, "forbidden")
    finer: Json = {"by": "care-type"} | ({"municipality": "GM0400"} if name == "arrangements" else {})
    if name in {"referrals", "declines", "residential-flow"}:
        finer["provider"] = await world.add_provider()
    if len(finer) > 1:
        assert codes(await asked(world.as_(Role.INSPECTORATE), **finer)) == {"#/query": "too-fine"}
        assert (await asked(**finer)).status_code == 200, "a region sees it all"


@pytest.mark.parametrize("name", OF_HELP)
async def test_a_provider_sees_its_own_and_no_other(world: World, name: str) -> None:
    own, other = await world.contracted_offer(), await world.contracted_offer()
    for offer in (*[own] * 5, other):
        referral = await refer(world, offer)
        await world.ok(decide(world, referral, "accept"))
        await world.ok(decide(world, referral, "start"))
    headers = world.provider(own["providerId"])
    answer = await figures(world, name, headers, by="provider", firstMonth="2026-11")
    figure = "inflow" if name == "residential-flow" else "sent"
    assert [(row["code"], row[figure]) for row in answer["items"]] == [(own["providerId"], 5)]
    assert [row[figure] for row in answer["totals"]] == [5]
    path = f"/v1/insight/{name}?provider={other['providerId']}"
    problem(await world.http.get(path, headers=headers), 403, "forbidden")


@pytest.mark.parametrize("name", ALL)
async def test_an_institution_and_a_region_see_their_own_and_no_other(world: World, name: str) -> None:
    await _something(world)
    own = await figures(world, name, world.gi, firstMonth="2026-11")
    region = await figures(world, name, world.region("JZ03"), firstMonth="2026-11")
    assert any(own["totals"][0][each["name"]] for each in own["definitions"])
    assert region["totals"] == own["totals"]
    assert (region["region"], region["smallCounts"]) == ("JZ03", None)
    for headers in (world.as_(Role.GI, **OTHER_GI), world.region("JZ06")):
        theirs = await figures(world, name, headers, firstMonth="2026-11")
        assert theirs["items"] == []
        assert not any(theirs["totals"][0][each["name"]] for each in own["definitions"])


@pytest.mark.parametrize("name", ALL)
async def test_as_a_table(world: World, name: str) -> None:
    await _something(world)
    await bring(world)
    path, headers = f"/v1/insight/{name}?firstMonth=2026-11", world.region() | {"Accept": "text/csv"}
    answer = await world.http.get(path, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}.csv"'
    heading, totals, *items = answer.content.decode("utf-8-sig").splitlines()
    assert heading.startswith("periode;van;tot en met;voorlopig;")
    assert totals.startswith("2026-11;2026-11-01;2026-11-22;ja;totaal;;")
    assert items
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    answer = await world.http.get(path, headers=world.region() | {"Accept": sheet})
    assert (answer.status_code, answer.headers["content-type"]) == (200, sheet)


@pytest.mark.parametrize("name", ALL)
async def test_takes_few_statements_however_much_there_is(world: World, statements: list[str], name: str) -> None:
    await _something(world)
    await _something(world)
    await bring(world)
    counted: dict[str, int] = {}
    [resource] = [each for each in RESOURCES if each.name == name]
    for by in resource.by:
        statements.clear()
        await world.ok(world.http.get(f"/v1/insight/{name}?by={by}", headers=world.region()))
        counted[by] = len(statements)
    assert max(counted.values()) <= MOST_STATEMENTS, counted


async def _something(world: World) -> None:
    """A child that is referred and comes, and one for which a step and an arrangement are asked."""
    referral = await refer(world, await world.contracted_offer())
    await world.ok(decide(world, referral, "accept"))
    await world.ok(decide(world, referral, "start"))
    request, offer = await world.add_request(), await world.add_offer()
    body: Json = {"step": "local-team", "reason": "no-suitable-offer", "asked": "Wie heeft een plek?"}
    path = f"/v1/requests/{request['id']}"
    await world.ok(world.http.post(f"{path}/escalations", json=body, headers=world.gi))
    body = {"offerId": offer["id"], "kind": "light-contract", "why": "Enige plek."}
    await world.ok(world.http.post(f"{path}/arrangements", json=body, headers=world.gi))


async def test_who_refers_is_known_of_who_is_registered(world: World) -> None:
    offer = await world.contracted_offer()
    body = {"standsFor": 1, "offerId": offer["id"], "summary": {"urgency": "regular"}}
    for role in (Role.GI, Role.LOCAL_TEAM):
        sender = (await add_institution(world, role, f"Demo {role.value}")).headers
        request = await world.add_request(sender)
        await world.ok(world.http.post(f"/v1/requests/{request['id']}/referrals", json=body, headers=sender))
    await refer(world, offer)
    answer = await figures(world, "referrals", by="referrer", firstMonth="2026-11")
    assert [(row["code"], row["name"], row["sent"]) for row in answer["items"]] == [
        ("01", "Gemeentelijke toegang", 1),
        ("04", "Gecertificeerde instelling", 1),
        ("07", "Onbekend", 1),
    ]
