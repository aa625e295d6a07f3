"""The systems, codes and extensions that FHIR resources name, each with its source."""

from collections.abc import Mapping
from typing import Any, Final

from app.domain.language import Language, Text
from app.finding.catalogue.availability import Status
from app.reference.lists import CareType, CodeValue

BASE: Final = "/fhir"
VERSION: Final = "4.0.1"
MEDIA_TYPE: Final = "application/fhir+json"

CANONICAL: Final = "https://github.com/beschikbaarheidswijzer/beschikbaarheidswijzer/fhir"
"""What our own definitions are called, the same in every installation; each serves them under its own BASE."""
CARE_TYPE: Final = f"{CANONICAL}/CodeSystem/care-type"
SPECIALISATION: Final = f"{CANONICAL}/CodeSystem/specialisation"
EXCLUSION_CRITERION: Final = f"{CANONICAL}/CodeSystem/exclusion-criterion"
AVAILABILITY_STATUS: Final = f"{CANONICAL}/CodeSystem/availability-status"
AVAILABILITY: Final = f"{CANONICAL}/StructureDefinition/availability"
EXCLUSION: Final = f"{CANONICAL}/StructureDefinition/exclusion"
AGE_RANGE: Final = f"{CANONICAL}/StructureDefinition/age-range"

OFFER_KEY: Final = f"{CANONICAL}/NamingSystem/offer-key"
LOCATION_KEY: Final = f"{CANONICAL}/NamingSystem/location-key"
"""The provider's own keys, which are unique with its id before them: `{providerId}/{key}`."""
URI: Final = "urn:ietf:rfc:3986"
AGB: Final = "http://fhir.nl/fhir/NamingSystem/agb-z"
"""Nictiz, nl-core-HealthcareProvider-Organization."""
KVK: Final = "http://fhir.nl/fhir/NamingSystem/kvk"
"""Ministry of VWS, Generieke Functies."""
TOOI: Final = "https://identifier.overheid.nl/tooi/id/gemeente"
"""TOOI, the register of governmental organisations: a URI for each municipality."""

TERMINOLOGY: Final = "http://terminology.hl7.org/CodeSystem"
GENDER: Final = "http://hl7.org/fhir/administrative-gender"
UCUM: Final = "http://unitsofmeasure.org"
STREET: Final = "http://hl7.org/fhir/StructureDefinition/iso21090-ADXP-streetName"
HOUSE_NUMBER: Final = "http://hl7.org/fhir/StructureDefinition/iso21090-ADXP-houseNumber"
"""The parts of an address line, as nl-core-AddressInformation has them."""

CAPACITY_STATUS: Final = (
    "http://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition/SDOHCC-ExtensionHealthcareServiceCapacityStatus"
)
"""SDOH Clinical Care 3.0.0 (STU 3), with the codes of its SDOHCC-ValueSetCapacityStatus."""
CAPACITY_CODES: Final = "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes"
CAPACITY: Final[dict[Status, tuple[str, str]]] = {
    "free": ("capacity", "Has Capacity"),
    "soon": ("waitlist", "No Capacity - Has Waitlist"),
    "waiting": ("waitlist", "No Capacity - Has Waitlist"),
    "closed": ("no-capacity", "No Capacity"),
}
"""What a status is there; no code says `unknown`, which the binding (extensible) leaves to a code of our own."""

STATUS_NAMES: Final[dict[Status, tuple[Text, Text]]] = {
    "free": (
        Text(nl="Vrij", en="Free"),
        Text(nl="Er is nu plek, volgens de melding zelf.", en="There is room now, by the report itself."),
    ),
    "soon": (
        Text(nl="Binnenkort", en="Soon"),
        Text(
            nl="De hulp kan binnen 28 dagen starten, of had al plek moeten hebben; vraag of dat zo is.",
            en="Help can start within 28 days, or should have had room by now; ask whether it has.",
        ),
    ),
    "waiting": (
        Text(nl="Wachten", en="Waiting"),
        Text(nl="De hulp start later, of het is niet te zeggen wanneer.", en="Later, or no telling when."),
    ),
    "unknown": (
        Text(nl="Onbekend", en="Unknown"),
        Text(nl="Nooit gemeld, of langer dan 30 dagen geleden.", en="Never reported, or over 30 days ago."),
    ),
    "closed": (
        Text(nl="Gesloten", en="Closed"),
        Text(nl="Er geldt een stop, of aanmeldingen worden niet aangenomen.", en="A stop, or no referrals taken."),
    ),
}
"""Of each status its name and what it means."""

STATES: Final = {
    "PV20": "GR",
    "PV21": "FR",
    "PV22": "DR",
    "PV23": "OV",
    "PV24": "FL",
    "PV25": "GE",
    "PV26": "UT",
    "PV27": "NH",
    "PV28": "ZH",
    "PV29": "ZE",
    "PV30": "NB",
    "PV31": "LI",
}
"""The abbreviation of each province (ISO 3166-2:NL), by its code of CBS."""


def coding(system: str, code: str, display: str) -> dict[str, Any]:
    """A FHIR Coding."""
    return {"system": system, "code": code, "display": display}


def concept(
    system: str, code: str, known: Mapping[str, CareType] | Mapping[str, CodeValue], language: Language
) -> dict[str, Any]:
    """The CodeableConcept of a code of one of our lists; without its name where a newer version knows more of them."""
    if code not in known:
        return {"coding": [{"system": system, "code": code}]}
    name = known[code].name.in_(language)
    return {"coding": [coding(system, code, name)], "text": name}
