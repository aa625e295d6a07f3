"""A ranking as the page shows it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.dossiers.arrangements.states import KINDS
from app.reference.lists import reference
from app.web.fitting.form import FittingForm
from app.web.shell.offers import STATUSES, contract_in_words, place_of
from app.web.shell.words import Age, age_of_figure, count, day, number

POLICIES: Final = {
    "timely-first": "Op tijd eerst",
    "choice-first": "Eerste keuze eerst",
    "soonest-first": "Snelste eerst",
    "nearest-first": "Dichtstbijzijnde eerst",
}
WAIT_SOURCES: Final = {"stated": "Zoals aanbieders opgeven", "expected": "Onze verwachte wachttijd"}
GENDERS: Final = {"female": "Meisje", "male": "Jongen", "other": "Anders", "unknown": "Onbekend"}
NEEDS: Final = {
    "light-contract": "Licht contract nodig",
    "ceiling-exception": "Uitzondering op het budgetplafond nodig",
    "longer-distance": "Grotere afstand nodig",
    "provider-consent": "Instemming van de aanbieder nodig",
    "ask-again": "Opnieuw vragen",
}
_ARRANGED: Final = {
    "asked": "Gevraagd; antwoord uiterlijk {due}",
    "granted": "Toegezegd",
    "refused": "Afgewezen",
    "withdrawn": "Ingetrokken",
    "ended": "Niet meer nodig",
}
MOST_NAMED: Final = 5
"""Of each reason so many excluded offers by name; those with the fewest reasons."""


@dataclass(frozen=True, slots=True)
class Start:
    """When help could start against the deadline: in words, with a sign, and a name for its style."""

    words: str
    against: str
    sign: str
    kind: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What results and alternatives have in common; `wait` is None unless our estimates were ranked by."""

    id: str
    name: str
    care_type: str
    provider: str
    place: str
    choice: int
    start: Start
    age: Age
    sign: str
    status: str
    status_word: str
    phone: str | None
    explanation: str
    wait: str | None


@dataclass(frozen=True, slots=True)
class Ranked(Standing):
    """An offer in its place in the ranking."""

    rank: int
    contract: str
    warnings: list[str]


@dataclass(frozen=True, slots=True)
class Possible(Standing):
    """An offer that would be possible if one thing were arranged, and with whom; `kind` is the arrangement that can
    be asked for it, `arranged` what came of asking.
    """

    reason: str
    needs: str
    ask: str
    ask_phone: str | None
    ask_email: str | None
    kind: str | None
    arranged: str | None


@dataclass(frozen=True, slots=True)
class Left:
    """A reason that excludes offers: how many, and a few of them by name."""

    detail: str
    count: int
    names: list[str]

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.count - len(self.names)


@dataclass(frozen=True, slots=True)
class Answered:
    """A provider that answered a call with a place."""

    provider: str
    offer: str | None
    start: Start
    phone: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Shown:
    """All that is shown of a ranking; `ranking_id` is what it is kept as, None where it is not."""

    deadline: date
    results: list[Ranked]
    possible: list[Possible]
    excluded: int
    left: list[Left]
    answered: list[Answered]
    ranking_id: str | None


def shown(answer: Mapping[str, Any], today: date) -> Shown:
    """An answer of `POST /matches` or `GET /requests/{id}/matches`, with its offers explained, as it is shown."""
    deadline = date.fromisoformat(answer["deadline"])
    arranged = {each["offerId"]: _arranged(each) for each in reversed(answer.get("arrangements", []))}
    return Shown(
        deadline,
        [_ranked(each, deadline, today) for each in answer["results"]],
        [_possible(each, deadline, today, arranged) for each in answer["alternatives"]],
        answer["excluded"]["total"],
        _left(answer["excluded"]),
        [_answered(each, deadline, today) for each in answer.get("callAnswers", []) if each["answer"] == "can"],
        answer.get("rankingId"),
    )


def asked_in_words(form: FittingForm) -> list[str]:
    """What the form asks, line by line: for a list on paper, and above one whose form is folded."""
    lists = reference()
    measure = lists.measures.get(form.maatregel)
    child = [
        GENDERS.get(form.geslacht),
        f"geboren {form.geboortemaand}",
        f"gemeente {form.gemeente}",
        f"{measure.name.nl}, uitgesproken {day(form.uitgesproken)}" if measure and form.uitgesproken else None,
        "machtiging gesloten jeugdhulp" if form.machtiging else None,
    ]
    choices = [
        f"Keuze {line.number}: {lists.care_types[line.care_type].name.nl}"
        + (f", hooguit {line.distance} km" if line.distance else "")
        for line in form.lines
        if line.care_type in lists.care_types
    ]
    waits = ["Op onze verwachte wachttijd, waar die er is"] if form.wachttijd == "expected" else []
    return ["; ".join(each for each in child if each), *choices, *waits]


