"""Our rows as objects of HSDS."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.dates import dutch_day
from app.domain.language import Language
from app.reference.lists import reference
from app.standards.hsds import wording
from app.standards.hsds.formats import email_of, uri_of
from app.standards.hsds.identifiers import derived_id, service_at_location_id
from app.standards.hsds.objects import (
    Address,
    Attribute,
    Contact,
    Location,
    MinimalService,
    Organization,
    OrganizationIdentifier,
    Phone,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceCapacity,
    Status,
    Taxonomy,
    TaxonomyTerm,
    Unit,
)
from app.standards.hsds.repository import Served
from app.standards.hsds.taxonomies import (
    TaxonomyList,
    Term,
    term_id,
    terms,
)
from app.supply.capacity.tables import CurrentCapacityRow
from app.supply.offers.tables import OfferRow
from app.supply.offers.tables import Unit as UnitCode
from app.supply.providers.tables import LocationRow, ProviderRow


@dataclass(frozen=True, slots=True)
class View:
    """How it is shown: in which language, for the public without counts and notes, with links to `origin`."""

    language: Language
    public: bool
    origin: str

    # --- taxonomies ---

    def taxonomy(self, taxonomy: TaxonomyList) -> Taxonomy:
        """A taxonomy."""
        return Taxonomy(
            id=taxonomy.id,
            name=taxonomy.name.in_(self.language),
            description=taxonomy.description.in_(self.language),
            uri=f"{self.origin}/v1/{taxonomy.list_name}",
        )

    def term(self, term: Term) -> TaxonomyTerm:
        """A term with its taxonomy."""
        taxonomy = self.taxonomy(term.taxonomy)
        return TaxonomyTerm(
            id=term.id,
            code=term.code,
            name=term.name.in_(self.language),
            description=term.description.in_(self.language),
            taxonomy=f"{taxonomy.name}: {taxonomy.uri}",
            taxonomy_detail=taxonomy,
            taxonomy_id=taxonomy.id,
            language=self.language,
        )

    def _attributes(self, offer: OfferRow) -> list[Attribute]:
        ids = [
            term_id("care-types", offer.care_type),
            *(term_id("specialisations", code) for code in offer.specialisations),
            *(term_id("exclusion-criteria", code) for code in offer.exclusion_criteria),
        ]
        held = [terms()[each] for each in ids if each in terms()]  # data of a newer version may hold other codes
        return [
            Attribute(
                id=derived_id("attribute", offer.id, term.id),
                link_id=offer.id,
                link_entity="service",
                link_type=term.taxonomy.link_type,
                taxonomy_term_id=term.id,
                taxonomy_term=self.term(term),
            )
            for term in held
        ]

    # --- organizations and locations ---

    def organization(self, row: ProviderRow) -> Organization:
        """A provider, without what is an array."""
        return Organization(
            id=row.id,
            name=row.name,
            description=wording.PROVIDER.in_(self.language),
            email=email_of(row.email),
            website=uri_of(row.website),
        )

    def full_organization(self, row: ProviderRow) -> Organization:
        """A provider with all that is its own; its locations and services are added where they are wanted."""
        more = {
            "contacts": _contacts(row, organization_id=row.id),
            "phones": _phones(row, organization_id=row.id),
            "organization_identifiers": self._identifiers(row),
        }
        return self.organization(row).model_copy(update=more)

    def _identifiers(self, row: ProviderRow) -> list[OrganizationIdentifier]:
        numbers = [("kvk", "NL-KVK", row.kvk_number), ("agb", None, row.agb_code)]
        return [
            OrganizationIdentifier(
                id=derived_id("organization_identifier", row.id, kind),
                organization_id=row.id,
                identifier_scheme=scheme,
                identifier_type=wording.IDENTIFIERS[kind].in_(self.language),
                identifier=number,
            )
            for kind, scheme, number in numbers
            if number is not None
        ]

    def location(self, row: LocationRow) -> Location:
        """A location, without its address."""
        return Location(
            id=row.id,
            location_type="physical",
            organization_id=row.provider_id,
            name=row.name,
            latitude=row.latitude,
            longitude=row.longitude,
        )

    def full_location(self, row: LocationRow) -> Location:
        """A location with its address."""
        return self.location(row).model_copy(update={"addresses": _addresses(row)})

    # --- services ---

    def service(self, served: Served) -> Service:
        """An offer without what is an array and without its provider."""
        offer, provider, capacity = served.offer, served.provider, served.capacity
        status = status_of(
            offer.ended_at, accepts=capacity is None or capacity.accepts_referrals, stopped=served.stopped
        )
        alert = wording.STOPPED if served.stopped else wording.NOT_TAKING
        return Service(
            id=offer.id,
            organization_id=offer.provider_id,
            name=offer.name,
            description=offer.description,
            email=email_of(provider.email),
            status=status,
            eligibility_description=wording.eligibility(offer).in_(self.language),
            minimum_age=offer.age_min,
            maximum_age=offer.age_max,
            assured_date=dutch_day(capacity.observed_at) if capacity else None,
            assurer_email=email_of(provider.email) if capacity else None,
            alert=alert.in_(self.language) if status == "temporarily closed" else None,
            last_modified=served.modified,
        )

    def listed_service(self, served: Served) -> Service:
        """An offer as it stands in a list."""
        return self.service(served).model_copy(update={"organization": self.organization(served.provider)})

    def full_service(self, served: Served) -> Service:
        """An offer with all that belongs to it."""
        more = {"organization": self.full_organization(served.provider)}
        return self.own_service(served).model_copy(update=more)

    def own_service(self, served: Served) -> Service:
        """An offer with all that belongs to it save its provider, for within that."""
        link = self._at_location(served)
        more = {"service_at_locations": [] if link is None else [link]}
        return self._service_but_locations(served).model_copy(update=more)

    def _service_but_locations(self, served: Served) -> Service:
        offer, provider = served.offer, served.provider
        more: dict[str, Any] = {
            "phones": _phones(provider, service_id=offer.id),
            "contacts": _contacts(provider, service_id=offer.id),
            "service_areas": self._areas(offer),
            "capacities": None if self.public else self._capacities(offer, served.capacity),
            "attributes": self._attributes(offer),
        }
        return self.service(served).model_copy(update=more)

    def _areas(self, offer: OfferRow) -> list[ServiceArea]:
        if offer.service_area is None:
            country = "https://publications.europa.eu/resource/authority/country/NLD"
            places = [("NL", wording.NATIONAL.in_(self.language), country)]
        else:
            known = reference().municipalities
            tooi = "https://identifier.overheid.nl/tooi/id/gemeente"
            names = ((code, known[code].name if code in known else code) for code in offer.service_area)
            places = [(code, name, f"{tooi}/{code.lower()}") for code, name in names]
        return [
            ServiceArea(id=derived_id("service_area", offer.id, code), service_id=offer.id, name=name, uri=uri)
            for code, name, uri in places
        ]

    def _capacities(self, offer: OfferRow, row: CurrentCapacityRow | None) -> list[ServiceCapacity]:
        if row is None:
            return []
        unit = self._unit(offer.unit)
        words = [wording.FREE[offer.unit].in_(self.language), row.note or ""]
        return [
            ServiceCapacity(
                id=derived_id("service_capacity", offer.id),
                service_id=offer.id,
                unit=unit,
                unit_id=unit.id,
                available=row.places_free,
                maximum=row.places_total,
                description=" ".join(filter(None, words)),
                updated=row.counted_at or row.observed_at,
            )
        ]

    def _unit(self, code: UnitCode) -> Unit:
        name = wording.UNITS[code].in_(self.language)
        return Unit(id=derived_id("unit", code), name=name, scheme="beschikbaarheidswijzer", identifier=code)

    # --- services at locations ---

    def _at_location(self, served: Served) -> ServiceAtLocation | None:
        offer, location = served.offer, served.location
        if location is None:
            return None
        return ServiceAtLocation(
            id=service_at_location_id(offer.id),
            service_id=offer.id,
            location_id=location.id,
            description=wording.AT_HOME.in_(self.language) if offer.at_home else None,
            location=self.full_location(location),
        )

    def service_at_location(self, served: Served, *, full: bool) -> ServiceAtLocation:
        """An offer that has a location, at that location."""
        link = self._at_location(served)
        if link is None or served.location is None:
            raise ValueError(f"offer {served.offer.id} has no location")
        if not full:
            more = {"location": self.location(served.location), "service": self.listed_service(served)}
            return link.model_copy(update=more)
        provider = {"organization": self.full_organization(served.provider)}
        return link.model_copy(update={"service": self._service_but_locations(served).model_copy(update=provider)})


def status_of(ended_at: datetime | None, *, accepts: bool, stopped: bool) -> Status:
    """How an offer stands: ended it is `inactive`, as it can be given again; `defunct` would be for ever."""
    if ended_at is not None:
        return "inactive"
    return "active" if accepts and not stopped else "temporarily closed"


def minimal_service(row: Any) -> MinimalService:
    """A row of `list_minimal`."""
    status = status_of(row.ended_at, accepts=row.accepts_referrals is not False, stopped=row.stopped)
    return MinimalService(
        id=row.id, name=row.name, status=status, last_modified=row.modified, modified_date=row.modified
    )


def _phones(row: ProviderRow, **owner: Any) -> list[Phone]:
    if row.phone is None:
        return []
    return [Phone(id=derived_id("phone", *owner.values()), number=row.phone, type="voice", **owner)]


def _contacts(row: ProviderRow, **owner: Any) -> list[Contact]:
    if row.intake_desk is None:
        return []
    id_ = derived_id("contact", *owner.values())
    return [Contact(id=id_, department=row.intake_desk, email=email_of(row.email), **owner)]


def _addresses(row: LocationRow) -> list[Address]:
    """Its address, where all is known that the standard asks of one."""
    municipality = reference().municipalities.get(row.municipality_code)
    if not (row.street and row.postcode and row.city and municipality):
        return []
    return [
        Address(
            id=derived_id("address", row.id),
            location_id=row.id,
            address_1=f"{row.street} {row.house_number or ''}".strip(),
            city=row.city,
            region=reference().regions[municipality.region].name,
            state_province=municipality.province_name,
            postal_code=row.postcode,
            country="NL",
            address_type="physical",
        )
    ]
