"""What a worker keeps of offers and providers for people to read: as the bytes that go over the wire."""

from typing import Any, Final, NamedTuple
from uuid import UUID

import orjson

from app.finding.catalogue.desks import Desk, provider_desk
from app.kit.database.sessions import Record
from app.kit.json_bytes import in_json, to_json
from app.ranking.facts import OfferFacts

_LOCATION: Final = b'"location":'
"""What stands before the last field of an offer as it is shown; in a text its quotes would have a backslash."""


class Available(NamedTuple):
    """The availability of an offer on a day (as by `date.toordinal`), as it is shown for one child; `due` is as
    `availability.unconfirmed` gives it."""

    day: int
    shown: bytes
    due: int


NOT_SHOWN: Final = Available(0, b"", 0)


class Provider:
    """A provider, with the slots of its offers."""

    __slots__ = ("desk", "id", "name", "name_in_json", "number", "shown", "slots", "text_id")

    def __init__(self, id: UUID, number: int) -> None:  # noqa: A002 - the name of the field
        self.id: Final = id
        self.text_id: Final = str(id)
        self.number: Final = number
        self.slots: set[int] = set()
        self.name = ""
        self.name_in_json = b""
        self.shown = b""
        self.desk = Desk(b"null", b"")

    def show(self, row: Record) -> None:
        """Takes over its particulars."""
        contact = {
            "intakeDesk": row["intake_desk"],
            "phone": row["phone"],
            "email": row["email"],
            "website": row["website"],
        }
        self.name = row["name"]
        self.name_in_json = in_json(self.name)
        self.shown = kept({"id": row["id"], "name": self.name, "contact": contact})
        self.desk = provider_desk(row)


class Entry:
    """An offer as far as words ask of it (`ranking.model.Described`), as it is shown, and as the rules ask of it.

    `note` is that of the report that stands. `available` is NOT_SHOWN where it is yet to be written.
    """

    __slots__ = ("available", "facts", "note", "provider", "shown", "specialisations")

    def __init__(self, row: Record, provider: Provider, facts: OfferFacts, specialisations: frozenset[str]) -> None:
        self.facts: Final = facts
        self.provider = provider
        self.specialisations = specialisations
        self.note: str | None = row["note"]
        self.shown = _show(row)
        self.available = NOT_SHOWN

    @property
    def id(self) -> str:
        """Its id as text."""
        return self.facts.id

    @property
    def care_type(self) -> str:
        """The code of its care type."""
        return self.facts.care_type

    @property
    def age_min(self) -> int:
        """The youngest age taken in."""
        return self.facts.age_min

    @property
    def age_max(self) -> int:
        """The oldest age taken in."""
        return self.facts.age_max

    @property
    def at_home(self) -> bool:
        """Whether the help comes to the child."""
        return self.facts.at_home

    @property
    def needs_court_authorisation(self) -> bool:
        """Whether it takes a court authorisation."""
        return self.facts.needs_court_authorisation

    @property
    def name(self) -> str:
        """What it is called."""
        name: str = orjson.loads(self.shown)["name"]
        return name

    @property
    def shown_location(self) -> bytes:
        """Where it is given, as it is shown: the same bytes for all offers of a provider's location."""
        return self.shown[self.shown.rindex(_LOCATION) + len(_LOCATION) : -1]

    @property
    def location(self) -> dict[str, Any]:
        """Where it is given, by the names of the API; empty where it is given at no location."""
        return orjson.loads(self.shown_location) or {}


def _show(row: Record) -> bytes:
    return kept(
        {
            "id": row["id"],
            "name": row["name"],
            "description": row["description"],
            "careType": row["care_type"],
            "ageMin": row["age_min"],
            "ageMax": row["age_max"],
            "genders": row["genders"],
            "specialisations": row["specialisations"],
            "exclusionCriteria": row["exclusion_criteria"],
            "atHome": row["at_home"],
            "serviceArea": row["service_area"],
            "needsCourtAuthorisation": row["needs_court_authorisation"],
            "unit": row["unit"],
            "location": None if row["municipality_code"] is None else _show_location(row),
        }
    )


def _show_location(row: Record) -> dict[str, Any]:
    return {
        "name": row["location_name"],
        "city": row["city"],
        "postcode": row["postcode"],
        "municipality": row["municipality_code"],
        "latitude": row["latitude"],
        "longitude": row["longitude"],
    }


def kept(content: dict[str, Any]) -> bytes:
    """The bytes of it in memory of just their size; what orjson returns holds on to its whole buffer."""
    return bytes(memoryview(to_json(content)))
