"""The versions of a child in a referral: each is of the moment at which its referral changed with it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.insight.history.tables import DossierVersionRow
from tests.conftest import NOW, SettableClock
from tests.dossiers.referrals.scene import decide, refer
from tests.dossiers.referrals.test_corrections import correct
from tests.world import World

Json = dict[str, Any]


async def _versions(world: World) -> list[tuple[datetime, str | None, str | None]]:
    """When what was known of the child in the one referral: since when it was out, and when its help started."""
    row = DossierVersionRow
    statement = select(row.at, row.facts).where(row.kind == "child").order_by(row.id)
    async with world.parts.database.read() as session:
        return [(at, facts["released_at"], facts["started_on"]) for at, facts in await session.execute(statement)]


async def test_what_is_decided_and_put_right_is_known_since_then(world: World, clock: SettableClock) -> None:
    referral = await refer(world, await world.contracted_offer())
    moments = [NOW]
    steps: list[tuple[str, Json]] = [("decline", {}), ("correct", {}), ("accept", {}), ("start", {})]
    for step, fields in steps:
        clock.now += timedelta(days=2)
        moments.append(clock.now)
        sent = correct(world, referral, "decline") if step == "correct" else decide(world, referral, step, **fields)
        await world.ok(sent)
    seen = [(at, released is not None, started is not None) for at, released, started in await _versions(world)]
    assert list(dict.fromkeys(seen)) == [
        (moments[0], False, False),
        (moments[1], True, False),
        (moments[2], False, False),
        (moments[3], False, False),
        (moments[4], False, True),
    ]
