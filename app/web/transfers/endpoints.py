"""Transfers: the list, and each with what its receiver knows of it and decides."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import Query, Request, Response

from app.dossiers.transfers import service, views
from app.dossiers.transfers.schemas import TransferDecisionIn, TransferOut, TransferQuery
from app.kit.database.sessions import ReadSession
from app.kit.errors import ConflictError, InvalidInputError
from app.kit.http.dependencies import Now, Reading, database_of
from app.kit.security.callers import Caller
from app.web.shell.forms import Errors, Fields, check_form, errors_of, read_form, sent_fields
from app.web.shell.paging import split
from app.web.shell.problems import NO_MORE, said_of
from app.web.shell.rendering import go_to, render
from app.web.shell.routing import router as make_router
from app.web.sign_in.dependencies import Referrer
from app.web.transfers.question import REFERENCE, at_fields, decision_of
from app.web.transfers.views import transfer_of

router = make_router()

PATH: Final = "/overdrachten"
_ON_PAGE: Final = 50
_NOTHING: Final[Fields] = {}


@router.get(PATH)
async def show_transfers(
    request: Request,
    caller: Referrer,
    session: Reading,
    now: Now,
    alle: Annotated[str, Query(max_length=5)] = "",
    na: Annotated[str, Query(max_length=1000)] = "",
) -> Response:
    """The transfers to and by the caller that wait for a decision; all of them where that is asked."""
    asked = {"status": None if alle else "open", "limit": _ON_PAGE, "cursor": na or None}
    query = check_form(TransferQuery, asked)
    rows = await views.list_transfers(session, caller, query, query.key(PATH, datetime, UUID))
    shown, following = split(query, PATH, rows, lambda row: [row.proposed_at, row.id])
    context = await views.context_of(session, shown)
    return render(
        request,
        "transfers/page.html",
        transfers=[transfer_of(views.transfer_out(each, context, caller, now)) for each in shown],
        everything=bool(alle),
        following=f"{PATH}?alle={alle}&na={following}" if following else None,
    )


@router.get(f"{PATH}/{{transfer_id}}")
async def show_transfer(request: Request, transfer_id: UUID, caller: Referrer, session: Reading, now: Now) -> Response:
    """A transfer; to its receiver with the forms to take it or not."""
    return _show(request, await _transfer(session, caller, transfer_id, now))


@router.post(f"{PATH}/{{transfer_id}}")
async def decide(request: Request, transfer_id: UUID, caller: Referrer, now: Now) -> Response:
    """Takes the dossiers, and goes on to the first of them; or declines them."""
    fields = await sent_fields(request)
    async with database_of(request).read() as session:
        transfer = await _transfer(session, caller, transfer_id, now)
    body, errors = read_form(TransferDecisionIn, decision_of(fields, transfer))
    trouble = None
    if body is not None:
        try:
            async with database_of(request).write() as writing:
                await service.decide(writing, caller, transfer_id, body, None, now)
            return go_to(request, f"/jeugdigen/{transfer.request_id}" if body.decision == "accept" else PATH)
        except InvalidInputError as error:
            errors = errors_of(error)
        except ConflictError as error:
            trouble = said_of(error)
    async with database_of(request).read() as again:
        transfer = await _transfer(again, caller, transfer_id, now)
    if errors and "accept" not in transfer.possible:
        trouble = NO_MORE
    found = at_fields(errors, fields, transfer) | ({"": trouble} if trouble else {})
    return _show(request, transfer, fields, found, 409 if trouble else 400)


async def _transfer(session: ReadSession, caller: Caller, transfer_id: UUID, now: datetime) -> TransferOut:
    row = await views.get_transfer(session, caller, transfer_id)
    return views.transfer_out(row, await views.context_of(session, [row]), caller, now)


def _show(
    request: Request, transfer: TransferOut, said: Fields = _NOTHING, errors: Errors | None = None, status: int = 200
) -> Response:
    return render(
        request,
        "transfers/transfer.html",
        status=status,
        transfer=transfer_of(transfer),
        reference=REFERENCE,
        said=said,
        errors=errors or {},
    )
