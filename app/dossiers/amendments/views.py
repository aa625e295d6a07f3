"""Amendments as each side of a referral may see them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from app.domain.dates import YearMonth, whole_years
from app.dossiers.amendments import repository
from app.dossiers.amendments.schemas import AmendedChild, AmendmentOut
from app.dossiers.amendments.states import AmendmentDecision
from app.dossiers.amendments.tables import AmendmentRow
from app.dossiers.referrals.child_ids import child_id
from app.dossiers.referrals.decisions import side_of
from app.dossiers.referrals.repository import get_referral
from app.dossiers.requests.tables import ERASED, RequestRow
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.pages import PageQuery
from app.kit.security.callers import Caller


async def list_amendments(
    session: ReadSession, caller: Caller, referral_id: UUID, query: PageQuery, key: list[Any] | None
) -> list[AmendmentRow]:
    """The amendments of a referral that the caller is a side of; after `key` (number), and one more than the page."""
    await get_referral(session, caller, referral_id)
    return await repository.list_amendments(session, referral_id, limit=query.window, key=key)


async def requests_of(session: ReadSession | WriteSession, rows: Sequence[AmendmentRow]) -> dict[UUID, RequestRow]:
    """The requests of the children of these amendments, by id."""
    return await repository.list_requests(session, {each for row in rows for each in (*row.adds, *row.removes)})


def amendment_out(row: AmendmentRow, requests: Mapping[UUID, RequestRow], caller: Caller, today: date) -> AmendmentOut:
    """An amendment as the caller may see it."""

    def shown(request_id: UUID) -> AmendedChild:
        request = requests[request_id]
        return AmendedChild.model_construct(
            id=child_id(row.referral_id, request_id),
            request_id=request_id if request.organisation_id == caller.organisation_id else None,
            age=whole_years(YearMonth.parse(request.birth_month), today),
            gender=request.gender,
        )

    return AmendmentOut.model_construct(
        **{name: getattr(row, name) for name in _AS_THEY_ARE},
        possible=_possible(row, caller),
        adds=[shown(each) for each in row.adds if each != ERASED],
        removes=[shown(each) for each in row.removes if each != ERASED],
    )


_AS_THEY_ARE = (
    *("referral_id", "number", "status", "proposed_by", "why", "proposed_at", "decided_at", "decided_because"),
)


def _possible(row: AmendmentRow, caller: Caller) -> list[AmendmentDecision]:
    if row.status != "open":
        return []
    return ["withdraw"] if row.proposed_by == side_of(caller) else ["agree", "refuse"]
