"""Telling other systems of escalations: ids and codes, to the party that a step is of and to whose request it is."""

from datetime import datetime
from typing import Any
from uuid import UUID

from app.access.repository import list_of_role, list_regional
from app.dossiers.escalations.tables import EscalationRow
from app.dossiers.requests.tables import RequestRow
from app.kit.database.sessions import WriteSession
from app.kit.security.callers import Caller, Role
from app.notifying.outbox.service import NewEvent, write_events


async def tell(
    session: WriteSession, caller: Caller, request: RequestRow, escalation: EscalationRow, now: datetime
) -> None:
    """Writes an event for every organisation that a step concerns and that did not do this itself.

    A region learns by it that its expert team is asked, and not of which request: only the clients with that right do.
    """
    parties = await _parties(session, request, escalation)
    told = [each for each in dict.fromkeys([request.organisation_id, *parties]) if each != caller.organisation_id]
    data = {
        "escalationId": str(escalation.id),
        "step": escalation.step,
        "status": "open" if escalation.outcome is None else "answered",
        "outcomeKind": escalation.outcome_kind,
    }
    await write_events(session, *(_event(each, request, escalation, data, now) for each in told))


async def _parties(session: WriteSession, request: RequestRow, escalation: EscalationRow) -> list[UUID]:
    """The organisations here that a step is of."""
    if escalation.step == "local-team":
        return [] if escalation.local_team_id is None else [escalation.local_team_id]
    if escalation.step == "expert-team":
        return await list_regional(session, request.region_code)
    if escalation.step == "national":
        return await list_of_role(session, Role.NATIONAL)
    return await list_of_role(session, Role.SUPRAREGION, supraregion=escalation.supraregion)


def _event(
    organisation_id: UUID, request: RequestRow, escalation: EscalationRow, data: dict[str, Any], now: datetime
) -> NewEvent:
    reads_all = escalation.step != "expert-team" or organisation_id == request.organisation_id
    return NewEvent(
        type="escalation.changed",
        subject=str(escalation.id),
        data=data | ({"requestId": str(request.id)} if reads_all else {}),
        time=now,
        organisation_id=organisation_id,
    )
