"""Answering a call: a provider says that it can, or why not, and may change its mind while the call is open."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.domain.dates import dutch_day
from app.dossiers.calls import repository
from app.dossiers.calls.errors import (
    CallNotOpenError,
    in_past,
    other_care_type,
    too_many_places,
    unknown_offer,
)
from app.dossiers.calls.events import tell_answered
from app.dossiers.calls.schemas import AnswerIn
from app.dossiers.calls.states import status_of
from app.dossiers.calls.tables import CallRow
from app.kit.database.sessions import WriteSession
from app.kit.errors import InputError, InvalidInputError
from app.kit.security.callers import Caller
from app.supply.offers.repository import find_offer


async def answer(session: WriteSession, caller: Caller, call_id: UUID, body: AnswerIn, now: datetime) -> None:
    """Keeps a provider's answer, which stands in the place of the one before; `CallNotOpenError` where it is too late.

    Whoever closes the call waits for the answers that are being given, and those after it find it closed.
    """
    call = (await repository.get_call(session, caller, call_id, lock="answer")).call
    status = status_of(call.closed_because, call.respond_by, dutch_day(now))
    if status != "open":
        raise CallNotOpenError(status)
    await _check(session, caller, call, body, dutch_day(now))
    addressee = await repository.lock_addressee(session, caller, call_id)
    await repository.add_answer(session, addressee, _columns(call, body) | {"at": now, "client_id": caller.client_id})
    await tell_answered(session, call, addressee.provider_id, body, now)


async def _check(session: WriteSession, caller: Caller, call: CallRow, body: AnswerIn, today: date) -> None:
    """`InvalidInputError` with all that the call does not allow."""
    errors = [
        in_past(pointer)
        for pointer, day in (("#/startOn", body.start_on), ("#/heldUntil", body.held_until))
        if day is not None and day < today
    ]
    if body.places is not None and body.places > call.places:
        errors.append(too_many_places("#/places", call.places))
    if body.offer_id is not None:
        errors += await _check_offer(session, caller, call, body.offer_id)
    if errors:
        raise InvalidInputError(*errors)


async def _check_offer(session: WriteSession, caller: Caller, call: CallRow, offer_id: UUID) -> list[InputError]:
    offer = await find_offer(session, offer_id)
    if offer is None or offer.provider_id != caller.provider_id or offer.ended_at is not None:
        return [unknown_offer("#/offerId")]
    return [] if offer.care_type in call.care_types else [other_care_type("#/offerId")]


def _columns(call: CallRow, body: AnswerIn) -> dict[str, Any]:
    """What is kept of an answer."""
    can = body.answer == "can"
    values = body.values(exclude={"reason", "criteria", "specialisations", "places"})
    return values | {
        "places": (body.places or call.places) if can else None,
        "decline_reason": body.reason,
        "decline_criteria": body.criteria or [],
        "decline_specialisations": body.specialisations or [],
    }
