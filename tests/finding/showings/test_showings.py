"""How often offers were shown to who refers: counted in memory, written later, and lost with nothing but the worker."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from app.finding.showings.repository import add_showings
from app.finding.showings.service import ShowingWriter, count_shown
from app.kit.database.sessions import Database, WriteSession, connect
from app.kit.security.callers import Role
from app.main import create_app
from app.settings import Settings
from tests.conftest import NOW, SettableClock
from tests.http import Served, serving_http
from tests.web.pages import browser_of, text_of
from tests.world import match_request

FIRST = NOW.date().replace(day=1)


@pytest.fixture
async def served(settings: Settings, fresh_database_url: str, clock: SettableClock) -> AsyncIterator[Served]:
    """The service on a database of its own, over HTTP."""
    async with serving_http(
        create_app(settings, database=connect(fresh_database_url, pool_size=5), clock=clock)
    ) as made:
        yield made


@pytest.fixture
def writer(served: Served, clock: SettableClock) -> ShowingWriter:
    """What the worker runs once a minute."""
    return ShowingWriter(Database(served.parts.database.engine), served.parts.follower, clock)


async def shown(served: Served, offer: dict[str, Any]) -> int:
    async with served.parts.database.read() as session:
        return (await count_shown(session, [UUID(offer["id"])], FIRST)).get(UUID(offer["id"]), 0)


async def test_what_who_refers_is_shown_is_counted_and_written_later(served: Served, writer: ShowingWriter) -> None:
    offer = await served.contracted_offer(name="Het Nest")
    await served.report(offer, placesTotal=4, placesFree=1)
    search = "/v1/availability?careType=gezinshuis"
    for headers in (served.gi, served.as_(Role.REFERRER), served.region(), served.provider(offer["providerId"])):
        await served.ok(served.http.get(search, headers=headers))
    await served.ok(served.http.post("/v1/matches", json=match_request(), headers=served.gi))
    gi = await browser_of(served, Role.GI)
    await gi.get("/vrije-plekken?zorgvorm=gezinshuis")
    await gi.get("/vrije-plekken?zorgvorm=gezinshuis", X_Refresh="1")
    assert await shown(served, offer) == 0
    await writer.write()
    await writer.write()
    assert await shown(served, offer) == 4
    provider = await browser_of(served, Role.PROVIDER, provider_id=UUID(offer["providerId"]))
    assert "deze maand 4 keer getoond, 0 aanmeldingen" in text_of(await provider.get("/mijn-aanbod"))


async def test_what_could_not_be_written_waits(
    served: Served, writer: ShowingWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer = await served.contracted_offer()
    await served.ok(served.http.get("/v1/availability", headers=served.gi))

    async def fail(session: WriteSession, day: date, counted: Any) -> None:
        await add_showings(session, day, counted)
        raise ConnectionResetError

    monkeypatch.setattr("app.finding.showings.repository.add_showings", fail)
    with pytest.raises(ConnectionResetError):
        await writer.write()
    monkeypatch.undo()
    served.parts.follower._continuous = False  # noqa: SLF001 - a catalogue that is loaded anew takes them over
    await served.parts.follower.catch_up()
    await writer.write()
    assert await shown(served, offer) == 1


async def test_a_worker_that_stops_writes_what_it_has(
    settings: Settings, fresh_database_url: str, clock: SettableClock
) -> None:
    async with serving_http(
        create_app(settings, database=connect(fresh_database_url, pool_size=5), clock=clock)
    ) as first:
        offer = await first.contracted_offer()
        await first.ok(first.http.get("/v1/availability", headers=first.gi))
    async with serving_http(
        create_app(settings, database=connect(fresh_database_url, pool_size=5), clock=clock)
    ) as second:
        assert await shown(second, offer) == 1
