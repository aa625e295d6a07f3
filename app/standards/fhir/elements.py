"""The parts that resources are made of: identifiers, contact points, addresses, references and the version."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app.kit.json_bytes import to_json
from app.kit.schemas import write_time
from app.reference.lists import reference
from app.standards.fhir.vocabulary import (
    AGB,
    HOUSE_NUMBER,
    KVK,
    STATES,
    STREET,
    URI,
)
from app.supply.providers.tables import LocationRow, ProviderRow

Element = dict[str, Any]

_NO_TEXT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""What a FHIR string cannot hold (R4, Data Types, string)."""


def filled(element: Mapping[str, Any]) -> Element:
    """The element without what it does not have: nothing in FHIR is null or empty."""
    return {name: value for name, value in element.items() if value is not None and value not in ("", [], {})}


def text(given: str | None) -> str | None:
    """The text as a FHIR string; None where nothing of it is left."""
    return None if given is None else _NO_TEXT.sub(" ", given).strip() or None


def versioned(resource: Element, changed_at: datetime) -> Element:
    """The resource with the time of its last change, and a version that is another for every other content."""
    meta = {"lastUpdated": write_time(changed_at)}
    digest = hashlib.blake2b(to_json([meta, resource]), digest_size=12).hexdigest()
    head = {name: resource[name] for name in ("resourceType", "id")}
    return {**head, "meta": {"versionId": digest, **meta}, **resource}


def own_identifier(id_: UUID) -> Element:
    """The identifier that a resource has wherever it is copied to."""
    return {"use": "official", "system": URI, "value": f"urn:uuid:{id_}"}


def key_identifier(system: str, provider_id: UUID, key: str) -> Element:
    """What the provider's own systems call it."""
    return {"use": "secondary", "system": system, "value": f"{provider_id}/{key}"}


def registered(provider: ProviderRow) -> list[Element]:
    """The numbers that others gave to the provider."""
    numbers = ((AGB, provider.agb_code), (KVK, provider.kvk_number))
    return [{"use": "official", "system": system, "value": value} for system, value in numbers if value]


def telecom(provider: ProviderRow) -> list[Element]:
    """How to reach the provider's intake desk."""
    given = (("phone", provider.phone), ("email", provider.email), ("url", provider.website))
    cleaned = ((system, text(value)) for system, value in given)
    return [{"system": system, "value": value, "use": "work"} for system, value in cleaned if value]


def address(row: LocationRow) -> Element:
    """Where it is, with the parts of its line as nl-core-AddressInformation has them."""
    municipality = reference().municipalities.get(row.municipality_code)
    street, number = text(row.street), text(row.house_number)
    parts = ((STREET, street), (HOUSE_NUMBER, number if street else None))
    extensions = [{"url": url, "valueString": value} for url, value in parts if value]
    return filled(
        {
            "use": "work",
            "type": "physical",
            "line": [" ".join(filter(None, (street, number)))] if street else [],
            "_line": [{"extension": extensions}] if street else [],
            "city": text(row.city) or (municipality.name if municipality else None),
            "district": municipality.name if municipality else None,
            "state": STATES.get(municipality.province_code) if municipality else None,
            "postalCode": row.postcode,
            "country": "NL",
        }
    )


def reference_to(type_: str, id_: UUID, name: str) -> Element:
    """A reference to a resource of ours."""
    return filled({"reference": f"{type_}/{id_}", "display": text(name)})


def extension(url: str, parts: Iterable[tuple[str, str, Any]]) -> Element:
    """A complex extension of the (name, type of value, value) that are there."""
    inner = [{"url": name, kind: value} for name, kind, value in parts if value is not None]
    return {"url": url, "extension": inner}
