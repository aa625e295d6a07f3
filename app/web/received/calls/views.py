"""Calls that were put to a provider."""

from dataclasses import dataclass
from typing import Any, Final

from app.dossiers.calls.schemas import CallAnswerOut, CallOut
from app.dossiers.calls.states import Status
from app.reference.lists import reference
from app.web.received.views import names_of
from app.web.shell.places import municipality_name
from app.web.shell.words import NOTHING, child_in_words, count, day, short_day

TABS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "": ("Te beantwoorden", {"status": "open", "answered": False}),
    "beantwoord": ("Beantwoord", {"status": "open", "answered": True}),
    "alle": ("Alle", {}),
}
"""By what an address says: what it is called, and what is asked of the service."""

_STATUSES: Final[dict[Status, str]] = {"open": "open", "expired": "verlopen", "closed": "gesloten"}


@dataclass(frozen=True, slots=True)
class Row:
    """A call in the list."""

    id: str
    title: str
    care_types: str
    respond_by: str
    status: str
    answer: str


def row_of(call: CallOut) -> Row:
    """A call in the list."""
    words = child_in_words(call.child.gender, _ages(call))
    region = reference().regions[call.child.region].name
    where = region if call.child.municipality is None else municipality_name(call.child.municipality)
    return Row(
        id=str(call.id),
        title=f"{words[0].upper()}{words[1:]}, {where}",
        care_types=names_of(call.care_types, "care_types"),
        respond_by=f"antwoord tot en met {short_day(call.respond_by)}",
        status=_STATUSES[call.status],
        answer=_answer(call.own_answer),
    )


def _ages(call: CallOut) -> str:
    """The band that the child's age is in."""
    child = call.child
    return f"{child.age_min} of ouder," if child.age_max is None else f"{child.age_min} tot en met {child.age_max}"


def _answer(answer: CallAnswerOut | None) -> str:
    if answer is None:
        return "nog geen antwoord"
    return f"u kunt, vanaf {day(answer.start_on)}" if answer.answer == "can" else "u kunt niet"


def facts_of(call: CallOut) -> list[tuple[str, str]]:
    """All that a provider gets to know, each with its name."""
    return [
        ("Gevraagd", names_of(call.care_types, "care_types")),
        ("Nodig", names_of(call.needs, "specialisations")),
        ("Liefst ook", names_of(call.wishes, "specialisations")),
        ("Let op", names_of(call.characteristics, "exclusion_criteria")),
        ("Gewenste start", "zo snel mogelijk" if call.wished_start is None else day(call.wished_start)),
        ("Volgens de norm uiterlijk", day(call.deadline)),
        ("Plekken", _places(call)),
        ("Uren per week", NOTHING if call.hours_per_week is None else str(call.hours_per_week)),
        ("Maatregel", "ja, kinderbescherming" if call.child.has_measure else "nee"),
        ("Toelichting", call.remark or NOTHING),
        ("Wie vraagt", call.institution or "een lokaal team"),
    ]


def _places(call: CallOut) -> str:
    places = count(call.places, "plek", "plekken")
    return (
        f"{places}, samen met {count(call.sibling_count, 'broer of zus', 'broers en zussen')}"
        if call.sibling_count
        else places
    )
