"""Referrals that a provider received, as its intake desk reads them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.domain.dates import dutch_day
from app.dossiers.amendments.schemas import AmendmentOut
from app.dossiers.referrals.obstacle_codes import LABELS, Obstacle
from app.dossiers.referrals.schemas import ReferralOut
from app.dossiers.referrals.states import Status
from app.reference.lists import reference
from app.web.shell.places import municipality_name
from app.web.shell.words import NOTHING, child_in_words, clock_time, count, day, short_day, until

TABS: Final[dict[str, tuple[str, list[Status]]]] = {
    "": ("Te beantwoorden", ["sent", "seen"]),
    "wachtlijst": ("Wachtlijst", ["waitlisted"]),
    "aangenomen": ("Aangenomen", ["accepted"]),
    "gestart": ("Gestart", ["started"]),
    "klaar": ("Afgerond", ["declined", "withdrawn", "ended"]),
}
"""By what an address says: what it is called, and which referrals are in it."""

STATUSES: Final[dict[Status, str]] = {
    "sent": "nieuw",
    "seen": "gezien",
    "waitlisted": "op de wachtlijst",
    "accepted": "aangenomen",
    "declined": "afgewezen",
    "withdrawn": "ingetrokken",
    "started": "hulp gestart",
    "ended": "hulp beëindigd",
}
_URGENCIES: Final = {"crisis": ("!!", "crisis"), "urgent": ("!", "spoed"), "regular": ("", "gewoon")}
_STANDS_FOR: Final = {
    1: "eerste keuze van het kind",
    2: "tweede keuze van het kind",
    3: "derde keuze van het kind",
    "alternative": "alternatief voor wat het kind eigenlijk nodig heeft",
    "bridging": "overbrugging tot de eigenlijke hulp start",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A referral in the list."""

    id: str
    title: str
    offer: str
    sign: str
    urgency: str
    kind: str
    clock: str
    is_late: bool
    status: str
    sent: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one side proposes of a referral: who joins and who is left out, and whether the provider decides on it."""

    number: int
    what: str
    why: str
    is_ours: bool


def proposal_of(amendment: AmendmentOut) -> Proposal:
    """An amendment as the provider reads it."""
    joins = [f"{child_in_words(each.gender, each.age)} erbij" for each in amendment.adds]
    leaves = [f"{child_in_words(each.gender, each.age)} eruit" for each in amendment.removes]
    return Proposal(amendment.number, "; ".join([*joins, *leaves]), amendment.why, amendment.proposed_by == "provider")


def names_of(codes: Iterable[str], kind: str) -> str:
    """What codes of a reference list ("specialisations", "exclusion_criteria") are called."""
    known = getattr(reference(), kind)
    return ", ".join(known[code].name.nl for code in codes) or NOTHING


def row_of(referral: ReferralOut, now: datetime) -> Row:
    """A referral in the list, at this moment."""
    child, sign, urgency = referral.child, *_URGENCIES[referral.summary.urgency]
    words = child_in_words(child.gender, child.age)
    return Row(
        id=str(referral.id),
        title=f"{words[0].upper()}{words[1:]}, {municipality_name(child.municipality)}",
        offer=referral.offer_name or NOTHING,
        sign=sign,
        urgency=urgency,
        kind=referral.summary.urgency,
        clock=_clock(referral, now),
        is_late=referral.overdue,
        status=STATUSES[referral.status],
        sent=_moment(referral.sent_at),
    )


def _clock(referral: ReferralOut, now: datetime) -> str:
    """Until when an answer is in time, while one is waited for; else when help is expected, or began or ended."""
    if referral.status in {"sent", "seen"}:
        due = until(referral.answer_due_at, dutch_day(now))
        return f"te laat: antwoord was nodig {due}" if referral.overdue else f"antwoord nodig {due}"
    if referral.ended_on is not None:
        return f"beëindigd op {day(referral.ended_on)}"
    if referral.started_on is not None:
        return f"gestart op {day(referral.started_on)}"
    return f"start verwacht {day(referral.expected_start)}" if referral.expected_start else ""


def _moment(at: datetime) -> str:
    return f"{short_day(dutch_day(at))}, {clock_time(at)}"


@dataclass(frozen=True, slots=True)
class Concern:
    """What the match has against the offer for this child now."""

    code: str
    words: str


def concerns_of(codes: Iterable[Obstacle]) -> list[Concern]:
    """What stands in the way, in words."""
    return [Concern(code, LABELS[code].nl) for code in codes]


def facts_of(referral: ReferralOut) -> list[tuple[str, str]]:
    """All that a provider gets to know, each with its name."""
    child, summary = referral.child, referral.summary
    facts = [
        ("Kind", child_in_words(child.gender, child.age)),
        ("Gemeente", municipality_name(child.municipality)),
        ("Nodig", names_of(summary.needs, "specialisations")),
        ("Let op", names_of(summary.characteristics, "exclusion_criteria")),
        ("Hoe snel", _URGENCIES[summary.urgency][1]),
        ("Gewenste start", "zo snel mogelijk" if summary.wished_start is None else day(summary.wished_start)),
        ("Plekken", _places(referral)),
        ("Dit aanbod is", _STANDS_FOR.get(referral.stands_for, NOTHING)),
        ("Toelichting", referral.remark or NOTHING),
        ("Aangemeld", f"{_moment(referral.sent_at)}, door {referral.institution or 'een instelling'}"),
    ]
    for name, on in (("Start verwacht", referral.expected_start), ("Vertrokken", referral.left_on)):
        facts += [(name, day(on))] if on else []
    if referral.declined is not None:
        facts.append(("Afgewezen", _declined(referral)))
    facts += [(f"Toch, al geldt: {LABELS[each.reason].nl}", each.because) for each in referral.despite]
    return facts


def _places(referral: ReferralOut) -> str:
    still = sum(each.is_in for each in referral.children)
    places = count(referral.places, "plek", "plekken")
    return f"{places}, voor {still} broers en zussen samen" if still > 1 else places


def _declined(referral: ReferralOut) -> str:
    assert referral.declined is not None  # noqa: S101 - its caller has looked
    declined, lists = referral.declined, reference()
    named = [lists.exclusion_criteria[code].name.nl for code in declined.criteria]
    named += [lists.specialisations[code].name.nl for code in declined.specialisations]
    reason = lists.decline_reasons[declined.reason].name.nl
    return f"{reason}: {', '.join(named)}" if named else reason
