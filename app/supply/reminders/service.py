"""Reminding: what falls due is recorded, mailed and told to webhooks in one transaction, so each of them happens once.

A report ends the series of its offer; when that one grows old, a new series begins.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from app.domain.dates import dutch_day
from app.domain.language import Language
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.security.callers import Caller
from app.notifying.mails import service as mails
from app.notifying.mails.service import Mail
from app.notifying.outbox.service import NewEvent, write_events
from app.ranking.derived_dates import STALE_AFTER_DAYS
from app.supply.reminders import mail_text, repository
from app.supply.reminders.repository import Reminded, Stale
from app.supply.reminders.schemas import MailOutcome, ReminderOut, ReminderQuery
from app.supply.reminders.tables import AT_ONCE


async def remind(session: WriteSession, now: datetime, *, base: str = "", language: Language = "nl") -> int:
    """Gives every reminder that is due; how many.

    A provider gets one mail for all of its offers that are due now, where it has an address, and an event for each
    offer. `base` is where the service is reached from outside.
    """
    return await _tell(session, await repository.add_due(session, now), now, base, language)


async def prompt(
    session: WriteSession, offer_id: UUID, now: datetime, *, base: str = "", language: Language = "nl"
) -> None:
    """Asks at once for new figures of an offer that has just refused a child for want of room.

    Once for each report: whoever refuses again before there is a newer one is not asked again.
    """
    await _tell(session, await repository.add_refused(session, offer_id, now), now, base, language)


async def doubt(
    session: WriteSession, caller: Caller, offer_id: UUID, now: datetime, *, base: str = "", language: Language = "nl"
) -> None:
    """Tells the provider that the caller doubts the figures of its offer.

    Organisations are counted, each once; the first has the provider asked for new figures, until there are any.
    """
    asked = await repository.add_doubt(session, offer_id, caller.organisation_id, now)
    await _tell(session, asked, now, base, language)


async def _tell(session: WriteSession, due: Sequence[Stale], now: datetime, base: str, language: Language) -> int:
    """Mails and tells these reminders, which are in the order of their providers; how many."""
    letters: list[Mail] = []
    keys: dict[int, str] = {}
    for _, group in groupby(due, key=lambda each: each.provider_id):
        stale = list(group)
        if stale[0].email is None:
            continue
        letter = _letter(stale, stale[0].email, base, language)
        letters.append(letter)
        keys |= {each.reminder_id: letter.key for each in stale}
    if keys:
        await mails.queue(session, letters, now)
        await repository.set_mails(session, keys)
    await write_events(session, *(_event(each, now) for each in due))
    return len(due)


def _letter(stale: Sequence[Stale], to: str, base: str, language: Language) -> Mail:
    first = min(each.reminder_id for each in stale)
    return Mail(
        key=f"reminder/{first}",
        to=to,
        subject=mail_text.subject(stale),
        body=mail_text.body(stale, base),
        language=language,
    )


def _event(stale: Stale, now: datetime) -> NewEvent:
    return NewEvent(
        type="reminder.due",
        subject=str(stale.offer_id),
        provider_id=stale.provider_id,
        time=now,
        data={
            "offerId": str(stale.offer_id),
            "providerId": str(stale.provider_id),
            "careType": stale.care_type,
            "reason": stale.reason,
            "dueOn": _due_on(stale).isoformat(),
        },
    )


def _due_on(stale: Stale) -> date:
    """The last day on which the figures count as known; without any, or where they may be wrong, the reminder's."""
    if stale.reason in AT_ONCE or not stale.was_reported:
        return dutch_day(stale.reminded_at)
    return _known_until(stale)


def _known_until(stale: Stale) -> date:
    return dutch_day(stale.since) + timedelta(days=STALE_AFTER_DAYS)


async def list_reminders(
    session: ReadSession, caller: Caller, query: ReminderQuery, key: list[Any] | None, today: date
) -> list[Reminded]:
    """What providers were reminded of, as far as the caller sees it, the oldest figures first.

    After `key` (since when, id), and one more than the page.
    """
    return await repository.list_reminders(
        session, caller, today=today, provider_id=query.provider, reasons=query.reason, limit=query.window, key=key
    )


def reminder_out(reminded: Reminded, today: date, *, mail_is_on: bool) -> ReminderOut:
    """A reminder as it goes over the wire."""
    stale = reminded.stale
    reported = stale.was_reported
    return ReminderOut(
        offer_id=stale.offer_id,
        offer_name=stale.offer_name,
        provider_id=stale.provider_id,
        provider_name=stale.provider_name,
        care_type=stale.care_type,
        reason=stale.reason,
        observed_at=stale.since if reported else None,
        age_days=(today - dutch_day(stale.since)).days if reported else None,
        known_until=_known_until(stale) if reported else None,
        reminded_at=stale.reminded_at,
        doubts=stale.doubts,
        mail=_mail(reminded, mail_is_on=mail_is_on),
    )


def _mail(reminded: Reminded, *, mail_is_on: bool) -> MailOutcome | None:
    if reminded.mail_key is None:
        return "no-address"
    if not mail_is_on and reminded.mail in {"waiting", "expired"}:
        return "off"
    return reminded.mail
