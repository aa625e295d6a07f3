"""A dossier as its page shows it, and what can be begun there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.domain.dates import dutch_day
from app.dossiers.rankings.schemas import RankingOut
from app.dossiers.requests.schemas import ClockOut
from app.reference.lists import reference
from app.web.children import words
from app.web.children.asking_actions import next_steps
from app.web.children.cards import (
    Card,
    amendment_card,
    arrangement_card,
    call_card,
    clock_card,
    escalation_card,
    judgement_card,
    milestone_cards,
    referral_card,
    share_cards,
    transfer_card,
)
from app.web.children.proposed import proposal_cards
from app.web.children.rows import Todo, about, fitting_path, path_of, running
from app.web.children.service import Dossier
from app.web.children.transfer_actions import can_hand_over
from app.web.shell.words import clock_time, day

_LAST_EVENTS: Final = 12


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; `number` counts from the first."""

    number: int
    on: str
    at: str
    what: str


@dataclass(frozen=True, slots=True)
class Sections:
    """The parts of the page."""

    about: Sequence[tuple[str, str]]
    short: str
    status: tuple[str, str]
    search: str | None
    clocks: Sequence[Card]
    referrals: Sequence[Card]
    amendments: Sequence[Card]
    proposed: Sequence[Card]
    calls: Sequence[Card]
    arrangements: Sequence[Card]
    escalations: Sequence[Card]
    ladder: str
    siblings: Sequence[tuple[str, str]]
    judgements: Sequence[Card]
    milestones: Sequence[Card]
    shares: Sequence[Card]
    transfers: Sequence[Card]
    rankings: Sequence[tuple[str, str]]
    events: Sequence[Event]
    earlier: Sequence[Event]
    todos: dict[str, Todo]


def sections(dossier: Dossier) -> Sections:
    """All parts of the page of a dossier."""
    request, many = dossier.request, len(dossier.events)
    events = [_event(each, many - index) for index, each in enumerate(dossier.events)]
    searches = dossier.is_own and request.closed_on is None
    return Sections(
        about=_about(dossier),
        short=about(request, dossier.today),
        status=words.STATUSES[request.status],
        search=fitting_path(request) if searches else None,
        clocks=[clock_card(dossier, each) for each in (*running(request), *_over(dossier))],
        referrals=[referral_card(dossier, each) for each in reversed(dossier.referrals)],
        amendments=[amendment_card(dossier, each) for each in dossier.amendments],
        proposed=proposal_cards(dossier),
        calls=[call_card(dossier, each) for each in dossier.calls],
        arrangements=[arrangement_card(dossier, each) for each in dossier.arrangements],
        escalations=[escalation_card(dossier, each) for each in reversed(dossier.escalations)],
        ladder=", ".join(f"{number}. {words.step(each)}" for number, each in enumerate(dossier.ladder, 1)),
        siblings=[(f"/jeugdigen/{each}", dossier.siblings.get(each, "dossier")) for each in request.siblings],
        judgements=[judgement_card(each) for each in dossier.judgements],
        milestones=milestone_cards(dossier),
        shares=share_cards(dossier),
        transfers=[transfer_card(dossier, each) for each in dossier.transfers],
        rankings=[_ranking(dossier, each) for each in dossier.rankings],
        events=events[:_LAST_EVENTS],
        earlier=events[_LAST_EVENTS:],
        todos=_todos(dossier),
    )  # fmt: skip


def _ranking(dossier: Dossier, ranking: RankingOut) -> tuple[str, str]:
    """Where a ranking that was shown is kept, and what it is called."""
    kept = ", bewaard bij een aanmelding" if ranking.kept else ""
    on = f"{day(dutch_day(ranking.shown_at))}, {clock_time(ranking.shown_at)}"
    return path_of(dossier.request, f"zoekresultaat/{ranking.id}"), f"{on}, {words.POLICIES[ranking.policy]}{kept}"


