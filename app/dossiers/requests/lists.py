"""The lists of requests that a caller may read, and of what is kept of one: its history, choices and judgements."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from app.domain.words import search_text
from app.dossiers.requests import deadlines_repository, entries_repository, repository, schemas
from app.dossiers.requests.history import FIELDS
from app.dossiers.requests.schemas import DeadlineQuery, RequestQuery
from app.dossiers.requests.tables import ChoiceVersionRow, JudgementRow, RequestEventRow, RequestRow
from app.kit.database.sessions import ReadSession
from app.kit.pages import PageQuery
from app.kit.security.callers import Caller
from app.reference.lists import reference


async def list_requests(
    session: ReadSession, caller: Caller, query: RequestQuery, key: list[Any] | None, today: date
) -> list[RequestRow]:
    """The caller's requests, by the day on which help was asked; after `key` (that day, id), one more than the page."""
    return await repository.list_requests(
        session,
        caller,
        today=today,
        status=query.status,
        light=query.light,
        escalated=query.escalated,
        shared=query.shared,
        limit=query.window,
        key=key,
    )


async def list_by_deadline(
    session: ReadSession, caller: Caller, query: DeadlineQuery, key: list[Any] | None, today: date
) -> list[tuple[RequestRow, date]]:
    """The caller's requests and those shared with it, by their next deadline, each with that day (`NO_DEADLINE`).

    After `key` (that day, requested on, id), and one more than the page.
    """
    return await deadlines_repository.list_by_deadline(
        session,
        caller,
        today=today,
        statuses=query.status,
        lights=query.light,
        text=query.text,
        municipalities=_municipalities_called(query.text or ""),
        limit=query.window,
        key=key,
    )


def _municipalities_called(text: str) -> list[str]:
    """The municipalities whose names begin so, however that is written; none for a letter or two."""
    wanted = search_text(text.strip())
    if len(wanted) < _TELLING:
        return []
    return [each.code for each in reference().municipalities.values() if search_text(each.name).startswith(wanted)]


_TELLING: Final = 3


async def list_judgements(
    session: ReadSession, caller: Caller, request_id: UUID, query: PageQuery, key: list[Any] | None
) -> list[JudgementRow]:
    """Every judgement of a request by its day; after `key` (that day, id), and one more than the page."""
    await repository.get_request(session, caller, request_id, access="read")
    return await entries_repository.list_judgements(session, request_id, limit=query.window, key=key)


@dataclass(frozen=True, slots=True)
class History:
    """Events of a request, and whether whoever asks is the one whose request it is."""

    rows: list[RequestEventRow]
    is_own: bool

    def show(self, row: RequestEventRow) -> schemas.RequestEventOut:
        """An event as it goes over the wire; to others without what the references of its institution became."""
        event = schemas.RequestEventOut.model_validate(row)
        if self.is_own:
            return event
        return event.model_copy(
            update={"changes": [each for each in event.changes if each.field not in _OWN_REFERENCES]}
        )


_OWN_REFERENCES: Final = (FIELDS["care_worker"], FIELDS["sibling_group"])


async def list_history(
    session: ReadSession, caller: Caller, request_id: UUID, query: PageQuery, key: list[Any] | None
) -> History:
    """What happened to a request, from the first on; after `key` (id), and one more than the page."""
    row = await repository.get_request(session, caller, request_id, access="read")
    events = await entries_repository.list_events(session, request_id, limit=query.window, key=key)
    return History(events, row.organisation_id == caller.organisation_id)


async def list_last_history(session: ReadSession, caller: Caller, request_id: UUID, limit: int) -> History:
    """What happened to a request last, at most `limit` events, the last first."""
    row = await repository.get_request(session, caller, request_id, access="read")
    events = await entries_repository.list_last_events(session, request_id, limit=limit)
    return History(events, row.organisation_id == caller.organisation_id)


async def list_choices(
    session: ReadSession, caller: Caller, request_id: UUID, query: PageQuery, key: list[Any] | None
) -> list[ChoiceVersionRow]:
    """The choices as they were stated each time, from the first on; after `key` (number), one more than the page."""
    await repository.get_request(session, caller, request_id, access="read")
    return await entries_repository.list_choice_versions(session, request_id, limit=query.window, key=key)
