"""Keeping watches: each institution and local team its own."""

from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from app.domain.dates import dutch_day
from app.domain.language import Text
from app.dossiers.arrangements.service import exceptions_of
from app.dossiers.referrals.refusals import earlier_declines, list_refusals
from app.dossiers.requests.errors import ClosedError
from app.dossiers.requests.repository import get_request, list_siblings
from app.dossiers.requests.tables import RequestRow
from app.dossiers.watches import repository
from app.dossiers.watches.errors import (
    MOST_WATCHES,
    TooManyWatchesError,
    WatchClosedError,
    no_mail,
    out_of_time,
    unknown_request,
)
from app.dossiers.watches.evaluator import match_rows
from app.dossiers.watches.fitting_offers import Fits, fits_request, fits_search
from app.dossiers.watches.schemas import (
    WatchIn,
    WatchMatchOut,
    WatchOut,
    WatchPatch,
    WatchSearch,
    WatchStatus,
)
from app.dossiers.watches.tables import WatchMatchRow, WatchRow
from app.finding.catalogue.catalogue import Catalogue
from app.finding.search.fitting_offers import filter_errors
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.database.upserts import change
from app.kit.errors import InputError, InvalidInputError, NotFoundError
from app.kit.pages import PageQuery
from app.kit.security.callers import Caller
from app.kit.versions import check_version

WATCHES_FOR: Final = timedelta(days=90)
LONGEST: Final = timedelta(days=366)


async def add_watch(
    session: WriteSession, catalogue: Catalogue, caller: Caller, body: WatchIn, now: datetime, *, sends_mail: bool
) -> WatchRow:
    """Keeps a watch. What fits already is noted and not told: it is told what comes free after this."""
    today = dutch_day(now)
    request = await _check(session, caller, body, today, sends_mail=sends_mail)
    await repository.wait_for_turn(session, caller)  # so that two together are not one too many
    if await repository.count_watches(session, caller, today) >= MOST_WATCHES:
        raise TooManyWatchesError
    search = None if body.search is None else _kept(body.search)
    values: dict[str, Any] = {
        **body.values(exclude={"search", "expires_on"}),
        "search": search,
        "organisation_id": caller.organisation_id,
        "client_id": caller.client_id,
        "care_types": _care_types(body, request),
        "request_version": request.version if request else None,
        "expires_on": body.expires_on or today + WATCHES_FOR,
        "created_at": now,
        "updated_at": now,
    }
    watch = await repository.add_watch(session, values)
    fits: Fits = {}
    if request is not None:
        declines = earlier_declines((await list_refusals(session, [request.id]))[request.id])
        exceptions = (await exceptions_of(session, [request.id], today))[request.id]
        siblings = await list_siblings(session, [request])
        fits = fits_request(catalogue, request, siblings, today, declines, exceptions)
    elif body.search is not None:
        fits = fits_search(catalogue, body.search, today)
    await repository.add_matches(session, match_rows(catalogue, watch, fits, now, told=False))
    return watch


def _kept(search: WatchSearch) -> dict[str, Any]:
    return {**search.model_dump(mode="json", exclude_defaults=True), "status": search.status}


def _care_types(body: WatchIn, request: RequestRow | None) -> list[str]:
    if request is not None:
        return repository.care_types_of(request)
    return sorted(set(body.search.care_type)) if body.search else []


async def _check(
    session: WriteSession, caller: Caller, body: WatchIn, today: date, *, sends_mail: bool
) -> RequestRow | None:
    """The request that is to be watched, if any; `InvalidInputError` with all that is wrong."""
    errors = filter_errors(body.search, "#/search") if body.search else []
    if body.expires_on is not None and not today <= body.expires_on <= today + LONGEST:
        errors.append(out_of_time())
    if body.email is not None and not sends_mail:
        errors.append(no_mail())
    request = None
    if body.request_id is not None:
        try:
            request = await get_request(session, caller, body.request_id, lock=True)
        except NotFoundError:
            errors.append(unknown_request())
    if errors:
        raise InvalidInputError(*errors)
    if request is not None and request.closed_on is not None:
        raise ClosedError
    return request


async def watch_offer(
    session: WriteSession, catalogue: Catalogue, caller: Caller, offer_id: UUID, named: tuple[str, str], now: datetime
) -> None:
    """Has the organisation told when an offer of this care type and name has a place, where it is not told already."""
    await repository.wait_for_turn(session, caller)
    standing = await repository.list_offer_watches(session, caller, dutch_day(now), offer_id)
    for each in standing:
        if each.paused:
            await change(session, each, {"paused": False, "fresh": True}, now)
    if not standing:
        care_type, name = named
        search = {"careType": [care_type], "offer": offer_id}
        body = WatchIn.model_validate({"label": name, "search": search, "channels": ["sse"]})
        await add_watch(session, catalogue, caller, body, now, sends_mail=False)


