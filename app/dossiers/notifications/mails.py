"""Mails of what happened: from the events of the outbox, each taken once, in the transaction that queues its mails."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app.domain.dates import YearMonth
from app.domain.language import Language, Text, month_in_words
from app.dossiers.notifications import mail_text, repository
from app.dossiers.notifications.mail_text import Happening
from app.dossiers.notifications.schemas import Kind
from app.dossiers.notifications.tables import NotificationSettingsRow
from app.kit.database.sessions import WriteSession
from app.notifying.contacts.service import sender_contact
from app.notifying.contacts.tables import ContactRow
from app.notifying.mails import service as mails
from app.notifying.mails.service import Mail
from app.notifying.outbox.tables import OutboxEventRow

_ANSWERS: Final = frozenset(["accept", "waitlist", "decline"])
_KINDS: Final[dict[Happening, Kind]] = {
    "referral": "referral",
    "answer": "answer",
    "call": "call",
    "call-answer": "answer",
    **dict.fromkeys(("notice", "arrangement", "transfer", "escalation"), "notice"),
    "delivery": "delivery",
}


@dataclass(frozen=True, slots=True)
class _Known:
    """What the mails of some events take: settings with whose they are, teams and names."""

    settings: Sequence[tuple[NotificationSettingsRow, ContactRow | None, str | None]]
    teams: dict[UUID, str]
    names: dict[UUID, str]


async def queue_mails(session: WriteSession, now: datetime, *, base: str = "", language: Language = "nl") -> int:
    """Queues the mails of the events that have yet to be mailed; how many there were.

    `base` is where the service is reached from outside. Reminders and watches have mails of their own.
    """
    found = [(event, happening_of(event)) for event in await repository.take_events(session, now)]
    told = [(event, happening) for event, happening in found if happening is not None]
    if not told:
        return 0
    known = await _known(session, [event for event, _ in told])
    letters = {
        letter.key: letter for event, happening in told for letter in _letters(event, happening, known, base, language)
    }
    return len(await mails.queue(session, list(letters.values()), now))


def happening_of(event: OutboxEventRow) -> Happening | None:
    """What kind of mail an event is; None of what is not mailed from here: that a referral was seen, for one."""
    if event.type == "referral.decided":
        decision = event.data["decision"]
        if decision in _ANSWERS and event.organisation_id is not None:
            return "answer"
        return None if decision == "see" else "notice"
    others: dict[str, Happening] = {
        "referral.sent": "referral",
        "call.published": "call",
        "call.answered": "call-answer",
        "arrangement.asked": "arrangement",
        "arrangement.decided": "arrangement",
        "transfer.changed": "transfer",
        "escalation.changed": "escalation",
        "delivery.due": "delivery",
    }
    return others.get(event.type)


async def _known(session: WriteSession, events: Sequence[OutboxEventRow]) -> _Known:
    organisations = {event.organisation_id for event in events if event.organisation_id is not None}
    providers = {event.provider_id for event in events if event.provider_id is not None}
    settings = await repository.list_settings(session, organisations, providers)
    if not settings:
        return _Known([], {}, {})
    teams = await repository.teams_of(session, _ids(events, "referralId", "requestId"))
    return _Known(settings, teams, await repository.names_of(session, _ids(events, "offerId", "providerId")))


def _ids(events: Sequence[OutboxEventRow], *names: str) -> set[UUID]:
    return {UUID(event.data[name]) for event in events for name in names if event.data.get(name)}


def _letters(
    event: OutboxEventRow, happening: Happening, known: _Known, base: str, language: Language
) -> Iterator[Mail]:
    """The mails of an event, one for each address: two that lead to one address have one key."""
    about, path = _about(event.data, known), _path(event.data, happening)
    for row, contact, provider_email in known.settings:
        if not _concerns(event, row):
            continue
        for setting in row.mails:
            to = provider_email if row.provider_id else _address(setting["address"], contact, _team(event.data, known))
            if setting["kind"] == _KINDS[happening] and to:
                yield Mail(
                    key=f"event/{event.event_id}/{to}",
                    to=to,
                    subject=mail_text.subject(happening, about),
                    body=mail_text.body(happening, about, path, base),
                    language=language,
                )


def _concerns(event: OutboxEventRow, row: NotificationSettingsRow) -> bool:
    if event.provider_id is not None:
        return row.provider_id == event.provider_id
    return row.provider_id is None and row.organisation_id == event.organisation_id


def _address(to: str, contact: ContactRow | None, team: str | None) -> str | None:
    reached = sender_contact(contact, team if to == "team" else None)
    return reached.email if reached else None


def _team(data: dict[str, Any], known: _Known) -> str | None:
    """The team of the referral, or of the request of a call."""
    return known.teams.get(UUID(data["referralId"] if "referralId" in data else data.get("requestId", _NOBODY)))


_NOBODY: Final = str(UUID(int=0))


def _about(data: dict[str, Any], known: _Known) -> Text:
    """The offer's name; of an answer to a call that names none the provider's; of what is to be delivered the month."""
    if "month" in data:
        return month_in_words(YearMonth.parse(data["month"]).first_day)
    for name in ("offerId", "providerId"):
        if data.get(name) and UUID(data[name]) in known.names:
            return mail_text.named(known.names[UUID(data[name])])
    return mail_text.OUTSIDE


def _path(data: dict[str, Any], happening: Happening) -> str:
    """Where to read it: never a request of a child, whose id stays out of mails."""
    if happening == "escalation":
        return "/v1/escalated-requests"
    if happening == "delivery":
        return f"/v1/deliveries?month={data['month']}"
    paths = {"call": "/calls/{callId}", "call-answer": "/calls/{callId}/answers"}
    paths |= {"arrangement": "/arrangements/{arrangementId}", "transfer": "/transfers/{transferId}"}
    return "/v1" + paths.get(happening, "/referrals/{referralId}").format(**data)
