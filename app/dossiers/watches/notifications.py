"""Telling an organisation what its watches found: who has a place, when and where. Nothing about a child."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from app.domain.dates import dutch_day
from app.domain.language import (
    Language,
    Text,
    date_in_words,
    decimal_in_words,
)
from app.dossiers.watches.tables import WatchMatchRow, WatchRow
from app.kit.database.sessions import WriteSession
from app.notifying.mails import service as mails
from app.notifying.mails.mailer import in_one_line
from app.notifying.mails.service import Mail
from app.notifying.outbox.service import NewEvent, write_events
from app.reference.lists import reference

MOST_LISTED: Final = 20
"""Places that a mail names; it says how many more there are."""
USEFUL: Final = timedelta(days=1)

_SUBJECT = Text(nl="Er is een passende plek vrij", en="A fitting place is free")
_OPENING = Text(nl="Een zoekopdracht van uw organisatie vond:", en="A watch of your organisation found:")
_ONE = Text(nl="- {offer}, van {provider}{where}: {start}", en="- {offer}, of {provider}{where}: {start}")
_NOW = Text(nl="nu", en="now")
_FROM = Text(nl="naar verwachting vanaf {day}", en="expected from {day}")
_AWAY = Text(nl="op {km} km", en="at {km} km")
_MORE = Text(nl="- en nog {count}", en="- and {count} more")
_CLOSING = Text(
    nl="Alles wat deze zoekopdracht vond: {link}\nU kunt haar pauzeren of verwijderen.",
    en="All that this watch found: {link}\nYou can pause or delete it.",
)


async def tell(
    session: WriteSession,
    watches: Mapping[UUID, WatchRow],
    matches: Sequence[WatchMatchRow],
    now: datetime,
    public_url: str,
) -> None:
    """Writes what goes out of these new places, by the channels of their watches, in the caller's transaction.

    Events of GET /watches/events need no more than the rows that there are.
    """
    by_watch = defaultdict[UUID, list[WatchMatchRow]](list)
    for match in matches:
        by_watch[match.watch_id].append(match)
    found = [(watches[watch_id], rows) for watch_id, rows in by_watch.items()]
    events = [_event(watch, row, now) for watch, rows in found if "webhook" in watch.channels for row in rows]
    await write_events(session, *events)
    await mails.queue(
        session, [_mail(watch, rows, dutch_day(now), public_url) for watch, rows in found if watch.email], now
    )


def _event(watch: WatchRow, match: WatchMatchRow, now: datetime) -> NewEvent:
    data: dict[str, Any] = {
        "watchId": str(watch.id),
        "matchId": match.id,
        "offerId": str(match.offer_id),
        "providerId": match.shown["provider_id"],
        "careType": match.shown["care_type"],
        "status": match.status,
        "expectedStart": match.expected_start.isoformat(),
    }
    municipality = reference().municipalities.get(match.shown["municipality"])
    if municipality is not None:
        data["regions"] = [municipality.region]
    return NewEvent(
        type="watch.matched",
        subject=str(match.offer_id),
        organisation_id=watch.organisation_id,
        data=data,
        time=now,
    )


def _mail(watch: WatchRow, matches: Sequence[WatchMatchRow], today: date, public_url: str) -> Mail:
    lines = [_line(match, today, public_url) for match in matches[:MOST_LISTED]]
    if len(matches) > MOST_LISTED:
        lines.append(_MORE.format(count=len(matches) - MOST_LISTED))
    closing = _CLOSING.format(link=f"{public_url}/v1/watches/{watch.id}/matches")

    def body(language: Language) -> str:
        listed = "\n".join(line.in_(language) for line in lines)
        return f"{_OPENING.in_(language)}\n\n{listed}\n\n{closing.in_(language)}\n"

    return Mail(
        key=f"watch/{watch.id}/{matches[-1].id}",
        to=str(watch.email),
        subject=_SUBJECT,
        body=Text(nl=body("nl"), en=body("en")),
        language=watch.language,
        useful_for=USEFUL,
    )


def _line(match: WatchMatchRow, today: date, public_url: str) -> Text:
    start = _NOW if match.expected_start <= today else _FROM.format(day=date_in_words(match.expected_start))
    away = None if match.distance_km is None else _AWAY.format(km=decimal_in_words(match.distance_km))
    city = match.shown["city"]
    parts = [Text(nl=in_one_line(city), en=in_one_line(city))] if city else []
    where = Text(
        nl="".join(f", {part.nl}" for part in [*parts, *([away] if away else [])]),
        en="".join(f", {part.en}" for part in [*parts, *([away] if away else [])]),
    )
    said = _ONE.format(
        offer=in_one_line(match.shown["offer_name"]),
        provider=in_one_line(match.shown["provider_name"]),
        where=where,
        start=start,
    )
    link = f"\n  {public_url}/v1/offers/{match.offer_id}"
    return Text(nl=said.nl + link, en=said.en + link)
