"""A thousand open streams on one worker: each is told, what they are told is written once, and stopping ends them."""

import asyncio

import pytest

from app.finding.availability_events import topics
from app.kit.database.sessions import connect
from app.kit.json_bytes import to_json
from app.main import create_app
from app.settings import Settings
from tests.conftest import SettableClock
from tests.http import Reader, allow_files, serving_http

MANY = 1000
AT_ONCE = 100
PATH = "/v1/availability/events?careType=gezinshuis&status=free"


async def test_a_thousand_streams_on_one_worker(
    settings: Settings, fresh_database_url: str, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow_files(3 * MANY)
    written = []

    def count(content: object) -> bytes:
        written.append(content)
        return to_json(content)

    monkeypatch.setattr(topics, "to_json", count)
    database = connect(fresh_database_url, pool_size=5)
    async with serving_http(create_app(settings, database=database, clock=clock)) as served:
        offer = await served.add_offer()
        await served.parts.publisher.publish()

        async def open_one() -> Reader:
            reader = await served.open(PATH, served.gi)
            await reader.greeting()
            return reader

        readers: list[Reader] = []
        while len(readers) < MANY:
            readers += await asyncio.gather(*(open_one() for _ in range(AT_ONCE)))
        assert served.parts.streams.count == MANY
        assert {reader.status for reader in readers} == {200}
        await served.report(offer, placesFree=1)
        events = await asyncio.gather(*(reader.next() for reader in readers))
        assert len({event.id for event in events if event}) == 1
        assert [event.data["offer"]["id"] for event in events if event] == [offer["id"]] * MANY
        assert len(written) == 1
        served.stop()
        assert await asyncio.gather(*(reader.next() for reader in readers)) == [None] * MANY
        assert served.parts.streams.count == 0
