"""Whose pages are told that something changed: those of all who see it, nobody else's, and never what it was."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.kit.database.sessions import connect
from app.kit.security.callers import Caller, Role
from app.main import create_app
from app.reference.lists import reference
from app.settings import Settings
from app.web.live.audiences import audiences_of, of_region, of_supraregion
from tests.conftest import SettableClock
from tests.dossiers.calls.scene import answer, contracted, publish
from tests.dossiers.deliveries.scene import child, deliver
from tests.dossiers.proposals.scene import ask as ask_proposal
from tests.dossiers.referrals.scene import OTHER_GI, decide, refer
from tests.http import Reader, Served, serving_http
from tests.insight.plans.scene import add_action, supraregion
from tests.insight.plans.scene import change as change_action
from tests.insight.targets.scene import add_target
from tests.insight.targets.scene import change as change_target
from tests.web.pages import Browser, browser_of, text_of
from tests.world import World

Json = dict[str, Any]
GI = UUID(int=len(Role.GI.value))
LIVE = "/live"
AGREED = {"contactLocalTeamDays": None, "expertTeamDays": 30, "referralAnswerDays": 5, "escalationLadder": ["national"]}


async def agree(served: Served, **fields: Any) -> None:
    """The region agrees on what is told here."""
    path, headers = "/v1/regions/JZ03/agreements", served.region() | {"If-Match": "*"}
    await served.ok(served.http.put(path, json=AGREED | fields, headers=headers))


@pytest.fixture
async def served(settings: Settings, fresh_database_url: str, clock: SettableClock) -> AsyncIterator[Served]:
    """The service on a database of its own, over HTTP."""
    async with serving_http(
        create_app(settings, database=connect(fresh_database_url, pool_size=5), clock=clock)
    ) as made:
        yield made


async def follow(served: Served, browser: Browser, path: str = LIVE) -> Reader:
    """A page's reader whose stream is open."""
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    reader = await served.open(path, {"Cookie": cookie, "Accept": "text/event-stream"})
    assert reader.status == 200, reader.head
    await reader.greeting()
    return reader


async def test_a_page_is_told_that_something_changed_and_no_more(served: Served) -> None:
    offer = await served.contracted_offer()
    own, strange = UUID(offer["providerId"]), UUID(await served.add_provider())
    provider = await follow(served, await browser_of(served, Role.PROVIDER, provider_id=own))
    other = await follow(served, await browser_of(served, Role.PROVIDER, provider_id=strange))
    other_gi = await follow(served, await browser_of(served, Role.GI, **OTHER_GI))
    await refer(served, offer)
    event = await provider.next()
    assert event is not None
    assert (event.name, event.data, event.id) == ("changed", {}, "")
    served.stop()
    assert [await other.next(), await other_gi.next()] == [None, None]


async def test_who_sees_it_is_told(served: Served) -> None:
    heard: set[UUID] = set()

    def hear(audiences: Collection[UUID] | None) -> None:
        heard.update(audiences or ())

    served.parts.follower.when_audiences = hear
    offer, stranger = await contracted(served), UUID(await served.add_provider())
    provider = UUID(offer["providerId"])
    made: Json = await served.add_request()
    sent: Json = await refer(served, offer, made)
    call: Json = await publish(served, made)
    escalation = {
        "step": "expert-team",
        "reason": "no-suitable-offer",
        "asked": "Denk mee.",
        "skipReason": "Al betrokken.",
    }
    path = f"/v1/requests/{made['id']}"
    steps: list[tuple[Callable[[], Awaitable[Any]], set[UUID]]] = [
        (served.add_request, {GI}),
        (lambda: refer(served, offer), {GI, provider}),
        (lambda: served.ok(decide(served, sent, "see")), {GI, provider}),
        (lambda: served.ok(decide(served, sent, "accept")), {GI, provider}),
        (lambda: publish(served), {GI, provider}),
        (lambda: answer(served, call, offer), {GI, provider}),
        (
            lambda: served.ok(served.http.post(f"{path}/escalations", json=escalation, headers=served.gi)),
            {GI, of_region("JZ03")},
        ),
    ]
    for step, audience in steps:
        heard.clear()
        await step()
        assert audience <= heard
        assert not heard & {stranger, OTHER_GI["organisation_id"], of_region("JZ40")}


async def test_after_a_break_that_hides_what_changed_all_are_told(served: Served) -> None:
    gi = await follow(served, await browser_of(served, Role.GI))
    served.parts.follower._continuous = False  # noqa: SLF001 - as after a fail-over
    await served.parts.follower.catch_up()
    event = await gi.next()
    assert event is not None
    assert event.name == "changed"


