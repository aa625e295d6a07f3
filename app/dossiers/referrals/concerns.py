"""Moved ground: what has come to stand in the way of a referral from which help may still start.

Whoever reads a referral gets it as it is at that moment. Telling both sides, once each time, is done in the
transaction that changes the request (`moves`), and for all else that moves - offers, contracts, ceilings, stops, and
the days themselves - by a job within some seconds (`concern_teller`).
"""

from datetime import date, datetime
from typing import Final

from app.domain.dates import dutch_day
from app.dossiers.referrals import concern_repository, history_repository
from app.dossiers.referrals.despite_schemas import ConcernOut
from app.dossiers.referrals.events import tell
from app.dossiers.referrals.obstacle_codes import Obstacle, in_order
from app.dossiers.referrals.obstacles import can_be_judged, obstacles_to_sent
from app.dossiers.referrals.tables import FullReferral
from app.finding.catalogue.catalogue import Catalogue
from app.kit.database.sessions import WriteSession

SERVICE: Final = "service"
"""The client in the history of what the service does by itself."""


def concerns_of(catalogue: Catalogue, full: FullReferral, today: date) -> tuple[Obstacle, ...]:
    """What stands in the way of a referral on that day, for any of its children, and was not explained (`despite`).

    Empty where help can start from it no more, or has.
    """
    if not can_be_judged(full.referral):
        return ()
    said = {word.reason for word in full.despite}
    return in_order(
        each
        for child in full.children
        if child.is_in
        for each in obstacles_to_sent(catalogue, full, full.requests[child.request_id], today)
        if each not in said
    )


def concerns_out(catalogue: Catalogue, full: FullReferral, today: date) -> list[ConcernOut]:
    """The same as it goes over the wire; what nobody was told of yet is of today."""
    since = {row.reason: dutch_day(row.found_at) for row in full.concerns}
    return [
        ConcernOut.model_construct(reason=each, since=since.get(each, today))
        for each in concerns_of(catalogue, full, today)
    ]


async def record_concerns(session: WriteSession, catalogue: Catalogue, full: FullReferral, now: datetime) -> bool:
    """Notes what stands in the way of a referral now, and tells both sides of what is new; whether there was any.

    The requests of its children are held. A concern that stands already is told no more, whoever finds it again.
    """
    row = full.referral
    new = in_order(
        await concern_repository.put_concerns(session, row.id, concerns_of(catalogue, full, dutch_day(now)), now)
    )
    if not new:
        return False
    event = {
        "referral_id": row.id,
        "at": now,
        "actor": "service",
        "client_id": SERVICE,
        "decision": "concern",
        "status": row.status,
        "details": {"reasons": list(new)},
    }
    await history_repository.add_event(session, event)
    await tell(session, row, "concern", "service", now)
    return True
