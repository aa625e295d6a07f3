"""What a referrer has to know today: what others did to its referrals, who answered its calls, which places came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.domain.dates import dutch_day
from app.dossiers.calls.schemas import CallOut
from app.dossiers.referrals.schemas import ReferralEventOut, ReferralOut
from app.dossiers.watches.schemas import WatchMatchOut, WatchOut
from app.reference.lists import reference
from app.web.children import words
from app.web.shell.words import clock_time, count, short_day


@dataclass(frozen=True, slots=True)
class News:
    """Something that others did: what, of whom, when; and where it can be seen. `id` is its name on the page."""

    id: str
    what: str
    about: str
    when: str
    href: str


@dataclass(frozen=True, slots=True)
class Watched:
    """An offer of which is told when it has a place: what it was called then, and the last day."""

    offer_id: str
    name: str
    until: date


def watched_offer(watch: WatchOut) -> Watched:
    """A watch of one offer."""
    offer_id = str((watch.search or {})["offer"])
    return Watched(offer_id, watch.label or "Aanbod zonder naam", watch.expires_on)


def notice(event: ReferralEventOut, referral: ReferralOut, today: date) -> News:
    """What was done to a referral."""
    said = words.ANSWERS.get(event.decision, "aanmelding bijgewerkt")
    who = referral.provider_name or "De aanbieder"
    what = f"{who} {said}" if event.actor == "provider" else said.capitalize()
    reason = event.details.get("reason")
    reasons = reference().decline_reasons
    if event.decision == "decline" and isinstance(reason, str) and reason in reasons:
        what += f": {reasons[reason].name.nl.lower()}"
    offer = referral.offer_name or "zorg buiten de contracten"
    id_ = f"bericht-{referral.id}-{event.at:%Y%m%dT%H%M%S%f}"
    about = f"{referral.child_reference} · {offer}"
    return News(id_, what, about, _when(event.at, today), _in(referral, "aanmeldingen"))


def found_place(match: WatchMatchOut, today: date) -> News:
    """A place that a watch found, as somebody asked on the page of an offer."""
    start = "nu" if match.expected_start <= today else f"vanaf {short_day(match.expected_start)}"
    about = ", ".join(each for each in (match.provider_name, match.city) if each)
    what = f"Er is plek, {start}: {match.offer_name}"
    return News(f"plek-{match.id}", what, about, _when(match.matched_at, today), f"/aanbod/{match.offer_id}")


def answered_call(call: CallOut) -> News:
    """How many can help who were called."""
    can = call.counts.can if call.counts else 0
    declined = call.counts.declined if call.counts else 0
    asked = ", ".join(words.care_type(each) for each in call.care_types)
    said = f"{count(can, 'aanbieder kan', 'aanbieders kunnen')} helpen, {declined} niet"
    until = f"antwoorden tot en met {short_day(call.respond_by)}"
    about = f"{call.child_reference} · {asked}"
    return News(f"oproep-{call.id}", f"Oproep: {said}", about, until, _in(call, "oproepen"))


def _in(shown: Any, part: str) -> str:
    return f"/jeugdigen/{shown.request_id}#{part}"


def _when(at: datetime, today: date) -> str:
    days = (today - dutch_day(at)).days
    named: Sequence[str] = ("vandaag", "gisteren")
    return f"{named[days] if days < len(named) else short_day(dutch_day(at))} {clock_time(at)}"