def start_of(expected: str | None, deadline: date, today: date) -> Start:
    """When help could start, and how many days that is before or after the deadline."""
    if expected is None:
        return Start("start onbekend", f"norm: uiterlijk {day(deadline)}", "?", "unknown")
    start = date.fromisoformat(expected)
    words = "kan nu starten" if start <= today else f"start {day(start)}"
    late = (max(start, today) - deadline).days
    if late > 0:
        return Start(words, f"{count(late, 'dag', 'dagen')} na de norm", "!", "late")
    return Start(words, f"{count(-late, 'dag', 'dagen')} voor de norm" if late else "op de norm", "✓", "timely")


def _standing(item: Mapping[str, Any], deadline: date, today: date) -> dict[str, Any]:
    offer, available, distance = item["offer"], item["availability"], item["distanceKm"]
    sign, word = STATUSES[available["status"]]
    away = "" if distance is None or offer["atHome"] else f", {number(distance)} km"
    return {
        "id": offer["id"],
        "name": offer["name"],
        "care_type": reference().care_types[offer["careType"]].name.nl,
        "provider": item["provider"]["name"],
        "place": f"{place_of(offer)}{away}",
        "choice": item["choice"],
        "start": start_of(item["expectedStart"], deadline, today),
        "age": age_of_figure(available["ageDays"]),
        "sign": sign,
        "status": available["status"],
        "status_word": word,
        "phone": item["provider"]["contact"]["phone"],
        "explanation": item["explanation"],
        "wait": wait_in_words(item),
    }


def wait_in_words(item: Mapping[str, Any]) -> str | None:
    """Our estimate of the wait to intake with its interval, beside what the provider states; None unless it was asked
    to rank by ours.
    """
    if "expectedWait" not in item:
        return None
    ours = item["expectedWait"]
    if ours is None:
        return "Wachttijd: van ons geen schatting; de opgave van de aanbieder telt"
    days = f"ongeveer {count(ours['days'], 'dag', 'dagen')} ({ours['soonest']} tot {ours['latest']})"
    stated = "niets" if ours["statedDays"] is None else count(ours["statedDays"], "dag", "dagen")
    return f"Wachttijd: onze schatting {days if ours['latest'] else 'geen, er is plek'}; aanbieder zegt {stated}"


def _ranked(item: Mapping[str, Any], deadline: date, today: date) -> Ranked:
    return Ranked(
        **_standing(item, deadline, today),
        rank=item["rank"],
        contract=contract_in_words(item["contract"]) or "geen contract",
        warnings=[each["detail"] for each in item["warnings"]],
    )


def _possible(item: Mapping[str, Any], deadline: date, today: date, arranged: Mapping[str, str]) -> Possible:
    ask = item["ask"]
    return Possible(
        **_standing(item, deadline, today),
        reason=item["reason"],
        needs=NEEDS[item["needs"]],
        ask=ask["organisation"] if ask["name"] is None else f"{ask['name']} ({ask['organisation']})",
        ask_phone=ask["phone"],
        ask_email=ask["email"],
        kind=item["needs"] if item["needs"] in KINDS else None,
        arranged=arranged.get(item["offer"]["id"]),
    )


def _arranged(item: Mapping[str, Any]) -> str:
    return _ARRANGED[item["status"]].format(due=day(item["dueOn"]))


def _left(excluded: Mapping[str, Any]) -> list[Left]:
    """The reasons, each with the offers that have fewest others."""
    named: dict[str, list[str]] = defaultdict(list)
    offers: Sequence[Mapping[str, Any]] = sorted(excluded["offers"], key=lambda each: len(each["reasons"]))
    for each in offers:
        for reason in each["reasons"]:
            if len(named[reason]) < MOST_NAMED:
                named[reason].append(f"{each['name']}, {each['providerName']}")
    return [Left(each["detail"], each["count"], named[each["reason"]]) for each in excluded["byReason"]]


def _answered(item: Mapping[str, Any], deadline: date, today: date) -> Answered:
    provider = item["provider"]
    start = start_of(item["startOn"], deadline, today)
    return Answered(provider["name"], item["offerName"], start, provider["contact"]["phone"], item["note"])
