"""Deciding on arrangements: by whom each was put to, and by the institution that asked; what follows from it.

What is asked is asked in `dossiers.asking`, which knows the match that it comes from.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.domain.dates import dutch_day
from app.domain.language import Text
from app.dossiers.arrangements import repository
from app.dossiers.arrangements.errors import ArrangementDecidedError, in_past, moved, offer_ended
from app.dossiers.arrangements.events import tell
from app.dossiers.arrangements.schemas import ArrangementDecisionIn
from app.dossiers.arrangements.states import AFTER, EndedBecause, EventCode, Side, decisions_of
from app.dossiers.arrangements.tables import ArrangementRow, FullArrangement
from app.dossiers.requests.entries_repository import add_event
from app.dossiers.requests.tables import RequestRow
from app.finding.matching.schemas import OfferException
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.database.upserts import change
from app.kit.errors import ForbiddenError, InvalidInputError
from app.kit.security.callers import Caller, Role
from app.kit.versions import check_version
from app.supply.contracts.repository import add_contract
from app.supply.offers.repository import find_offer


def side_of(caller: Caller) -> Side:
    """Which side of an arrangement the caller is on."""
    sides: dict[Role, Side] = {Role.REGION: "region", Role.PROVIDER: "provider"}
    return sides.get(caller.role, "institution")


async def add(session: WriteSession, caller: Caller, values: Mapping[str, Any], now: datetime) -> ArrangementRow:
    """Keeps what is asked for a request that is held, and tells whom it is put to."""
    row = await repository.add_arrangement(session, {**values, "status": "asked", "asked_at": now})
    await _note(session, caller, row, "ask", "institution", None, now)
    return row


async def decide(
    session: WriteSession,
    caller: Caller,
    arrangement_id: UUID,
    body: ArrangementDecisionIn,
    if_match: str | None,
    now: datetime,
) -> FullArrangement:
    """Grants, refuses or withdraws what was asked; the arrangement afterwards.

    Granted, a light contract is made in the same transaction; any other is an exception for this child, which its
    match knows from then on. `ArrangementDecidedError` where it is not open any more, `GroundMovedError` where the
    child is of another municipality now, or the offer has ended.
    """
    request = await repository.hold_request(session, caller, arrangement_id)
    full = await repository.get_arrangement(session, caller, arrangement_id)
    row = full.arrangement
    _check_side(caller, body)
    check_version(if_match, row.version, required=False, composite=True)
    if row.status != "asked":
        raise ArrangementDecidedError(row.status)
    values: dict[str, Any] = {"decided_why": body.why, "status": AFTER[body.decision]}
    if body.decision == "grant":
        values |= await _granting(session, row, request, body.valid_to, dutch_day(now))
    await _settle(session, caller, row, values, now)
    await _note(session, caller, row, body.decision, side_of(caller), "asked", now)
    return full


def _check_side(caller: Caller, body: ArrangementDecisionIn) -> None:
    if body.decision not in decisions_of(side_of(caller)):
        text = Text(
            nl="Dit besluit is aan de andere kant: wie het gevraagd is, staat toe of weigert; de instelling trekt in.",
            en="This decision is the other side's: who was asked grants or refuses; the institution withdraws.",
        )
        raise ForbiddenError(text)


async def _granting(
    session: WriteSession, row: ArrangementRow, request: RequestRow, valid_to: date | None, today: date
) -> dict[str, Any]:
    """What is set of an arrangement that is granted; where that is a contract, it is made."""
    if valid_to is not None and valid_to < today:
        raise InvalidInputError(in_past("#/validTo"))
    if request.municipality_code != row.municipality_code:
        raise moved()
    offer = await find_offer(session, row.offer_id)
    if offer is None or offer.ended_at is not None:
        raise offer_ended()
    if row.kind != "light-contract":
        return {"valid_to": valid_to}
    contract = {
        "provider_id": row.provider_id,
        "kind": "light",
        "regions": [],
        "municipalities": [row.municipality_code],
        "care_types": [row.care_type],
        "product_codes": offer.product_codes,
        "valid_from": today,
        "valid_to": valid_to,
        "ceiling_reached": False,
        "ceiling_exempts_measure": False,
        "arrangement_id": row.id,
    }
    return {"valid_to": valid_to, "contract_id": (await add_contract(session, contract)).id}


async def _settle(
    session: WriteSession, caller: Caller, row: ArrangementRow, values: Mapping[str, Any], now: datetime
) -> None:
    days_taken = (dutch_day(now) - dutch_day(row.asked_at)).days
    decided = {"decided_at": now, "decided_by": caller.client_id, "days_taken": days_taken}
    await change(session, row, {**values, **decided}, now)


async def end_of_requests(
    session: WriteSession, caller: Caller, request_ids: Collection[UUID], because: EndedBecause, now: datetime
) -> None:
    """Ends what is still asked for these requests, which are held: nobody waits for it any more."""
    for row in await repository.list_open(session, request_ids):
        await _settle(session, caller, row, {"status": "ended", "ended_because": because}, now)
        await _note(session, caller, row, "end", None, "asked", now)


async def exceptions_of(
    session: ReadSession | WriteSession, request_ids: Collection[UUID], today: date
) -> dict[UUID, list[OfferException]]:
    """What is not held against offers for the children of these requests on that day, by request."""
    rows = await repository.list_exceptions(session, request_ids) if request_ids else []
    return {request_id: exceptions_on(rows, request_id, today) for request_id in request_ids}


def exceptions_on(rows: Iterable[ArrangementRow], request_id: UUID, day: date) -> list[OfferException]:
    """Of exceptions that were granted, those of one request that stand on that day."""
    return [
        OfferException.model_construct(offer_id=row.offer_id, reason=row.reason)
        for row in rows
        if row.request_id == request_id and row.stands_on(day)
    ]


async def _note(
    session: WriteSession,
    caller: Caller,
    row: ArrangementRow,
    decision: EventCode,
    actor: Side | None,
    before: str | None,
    now: datetime,
) -> None:
    """Writes in the history of the request what became of it, and tells whom it concerns."""
    difference = {"field": f"arrangements.{row.id}", "old": before, "new": row.status}
    await add_event(session, row.request_id, now, caller.client_id, f"arrangement-{row.status}", [difference])
    await tell(session, row, decision, actor, now)
