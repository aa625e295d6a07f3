"""The demo data set's rows; a field is the column of the same name."""

import random
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

NAMESPACE = UUID("5e1d0c7a-2f64-5b0e-9c3b-7a5d1f0e4b21")
"""The ids of demo rows are name-based (RFC 9562, version 5) in this namespace: the same on every machine."""


def demo_id(kind: str, key: str) -> UUID:
    """The id of the demo row of this kind with this key."""
    return uuid5(NAMESPACE, f"{kind}/{key}")


def dice(*seed: str | int) -> random.Random:
    """A generator of its own for each thing, so that a change to one leaves the others as they were."""
    return random.Random("/".join(map(str, seed)))  # noqa: S311 - demo data has to be predictable


@dataclass(frozen=True, slots=True)
class Provider:
    """A fictional provider."""

    id: UUID
    name: str
    agb_code: str
    kvk_number: str
    intake_desk: str
    phone: str
    email: str
    website: str


@dataclass(frozen=True, slots=True)
class Location:
    """A fictional address in a real municipality and postcode."""

    id: UUID
    provider_id: UUID
    key: str
    name: str
    street: str
    house_number: str
    postcode: str
    city: str
    municipality_code: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Offer:
    """Help of one care type at one location."""

    id: UUID
    provider_id: UUID
    key: str
    name: str
    description: str
    care_type: str
    age_min: int
    age_max: int
    genders: list[str]
    specialisations: list[str]
    exclusion_criteria: list[str]
    location_id: UUID
    at_home: bool
    service_area: list[str] | None
    needs_court_authorisation: bool
    product_codes: list[str]
    unit: str


@dataclass(frozen=True, slots=True)
class Contract:
    """What regions or municipalities have bought of a provider."""

    id: UUID
    provider_id: UUID
    kind: str
    regions: list[str]
    municipalities: list[str]
    care_types: list[str] | None
    product_codes: list[str]
    valid_from: date
    valid_to: date | None
    ceiling_reached: bool
    ceiling_exempts_measure: bool


@dataclass(frozen=True, slots=True)
class Stop:
    """A placement stop."""

    id: UUID
    provider_id: UUID
    location_id: UUID | None
    offer_id: UUID | None
    starts_on: date
    ends_on: date | None
    imposed_by: str
    region_code: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """A capacity report."""

    offer_id: UUID
    places_total: int | None
    places_occupied: int | None
    places_reserved: int | None
    places_free: int
    waiting_count: int
    next_free_on: date | None
    wait_days_intake: int | None
    wait_days_treatment: int | None
    accepts_referrals: bool
    note: str | None
    observed_at: datetime
    received_at: datetime
    client_id: str
    confirmation: bool


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation that a demo client acts for."""

    id: UUID
    name: str
    role: str
    provider_id: UUID | None = None
    region_code: str | None = None
    supraregion_code: str | None = None
    institution: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """How the organisation of a demo client is reached."""

    organisation_id: UUID
    role: str
    region_code: str | None
    name: str
    phone: str
    email: str
    opening_hours: list[dict[str, Any]]
    teams: list[dict[str, Any]]
    municipalities: list[str]


@dataclass(frozen=True, slots=True)
class Client:
    """A demo client; its secret is the published one."""

    id: str
    organisation_id: UUID
    rights: list[str]