def _todos(dossier: Dossier) -> dict[str, Todo]:
    """What can be begun, by its path."""
    request = dossier.request
    is_open, is_own = request.closed_on is None, dossier.is_own
    helped = any(each.name == "help" for each in request.milestones)
    can = {
        "maatregel": ("Wijzig maatregel", is_own and is_open),
        "machtiging": ("Wijzig machtiging", is_own and is_open),
        "eigen-kenmerken": ("Wijzig eigen kenmerken", is_own and is_open),
        "oordeel": ("Beoordeel of de hulp past", is_own and helped),
        "opnieuw-nodig": ("Opnieuw hulp nodig", is_own and is_open and helped),
        "opschalen": ("Schaal op", dossier.may_escalate and bool(next_steps(dossier))),
        "oproep": ("Plaats een oproep", is_own and is_open),
        "delen": ("Deel met een lokaal team", is_own and bool(dossier.teams)),
        "overdragen": ("Draag het dossier over", can_hand_over(dossier)),
        "sluiten": ("Sluit de hulpvraag", is_own and is_open),
        "heropenen": ("Heropen de hulpvraag", is_own and not is_open),
        "kenmerken": ("Neem over", is_own and bool(request.proposed_characteristics)),
        "kenmerk-afwijzen": ("Klopt niet", is_own and bool(request.proposed_characteristics)),
    }
    return {what: Todo(label, path_of(request, what)) for what, (label, may) in can.items() if may}


def _about(dossier: Dossier) -> list[tuple[str, str]]:
    """What is known of the child, and what is asked for."""
    request, child = dossier.request, dossier.request.child
    choices = [words.care_type(each.care_type) for each in request.choices]
    facts = [
        ("Leeftijd", words.age(child.birth_month, dossier.today)),
        ("Gemeente", words.municipality(child.municipality)),
        ("Maatregel", _measure(child)),
        ("Keuzes", ", ".join(f"{number}. {name}" for number, name in enumerate(choices, 1))),
        ("Nodig", words.codes(request.needs)),
        ("Wensen", words.codes(request.wishes)),
        ("Kenmerken", words.codes(request.characteristics)),
        ("Gesloten jeugdhulp", _authorised(child)),
        ("Gevraagd op", day(request.requested_on)),
        ("Hulp nodig vóór", day(request.needed_by) if request.needed_by else ""),
        ("Opnieuw nodig sinds", day(request.needed_again_on) if request.needed_again_on else ""),
        ("Team", request.team or ""),
        ("Medewerker", request.care_worker or ""),
        ("Gezin", request.sibling_group or ""),
        ("Gesloten", _closed(dossier)),
    ]
    return [(name, value) for name, value in facts if value]


def _measure(child: Any) -> str:
    name = words.measure(child)
    return "geen" if name is None else f"{name}, sinds {day(child.measure.imposed_on)}"


def _authorised(child: Any) -> str:
    if not child.court_authorisation:
        return ""
    until = child.court_authorisation_until
    return f"machtiging tot en met {day(until)}" if until else "machtiging, einddatum onbekend"


def _closed(dossier: Dossier) -> str:
    request = dossier.request
    if request.closed_on is None or request.closed_reason is None:
        return ""
    return f"{day(request.closed_on)}: {reference().closing_reasons[request.closed_reason].name.nl}"


def _over(dossier: Dossier) -> list[ClockOut]:
    """The clocks that do not run any more."""
    runs = running(dossier.request)
    return [each for each in dossier.request.clocks if each not in runs]


def _event(event: Any, number: int) -> Event:
    """An event of the history; which milestone or clock it is about, where it says so."""
    what = words.happened(event.what)
    named_in = [words.MILESTONES.get(each.field.removeprefix("milestones.")) for each in event.changes]
    named = ", ".join(each for each in named_in if each)
    return Event(number, day(dutch_day(event.at)), clock_time(event.at), f"{what}: {named.lower()}" if named else what)
