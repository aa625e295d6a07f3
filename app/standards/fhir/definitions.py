"""What our own codes and extensions mean, as FHIR resources: CodeSystem and StructureDefinition."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

from app import VERSION as OWN_VERSION
from app.domain.language import Text
from app.reference.lists import reference
from app.standards.fhir.elements import Element
from app.standards.fhir.vocabulary import (
    AGE_RANGE,
    AVAILABILITY,
    AVAILABILITY_STATUS,
    CARE_TYPE,
    EXCLUSION,
    EXCLUSION_CRITERION,
    SPECIALISATION,
    STATUS_NAMES,
    VERSION,
)

DATE: Final = "2026-11-25"
"""When these definitions last changed."""
PUBLISHER: Final = "Beschikbaarheidswijzer"
TYPES: Final = ("CodeSystem", "StructureDefinition")

_AVAILABILITY_PARTS: Final = (
    ("status", "Coding", 1, "The availability of the offer, judged on the day of the question"),
    ("expectedStart", "date", 0, "The first day of real help for a child that is referred now, as far as is known"),
    ("waitDays", "unsignedInt", 0, "Days from referral to the first real help, as reported"),
    ("observedAt", "instant", 0, "When the provider's figures were so"),
    (
        "placesFree",
        "unsignedInt|decimal",
        0,
        "Empty places, neither occupied nor reserved; who waits comes first; for professionals",
    ),
    ("unit", "code", 0, "What placesFree counts: places, trajectories or hours-per-week"),
    ("waitingCount", "unsignedInt", 0, "Children who wait; for professionals"),
)


@cache
def definitions() -> Mapping[str, Mapping[str, Element]]:
    """All definitions, by type and id."""
    lists = reference()
    statuses = [(code, name, meaning) for code, (name, meaning) in STATUS_NAMES.items()]
    made = [
        _code_system(CARE_TYPE, "CareType", "Care types", _named(lists.care_types)),
        _code_system(
            SPECIALISATION, "Specialisation", "What an offer is specialised in", _named(lists.specialisations)
        ),
        _code_system(
            EXCLUSION_CRITERION, "ExclusionCriterion", "What an offer refuses for", _named(lists.exclusion_criteria)
        ),
        _code_system(AVAILABILITY_STATUS, "AvailabilityStatus", "When help could start", statuses),
        _complex_extension(),
        _simple_extension(AGE_RANGE, "AgeRange", "The ages taken in, in whole years, both inclusive", "Range", "1"),
        _simple_extension(EXCLUSION, "Exclusion", "A characteristic that is refused", "CodeableConcept", "*"),
    ]
    return {type_: {each["id"]: each for each in made if each["resourceType"] == type_} for type_ in TYPES}


def _named(values: Mapping[str, Any]) -> list[tuple[str, Text, Text | None]]:
    return [(each.code, each.name, None) for each in values.values()]


def _common(type_: str, url: str, name: str, title: str) -> Element:
    return {
        "resourceType": type_,
        "id": url.rpartition("/")[2],
        "url": url,
        "version": OWN_VERSION,
        "name": name,
        "title": title,
        "status": "active",
        "experimental": False,
        "date": DATE,
        "publisher": PUBLISHER,
        "description": f"{title}.",
    }


def _code_system(url: str, name: str, title: str, codes: Iterable[tuple[str, Text, Text | None]]) -> Element:
    concepts = [
        {
            "code": code,
            "display": named.nl,
            **({"definition": meaning.nl} if meaning else {}),
            "designation": [{"language": "en", "value": named.en}],
        }
        for code, named, meaning in codes
    ]
    return {
        **_common("CodeSystem", url, name, title),
        "language": "nl",
        "caseSensitive": True,
        "content": "complete",
        "count": len(concepts),
        "concept": concepts,
    }


def _extension(url: str, name: str, title: str, most: str, elements: list[Element]) -> Element:
    root = {"id": "Extension", "path": "Extension", "short": title, "definition": title, "min": 0, "max": most}
    return {
        **_common("StructureDefinition", url, name, title),
        "fhirVersion": VERSION,
        "kind": "complex-type",
        "abstract": False,
        "context": [{"type": "element", "expression": "HealthcareService"}],
        "type": "Extension",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Extension",
        "derivation": "constraint",
        "differential": {"element": [root, *elements]},
    }


def _simple_extension(url: str, name: str, title: str, kind: str, most: str) -> Element:
    elements: list[Element] = [
        {"id": "Extension.extension", "path": "Extension.extension", "max": "0"},
        {"id": "Extension.url", "path": "Extension.url", "fixedUri": url},
        {"id": "Extension.value[x]", "path": "Extension.value[x]", "min": 1, "type": [{"code": kind}]},
    ]
    return _extension(url, name, title, most, elements)


def _complex_extension() -> Element:
    discriminator = [{"type": "value", "path": "url"}]
    slicing = {"discriminator": discriminator, "ordered": False, "rules": "open"}
    parts = [element for part in _AVAILABILITY_PARTS for element in _part(*part)]
    elements: list[Element] = [
        {"id": "Extension.extension", "path": "Extension.extension", "slicing": slicing, "min": 1},
        *parts,
        {"id": "Extension.url", "path": "Extension.url", "fixedUri": AVAILABILITY},
        {"id": "Extension.value[x]", "path": "Extension.value[x]", "max": "0"},
    ]
    return _extension(AVAILABILITY, "Availability", "When help could start", "1", elements)


def _part(name: str, kind: str, least: int, short: str) -> list[Element]:
    """The elements of one part of a complex extension; `kind` is its type, or several with bars between them."""
    path, id_ = "Extension.extension", f"Extension.extension:{name}"
    types = [{"code": code} for code in kind.split("|")]
    value = {"id": f"{id_}.value[x]", "path": f"{path}.value[x]", "min": 1, "type": types}
    return [
        {"id": id_, "path": path, "sliceName": name, "short": short, "definition": short, "min": least, "max": "1"},
        {"id": f"{id_}.extension", "path": f"{path}.extension", "max": "0"},
        {"id": f"{id_}.url", "path": f"{path}.url", "fixedUri": name},
        value,
    ]
