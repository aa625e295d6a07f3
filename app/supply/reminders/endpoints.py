"""Reminders: providers see their own, regions those of care that they have under contract."""

from datetime import datetime
from typing import Annotated

from fastapi import Query, Request, Response

from app.domain.dates import dutch_day
from app.kit.clock import Now
from app.kit.database.sessions import Reading
from app.kit.http.pagination import Page, listed
from app.kit.http.routing import router as make_router
from app.kit.security.auth import Party
from app.settings import Settings
from app.supply.reminders import repository, service
from app.supply.reminders.repository import Reminded
from app.supply.reminders.schemas import ReminderOut, ReminderQuery

router = make_router("Capacity")


@router.get("/reminders", response_model=Page[ReminderOut])
async def list_reminders(
    request: Request, query: Annotated[ReminderQuery, Query()], caller: Party, session: Reading, now: Now
) -> Response:
    """Offers whose figures have grown old and whose provider was reminded of it, the oldest figures first.

    A provider sees its own, from the first reminder (more than 7 days old) on. A region sees those of providers that
    it has under contract, from the second (14 days) on, and those never reported. A new report ends it.
    """
    today, settings = dutch_day(now), _settings(request)
    rows = await repository.list_reminders(
        session,
        caller,
        today=today,
        provider_id=query.provider,
        reasons=query.reason,
        limit=query.window,
        key=query.key(request, datetime, int),
    )

    def show(reminded: Reminded) -> ReminderOut:
        return service.reminder_out(reminded, today, mail_is_on=settings.smtp_dsn is not None)

    return listed(request, query, rows, key=lambda row: [row.stale.since, row.stale.reminder_id], show=show)


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings
