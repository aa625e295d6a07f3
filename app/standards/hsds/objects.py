"""The objects of HSDS 3.1 (schema/*.json of the specification), with the properties that we have something for.

What is not known is left out, never null: the standard's schemas know no null.
"""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, PlainSerializer, WithJsonSchema

from app.kit.schemas import Schema, described
from app.supply.capacity.schemas import ShownPlaces

Status = Literal["active", "inactive", "defunct", "temporarily closed"]


def _write_milliseconds(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Instant = Annotated[
    datetime,
    PlainSerializer(_write_milliseconds, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""A time in UTC of millisecond accuracy, as the standard asks of `last_modified` and `updated`."""

Email = Annotated[str, WithJsonSchema({"type": "string", "format": "email"})]
Uri = Annotated[str, WithJsonSchema({"type": "string", "format": "uri"})]


def optional(description: str, *examples: Any) -> Any:
    """A property that is left out where it is not known."""
    return Field(default=None, description=description, examples=list(examples))


class HsdsObject(Schema):
    """Base of the objects: the standard's own names."""

    model_config = ConfigDict(alias_generator=None)

    def written(self) -> dict[str, Any]:
        """As it goes over the wire, without what is not known."""
        return self.model_dump(mode="json", exclude_none=True)


class Taxonomy(HsdsObject):
    """A list that terms are taken from."""

    id: UUID = described("The taxonomy.", "5c4d79d7-cc55-570e-9f1f-8cad074e4892")
    name: str = described("Its name.", "Zorgvormen")
    description: str = described("What its terms say.", "Welke hulp het is.")
    uri: Uri = described("The list in our own interface.", "https://example.org/v1/care-types")


class TaxonomyTerm(HsdsObject):
    """A term of a taxonomy: a code of one of our lists."""

    id: UUID = described("The term.", "3f7b145d-84af-52d7-8fae-eaca714b02b2")
    code: str = described("The code in the list.", "pleegzorg-voltijd")
    name: str = described("What it is called.", "Pleegzorg voltijd")
    description: str = described("What it means.", "Zorgvormen: Pleegzorg voltijd.")
    taxonomy: str = described("The taxonomy in words, with its URI.", "Zorgvormen: https://example.org/v1/care-types")
    taxonomy_detail: Taxonomy = Field(description="The taxonomy.")
    taxonomy_id: UUID = described("The taxonomy.", "5c4d79d7-cc55-570e-9f1f-8cad074e4892")
    language: str = described("Language of the term (ISO 639-1).", "nl")


class Attribute(HsdsObject):
    """A term that holds for an object."""

    id: UUID = described("The attribute.", "ae58cc39-8b70-5ab1-8aea-786882e5ac8e")
    link_id: UUID = described("What it holds for.", "0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21")
    link_entity: str = described("What kind of object that is.", "service")
    link_type: str = described("What it says of it: care_type, specialisation or exclusion.", "care_type")
    taxonomy_term_id: UUID = described("The term.", "3f7b145d-84af-52d7-8fae-eaca714b02b2")
    taxonomy_term: TaxonomyTerm = Field(description="The term.")


class Phone(HsdsObject):
    """A telephone number."""

    id: UUID = described("The number.", "1554f2e2-a373-55db-a3fa-9fc48a61c15e")
    organization_id: UUID | None = optional("Whose it is.", "6f1b7c1e-8a55-5b0f-9d62-1d7f6f0e3c11")
    service_id: UUID | None = optional("For what it is.", "0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21")
    number: str = described("The number.", "088 000 0123")
    type: Literal["voice"] = described("What it carries (RFC 6350).", "voice")


class Contact(HsdsObject):
    """An intake desk; never a person."""

    id: UUID = described("The contact.", "ad17bdaa-1bd5-5f4b-a7f5-1f6a4f9b0a07")
    organization_id: UUID | None = optional("Whose it is.", "6f1b7c1e-8a55-5b0f-9d62-1d7f6f0e3c11")
    service_id: UUID | None = optional("For what it is.", "0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21")
    department: str = described("The desk.", "Aanmeldteam")
    email: Email | None = optional("Its e-mail address.", "aanmelden@example.org")


class OrganizationIdentifier(HsdsObject):
    """A number of an organization in a register."""

    id: UUID = described("This identifier.", "d4dbcebc-0802-57cb-8651-b937ac4f2f3e")
    organization_id: UUID = described("Whose it is.", "6f1b7c1e-8a55-5b0f-9d62-1d7f6f0e3c11")
    identifier_scheme: str | None = optional("The register at org-id.guide, where it is there.", "NL-KVK")
    identifier_type: str = described("The register in words.", "KvK-nummer")
    identifier: str = described("The number.", "12345678")


class Address(HsdsObject):
    """An address that is known in full."""

    id: UUID = described("The address.", "74706e55-df26-5b84-80fe-ecc30b5befb4")
    location_id: UUID = described("What is there.", "3a19ff88-4620-5d17-9830-ac1d859eb5d5")
    address_1: str = described("Street and house number.", "Dorpsstraat 12a")
    city: str = described("Town.", "Den Helder")
    region: str = described("The jeugdregio.", "Kop van Noord-Holland")
    state_province: str = described("The province.", "Noord-Holland")
    postal_code: str = described("Postcode.", "1781AB")
    country: Literal["NL"] = described("ISO 3166-1.", "NL")
    address_type: Literal["physical"] = described("What kind it is.", "physical")


class Location(HsdsObject):
    """A place of an organization."""

    id: UUID = described("The location.", "3a19ff88-4620-5d17-9830-ac1d859eb5d5")
    location_type: Literal["physical"] = described("What kind it is.", "physical")
    organization_id: UUID = described("Whose it is.", "6f1b7c1e-8a55-5b0f-9d62-1d7f6f0e3c11")
    name: str = described("What the place is called.", "Gezinshuis De Duinen")
    latitude: float | None = optional("Degrees north (WGS84).", 52.9563)
    longitude: float | None = optional("Degrees east (WGS84).", 4.7601)
    addresses: list[Address] | None = Field(default=None, description="Where it is; none where not known in full.")


class ServiceArea(HsdsObject):
    """A municipality whose children the service takes, or all of the country."""

    id: UUID = described("This area of this service.", "381c64f1-a724-5884-9c21-ac96c21cca3e")
    service_id: UUID = described("The service.", "0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21")
    name: str = described("The area.", "Den Helder")
    uri: Uri = described(
        "The area in the government's own list (TOOI).", "https://identifier.overheid.nl/tooi/id/gemeente/gm0400"
    )


class Unit(HsdsObject):
    """What capacity is counted in."""

    id: UUID = described("The unit.", "8896b788-7b3e-51ef-8db9-7f3d040352b3")
    name: str = described("What it is called.", "Plek")
    scheme: str = described("Whose code it is.", "beschikbaarheidswijzer")
    identifier: str = described("The code.", "places")


class ServiceCapacity(HsdsObject):
    """The capacity report that stands for a service."""

    id: UUID = described("The capacity.", "8896b788-7b3e-51ef-8db9-7f3d040352b3")
    service_id: UUID = described("The service.", "0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21")
    unit: Unit = Field(description="What is counted.")
    unit_id: UUID = described("What is counted.", "8896b788-7b3e-51ef-8db9-7f3d040352b3")
    available: ShownPlaces = described("What is empty as of `updated`; who waits comes first.", 1)
    maximum: ShownPlaces | None = optional("All there is, where reported.", 8)
    description: str = described("What it is, with the provider's remark.", "Lege plekken; wie wacht gaat voor.")
    updated: Instant = described("When it was so.", "2026-11-22T08:00:00.000Z")


class Organization(HsdsObject):
    """A provider of youth care."""

    id: UUID = described("The provider.", "6f1b7c1e-8a55-5b0f-9d62-1d7f6f0e3c11")
    name: str = described("Its name.", "Demo Jeugdhulp De Vuurtoren")
    description: str = described("What it is.", "Aanbieder van jeugdhulp.")
    email: Email | None = optional("Its e-mail address.", "aanmelden@example.org")
    website: Uri | None = optional("Its website.", "https://example.org")
    contacts: list[Contact] | None = Field(default=None, description="Its intake desk.")
    phones: list[Phone] | None = Field(default=None, description="How to call it.")
    locations: list[Location] | None = Field(default=None, description="Its places.")
    organization_identifiers: list[OrganizationIdentifier] | None = Field(
        default=None, description="Its KvK number and AGB code."
    )
    services: list["Service"] | None = Field(default=None, description="What it offers.")


class ServiceAtLocation(HsdsObject):
    """An offer at its location."""

    id: UUID = described("The offer at its location.", "e94c9f38-1e8f-5564-91d4-d53501ab1765")
    service_id: UUID = described("The offer.", "0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21")
    location_id: UUID = described("The location.", "3a19ff88-4620-5d17-9830-ac1d859eb5d5")
    description: str | None = optional("How it is given there, where not on the spot.", "De hulp komt aan huis.")
    location: Location = Field(description="The location.")
    service: "Service | None" = Field(default=None, description="The offer; left out inside a service.")


class Service(HsdsObject):
    """An offer of youth care; in a list without what is an array, unless `full`."""

    id: UUID = described("The offer.", "0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21")
    organization_id: UUID = described("Whose it is.", "6f1b7c1e-8a55-5b0f-9d62-1d7f6f0e3c11")
    name: str = described("What it is called.", "Gezinshuis De Duinen")
    description: str | None = optional("What help it is, for whom.", "Vier plekken in een gezin.")
    email: Email | None = optional("Where to reach its provider.", "aanmelden@example.org")
    status: Status = described(
        "active: given; temporarily closed: a placement stop, or no referrals taken; inactive: ended.", "active"
    )
    eligibility_description: str = described("For whom it is.", "Jeugdigen van 4 tot en met 17 jaar.")
    minimum_age: int = described("Youngest age taken in, in whole years.", 4)
    maximum_age: int = described("Oldest age taken in, in whole years (inclusive).", 17)
    assured_date: date | None = optional("The day that its provider last reported on it.", "2026-11-22")
    assurer_email: Email | None = optional("Where to reach who did.", "aanmelden@example.org")
    alert: str | None = optional("Why it is closed.", "Er worden nu geen aanmeldingen aangenomen.")
    last_modified: Instant = described("When it or what is shown with it changed.", "2026-11-22T08:00:00.000Z")
    phones: list[Phone] | None = Field(default=None, description="How to call.")
    service_areas: list[ServiceArea] | None = Field(default=None, description="Whose children it takes.")
    service_at_locations: list[ServiceAtLocation] | None = Field(default=None, description="Where it is given.")
    organization: Organization | None = Field(default=None, description="Its provider; left out inside that.")
    contacts: list[Contact] | None = Field(default=None, description="Its intake desk.")
    capacities: list[ServiceCapacity] | None = Field(
        default=None, description="What is free; empty where never reported, left out for the public."
    )
    attributes: list[Attribute] | None = Field(default=None, description="Its care type and more.")


class MinimalService(HsdsObject):
    """A service of a list with `minimal`: what its schema asks, and when it changed."""

    id: UUID = described("The offer.", "0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21")
    name: str = described("What it is called.", "Gezinshuis De Duinen")
    status: Status = described("As in a service.", "active")
    last_modified: Instant = described("When it changed.", "2026-11-22T08:00:00.000Z")
    modified_date: Instant = described("The same, as the API Reference names it here.", "2026-11-22T08:00:00.000Z")
