"""The one query behind match and search."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, exists, func, or_, select
from sqlalchemy import Row as SqlRow
from sqlalchemy.dialects.postgresql import JSONB

from app.capacity.tables import CurrentCapacityRow
from app.catalogue.model import Entry, RegionalStop
from app.contracts.tables import ContractRow
from app.domain.geo import Point
from app.kit.db import ReadSession
from app.matching.ranking.model import Capacity, Contract, Location, Offer, Stop
from app.offers.repository import given_in
from app.offers.tables import OfferRow
from app.placement_stops.tables import PlacementStopRow
from app.providers.tables import LocationRow, ProviderRow

_INFINITE = {"-infinity": date.min, "infinity": date.max}


@dataclass(frozen=True, slots=True)
class Area:
    """Whose contracts count: those of a region, and of one of its municipalities where it is named."""

    region: str
    municipality: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which offers are asked for; all conditions hold at once.

    `within_reach` widens `contracted_for`: offers that are given in these municipalities and the named offers and
    providers count as well, contracted or not.
    """

    care_types: Sequence[str] = ()
    contracted_for: Area | None = None
    within_reach: Sequence[str] = ()
    named_offers: Sequence[UUID] = ()
    named_providers: Sequence[UUID] = ()
    located_in: Sequence[str] | None = None
    provider: UUID | None = None


def _touches(area: Area) -> ColumnElement[bool]:
    region = ContractRow.regions.contains([area.region])
    if area.municipality is None:
        return region
    return or_(region, ContractRow.municipalities.contains([area.municipality]))


def _of_offer(area: Area) -> ColumnElement[bool]:
    return and_(
        ContractRow.provider_id == OfferRow.provider_id,
        or_(ContractRow.care_types.is_(None), OfferRow.care_type == func.any(ContractRow.care_types)),
        _touches(area),
    )


def _object(**columns: Any) -> ColumnElement[Any]:
    flat = [part for name, column in columns.items() for part in (name, column)]
    return func.jsonb_agg(func.jsonb_build_object(*flat), type_=JSONB)


def _contracts(area: Area) -> ScalarSelect[Any]:
    row = _object(
        kind=ContractRow.kind,
        regions=ContractRow.regions,
        municipalities=ContractRow.municipalities,
        starts_on=ContractRow.valid_from,
        ends_on=ContractRow.valid_to,
        ceiling_reached=ContractRow.ceiling_reached,
        ceiling_exempts_measure=ContractRow.ceiling_exempts_measure,
    )
    return select(row).where(_of_offer(area)).correlate(OfferRow).scalar_subquery()


def _stops(today: date) -> ScalarSelect[Any]:
    stop = PlacementStopRow
    row = _object(region=stop.region_code, starts_on=stop.starts_on, ends_on=stop.ends_on)
    return (
        select(row)
        .where(
            stop.provider_id == OfferRow.provider_id,
            or_(stop.location_id.is_(None), stop.location_id == OfferRow.location_id),
            or_(stop.offer_id.is_(None), stop.offer_id == OfferRow.id),
            or_(stop.ends_on.is_(None), stop.ends_on >= today),
        )
        .correlate(OfferRow)
        .scalar_subquery()
    )


def _statement(wanted: Wanted, today: date) -> Select[Any]:
    area = wanted.contracted_for
    columns: list[Any] = [OfferRow, ProviderRow, LocationRow, CurrentCapacityRow, _stops(today)]
    if area is not None:
        columns.append(_contracts(area))
    statement = (
        select(*columns)
        .join(ProviderRow, ProviderRow.id == OfferRow.provider_id)
        .outerjoin(LocationRow, LocationRow.id == OfferRow.location_id)
        .outerjoin(CurrentCapacityRow, CurrentCapacityRow.offer_id == OfferRow.id)
        .where(OfferRow.ended_at.is_(None))
    )
    if wanted.care_types:
        statement = statement.where(OfferRow.care_type.in_(wanted.care_types))
    if wanted.located_in is not None:
        statement = statement.where(given_in(wanted.located_in))
    if wanted.provider is not None:
        statement = statement.where(OfferRow.provider_id == wanted.provider)
    if area is not None:
        statement = statement.where(_in_reach(wanted, area))
    return statement


