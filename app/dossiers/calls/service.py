"""Publishing and closing calls: an institution or local team asks, for one of its own requests."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Final
from uuid import UUID

from app.access.repository import list_names
from app.domain.dates import add_months, dutch_day
from app.domain.language import Text
from app.dossiers.agreements.repository import get_agreements
from app.dossiers.calls import repository
from app.dossiers.calls.errors import (
    HELPED,
    OTHER_CALL_OPEN,
    REQUEST_CLOSED,
    CallNotOpenError,
    CallOpenError,
    NobodyToCallError,
    call_expired,
    in_past,
    too_late,
)
from app.dossiers.calls.events import tell_published
from app.dossiers.calls.question import care_types_of, question_of
from app.dossiers.calls.recipients import addressees
from app.dossiers.calls.schemas import CallIn
from app.dossiers.calls.states import CallerBecause, ClosedBecause, status_of
from app.dossiers.calls.tables import CallRow
from app.dossiers.requests.entries_repository import add_event
from app.dossiers.requests.errors import ClosedError
from app.dossiers.requests.match_request import match_request_of
from app.dossiers.requests.repository import get_request, list_siblings
from app.dossiers.requests.tables import RequestRow
from app.finding.catalogue.catalogue import Catalogue
from app.finding.matching.service import ranked_request
from app.kit.database.sessions import WriteSession
from app.kit.database.upserts import change
from app.kit.errors import InvalidInputError
from app.kit.security.callers import Caller, Role
from app.kit.versions import check_version
from app.kit.working_days import add_working_days

MOST_MONTHS: Final = 3
"""How long a call is open at most: what it says of the child is of the day on which it was published."""


async def publish(
    session: WriteSession, catalogue: Catalogue, caller: Caller, request_id: UUID, body: CallIn, now: datetime
) -> CallRow:
    """Puts a request, without saying whose it is, to all providers that are contracted for it.

    Of siblings who want one place together, for all who still wait. `CallOpenError` where an open call of the request
    asks for the same help, `NobodyToCallError` where no provider is contracted for it.
    """
    row = await get_request(session, caller, request_id, lock=True)
    if row.closed_on is not None:
        raise ClosedError
    today, respond_by = dutch_day(now), await _respond_by(session, row, body, now)
    _check_days(body, today)
    care_types = care_types_of(row, body)
    same = await repository.find_open(session, row.id, care_types, today)
    if same is not None:
        raise CallOpenError(same)
    siblings = await list_siblings(session, [row])
    request = ranked_request(match_request_of(row, siblings, today, "timely-first", limit=1))
    on = body.wished_start or today
    addressed = addressees(catalogue, request.child, care_types, today, on)
    if not addressed:
        raise NobodyToCallError
    values = question_of(row, request, body, today, on) | {
        "request_id": row.id,
        "organisation_id": caller.organisation_id,
        "institution": await _institution(session, caller),
        "sibling_count": sum(each.id != row.id for each in siblings),
        "respond_by": respond_by,
        "published_at": now,
        "created_at": now,
        "updated_at": now,
    }
    call = await repository.add_call(session, values, [each._asdict() for each in addressed])
    await tell_published(session, call, [each.provider_id for each in addressed], now)
    await _note(session, caller, row.id, call.id, "call-published", now)
    return call


def _check_days(body: CallIn, today: date) -> None:
    """`InvalidInputError` with every day that has passed, or is too far away."""
    last = add_months(today, MOST_MONTHS)
    errors = [
        in_past(pointer)
        for pointer, day in (("#/respondBy", body.respond_by), ("#/wishedStart", body.wished_start))
        if day is not None and day < today
    ]
    if body.respond_by is not None and body.respond_by > last:
        errors.append(too_late("#/respondBy", last))
    if errors:
        raise InvalidInputError(*errors)


async def _respond_by(session: WriteSession, row: RequestRow, body: CallIn, now: datetime) -> date:
    """The day that is named, or as many working days as the child's region has agreed for answers to referrals."""
    if body.respond_by is not None:
        return body.respond_by
    agreements = await get_agreements(session, row.region_code)
    return add_working_days(dutch_day(now), agreements.referral_answer_days)


async def _institution(session: WriteSession, caller: Caller) -> str | None:
    """Who asks. A local team is named after the place whose children it helps, so its name is not told."""
    if caller.role is Role.LOCAL_TEAM:
        return None
    names = await list_names(session, [caller.organisation_id])
    return caller.institution or names.get(caller.organisation_id)


async def close(
    session: WriteSession, caller: Caller, call_id: UUID, because: CallerBecause, if_match: str | None, now: datetime
) -> None:
    """Closes a call of the caller's; `CallNotOpenError` where it is closed already or has expired."""
    request_id = (await repository.get_call(session, caller, call_id)).call.request_id
    await get_request(session, caller, request_id, lock=True)  # first, as whoever closes the request does
    call = (await repository.get_call(session, caller, call_id, lock="close")).call
    check_version(if_match, call.version, composite=True)
    status = status_of(call.closed_because, call.respond_by, dutch_day(now))
    if status != "open":
        raise CallNotOpenError(status)
    await change(session, call, {"closed_at": now, "closed_because": because}, now)
    await _note(session, caller, call.request_id, call.id, "call-closed", now)


async def close_of_requests(
    session: WriteSession, caller: Caller, request_ids: Collection[UUID], because: ClosedBecause, now: datetime
) -> None:
    """Closes every open call of these requests, which are held."""
    for call_id, request_id in await repository.close_calls(session, request_ids, because, now):
        await _note(session, caller, request_id, call_id, "call-closed", now)


async def reopen_of_requests(
    session: WriteSession,
    caller: Caller,
    requests: Collection[RequestRow],
    closed_at: datetime,
    now: datetime,
    *,
    helped: Collection[UUID],
) -> tuple[list[UUID], list[tuple[UUID, Text]]]:
    """Opens again the calls of these requests, which are held, that a start closed at `closed_at`; it was a mistake.

    Those that are open again, and those that are not, with why; `helped` are the requests for which other help started
    since. The answers to them stand as they did.
    """
    by_id, today = {request.id: request for request in requests}, dutch_day(now)
    reopened: list[UUID] = []
    lost: list[tuple[UUID, Text]] = []
    for call in await repository.list_closed_at(session, by_id.keys(), closed_at):
        if call.respond_by < today:
            lost.append((call.id, call_expired(call.respond_by)))
        elif call.request_id in helped:
            lost.append((call.id, HELPED))
        elif by_id[call.request_id].closed_on is not None:
            lost.append((call.id, REQUEST_CLOSED))
        elif await repository.find_open(session, call.request_id, call.care_types, today) is not None:
            lost.append((call.id, OTHER_CALL_OPEN))
        else:
            await change(session, call, {"closed_at": None, "closed_because": None}, now)
            await _note(session, caller, call.request_id, call.id, "call-reopened", now)
            reopened.append(call.id)
    return reopened, lost


_CHANGES: Final = {
    "call-published": (None, "open"),
    "call-closed": ("open", "closed"),
    "call-reopened": ("closed", "open"),
}


async def _note(
    session: WriteSession, caller: Caller, request_id: UUID, call_id: UUID, what: str, now: datetime
) -> None:
    """Writes in the history of the request what became of a call."""
    old, new = _CHANGES[what]
    difference = {"field": f"calls.{call_id}", "old": old, "new": new}
    await add_event(session, request_id, now, caller.client_id, what, [difference])
