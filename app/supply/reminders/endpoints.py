"""Reminders: providers see their own, regions those of care that they have under contract."""

from datetime import datetime
from typing import Annotated

from fastapi import Query, Request, Response

from app.domain.dates import dutch_day
from app.kit.errors import NotFoundError
from app.kit.http.declared_errors import raises
from app.kit.http.dependencies import Now, Reading, Writing
from app.kit.http.idempotency import Idempotent
from app.kit.http.pagination import listed
from app.kit.http.parts import KitParts, parts_of
from app.kit.http.respond import respond
from app.kit.http.rights import Matcher, Owner, Party
from app.kit.http.routing import router as make_router
from app.kit.pages import Page
from app.supply.offers.endpoints import OfferId
from app.supply.providers.endpoints import ProviderId
from app.supply.reminders import service
from app.supply.reminders.schemas import MuteIn, MuteOut, ReminderOut, ReminderQuery

router = make_router("Capacity")


@router.get("/reminders", response_model=Page[ReminderOut])
async def list_reminders(
    request: Request, query: Annotated[ReminderQuery, Query()], caller: Party, session: Reading, now: Now
) -> Response:
    """Offers whose figures have grown old and whose provider was reminded of it, the oldest figures first.

    A provider sees its own, from the first reminder (more than 7 days old) on. A region sees those of providers that
    it has under contract, from the second (14 days) on, and those never reported. A new report ends it.
    """
    today, settings = dutch_day(now), parts_of(request.app, KitParts).settings
    rows = await service.list_reminders(session, caller, query, query.key(request.url.path, datetime, int), today)
    return listed(
        request,
        query,
        rows,
        key=lambda row: [row.stale.since, row.stale.reminder_id],
        show=lambda row: service.reminder_out(row, today, mail_is_on=settings.smtp_dsn is not None),
    )


@router.post("/offers/{offerId}/capacity/doubts", status_code=204, responses=raises(NotFoundError))
async def doubt_capacity(
    request: Request, offer_id: OfferId, caller: Matcher, session: Writing, now: Now, once: Idempotent
) -> Response:
    """Says that the figures of an offer seem wrong, such as a place that was said on the phone to be taken.

    Organisations are counted, each once until there is a newer report; the provider sees how many in `GET /reminders`,
    and the first has it asked for new figures at once, by mail and by the event `reminder.due`.
    """
    settings = parts_of(request.app, KitParts).settings

    async def create() -> Response:
        base, language = settings.public_url, settings.mail_language
        await service.doubt(session, caller, offer_id, now, base=base, language=language)
        return Response(status_code=204)

    return await once(caller, create)


@router.get("/providers/{providerId}/reminder-mute", response_model=MuteOut, responses=raises(NotFoundError))
async def get_reminder_mute(
    request: Request, provider_id: ProviderId, caller: Owner, session: Reading, now: Now
) -> Response:
    """Until when a provider gets no reminders by mail."""
    return respond(request, await service.get_mute(session, caller, provider_id, dutch_day(now)))


@router.put("/providers/{providerId}/reminder-mute", response_model=MuteOut, responses=raises(NotFoundError))
async def put_reminder_mute(
    request: Request, provider_id: ProviderId, body: MuteIn, caller: Owner, session: Writing, now: Now
) -> Response:
    """Sends a provider no reminders by mail up to and with a day, or sends them again.

    It is reminded all the same: in `GET /reminders` and by its webhooks, and regions see what they would.
    """
    await service.mute(session, caller, provider_id, body.until, now)
    return respond(request, await service.get_mute(session, caller, provider_id, dutch_day(now)))
