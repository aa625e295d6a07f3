"""Reminding institutions of a month that they did not deliver: on the fifth working day, once, by event and mail."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from app.dossiers.deliveries.reminding import due_month, remind
from app.dossiers.deliveries.tables import DeliveryRow
from app.kit.database.sessions import Database, connect
from app.kit.security.callers import Role
from app.main import create_app
from app.notifying.outbox.tables import OutboxEventRow
from app.settings import Settings
from tests.conftest import SettableClock
from tests.dossiers.deliveries.scene import child, deliver, made, other_gi, patch
from tests.dossiers.notifications.test_mails import BASE, send
from tests.dossiers.notifications.test_settings import put
from tests.kit.database.test_jobs import ask, make_due
from tests.notifying.contacts.test_contacts import CONTACT
from tests.notifying.contacts.test_contacts import put as put_contact
from tests.notifying.mails.post import Post, open_post, words
from tests.patience import PATIENCE
from tests.world import World


@pytest.fixture
async def post() -> AsyncIterator[Post]:
    """A mail server."""
    async with open_post() as made:
        yield made


FIFTH = datetime(2026, 12, 7, 6, 0, tzinfo=UTC)
GI = UUID(int=2)


async def _remind(world: World, now: datetime = FIFTH) -> int:
    async with world.parts.database.write() as session:
        return await remind(session, now)


async def _events(world: World) -> list[OutboxEventRow]:
    async with world.parts.database.read() as session:
        rows = await session.scalars(select(OutboxEventRow).order_by(OutboxEventRow.id))
        return [row for row in rows if row.type == "delivery.due"]


@pytest.mark.parametrize(
    ("today", "last"),
    [
        (date(2026, 12, 1), None),
        (date(2026, 12, 4), None),  # the fourth, a Friday
        (date(2026, 12, 6), None),
        (date(2026, 12, 7), date(2026, 11, 30)),  # the fifth
        (date(2026, 12, 14), date(2026, 11, 30)),
        (date(2026, 12, 15), None),
        (date(2027, 1, 7), None),  # New Year's Day is none
        (date(2027, 1, 8), date(2026, 12, 31)),
        (date(2027, 5, 7), None),  # nor are the fifth and Ascension Day
        (date(2027, 5, 11), date(2027, 4, 30)),
        (date(2027, 3, 5), date(2027, 2, 28)),
    ],
)
def test_the_fifth_working_day(today: date, last: date | None) -> None:
    assert due_month(today) == last


async def test_is_reminded_once_with_what_the_event_says(world: World) -> None:
    await world.add_request()
    given = {day: await _remind(world, FIFTH + timedelta(days=day)) for day in range(-6, 24)}
    assert [day for day, count in given.items() if count] == [0]
    [event] = await _events(world)
    assert (event.organisation_id, event.subject, event.data) == (GI, str(GI), {"month": "2026-11"})
    months = await world.ok(world.http.get("/v1/deliveries?month=2026-11", headers=world.gi))
    assert months["items"][0]["remindedAt"] == "2026-12-07T06:00:00Z"
    january = datetime(2027, 1, 8, 6, 0, tzinfo=UTC)
    assert [await _remind(world, january), await _remind(world, january)] == [1, 0]
    assert [each.data["month"] for each in await _events(world)] == ["2026-11", "2026-12"]


async def test_who_delivered_or_confirmed_is_not(world: World) -> None:
    confirmed, refused, other = other_gi(world), other_gi(world), world.as_(Role.LOCAL_TEAM)
    for headers in (confirmed, refused, other):
        await world.add_request(headers)
    await deliver(world, child())
    await world.ok(world.http.post("/v1/deliveries", json={"month": "2026-11"}, headers=confirmed))
    await deliver(world, child(birthMonth="mei"), headers=refused)
    await deliver(world, child(), headers=other, query="?referenceDay=2026-10-31")
    assert await _remind(world) == 2, "a file of which nothing was taken in, and one of another month"


async def test_who_had_nobody_waiting_is_not(world: World, clock: SettableClock) -> None:
    helped = await made(world, child())
    closed = await made(world, child())
    path = f"/v1/requests/{helped['id']}/milestones/help"
    await world.ok(world.http.put(path, json={"date": "2026-11-20"}, headers=world.gi | {"If-Match": "*"}))
    await patch(world, closed["id"], {"status": "closed", "closedReason": "measure-ended"})
    async with world.parts.database.write() as session:
        await session.execute(delete(DeliveryRow))  # as if they had been typed
    clock.now = FIFTH
    await world.add_request(requestedOn="2026-11-02")  # made when the month was over
    assert await _remind(world) == 0


async def test_it_is_told_by_mail_where_that_is_asked(world: World, post: Post, clock: SettableClock) -> None:
    await world.ok(put_contact(world, CONTACT))
    await world.ok(put(world, ("delivery", "team")))
    team = world.as_(Role.LOCAL_TEAM)
    await world.ok(put_contact(world, CONTACT | {"email": "team@example.org", "teams": []}, team))
    await world.ok(put(world, ("notice", "desk"), headers=team))
    request = await world.add_request(childReference="kind-7731")
    await world.add_request(team)
    clock.now = FIFTH
    assert await _remind(world, clock.now) == 2
    assert await send(world, post) == [(CONTACT["email"], "Wachtende kinderen van november 2026 aanleveren")]
    said = words(post.received[-1][1])
    assert f"{BASE}/v1/deliveries?month=2026-11\n" in said
    assert "POST /v1/waiting-children" in said
    assert not any(each in said for each in ("7731", request["id"]))
    assert await send(world, post, "en") == []


async def test_several_workers_remind_once(committing_world: World, fresh_database_url: str) -> None:
    world = committing_world
    for headers in (world.gi, other_gi(world), other_gi(world)):
        await world.add_request(headers)
    others = [connect(fresh_database_url, pool_size=2) for _ in range(4)]

    async def work(database: Database) -> int:
        async with database.write() as session:
            return await remind(session, FIFTH)

    assert sum(await asyncio.gather(*map(work, others))) == 3
    assert len(await _events(world)) == 3
    for each in others:
        await each.close()


async def test_the_job_of_real_processes_reminds(
    committing_world: World, settings: Settings, fresh_database_url: str, clock: SettableClock
) -> None:
    await committing_world.add_request()
    clock.now = FIFTH
    await make_due(fresh_database_url, "remind-institutions", "37 5-16 * * *")
    statement = "SELECT FROM pgqueuer_schedules WHERE entrypoint = $1 AND status = 'queued' AND next_run > now()"
    apps = [create_app(settings, database=connect(fresh_database_url, pool_size=3), clock=clock) for _ in range(2)]
    async with apps[0].router.lifespan_context(apps[0]), apps[1].router.lifespan_context(apps[1]):
        async with asyncio.timeout(PATIENCE):
            while not await ask(fresh_database_url, statement, "remind-institutions"):
                pass
    assert len(await _events(committing_world)) == 1
