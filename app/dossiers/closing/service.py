"""What ends with a request that is closed or helped, in one place: all that the features of its dossier have open."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from app.dossiers.arrangements.service import end_of_requests
from app.dossiers.calls.service import close_of_requests
from app.dossiers.closing import repository
from app.dossiers.referrals.decisions import withdraw_all
from app.dossiers.referrals.history import hold_figures
from app.dossiers.referrals.moves import follow_child
from app.dossiers.referrals.repository import list_of_requests
from app.dossiers.referrals.sibling_group import hold_request
from app.dossiers.referrals.states import OPEN
from app.dossiers.requests import service as requests
from app.dossiers.requests.entry_schemas import Milestone
from app.dossiers.requests.schemas import RequestPatch
from app.dossiers.requests.tables import RequestRow
from app.dossiers.watches.service import close_watches
from app.finding.catalogue.catalogue import Catalogue
from app.kit.database.sessions import WriteSession
from app.kit.security.callers import Caller


async def change_request(
    session: WriteSession,
    catalogue: Catalogue,
    caller: Caller,
    request_id: UUID,
    body: RequestPatch,
    if_match: str | None,
    now: datetime,
    milestones: Mapping[Milestone, date | None] = requests.NO_MILESTONES,
    *,
    is_alone: bool = False,
) -> RequestRow:
    """The request as the body and these milestones change it (`requests.service.change_request` has the errors).

    Where the body closes it, its open referrals are withdrawn first, its open calls and its watches closed, and what
    is still asked for it (arrangements) ended; the other parties are told by these, as at any other time. Where it
    changes the child, the referrals from which help may still start follow, and are judged again. Where help is said to
    have begun, that ends what a start of help ends. `is_alone`: the request is held, and nothing else is in its dossier
    (`list_with_more`), so that nothing can follow.
    """
    if is_alone:
        return await requests.change_request(session, caller, request_id, body, if_match, now, milestones)
    if body.child is not None:
        family = await hold_request(session, caller, request_id)
        lived_in = family.request(request_id).municipality_code
        row = await _changed(session, caller, request_id, body, if_match, now, milestones)
        await follow_child(session, catalogue, caller, family, row, lived_in, now)
        return row
    return await _changed(session, caller, request_id, body, if_match, now, milestones)


async def _changed(
    session: WriteSession,
    caller: Caller,
    request_id: UUID,
    body: RequestPatch,
    if_match: str | None,
    now: datetime,
    milestones: Mapping[Milestone, date | None],
) -> RequestRow:
    if body.status == "closed":
        await withdraw_all(session, caller, request_id, if_match, now)  # it is the caller's, and held from here on
        if_match = "*"  # what ends with it may itself have moved the version
        await close_of_requests(session, caller, [request_id], "request-closed", now)
        await end_of_requests(session, caller, [request_id], "request-closed", now)
        await close_watches(session, request_id, now)
    row = await requests.change_request(session, caller, request_id, body, if_match, now, milestones)
    if milestones.get("help") is not None:
        await _end_by_help(session, caller, request_id, now)
    return row


async def _end_by_help(session: WriteSession, caller: Caller, request_id: UUID, now: datetime) -> None:
    await close_of_requests(session, caller, [request_id], "help-started", now)
    await end_of_requests(session, caller, [request_id], "help-started", now)


async def list_with_more(session: WriteSession, request_ids: Collection[UUID]) -> set[UUID]:
    """Those of these requests that have anything in their dossiers that a change of them may reach."""
    return await repository.list_with_more(session, request_ids)


async def hold_places(session: WriteSession, request_ids: Collection[UUID]) -> None:
    """Holds the figures that closing these requests may change, which are held themselves, all in one order.

    So whoever closes many in one transaction does not wait for others who wait for it.
    """
    shown = await list_of_requests(session, request_ids) if request_ids else []
    open_ = [full.referral for full in shown if full.referral.status in OPEN]
    await hold_figures(session, [row.offer_id for row in open_ if row.offer_id is not None])


async def set_milestone(
    session: WriteSession,
    caller: Caller,
    request_id: UUID,
    name: Milestone,
    day: date,
    if_match: str | None,
    now: datetime,
) -> RequestRow:
    """Says when something happened (as `requests.service.set_milestone`, which has the errors).

    Where that is help, it ends what a start of help ends: the open calls of the request, and what is still asked.
    """
    row = await requests.set_milestone(session, caller, request_id, name, day, if_match, now)
    if name == "help":
        await _end_by_help(session, caller, request_id, now)
    return row
