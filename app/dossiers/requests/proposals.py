"""Characteristics that providers named when they declined a child: proposed, and never taken over by themselves."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from app.domain.language import Text
from app.dossiers.requests import entries_repository, repository
from app.dossiers.requests.entry_schemas import ProposedCharacteristic
from app.dossiers.requests.tables import ProposalRow, RequestRow
from app.kit.database.sessions import WriteSession
from app.kit.errors import NotFoundError
from app.kit.security.callers import Caller
from app.kit.versions import check_version


def shown_of(row: RequestRow, proposals: Sequence[ProposalRow]) -> list[ProposedCharacteristic]:
    """What is proposed of a request and is not among its characteristics."""
    return [
        ProposedCharacteristic.model_construct(code=each.code, by=each.provider_name, on=each.proposed_on)
        for each in proposals
        if each.request_id == row.id and each.code not in row.characteristics
    ]


async def dismiss(
    session: WriteSession, caller: Caller, request_id: UUID, code: str, if_match: str | None, now: datetime
) -> RequestRow:
    """Says that a proposed characteristic is not one of the child; a later decline can propose it again.

    `NotFoundError` where it is not proposed, or there is no such request of the caller's.
    """
    row = await repository.get_request(session, caller, request_id, lock=True)
    check_version(if_match, row.version, composite=True)
    if not await entries_repository.end_proposals(session, row.id, code, now, caller.client_id):
        raise NotFoundError(Text(nl="Dit voorstel", en="This proposal"))
    row.version += 1
    row.updated_at = now
    await repository.save(session)
    change = {"field": "proposedCharacteristics", "old": code, "new": None}
    await entries_repository.add_event(session, row.id, now, caller.client_id, "proposal-dismissed", [change])
    return row
