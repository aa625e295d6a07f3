"""Arrangements as each side may see them, on a day."""

from datetime import date
from typing import Any
from uuid import UUID

from app.domain.language import Text
from app.dossiers.arrangements import repository, schemas
from app.dossiers.arrangements.service import side_of
from app.dossiers.arrangements.states import AFTER, PUT_TO, decisions_of, light_of
from app.dossiers.arrangements.tables import ArrangementRow, FullArrangement
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.errors import InputError, InvalidInputError
from app.kit.security.callers import Caller

_NOT_OF_OTHERS = Text(
    nl="Alleen de instelling ziet van welke hulpvraag een regeling is.",
    en="Only the institution sees which request an arrangement is of.",
)
_MOST_OF_REQUEST = 50


def arrangement_out(full: FullArrangement, caller: Caller, today: date) -> schemas.ArrangementOut:
    """An arrangement as the caller may see it, today."""
    row, side = full.arrangement, side_of(caller)
    is_own = side == "institution"
    return schemas.ArrangementOut.model_construct(
        **{name: getattr(row, name) for name in _AS_THEY_ARE},
        possible=decisions_of(side) if row.status == "asked" else [],
        put_to=PUT_TO[row.kind],
        request_id=row.request_id if is_own else None,
        child_reference=full.child_reference if is_own else None,
        offer_name=full.offer_name,
        provider_name=full.provider_name,
        child=schemas.ArrangedChild.model_construct(
            age=row.age, gender=row.gender, municipality=row.municipality_code, region=row.region_code
        ),
        why=row.asked_why,
        light=light_of(row.status, row.amber_from, row.due_on, today),
        decision=_decision(row),
    )


_AS_THEY_ARE = (
    *("id", "status", "kind", "reason", "institution", "offer_id", "care_type", "provider_id", "needs", "asked_at"),
    *("due_on", "days_taken", "contract_id", "ended_because"),
)


def _decision(row: ArrangementRow) -> schemas.ArrangementDecision | None:
    for decision, status in AFTER.items():
        if row.status == status and row.decided_at is not None:
            return schemas.ArrangementDecision.model_construct(
                decision=decision, at=row.decided_at, why=row.decided_why, valid_to=row.valid_to
            )
    return None


async def list_arrangements(
    session: ReadSession, caller: Caller, query: schemas.ArrangementQuery, key: list[Any] | None
) -> list[FullArrangement]:
    """Of an institution or local team what it asked, of a region or provider what was put to it; the oldest first.

    After `key` (when asked, id), and one more than the page. `InvalidInputError` where whom it was put to asks by
    request.
    """
    if query.request is not None and side_of(caller) != "institution":
        raise InvalidInputError(InputError("#/query/request", "not-applicable", _NOT_OF_OTHERS))
    return await repository.list_arrangements(
        session,
        caller,
        status=query.status,
        kind=query.kind,
        request_id=query.request,
        limit=query.window,
        key=key,
    )


async def get_arrangement(session: ReadSession | WriteSession, caller: Caller, arrangement_id: UUID) -> FullArrangement:
    """An arrangement that the caller is a party to; `NotFoundError` where there is none."""
    return await repository.get_arrangement(session, caller, arrangement_id)


async def arrangements_of(
    session: ReadSession | WriteSession, caller: Caller, request_id: UUID, today: date
) -> list[dict[str, Any]]:
    """The last arrangements of a request of the caller's as they go over the wire, the last first."""
    rows = await repository.list_last(session, caller, request_id, limit=_MOST_OF_REQUEST)
    return [arrangement_out(full, caller, today).model_dump(mode="json") for full in rows]


async def count_arrangements(session: ReadSession, caller: Caller, today: date) -> schemas.ArrangementCounts:
    """How many arrangements there are for the children of the caller's region."""
    region = str(caller.region)
    counted = await repository.count_arrangements(session, region, today)
    return schemas.ArrangementCounts.model_construct(
        region=region,
        total=sum(each.asked + each.granted + each.refused + each.withdrawn + each.ended for each in counted),
        by_kind=[schemas.ArrangementCount.model_validate(each) for each in counted],
    )
