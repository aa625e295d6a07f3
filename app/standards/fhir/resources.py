"""What we know, as FHIR R4 resources: HealthcareService, Organization and Location.

An offer is a HealthcareService, its provider an Organization, and where it is given a Location. Each is generated from
the same rows as our own API shows; what the public does not see there is not here for it either.
"""

from collections.abc import Mapping
from typing import Any, Final

from app.domain.language import Language, Text, date_in_words
from app.finding.matching.wording.warnings import unconfirmed_place
from app.ranking.model import GENDERS
from app.reference.lists import reference
from app.standards.fhir.elements import (
    Element,
    address,
    extension,
    filled,
    key_identifier,
    own_identifier,
    reference_to,
    registered,
    telecom,
    text,
)
from app.standards.fhir.repository import Place, Service
from app.standards.fhir.vocabulary import (
    AGE_RANGE,
    AVAILABILITY,
    AVAILABILITY_STATUS,
    CAPACITY,
    CAPACITY_CODES,
    CAPACITY_STATUS,
    CARE_TYPE,
    EXCLUSION,
    EXCLUSION_CRITERION,
    GENDER,
    LOCATION_KEY,
    OFFER_KEY,
    SPECIALISATION,
    STATUS_NAMES,
    TERMINOLOGY,
    TOOI,
    UCUM,
    URI,
    coding,
    concept,
)
from app.supply.offers.tables import OfferRow
from app.supply.providers.tables import ProviderRow

CATEGORY: Final = coding(f"{TERMINOLOGY}/service-category", "6", "Child Protection & Family Services")
Available = Mapping[str, Any]
"""An availability as `catalogue.availability.show` gives it."""

_AGES = Text(nl="Leeftijd: {age_min} tot en met {age_max} jaar", en="Age: {age_min} up to and including {age_max}")
_GENDERS = {
    "female": Text(nl="Meisjes", en="Girls"),
    "male": Text(nl="Jongens", en="Boys"),
    "other": Text(nl="Ander geslacht", en="Other gender"),
}
_COURT = Text(nl="Er is een machtiging van de kinderrechter nodig", en="It takes an authorisation of the court")
_START = Text(nl="Verwachte start: {day}.", en="Expected start: {day}.")
_WAIT = Text(nl="Wachttijd: {days} dagen.", en="Wait: {days} days.")
_WAITING = Text(nl="Wachtenden: {count}.", en="Waiting: {count}.")


def organization(row: ProviderRow) -> Element:
    """A provider."""
    desk = text(row.intake_desk)
    contact = {"purpose": {"text": "Aanmelding"}, "name": {"text": desk}, "telecom": telecom(row)} if desk else None
    return filled(
        {
            "resourceType": "Organization",
            "id": str(row.id),
            "identifier": [own_identifier(row.id), *registered(row)],
            "active": True,
            "type": [{"coding": [coding(f"{TERMINOLOGY}/organization-type", "prov", "Healthcare Provider")]}],
            "name": text(row.name),
            "telecom": telecom(row),
            "contact": [filled(contact)] if contact else [],
        }
    )


def location(place: Place) -> Element:
    """Where a provider gives help."""
    row = place.location
    given = row.latitude is not None and row.longitude is not None
    return filled(
        {
            "resourceType": "Location",
            "id": str(row.id),
            "identifier": [own_identifier(row.id), key_identifier(LOCATION_KEY, row.provider_id, row.key)],
            "status": "active",
            "name": text(row.name),
            "mode": "instance",
            "telecom": telecom(place.provider),
            "address": address(row),
            "position": {"longitude": row.longitude, "latitude": row.latitude} if given else None,
            "managingOrganization": reference_to("Organization", row.provider_id, place.provider.name),
        }
    )


def healthcare_service(service: Service, available: Available | None, language: Language) -> Element:
    """An offer; `available` is None where it is not given any more."""
    offer, place = service.offer, service.location
    where = [reference_to("Location", place.id, place.name)] if place else []
    return filled(
        {
            "resourceType": "HealthcareService",
            "id": str(offer.id),
            "language": language,
            "extension": _extensions(service, available, language),
            "identifier": [own_identifier(offer.id), key_identifier(OFFER_KEY, offer.provider_id, offer.key)],
            "active": offer.ended_at is None,
            "providedBy": reference_to("Organization", offer.provider_id, service.provider.name),
            "category": [{"coding": [CATEGORY]}],
            "type": [concept(CARE_TYPE, offer.care_type, reference().care_types, language)],
            "characteristic": _specialisations(offer, language),
            "location": where,
            "name": text(offer.name),
            "comment": text(offer.description),
            "telecom": telecom(service.provider),
            "coverageArea": [_municipality(code) for code in offer.service_area or []],
            "eligibility": _eligibility(offer, language),
        }
    )


