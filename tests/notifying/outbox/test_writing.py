"""Events are part of the transaction of what happened, and each is for somebody."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.kit.database.sessions import Database
from app.notifying.outbox.service import NewEvent, write_events
from app.notifying.outbox.tables import OutboxEventRow
from tests.conftest import NOW

ONE, TWO = UUID(int=1), UUID(int=2)


def event(subject: str = "offer", **fields: Any) -> NewEvent:
    given: dict[str, Any] = {"type": "reminder.due", "data": {"offerId": "a"}, "time": NOW, "provider_id": ONE}
    return NewEvent(**given | {"subject": subject} | fields)


async def written(database: Database) -> list[OutboxEventRow]:
    async with database.read() as session:
        return list(await session.scalars(select(OutboxEventRow).order_by(OutboxEventRow.id)))


async def test_events_are_written_in_their_order(database: Database) -> None:
    async with database.write() as session:
        await write_events(session, event("b"), event("a", type="watch.matched", provider_id=None, organisation_id=TWO))
        await write_events(session, event("b"))
        await write_events(session)
    rows = await written(database)
    assert [row.subject for row in rows] == ["b", "a", "b"]
    assert len({row.event_id for row in rows}) == 3
    second = rows[1]
    assert (second.type, second.organisation_id, second.provider_id) == ("watch.matched", TWO, None)
    assert (second.data, second.time, second.taken_at) == ({"offerId": "a"}, NOW, None)


async def test_what_rolls_back_tells_nothing(database: Database) -> None:
    async with database.write() as session:
        await write_events(session, event())
        await session.rollback()
    assert await written(database) == []


@pytest.mark.parametrize("whom", [{"provider_id": None}, {"organisation_id": TWO}])
async def test_an_event_is_for_one(database: Database, whom: dict[str, Any]) -> None:
    async with database.write() as session:
        with pytest.raises(ValueError, match="one organisation or one provider"):
            await write_events(session, event(), event(**whom))
    assert await written(database) == []


@pytest.mark.parametrize(
    ("kind", "provider"), [("referral.sent", None), ("reminder.due", None), ("capacity.changed", ONE)]
)
async def test_only_capacities_are_told_to_everybody(database: Database, kind: str, provider: UUID | None) -> None:
    statement = text(
        "INSERT INTO outbox_events (type, subject, time, provider_id, data) VALUES (:kind, 'a', now(), :provider, '{}')"
    )
    async with database.write() as session:
        with pytest.raises(IntegrityError, match="ck_outbox_events_concerns"):
            await session.execute(statement, {"kind": kind, "provider": provider})
        await session.rollback()
