"""Reminding: what falls due is recorded, mailed and told to webhooks in one transaction, so each of them happens once.

A report ends the series of its offer; when that one grows old, a new series begins.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from app.domain.dates import add_months, dutch_day
from app.domain.language import Language, Text, date_in_words
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.errors import InputError, InvalidInputError, NotFoundError
from app.kit.security.callers import Caller
from app.notifying.mails import service as mails
from app.notifying.mails.service import Mail
from app.notifying.outbox.service import NewEvent, write_events
from app.ranking.rules import STALE_AFTER_DAYS
from app.supply.offers.repository import get_offer
from app.supply.providers.repository import get_provider
from app.supply.providers.service import check_owner
from app.supply.reminders import mail_text, repository
from app.supply.reminders.repository import Reminded, Stale
from app.supply.reminders.schemas import MailOutcome, MuteOut, ReminderOut, ReminderQuery
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
    `NotFoundError` where there is no such offer, or it is given no more.
    """
    if (await get_offer(session, offer_id)).offer.ended_at is not None:
        raise NotFoundError(Text(nl="Dit aanbod", en="This offer"))
    asked = await repository.add_doubt(session, offer_id, caller.organisation_id, now)
    await _tell(session, asked, now, base, language)


async def _tell(session: WriteSession, due: Sequence[Stale], now: datetime, base: str, language: Language) -> int:
    """Mails and tells these reminders, which are in the order of their providers; how many."""
    muted = await repository.find_muted(session, {each.provider_id for each in due}, dutch_day(now))
    silent = [each.reminder_id for each in due if each.provider_id in muted]
    if silent:
        await repository.note_muted(session, silent)
    letters: list[Mail] = []
    keys: dict[int, str] = {}
    for _, group in groupby(due, key=lambda each: each.provider_id):
        stale = list(group)
        if stale[0].email is None or stale[0].provider_id in muted:
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


MOST_MONTHS: Final = 3
"""For how long a provider can want no mail at most."""


async def mute(session: WriteSession, caller: Caller, provider_id: UUID, until: date | None, now: datetime) -> None:
    """Sends a provider no reminders by mail up to and with a day; None: sends them again.

    It is reminded all the same: in the list, and by its webhooks. Regions see it as they would.
    """
    await get_provider(session, provider_id)
    check_owner(caller, provider_id)
    if until is None:
        await repository.remove_mute(session, provider_id)
        return
    _check_day(until, dutch_day(now))
    values = {"provider_id": provider_id, "until": until, "set_at": now, "client_id": caller.client_id}
    await repository.put_mute(session, values)


def _check_day(until: date, today: date) -> None:
    """`InvalidInputError` where the day has passed, or is too far away."""
    last = add_months(today, MOST_MONTHS)
    if until < today:
        text = Text(nl="Deze dag is al voorbij.", en="This day has passed.")
        raise InvalidInputError(InputError("#/until", "in-past", text))
    if until > last:
        text = Text(nl="Kies een dag tot en met {last}.", en="Choose a day up to and with {last}.")
        raise InvalidInputError(InputError("#/until", "too-late", text.format(last=date_in_words(last))))


async def get_mute(session: ReadSession | WriteSession, caller: Caller, provider_id: UUID, today: date) -> MuteOut:
    """Until when a provider gets no reminders by mail."""
    await get_provider(session, provider_id)
    check_owner(caller, provider_id)
    row = await repository.find_mute(session, provider_id)
    return MuteOut(until=row.until if row is not None and row.until >= today else None)


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
        return "muted" if reminded.stale.muted else "no-address"
    if not mail_is_on and reminded.mail in {"waiting", "expired"}:
        return "off"
    return reminded.mail
