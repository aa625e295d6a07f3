"""Mail of a referral, an answer, a call and a notice: to whom it concerns and asked for it, once, without the child."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from app.domain.language import Language
from app.dossiers.notifications.mails import queue_mails
from app.kit.security.callers import Role
from app.notifying.mails.sender import Sender
from tests.access.clients import add_organisation
from tests.dossiers.arrangements.scene import alternative, ask
from tests.dossiers.arrangements.scene import decide as decide_arrangement
from tests.dossiers.notifications.test_settings import put
from tests.dossiers.referrals.scene import OUTSIDE, Json, decide, post_referral, refer
from tests.dossiers.transfers.scene import propose
from tests.notifying.contacts.test_contacts import CONTACT, TEAM
from tests.notifying.contacts.test_contacts import put as put_contact
from tests.notifying.mails.post import Post, open_post, words
from tests.world import World

DESK, OF_TEAM, INTAKE = CONTACT["email"], TEAM["email"], "aanmelden@example.org"
BASE = "https://wijzer.example"
ALL = [("referral", "desk"), ("call", "desk"), ("notice", "desk")]


@pytest.fixture
async def post() -> AsyncIterator[Post]:
    async with open_post() as made:
        yield made


async def send(world: World, post: Post, language: Language = "nl") -> list[tuple[str, str]]:
    """Queues and sends what there is to mail: who got what, by the subject, since the last time."""
    before = len(post.received)
    parts = world.parts
    async with parts.database.write() as session:
        await queue_mails(session, parts.clock(), base=BASE, language=language)
    await Sender(parts.database, post.mailer, parts.clock).send_due()
    return [(to[0], message["Subject"]) for to, message in post.received[before:]]


async def scene(world: World) -> Json:
    """An offer whose provider is told of all, and a GI that is told of answers, by team, and of notices."""
    provider = await world.add_provider(name="Demo De Linde", contact={"email": INTAKE})
    offer = await world.contracted_offer(provider)
    await world.report(offer)
    await world.ok(put(world, *ALL, headers=world.provider(provider)))
    await world.ok(put_contact(world, CONTACT))
    await world.ok(put(world, ("answer", "team"), ("notice", "desk")))
    return offer


async def test_each_side_is_mailed_of_what_the_other_did(world: World, post: Post) -> None:
    offer = await scene(world)
    request = await world.add_request(team="kop", childReference="kind-7731")
    remark = "Het gaat niet goed"
    referral = await refer(world, offer, request, remark=remark, summary={"urgency": "crisis"})
    assert await send(world, post) == [(INTAKE, "Nieuwe aanmelding: Gezinshuis De Duinen")]
    await world.ok(decide(world, referral, "see"))
    assert await send(world, post) == []
    await world.ok(decide(world, referral, "accept"))
    assert await send(world, post) == [(OF_TEAM, "Antwoord op een aanmelding: Gezinshuis De Duinen")]
    await world.ok(decide(world, referral, "delay"))
    await world.ok(decide(world, referral, "start"))
    notice = "Bericht over een aanmelding: Gezinshuis De Duinen"
    assert await send(world, post) == [(DESK, notice), (INTAKE, notice)]
    for _, message in post.received:
        said = words(message)
        assert f"{BASE}/v1/referrals/{referral['id']}\n" in said
        assert not any(each in said for each in (remark, "7731", "crisis", "accept", request["id"], "GM0400"))
    assert {message["Content-Language"] for _, message in post.received} == {"nl"}


async def test_nobody_is_mailed_who_did_not_ask(world: World, post: Post) -> None:
    provider = await world.add_provider(contact={"email": INTAKE})
    other = await world.add_provider(contact={"email": "ander@example.org"})
    await world.ok(put(world, *ALL, headers=world.provider(other)))
    await world.ok(put_contact(world, CONTACT))
    await world.ok(put(world, ("notice", "desk")))
    gi = world.as_(Role.GI, organisation_id=UUID(int=77))
    await world.ok(put_contact(world, CONTACT | {"email": "andere-gi@example.org"}, gi))
    await world.ok(put(world, ("answer", "desk"), ("notice", "desk"), headers=gi))
    offer = await world.contracted_offer(provider)
    await world.report(offer)
    await world.ok(decide(world, await refer(world, offer), "accept"))
    assert await send(world, post) == []
    await world.ok(put(world, *ALL, headers=world.provider(provider)))
    assert await send(world, post) == []  # what happened before it asked is over
    await refer(world, offer)
    assert len(await send(world, post)) == 1


async def test_an_address_that_two_organisations_have_gets_one_mail(world: World, post: Post) -> None:
    offer = await scene(world)
    second = world.as_(Role.PROVIDER, provider_id=UUID(offer["providerId"]), organisation_id=UUID(int=99))
    await world.ok(put(world, ("referral", "desk"), headers=second))
    await refer(world, offer)
    assert [to for to, _ in await send(world, post)] == [INTAKE]


async def test_calls_and_answers_to_them(world: World, post: Post) -> None:
    offer = await scene(world)
    await world.add_contract(offer["providerId"])
    request = await world.add_request(team="kop")
    call = await world.ok(world.http.post(f"/v1/requests/{request['id']}/calls", json={}, headers=world.gi))
    assert await send(world, post, "en") == [(INTAKE, "New call")]
    assert f"{BASE}/v1/calls/{call['id']}\n" in words(post.received[-1][1])
    provider = world.provider(offer["providerId"])
    for answer, about in (
        ({"answer": "can", "startOn": "2026-12-14", "offerId": offer["id"]}, "Gezinshuis De Duinen"),
        ({"answer": "decline", "reason": "no-place"}, "Demo De Linde"),
    ):
        await world.ok(world.http.post(f"/v1/calls/{call['id']}/answers", json=answer, headers=provider))
        assert await send(world, post, "en") == [(OF_TEAM, f"Answer to a call: {about}")]
    assert f"{BASE}/v1/calls/{call['id']}/answers\n" in words(post.received[-1][1])


async def test_care_outside_the_contracts_has_nobody_to_tell(world: World, post: Post) -> None:
    await scene(world)
    referral = await world.ok(post_referral(world, await world.add_request(), OUTSIDE))
    await world.ok(decide(world, referral, "accept"))
    assert await send(world, post) == []


async def test_many_processes_mail_it_once_and_a_crash_loses_nothing(committing_world: World, post: Post) -> None:
    world = committing_world
    offer = await scene(world)
    for _ in range(4):
        await refer(world, offer)
    database = world.parts.database
    async with database.write() as session:  # a process that dies before it commits
        assert await queue_mails(session, world.parts.clock()) == 4
        await session.rollback()

    async def queue() -> int:
        async with database.write() as session:
            return await queue_mails(session, world.parts.clock())

    assert sum(await asyncio.gather(*(queue() for _ in range(4)))) == 4
    await asyncio.gather(*(Sender(database, post.mailer, world.parts.clock).send_due() for _ in range(3)))
    assert len(post.to(INTAKE)) == 4
    assert len({message["Message-ID"] for message in post.to(INTAKE)}) == 4
    assert await send(world, post) == []


async def test_arrangements_transfers_and_steps_are_notices(world: World, post: Post) -> None:
    await world.ok(put_contact(world, CONTACT))
    await world.ok(put(world, ("notice", "desk")))
    team = await add_organisation(world, name="Wijkteam", role="local-team")
    asked = world.as_(Role.LOCAL_TEAM, organisation_id=UUID(team["id"]))
    await world.ok(put_contact(world, {"name": "Balie", "email": "wijkteam@example.org"}, asked))
    await world.ok(put(world, ("notice", "desk"), headers=asked))
    provider = await world.add_provider(name="Demo De Linde", contact={"email": INTAKE})
    await world.ok(put(world, ("notice", "desk"), headers=world.provider(provider)))

    request, offer = await alternative(world, "provider-consent", provider_id=provider)
    arrangement = await world.ok(ask(world, request, offer, "provider-consent"))
    assert await send(world, post) == [(INTAKE, "Bericht over een regeling: Gezinshuis De Duinen")]
    await world.ok(decide_arrangement(world, arrangement, "grant"))
    assert await send(world, post) == [(DESK, "Bericht over een regeling: Gezinshuis De Duinen")]
    assert f"{BASE}/v1/arrangements/{arrangement['id']}\n" in words(post.received[-1][1])

    step = {"step": "local-team", "reason": "no-suitable-offer", "asked": "Wie?", "localTeam": team["id"]}
    path = f"/v1/requests/{request['id']}"
    await world.ok(world.http.post(f"{path}/escalations", json=step, headers=world.gi))
    transfer = await world.ok(propose(world, request, team["id"]))
    told = [("wijkteam@example.org", f"Bericht over een {what}") for what in ("opschaling", "overdracht")]
    assert await send(world, post) == told
    assert f"{BASE}/v1/transfers/{transfer['id']}\n" in words(post.received[-1][1])
    assert not any(request["id"] in words(message) for _, message in post.received)
