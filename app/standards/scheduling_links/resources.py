"""What we know, as SMART Scheduling Links wants it: Location, Schedule and Slot.

https://github.com/smart-on-fhir/smart-scheduling-links/blob/master/specification.md

An offer at an address is one Schedule with one Slot, both by the id of its HealthcareService. Its Slot is `free` on the
day on which help for a child that is referred now can start, as far as is known, and `busy` today where that is not
known or nobody is taken in. It lasts that day, in Dutch time: a place of care has no hour at which it begins. We pass
on what providers report, so we are what the specification calls an aggregator, and use the extensions of one.
"""

from datetime import date, datetime, time, timedelta
from typing import Final

from app.domain.dates import AMSTERDAM
from app.domain.language import Language
from app.kit.schemas import write_time
from app.reference.lists import reference
from app.standards.fhir import resources
from app.standards.fhir.elements import (
    Element,
    filled,
    reference_to,
    telecom,
    text,
)
from app.standards.fhir.repository import Place, Service
from app.standards.fhir.resources import Available
from app.standards.fhir.vocabulary import CARE_TYPE, URI, concept

_OURS: Final = "http://fhir-registry.smarthealthit.org/StructureDefinition"
CAPACITY: Final = f"{_OURS}/slot-capacity"
BOOKING_PHONE: Final = f"{_OURS}/booking-phone"
HAS_AVAILABILITY: Final = f"{_OURS}/has-availability"
LAST_SOURCE_SYNC: Final = "http://hl7.org/fhir/StructureDefinition/lastSourceSync"

_CONTACTS: Final = ("phone", "url")


def location(place: Place, base: str) -> Element:
    """A location with all that is required of it: where no street is known its name stands for it, and where the
    provider gave no phone and no website, the page of the location here."""
    made = resources.location(place)
    contacts = [each for each in made.get("telecom", []) if each["system"] in _CONTACTS]
    own = {"system": "url", "value": f"{base}/Location/{place.location.id}", "use": "work"}
    name = made.get("name", made["id"])
    address = made["address"]
    return {
        **made,
        "meta": {"lastUpdated": write_time(place.changed_at)},
        "name": name,
        "telecom": contacts or [own],
        "address": {**address, "line": address.get("line", [name])},
    }


def schedule(service: Service, available: Available | None, language: Language, base: str) -> Element:
    """The calendar of an offer; `available` is None where it has ended."""
    offer, place = service.offer, service.location
    return filled(
        {
            "resourceType": "Schedule",
            "id": str(offer.id),
            "meta": {"lastUpdated": write_time(service.changed_at)},
            "language": language,
            "extension": [{"url": HAS_AVAILABILITY, "valueCode": _has_availability(available)}] if available else [],
            "identifier": [{"system": URI, "value": f"{base}/HealthcareService/{offer.id}"}],
            "active": available is not None,
            "serviceCategory": [{"coding": [resources.CATEGORY]}],
            "serviceType": [concept(CARE_TYPE, offer.care_type, reference().care_types, language)],
            "actor": [reference_to("Location", place.id, place.name)] if place else [],
            "comment": text(offer.name),
        }
    )


def _has_availability(available: Available) -> str:
    if available["status"] == "closed":
        return "none"
    return "unknown" if available["expectedStart"] is None or resources.is_unconfirmed(available) else "some"


def slot(service: Service, available: Available | None, today: date) -> Element:
    """The place of an offer, from when it can be had; `available` is None where the offer has ended."""
    start = _free_on(available)
    observed = available and available["observedAt"]
    synced = [{"url": LAST_SOURCE_SYNC, "valueDateTime": observed}] if observed else []
    day = start or today
    return filled(
        {
            "resourceType": "Slot",
            "id": str(service.offer.id),
            "meta": filled({"lastUpdated": write_time(service.changed_at), "extension": synced}),
            "extension": [*_capacity(service, available), *_booking(service)] if start else [],
            "schedule": {"reference": f"Schedule/{service.offer.id}"},
            "status": "free" if start else "busy",
            "start": _midnight(day),
            "end": _midnight(day + timedelta(days=1)),
        }
    )


def _free_on(available: Available | None) -> date | None:
    if available is None or available["status"] in {"closed", "unknown"} or resources.is_unconfirmed(available):
        return None
    start: date | None = available["expectedStart"]
    return start


def _midnight(day: date) -> str:
    return datetime.combine(day, time.min, AMSTERDAM).isoformat()


def _capacity(service: Service, available: Available | None) -> list[Element]:
    """How many children could start that day, to professionals: those places that are not for who waits already.

    Of a start that lies ahead only the one place is known that it is about; hours a week are no places.
    """
    if available is None or "placesFree" not in available or service.offer.unit == "hours-per-week":
        return []
    room = (available["placesFree"] or 0) - (available["waitingCount"] or 0)
    return [{"url": CAPACITY, "valueInteger": max(int(room), 1)}]


def _booking(service: Service) -> list[Element]:
    """The intake desk's phone; nobody here has a page where a place is booked."""
    phones = [each["value"] for each in telecom(service.provider) if each["system"] == "phone"]
    return [{"url": BOOKING_PHONE, "valueString": phone} for phone in phones]