async def stop_watching_offer(session: WriteSession, caller: Caller, offer_id: UUID, today: date) -> bool:
    """Deletes the watches that `watch_offer` made of an offer, with what they found; whether there were any."""
    await repository.wait_for_turn(session, caller)
    standing = await repository.list_offer_watches(session, caller, today, offer_id)
    for each in standing:
        await repository.delete_watch(session, each)
    return bool(standing)


async def list_offer_watches(
    session: ReadSession, caller: Caller, today: date, offer_id: UUID | None = None
) -> list[WatchRow]:
    """The watches of the organisation that tell now of a place at one offer, by its name; with `offer_id` at that."""
    found = await repository.list_offer_watches(session, caller, today, offer_id)
    return [each for each in found if not each.paused]


async def list_watches(session: ReadSession, caller: Caller, query: PageQuery, key: list[Any] | None) -> list[WatchRow]:
    """The organisation's watches, the first made first; after `key` (when made, id), and one more than the page."""
    return await repository.list_watches(session, caller, limit=query.window, key=key)


async def get_watch(session: ReadSession, caller: Caller, watch_id: UUID) -> WatchRow:
    """A watch of the organisation's; `NotFoundError` where there is none."""
    return await repository.get_watch(session, caller, watch_id)


async def list_matches(
    session: ReadSession, caller: Caller, watch_id: UUID, query: PageQuery, key: list[Any] | None
) -> list[WatchMatchRow]:
    """The places that a watch found, the last first; after `key` (id), and one more than the page."""
    await repository.get_watch(session, caller, watch_id)
    return await repository.list_matches(session, watch_id, limit=query.window, key=key)


async def list_last_told(session: ReadSession, caller: Caller, since: datetime, limit: int) -> list[WatchMatchRow]:
    """The places that the caller's watches found since then, not those that fitted when they were made.

    At most `limit`, the last first.
    """
    return await repository.list_last_told(session, caller, since=since, limit=limit)


async def change_watch(
    session: WriteSession,
    caller: Caller,
    watch_id: UUID,
    body: WatchPatch,
    if_match: str | None,
    now: datetime,
    *,
    sends_mail: bool,
) -> WatchRow:
    """Changes what the body names; `WatchClosedError` where the request that it watched was closed.

    One that is made active, or gets another last day, tells what came free in the meantime and still is.
    """
    row = await repository.get_watch(session, caller, watch_id, lock=True)
    check_version(if_match, row.version, composite=True)
    if row.closed_on is not None:
        raise WatchClosedError
    values = _changes(row, body, dutch_day(now), sends_mail=sends_mail)
    wakes = _status(row, dutch_day(now)) != "active"
    await change(session, row, values, now)
    if wakes and _status(row, dutch_day(now)) == "active":
        await change(session, row, {"fresh": True}, now)
    return row


def _changes(row: WatchRow, body: WatchPatch, today: date, *, sends_mail: bool) -> dict[str, Any]:
    values = body.values(exclude_unset=True, exclude={"status"})
    errors = []
    expires_on = values.get("expires_on")
    if expires_on is not None and not today <= expires_on <= today + LONGEST:
        errors.append(out_of_time())
    if values.get("email") is not None and not sends_mail:
        errors.append(no_mail())
    channels, email = values.get("channels") or row.channels, values.get("email", row.email)
    if ("email" in channels) != (email is not None):
        errors.append(InputError("#/email", "email-and-channel", _TOGETHER))
    if errors:
        raise InvalidInputError(*errors)
    if body.status is not None:
        values["paused"] = body.status == "paused"
    return values


_TOGETHER: Final = Text(
    nl="Het kanaal email en het veld email gaan samen.", en="The channel email and the field email go together."
)


async def delete_watch(session: WriteSession, caller: Caller, watch_id: UUID, if_match: str | None) -> None:
    """Deletes a watch, with what it found."""
    row = await repository.get_watch(session, caller, watch_id, lock=True)
    check_version(if_match, row.version, composite=True)
    await repository.delete_watch(session, row)


async def close_watches(session: WriteSession, request_id: UUID, now: datetime) -> None:
    """Ends the watches of a request that is held and about to be closed."""
    await repository.close_watches(session, request_id, dutch_day(now))


def _status(row: WatchRow, today: date) -> WatchStatus:
    if row.closed_on is not None or row.expires_on < today:
        return "ended"
    return "paused" if row.paused else "active"


def watch_out(row: WatchRow, today: date) -> WatchOut:
    """A watch as it goes over the wire."""
    names = ("id", "label", "search", "request_id", "channels", "email", "language", "expires_on", "created_at")
    return WatchOut.model_construct(**{name: getattr(row, name) for name in names}, status=_status(row, today))


def match_out(row: WatchMatchRow) -> WatchMatchOut:
    """A place that was found as it goes over the wire."""
    names = (
        *("id", "watch_id", "offer_id", "status", "expected_start", "distance_km"),
        *("matched_at", "told", "gone_at"),
    )
    return WatchMatchOut.model_validate({name: getattr(row, name) for name in names} | row.shown)