def _specialisations(offer: OfferRow, language: Language) -> list[Element]:
    """What an offer is specialised in."""
    return [concept(SPECIALISATION, code, reference().specialisations, language) for code in offer.specialisations]


def _municipality(code: str) -> Element:
    """A municipality, by its name in the government's own register: no Location of ours."""
    known = reference().municipalities.get(code)
    identifier = {"system": URI, "value": f"{TOOI}/{code.lower()}"}
    return filled({"type": "Location", "identifier": identifier, "display": known.name if known else None})


def _eligibility(offer: OfferRow, language: Language) -> list[Element]:
    ages = _AGES.format(age_min=offer.age_min, age_max=offer.age_max).in_(language)
    found: list[Element] = [{"code": {"text": ages}}]
    if set(offer.genders) != set(GENDERS):
        codings = [coding(GENDER, each, each.capitalize()) for each in offer.genders]
        words = ", ".join(_GENDERS[each].in_(language) for each in offer.genders)
        found.append({"code": {"coding": codings, "text": words}})
    if offer.needs_court_authorisation:
        found.append({"code": {"text": _COURT.in_(language)}})
    return found


def _extensions(service: Service, available: Available | None, language: Language) -> list[Element]:
    offer, criteria = service.offer, reference().exclusion_criteria
    years = {"unit": "a", "system": UCUM, "code": "a"}
    ages = {"low": {"value": offer.age_min, **years}, "high": {"value": offer.age_max, **years}}
    refused = [concept(EXCLUSION_CRITERION, code, criteria, language) for code in offer.exclusion_criteria]
    return [
        *([] if available is None else _availability(service, available, language)),
        {"url": AGE_RANGE, "valueRange": ages},
        *({"url": EXCLUSION, "valueCodeableConcept": each} for each in refused),
    ]


def _availability(service: Service, available: Available, language: Language) -> list[Element]:
    """The capacity status of SDOH Clinical Care, and what it has no room for."""
    status, start, free = available["status"], available["expectedStart"], available.get("placesFree")
    own = coding(AVAILABILITY_STATUS, status, STATUS_NAMES[status][0].in_(language))
    codings = [coding(CAPACITY_CODES, *CAPACITY[status]), own] if status in CAPACITY else [own]
    notes = _notes(service, available, language)
    return [
        extension(
            CAPACITY_STATUS,
            [
                ("capacityStatus", "valueCodeableConcept", {"coding": codings, "text": own["display"]}),
                ("capacityNotes", "valueString", notes),
            ],
        ),
        extension(
            AVAILABILITY,
            [
                ("status", "valueCoding", own),
                ("expectedStart", "valueDate", start and start.isoformat()),
                ("waitDays", "valueUnsignedInt", available["waitDays"]),
                ("observedAt", "valueInstant", available["observedAt"]),
                ("placesFree", "valueDecimal" if isinstance(free, float) else "valueUnsignedInt", free),
                ("unit", "valueCode", None if free is None else service.offer.unit),
                ("waitingCount", "valueUnsignedInt", available.get("waitingCount")),
            ],
        ),
    ]


def is_unconfirmed(available: Available) -> int:
    """Since when an offer should have a place that no report has told of, as `unconfirmed` gives it; 0 where none."""
    due: int = available["unconfirmedSince"] if available["status"] == "soon" else 0
    return due


def _notes(service: Service, available: Available, language: Language) -> str | None:
    """When help could start and after which wait; to professionals also who wait, and the provider's own remark.

    Of a place that should have come free since the report no more is said than to ask whether it has.
    """
    start, wait, count = available["expectedStart"], available["waitDays"], available.get("waitingCount")
    due = is_unconfirmed(available)
    begins = None if start is None else _START.format(day=date_in_words(start)).in_(language)
    said = [
        unconfirmed_place(due).in_(language) if due else begins,
        None if wait is None else _WAIT.format(days=wait).in_(language),
        _WAITING.format(count=count).in_(language) if count else None,
        text(service.note) if "waitingCount" in available else None,
    ]
    return " ".join(filter(None, said)) or None