async def test_nobody_hears_without_signing_in(served: Served) -> None:
    assert (await Browser(served).get(LIVE)).headers["location"] == f"/aanmelden?naar={LIVE}"
    gi = await browser_of(served, Role.GI)
    assert "aanbieder" in text_of(await gi.get("/mijn-aanbod/live"), status=403)


@pytest.mark.parametrize(
    ("caller", "regions"),
    [
        (Caller("c", GI, Role.REGION, region="JZ03"), {"JZ03"}),
        (Caller("c", GI, Role.NATIONAL), {"JZ03", "JZ01"}),
        (Caller("c", GI, Role.SUPRAREGION, supraregion="noord-holland"), {"JZ03"}),
    ],
)
def test_who_oversees_regions_is_told_of_each(caller: Caller, regions: set[str]) -> None:
    assert {of_region(each) for each in regions} <= set(audiences_of(caller))
    assert of_supraregion("noord-holland") in audiences_of(caller)
    assert GI not in audiences_of(caller)


async def test_own_offers_tell_of_themselves(served: Served) -> None:
    mine, theirs = await served.add_offer(), await served.add_offer()
    browser = await browser_of(served, Role.PROVIDER, provider_id=UUID(mine["providerId"]))
    table, page = (
        await follow(served, browser, "/mijn-aanbod/live"),
        await follow(served, browser, f"/aanbod/{mine['id']}/live"),
    )
    await served.report(theirs, placesFree=1)
    await served.report(mine, placesFree=2)
    for reader in (table, page):
        event = await reader.next()
        assert event is not None
        assert event.data["offer"]["id"] == mine["id"]


async def test_a_list_of_some_locations_tells_of_those_alone(served: Served) -> None:
    provider = await served.add_provider(name="Demo Zorg")
    for key, name in (("a", "Huis A"), ("b", "Huis B")):
        await served.add_location(provider, key, name=name)
    here, there = [await served.add_offer(provider, locationKey=each) for each in ("a", "b")]
    gi = await browser_of(served, Role.GI)
    reader = await follow(served, gi, "/vrije-plekken/live?gemeente=GM0400&plek=Demo+Zorg,+Huis+A")
    await served.report(there, placesFree=1)
    await served.report(here, placesFree=2)
    event = await reader.next()
    assert event is not None
    assert event.data["offer"]["id"] == here["id"]


async def test_a_page_that_asks_by_itself_keeps_no_session_alive(world: World, clock: SettableClock) -> None:
    gi, idle = await browser_of(world, Role.GI), timedelta(minutes=world.parts.settings.session_idle_minutes)
    for status in (200, 303):
        clock.now += idle * 2 / 3
        assert (await gi.get("/jeugdigen", X_Refresh="1")).status_code == status


async def test_what_regions_keep_is_told_to_those_who_read_it(served: Served) -> None:
    heard: set[UUID] = set()

    def hear(audiences: Collection[UUID] | None) -> None:
        heard.update(audiences or ())

    served.parts.follower.when_audiences = hear
    provider, above = await served.add_provider(), supraregion(served)
    here, elsewhere, together = of_region("JZ03"), of_region("JZ06"), of_supraregion("noord-holland")
    all_regions = {of_region(each) for each in reference().regions}
    of_one_town = {"kind": "light", "regions": [], "municipalities": ["GM0400"]}
    by_region: dict[str, Any] = {"headers": served.region(), "imposedBy": "region"}
    action, line = await add_action(served), await add_target(served)
    steps: list[tuple[Callable[[], Awaitable[Any]], set[UUID]]] = [
        (lambda: served.add_contract(provider, **of_one_town), {here}),
        (lambda: served.add_contract(provider, regions=["JZ03", "JZ06"]), {here, elsewhere}),
        (lambda: served.add_stop(provider, **by_region), {here}),
        (lambda: served.add_stop(provider), all_regions),
        (lambda: change_action(served, action, light="red", word="Stil."), {here}),
        (lambda: change_target(served, line, title="Meer plekken"), {here}),
        (lambda: add_action(served, above), {together}),
        (lambda: add_target(served, above), {together}),
        (lambda: agree(served), {here}),
        (lambda: deliver(served, child()), all_regions),
        # what is told of these later, in the background, is of the same
        (lambda: asyncio.gather(ask_proposal(served), ask_proposal(served, above)), {here, together}),
    ]
    for step, audience in steps:
        await served.parts.follower.catch_up()
        heard.clear()
        await step()
        await served.parts.follower.catch_up()
        assert heard & (all_regions | {together}) == audience
