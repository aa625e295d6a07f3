"""The statement on requests by their next deadline."""

from collections.abc import Collection
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Date, and_, func, literal, or_

from app.dossiers.agreements.tables import RegionalAgreementsRow
from app.dossiers.requests.clock_model import Light
from app.dossiers.requests.lights_repository import has_light, next_deadline
from app.dossiers.requests.repository import visible
from app.dossiers.requests.tables import RequestRow
from app.kit.database.keyset import after
from app.kit.database.sessions import ReadSession
from app.kit.security.callers import Caller

NO_DEADLINE: Final = date(9999, 12, 31)
"""Where a request stands among others that has no clock that runs: after them."""


async def list_by_deadline(
    session: ReadSession,
    caller: Caller,
    *,
    today: date,
    statuses: Collection[str],
    lights: Collection[Light],
    text: str | None,
    municipalities: Collection[str],
    limit: int,
    key: list[Any] | None,
) -> list[tuple[RequestRow, date]]:
    """At most `limit` requests by their next deadline, after the one with `key` (that day, requested_on, id).

    Of these statuses and lights, all where none is named. With a `text` those in whose own references it stands (only
    of the caller's own), and those of these municipalities. Each with the day, `NO_DEADLINE` where it has none.
    """
    deadline = func.coalesce(next_deadline(), literal(NO_DEADLINE, Date))
    order = [deadline, RequestRow.requested_on, RequestRow.id]
    agreements = RegionalAgreementsRow.region_code == RequestRow.region_code
    statement = visible(caller, "read").add_columns(deadline).outerjoin(RegionalAgreementsRow, agreements)
    if statuses:
        statement = statement.where(RequestRow.status.in_(statuses))
    if lights:
        statement = statement.where(or_(*(has_light(each, today) for each in lights)))
    if text is not None:
        statement = statement.where(_is_called(caller, text, municipalities))
    if key is not None:
        statement = statement.where(after(order, key))
    found = await session.execute(statement.order_by(*order).limit(limit))
    return [(row[0], row[1]) for row in found]


def _is_called(caller: Caller, text: str, municipalities: Collection[str]) -> ColumnElement[bool]:
    """Whether a text stands in a reference of the caller's own, or the child lives in one of these municipalities."""
    references = (RequestRow.child_reference, RequestRow.care_worker, RequestRow.sibling_group, RequestRow.team)
    own = RequestRow.organisation_id == caller.organisation_id
    return or_(
        and_(own, or_(*(each.icontains(text, autoescape=True) for each in references))),
        RequestRow.municipality_code.in_(municipalities),
    )