def _in_reach(wanted: Wanted, area: Area) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [exists().where(_of_offer(area))]
    if wanted.within_reach:
        conditions.append(given_in(wanted.within_reach))
    if wanted.named_offers:
        conditions.append(OfferRow.id.in_(wanted.named_offers))
    if wanted.named_providers:
        conditions.append(OfferRow.provider_id.in_(wanted.named_providers))
    return or_(*conditions)


async def list_entries(session: ReadSession, wanted: Wanted, today: date) -> list[Entry]:
    """The offers that are wanted, given now, with the contracts of `contracted_for` and the stops not yet over."""
    result = await session.execute(_statement(wanted, today))
    return [_entry(row) for row in result]


def _entry(row: SqlRow[Any]) -> Entry:
    offer, provider, location, capacity, stops, *rest = tuple(row)
    everyone, regional = _read_stops(stops or [])
    contracts = tuple(_read_contract(each) for each in (rest[0] or [] if rest else []))
    ranked = Offer(
        id=str(offer.id),
        provider_id=str(offer.provider_id),
        care_type=offer.care_type,
        age_min=offer.age_min,
        age_max=offer.age_max,
        genders=frozenset(offer.genders),
        contracts=contracts,
        stops=everyone,
        capacity=_read_capacity(capacity),
        location=_read_location(location),
        at_home=offer.at_home,
        service_area=None if offer.service_area is None else frozenset(offer.service_area),
        needs_court_authorisation=offer.needs_court_authorisation,
        specialisations=frozenset(offer.specialisations),
        exclusion_criteria=frozenset(offer.exclusion_criteria),
    )
    return Entry(ranked, regional, _show_offer(offer, location), _show_provider(provider))


def _read_stops(rows: list[dict[str, Any]]) -> tuple[tuple[Stop, ...], tuple[RegionalStop, ...]]:
    everyone, regional = [], []
    for row in rows:
        stop = Stop(_read_date(row["starts_on"]), _read_end(row["ends_on"]))
        if row["region"] is None:
            everyone.append(stop)
        else:
            regional.append(RegionalStop(row["region"], stop))
    return tuple(everyone), tuple(regional)


def _read_date(text: str) -> date:
    """A date in JSON; the driver stores the first and the last one that Python knows as infinite."""
    return _INFINITE.get(text) or date.fromisoformat(text)


def _read_end(text: str | None) -> date | None:
    return None if text is None else _read_date(text)


def _read_contract(row: dict[str, Any]) -> Contract:
    return Contract(
        kind=row["kind"],
        starts_on=_read_date(row["starts_on"]),
        ends_on=_read_end(row["ends_on"]),
        regions=frozenset(row["regions"]),
        municipalities=frozenset(row["municipalities"]),
        ceiling_reached=row["ceiling_reached"],
        ceiling_exempts_measure=row["ceiling_exempts_measure"],
    )


def _read_location(row: LocationRow | None) -> Location | None:
    if row is None or row.latitude is None or row.longitude is None:
        return None
    return Location(row.municipality_code, Point(row.latitude, row.longitude))


def _read_capacity(row: CurrentCapacityRow | None) -> Capacity | None:
    if row is None:
        return None
    observed: datetime = row.observed_at.astimezone(UTC)
    return Capacity(
        observed_at=observed,
        places_free=row.places_free,
        waiting_count=row.waiting_count,
        places_total=row.places_total,
        next_free_on=row.next_free_on,
        wait_days_intake=row.wait_days_intake,
        wait_days_treatment=row.wait_days_treatment,
        accepts_referrals=row.accepts_referrals,
    )


def _show_offer(row: OfferRow, location: LocationRow | None) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "name": row.name,
        "description": row.description,
        "careType": row.care_type,
        "ageMin": row.age_min,
        "ageMax": row.age_max,
        "genders": row.genders,
        "specialisations": row.specialisations,
        "exclusionCriteria": row.exclusion_criteria,
        "atHome": row.at_home,
        "serviceArea": row.service_area,
        "needsCourtAuthorisation": row.needs_court_authorisation,
        "unit": row.unit,
        "location": None
        if location is None
        else {
            "name": location.name,
            "city": location.city,
            "postcode": location.postcode,
            "municipality": location.municipality_code,
            "latitude": location.latitude,
            "longitude": location.longitude,
        },
    }


def _show_provider(row: ProviderRow) -> dict[str, Any]:
    contact = {"intakeDesk": row.intake_desk, "phone": row.phone, "email": row.email, "website": row.website}
    return {"id": str(row.id), "name": row.name, "contact": contact}
