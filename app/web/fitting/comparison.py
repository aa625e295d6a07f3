"""Up to four offers of a ranking side by side."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.reference.lists import reference
from app.web.fitting.views import NEEDS, start_of, wait_in_words
from app.web.shell.offers import STATUSES, contract_in_words, place_of
from app.web.shell.words import NOTHING, age_of_figure, number

FEWEST: Final = 2
MOST: Final = 4
_AFTER_START: Final = 2


@dataclass(frozen=True, slots=True)
class Column:
    """An offer that is compared."""

    id: str
    name: str
    provider: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The offers, and line by line what of each is said; `gone` counts those that the ranking has no more."""

    columns: list[Column]
    lines: list[tuple[str, list[str]]]
    gone: int


def compare(answer: Mapping[str, Any], chosen: Sequence[str], wishes: Sequence[str], today: date) -> Comparison:
    """The chosen offers, by id, of an answer of `POST /matches`, as it stands in their order there."""
    items = [each for each in [*answer["results"], *answer["alternatives"]] if each["offer"]["id"] in chosen]
    deadline = date.fromisoformat(answer["deadline"])
    columns = [_column(each) for each in items]
    lines = [(name, [say(each, deadline, today) for each in items]) for name, say in _LINES]
    if answer.get("waitSource") == "expected":
        lines.insert(_AFTER_START, ("Wachttijd", [wait_in_words(each) or "" for each in items]))
    if wishes:
        lines.append(("Van de wensen", [_wishes(each, wishes) for each in items]))
    return Comparison(columns, lines, len(set(chosen)) - len(items))


def _column(item: Mapping[str, Any]) -> Column:
    offer, provider = item["offer"], item["provider"]
    return Column(offer["id"], offer["name"], provider["name"], provider["contact"]["phone"])


def _place_in(item: Mapping[str, Any], *_: date) -> str:
    return f"nr. {item['rank']}" if "rank" in item else NEEDS[item["needs"]]


def _start(item: Mapping[str, Any], deadline: date, today: date) -> str:
    start = start_of(item["expectedStart"], deadline, today)
    return f"{start.sign} {start.words}, {start.against}"


def _status(item: Mapping[str, Any], *_: date) -> str:
    available = item["availability"]
    sign, word = STATUSES[available["status"]]
    free, total = available["placesFree"], available["placesTotal"]
    counted = "" if free is None else f", {number(free)} vrij" + ("" if total is None else f" van {number(total)}")
    return f"{sign} {word}{counted}"


def _age(item: Mapping[str, Any], *_: date) -> str:
    age = age_of_figure(item["availability"]["ageDays"])
    return f"{age.sign} {age.words}"


def _where(item: Mapping[str, Any], *_: date) -> str:
    distance = item["distanceKm"]
    away = "" if distance is None or item["offer"]["atHome"] else f", {number(distance)} km"
    return f"{place_of(item['offer'])}{away}"


def _contract(item: Mapping[str, Any], *_: date) -> str:
    return contract_in_words(item.get("contract")) or "geen contract"


def _ages(item: Mapping[str, Any], *_: date) -> str:
    return f"{item['offer']['ageMin']} tot en met {item['offer']['ageMax']} jaar"


def _special(item: Mapping[str, Any], *_: date) -> str:
    known = reference().specialisations
    return ", ".join(known[each].name.nl for each in item["offer"]["specialisations"]) or NOTHING


def _refused(item: Mapping[str, Any], *_: date) -> str:
    known = reference().exclusion_criteria
    return ", ".join(known[each].name.nl for each in item["offer"]["exclusionCriteria"]) or "geen uitsluitingen gemeld"


def _to_know(item: Mapping[str, Any], *_: date) -> str:
    return " ".join(each["detail"] for each in item["warnings"]) if "warnings" in item else str(item["explanation"])


def _wishes(item: Mapping[str, Any], wishes: Sequence[str]) -> str:
    return f"{len(set(wishes) & set(item['offer']['specialisations']))} van {len(wishes)}"


_LINES: Final[list[tuple[str, Callable[[Mapping[str, Any], date, date], str]]]] = [
    ("Plaats in de lijst", _place_in),
    ("Start", _start),
    ("Plek", _status),
    ("Cijfers", _age),
    ("Waar", _where),
    ("Contract", _contract),
    ("Leeftijd", _ages),
    ("Gespecialiseerd in", _special),
    ("Niet bij", _refused),
    ("Om te weten", _to_know),
]
