"""A ranking that was shown for a child, as it was kept: what was asked, what came out, and why."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.ranking.reason_labels import REASON_LABELS
from app.web.children import words
from app.web.shell.words import count, day, number

_DECIDED: Final = {
    "delay": "de start tegen de norm",
    "choice": "de keuze",
    "wishes": "de wensen",
    "contract": "het contract",
    "wait": "hoe lang het duurt",
    "distance": "de afstand",
    "start": "de eerste dag",
    "age-of-report": "hoe vers de cijfers waren",
    "id": "niets: op alle punten gelijk",
}
"""By the factor on which an offer stands above the next."""
_NEEDS: Final = {**words.KINDS, "ask-again": "Opnieuw vragen"}

NameOf = Callable[[str], tuple[str, str] | None]
"""The name of an offer and of its provider, by the id of the offer; None of one that is there no more."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """An offer in its place, with what it was placed by; `address` is its page, None where it is no more."""

    rank: int
    name: str
    address: str | None
    facts: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Kept:
    """A ranking as it was kept; `by_expected` says that it goes by the waits that we expected."""

    today: str
    policy: str
    by_expected: bool
    deadline: str
    asked: Sequence[tuple[str, str]]
    results: Sequence[Ranked]
    alternatives: Sequence[tuple[str, str]]
    excluded: Sequence[tuple[str, str]]


def kept_ranking(case: Mapping[str, Any], name_of: NameOf) -> Kept:
    """A case file (`CaseFile`) with its outcome, as the page shows it."""
    outcome = case["expected"]
    deadline = date.fromisoformat(outcome["deadline"])
    return Kept(
        today=day(case["today"]),
        policy=words.POLICIES[case["policy"]],
        by_expected=case.get("waitSource") == "expected",
        deadline=day(deadline),
        asked=_asked(case["request"]),
        results=[_ranked(rank, each, deadline, name_of) for rank, each in enumerate(outcome["results"], start=1)],
        alternatives=[
            (_named(each["offerId"], name_of)[0], _NEEDS.get(each["needs"], each["needs"]))
            for each in outcome["alternatives"]
        ],
        excluded=[
            (_named(each["offerId"], name_of)[0], "; ".join(REASON_LABELS[code].nl for code in each["reasons"]))
            for each in outcome["excluded"]
        ],
    )


def _asked(request: Mapping[str, Any]) -> list[tuple[str, str]]:
    choices = [words.care_type(each["careType"]) for each in request["choices"]]
    facts = [
        ("Gemeente", words.municipality(request["child"]["municipality"])),
        ("Keuzen", ", ".join(f"{at}. {name}" for at, name in enumerate(choices, start=1))),
        ("Moet kunnen", words.codes(request["needs"])),
        ("Liefst ook", words.codes(request["wishes"])),
        ("Bijzonderheden", words.codes(request["characteristics"])),
        ("Plekken samen", str(request["places"]) if request["places"] != 1 else ""),
    ]
    return [(name, value) for name, value in facts if value]


def _ranked(rank: int, result: Mapping[str, Any], deadline: date, name_of: NameOf) -> Ranked:
    name, address = _named(result["offerId"], name_of)
    decided, distance, lacking = result["decidedBy"], result["distanceKm"], result["factors"]["wishes"]
    facts = [
        ("Keuze", f"{result['choice']}e"),
        ("Start", _start(result["expectedStart"], deadline)),
        ("Afstand", "onbekend" if distance is None else f"{number(distance)} km"),
        ("Wensen", count(lacking, "ontbreekt", "ontbreken") if lacking else ""),
        ("Boven de volgende door", _DECIDED[decided] if decided else ""),
    ]
    return Ranked(rank, name, address, [(label, value) for label, value in facts if value])


def _start(expected: str | None, deadline: date) -> str:
    if expected is None:
        return "onbekend"
    late = (date.fromisoformat(expected) - deadline).days
    return f"{day(expected)}, {count(late, 'dag', 'dagen')} na de norm" if late > 0 else f"{day(expected)}, op tijd"


def _named(offer_id: str, name_of: NameOf) -> tuple[str, str | None]:
    found = name_of(offer_id)
    if found is None:
        return "Aanbod dat er niet meer is", None
    return ", ".join(found), f"/aanbod/{offer_id}"
