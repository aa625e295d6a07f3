"""Offers as the rows of a database tell of them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any
from uuid import UUID

import asyncpg

from app.ranking.model import (
    Capacity,
    Contract,
    Location,
    Offer,
    Stop,
)


@dataclass(frozen=True, slots=True)
class Known:
    """An offer as rows tell of it; `offer.stops` are those that bind everyone, `regional` those of regions."""

    offer: Offer
    regional: tuple[tuple[str, Stop], ...]
    shown: dict[str, Any]
    provider: dict[str, Any]
    note: str | None

    def for_children_of(self, region: str | None) -> Offer:
        """The offer as children of the region find it; every stop counts where it is None."""
        binding = [stop for code, stop in self.regional if region in (None, code)]
        return replace(self.offer, stops=(*self.offer.stops, *binding))


def by_offer(rows: Sequence[asyncpg.Record]) -> defaultdict[UUID, list[asyncpg.Record]]:
    found = defaultdict[UUID, list[asyncpg.Record]](list)
    for row in rows:
        found[row["offer"]].append(row)
    return found


def known_of(row: asyncpg.Record, contracts: Sequence[asyncpg.Record], stops: Sequence[asyncpg.Record]) -> Known:
    place = None
    if row["latitude"] is not None and row["longitude"] is not None:
        place = Location(row["municipality_code"], row["latitude"], row["longitude"])
    own = [(each["region_code"], Stop(each["starts_on"], each["ends_on"])) for each in stops]
    offer = Offer(
        id=str(row["id"]),
        provider_id=str(row["provider_id"]),
        care_type=row["care_type"],
        age_min=row["age_min"],
        age_max=row["age_max"],
        genders=frozenset(row["genders"]),
        contracts=tuple(_contract(each) for each in contracts),
        stops=tuple(stop for region, stop in own if region is None),
        capacity=_capacity(row),
        location=place,
        at_home=row["at_home"],
        service_area=None if row["service_area"] is None else frozenset(row["service_area"]),
        needs_court_authorisation=row["needs_court_authorisation"],
        specialisations=frozenset(row["specialisations"]),
        exclusion_criteria=frozenset(row["exclusion_criteria"]),
        unit=row["unit"],
    )
    regional = tuple((region, stop) for region, stop in own if region is not None)
    return Known(offer, regional, _show_offer(row), _show_provider(row), row["note"])


def _contract(row: asyncpg.Record) -> Contract:
    return Contract(
        kind=row["kind"],
        starts_on=row["valid_from"],
        ends_on=row["valid_to"],
        regions=frozenset(row["regions"]),
        municipalities=frozenset(row["municipalities"]),
        ceiling_reached=row["ceiling_reached"],
        ceiling_exempts_measure=row["ceiling_exempts_measure"],
    )


def _capacity(row: asyncpg.Record) -> Capacity | None:
    if row["observed_at"] is None:
        return None
    names = ("places_free", "waiting_count", "places_total", "next_free_on", "wait_days_intake", "wait_days_treatment")
    figures = {name: row[name] for name in (*names, "accepts_referrals")}
    return Capacity(observed_at=row["observed_at"].astimezone(UTC), **figures)


def _show_offer(row: asyncpg.Record) -> dict[str, Any]:
    location = None
    if row["location_id"] is not None:
        location = {
            "name": row["location_name"],
            "city": row["city"],
            "postcode": row["postcode"],
            "municipality": row["municipality_code"],
            "latitude": row["latitude"],
            "longitude": row["longitude"],
        }
    return {
        "id": str(row["id"]),
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
        "location": location,
    }


def _show_provider(row: asyncpg.Record) -> dict[str, Any]:
    contact = {
        "intakeDesk": row["intake_desk"],
        "phone": row["phone"],
        "email": row["email"],
        "website": row["website"],
    }
    return {"id": str(row["provider_id"]), "name": row["provider_name"], "contact": contact}
