"""Free places as the pages show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.allocation.expected_wait import ExpectedWait
from app.reference.lists import reference
from app.web.shell.offers import STATUSES, contract_in_words, place_of
from app.web.shell.words import NOTHING, Age, age_of_figure, count, day, dialled, number

_GENDERS: Final = {"female": "meisjes", "male": "jongens", "other": "anders"}


DONE: Final = {
    "klopt-niet": "Dank u. De aanbieder krijgt de vraag om de cijfers na te kijken.",
    "meld-mij": "De melding staat aan.",
    "meld-mij-niet": "De melding is gestopt.",
}
"""What is told after a button of the page of an offer."""


@dataclass(frozen=True, slots=True)
class Row:
    """An offer in the list."""

    id: str
    name: str
    care_type: str
    provider: str
    place: str
    distance: str | None
    status: str
    sign: str
    status_word: str
    free: str | None
    wait: str
    age: Age
    contract: str | None
    phone: str | None

    @property
    def call(self) -> str | None:
        """Where a phone calls on one tap."""
        return dialled(self.phone)


def row_of(item: Mapping[str, Any], contract: Mapping[str, Any] | None = None) -> Row:
    """An item of `GET /availability` as a row; `contract` is that of the municipality that was asked about."""
    offer, available, distance = item["offer"], item["availability"], item["distanceKm"]
    sign, word = STATUSES[available["status"]]
    return Row(
        id=offer["id"],
        name=offer["name"],
        care_type=offer["careTypeName"],
        provider=item["provider"]["name"],
        place=place_of(offer),
        distance=None if distance is None or offer["atHome"] else f"{number(distance)} km",
        status=available["status"],
        sign=sign,
        status_word=word,
        free=_free(available.get("placesFree"), offer["unit"]),
        wait=_wait(available),
        age=age_of_figure(available["ageDays"]),
        contract=contract_in_words(contract),
        phone=item["provider"]["contact"]["phone"],
    )


def _free(free: float | None, unit: str) -> str | None:
    """Free places, or hours a week."""
    if free is None:
        return None
    return f"{number(free)} uur" if unit == "hours-per-week" else number(free)


def _wait(available: Mapping[str, Any]) -> str:
    """When help could start."""
    if available["status"] == "free":
        return "kan nu starten"
    if available["expectedStart"] is not None:
        return f"vanaf {day(available['expectedStart'])}"
    days = available["waitDays"]
    return "start onbekend" if days is None else f"wacht {days} dagen"


def criteria(offer: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Whom an offer takes in, each with its name."""
    lists = reference()
    special = [lists.specialisations[each].name.nl for each in offer["specialisations"]]
    excluded = [lists.exclusion_criteria[each].name.nl for each in offer["exclusionCriteria"]]
    area = offer["serviceArea"]
    rows = [
        ("Leeftijd", f"{offer['ageMin']} tot en met {offer['ageMax']} jaar"),
        ("Voor", ", ".join(_GENDERS[each] for each in offer["genders"])),
        ("Gespecialiseerd in", ", ".join(special) or NOTHING),
        ("Niet bij", ", ".join(excluded) or "geen uitsluitingen gemeld"),
        ("Machtiging van de rechter", "nodig" if offer["needsCourtAuthorisation"] else "niet nodig"),
    ]
    if area is not None:
        names = [known.name for each in area if (known := lists.municipalities.get(each))]
        rows.append(("Werkgebied", ", ".join(names)))
    return rows


def estimate_in_words(expected: ExpectedWait | None) -> str | None:
    """How long a child that asks now would wait by the offer's own reports; None where they say too little."""
    if expected is None:
        return None
    if expected.days == 0:
        return "geen: er is plek"
    freed = f"{count(expected.freed, 'plek die', 'plekken die')} in {expected.weeks} weken vrijkwam"
    freed += "" if expected.freed == 1 else "en"
    return f"ongeveer {expected.days} dagen ({expected.soonest} tot {expected.latest}), naar {freed}"
