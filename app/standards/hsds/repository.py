"""Statements for the HSDS interface: one a page and one for how many there are, whatever is shown of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    Row,
    Select,
    SQLColumnExpression,
    and_,
    case,
    cast,
    false,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import InstrumentedAttribute

from app.domain.geo import EARTH_RADIUS_KM, Point
from app.kit.database.sessions import ReadSession
from app.standards.hsds.taxonomies import ListName
from app.supply.capacity.tables import CurrentCapacityRow
from app.supply.offers.tables import OfferRow
from app.supply.placement_stops.tables import PlacementStopRow
from app.supply.providers.tables import LocationRow, ProviderRow

AnySelect: TypeAlias = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list, in the order of ids: from `offset`, or after an id, at most `limit` (None: no end)."""

    limit: int | None
    offset: int = 0
    after: UUID | None = None


@dataclass(frozen=True, slots=True)
class TermFilter:
    """What has this code of a list, or any of it (None); of no list we know nothing has any."""

    list_name: ListName | None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """At most `metres` from a point."""

    point: Point
    metres: float


@dataclass(frozen=True, slots=True)
class ServiceFilter:
    """Which offers; all that is said holds at once. `taken_from` is a municipality whose children they take."""

    search: str | None = None
    terms: Sequence[TermFilter] = ()
    organization_id: UUID | None = None
    modified_after: datetime | None = None
    located: bool = False
    taken_from: str | None = None
    near: Near | None = None


@dataclass(frozen=True, slots=True)
class Served:
    """An offer with all that is shown of it: ended ones too, which are `inactive`."""

    offer: OfferRow
    provider: ProviderRow
    location: LocationRow | None
    capacity: CurrentCapacityRow | None
    stopped: bool
    modified: datetime


def _start_of(day: SQLColumnExpression[date]) -> ColumnElement[datetime]:
    """When it begins in the Netherlands, as all days do."""
    return func.timezone("Europe/Amsterdam", cast(day, DateTime(timezone=False)))


def _stops() -> AnySelect:
    """The stops on an offer, its location or its provider."""
    return select(PlacementStopRow).where(
        PlacementStopRow.provider_id == OfferRow.provider_id,
        or_(PlacementStopRow.offer_id.is_(None), PlacementStopRow.offer_id == OfferRow.id),
        or_(PlacementStopRow.location_id.is_(None), PlacementStopRow.location_id == OfferRow.location_id),
    )


def _stopped(today: date) -> ColumnElement[bool]:
    """Whether any stop is in force; as in a search that does not say for whom, also that of one region."""
    unended = or_(PlacementStopRow.ends_on.is_(None), PlacementStopRow.ends_on >= today)
    return _stops().where(PlacementStopRow.starts_on <= today, unended).exists()


def _modified(today: date) -> ColumnElement[datetime]:
    """When an offer, or anything that is shown with it, changed; of a stop also when it came into force or ended."""
    day_after = cast(PlacementStopRow.ends_on + 1, Date)
    of_stop = func.greatest(
        PlacementStopRow.updated_at,
        case((PlacementStopRow.starts_on <= today, _start_of(PlacementStopRow.starts_on))),
        case((PlacementStopRow.ends_on < today, _start_of(day_after))),
    )
    of_stops = _stops().with_only_columns(func.max(of_stop)).correlate(OfferRow).scalar_subquery()
    return func.greatest(
        OfferRow.updated_at,
        ProviderRow.updated_at,
        LocationRow.updated_at,
        CurrentCapacityRow.received_at,
        CurrentCapacityRow.counted_at,
        of_stops,
    )


def _has(wanted: TermFilter) -> ColumnElement[bool]:
    if wanted.list_name is None:
        return false()
    if wanted.list_name == "care-types":
        return true() if wanted.code is None else OfferRow.care_type == wanted.code
    column = OfferRow.specialisations if wanted.list_name == "specialisations" else OfferRow.exclusion_criteria
    return func.cardinality(column) > 0 if wanted.code is None else column.contains([wanted.code])


def _within(near: Near) -> ColumnElement[bool]:
    """As `domain.geo.distance_km` counts it; a location that is nowhere on the map is not near."""
    north = func.radians(LocationRow.latitude)
    half_north = func.sin((north - func.radians(near.point.latitude)) / 2)
    half_east = func.sin(func.radians(LocationRow.longitude - near.point.longitude) / 2)
    chord = half_north * half_north + func.cos(north) * func.cos(func.radians(near.point.latitude)) * (
        half_east * half_east
    )
    return 2 * EARTH_RADIUS_KM * 1000 * func.asin(func.least(1.0, func.sqrt(chord))) <= near.metres


def _served(today: date, wanted: ServiceFilter) -> AnySelect:
    statement = (
        select(
            OfferRow,
            ProviderRow,
            LocationRow,
            CurrentCapacityRow,
            _stopped(today).label("stopped"),
            _modified(today).label("modified"),
        )
        .join(ProviderRow, ProviderRow.id == OfferRow.provider_id)
        .outerjoin(LocationRow, LocationRow.id == OfferRow.location_id)
        .outerjoin(CurrentCapacityRow, CurrentCapacityRow.offer_id == OfferRow.id)
        .where(*map(_has, wanted.terms))
    )
    if wanted.search is not None:
        statement = statement.where(OfferRow.search.op("@@")(func.websearch_to_tsquery("dutch", wanted.search)))
    if wanted.organization_id is not None:
        statement = statement.where(OfferRow.provider_id == wanted.organization_id)
    if wanted.modified_after is not None:
        statement = statement.where(_modified(today) >= wanted.modified_after)
    if wanted.located:
        statement = statement.where(OfferRow.location_id.is_not(None))
    if wanted.taken_from is not None:
        anywhere = OfferRow.service_area.is_(None)
        statement = statement.where(or_(anywhere, OfferRow.service_area.contains([wanted.taken_from])))
    return statement if wanted.near is None else statement.where(_within(wanted.near))


def _part(statement: AnySelect, window: Window, id_: InstrumentedAttribute[UUID]) -> AnySelect:
    statement = statement.order_by(id_).limit(window.limit).offset(window.offset or None)
    return statement if window.after is None else statement.where(id_ > window.after)


async def _count(session: ReadSession, statement: AnySelect, id_: InstrumentedAttribute[UUID]) -> int:
    counted = statement.with_only_columns(id_).order_by(None).subquery()
    return await session.scalar(select(func.count()).select_from(counted)) or 0


async def list_services(session: ReadSession, today: date, wanted: ServiceFilter, window: Window) -> list[Served]:
    """The offers of this part of the list."""
    statement = _part(_served(today, wanted), window, OfferRow.id)
    return [Served(*row) for row in await session.execute(statement)]


async def list_minimal(
    session: ReadSession, today: date, wanted: ServiceFilter, window: Window
) -> Sequence[Row[*tuple[Any, ...]]]:
    """As `list_services`, with only what tells whether a reader has the newest: `id`, `name`, `ended_at`,
    `accepts_referrals` (None where never reported), `stopped`, `modified`."""
    statement = _part(_served(today, wanted), window, OfferRow.id)
    columns = statement.with_only_columns(
        OfferRow.id,
        OfferRow.name,
        OfferRow.ended_at,
        CurrentCapacityRow.accepts_referrals,
        _stopped(today).label("stopped"),
        _modified(today).label("modified"),
    )
    return (await session.execute(columns)).all()


async def count_services(session: ReadSession, today: date, wanted: ServiceFilter) -> int:
    """How many offers there are."""
    return await _count(session, _served(today, wanted), OfferRow.id)


async def find_service(session: ReadSession, today: date, offer_id: UUID) -> Served | None:
    """The offer."""
    statement = _served(today, ServiceFilter()).where(OfferRow.id == offer_id)
    row = (await session.execute(statement)).one_or_none()
    return Served(*row) if row else None


def _providers(search: str | None, terms: Sequence[TermFilter]) -> AnySelect:
    statement = select(ProviderRow)
    if search is not None:
        statement = statement.where(ProviderRow.search.op("@@")(func.websearch_to_tsquery("dutch", search)))
    if terms:
        offered = and_(OfferRow.provider_id == ProviderRow.id, OfferRow.ended_at.is_(None), *map(_has, terms))
        statement = statement.where(select(OfferRow.id).where(offered).exists())
    return statement


async def list_providers(
    session: ReadSession, search: str | None, terms: Sequence[TermFilter], window: Window
) -> list[ProviderRow]:
    """The providers of this part of the list; with terms, those of which an offer has them all."""
    statement = _part(_providers(search, terms), window, ProviderRow.id)
    return list((await session.scalars(statement)).all())


async def count_providers(session: ReadSession, search: str | None, terms: Sequence[TermFilter]) -> int:
    """How many providers there are."""
    return await _count(session, _providers(search, terms), ProviderRow.id)


async def find_provider(session: ReadSession, provider_id: UUID) -> ProviderRow | None:
    """The provider."""
    return await session.get(ProviderRow, provider_id)


async def list_services_of(session: ReadSession, today: date, provider_ids: Sequence[UUID]) -> list[Served]:
    """All offers of these providers by name."""
    statement = _served(today, ServiceFilter()).where(OfferRow.provider_id.in_(provider_ids))
    return [Served(*row) for row in await session.execute(statement.order_by(OfferRow.name, OfferRow.id))]


async def list_locations_of(session: ReadSession, provider_ids: Sequence[UUID]) -> list[LocationRow]:
    """All locations of these providers by name."""
    statement = select(LocationRow).where(LocationRow.provider_id.in_(provider_ids))
    return list((await session.scalars(statement.order_by(LocationRow.name, LocationRow.id))).all())


def _locations(search: str | None, provider_id: UUID | None) -> AnySelect:
    statement = select(LocationRow)
    if search is not None:
        text = func.concat_ws(" ", LocationRow.name, LocationRow.street, LocationRow.city)
        words = func.to_tsvector("dutch", text)
        statement = statement.where(words.op("@@")(func.websearch_to_tsquery("dutch", search)))
    return statement if provider_id is None else statement.where(LocationRow.provider_id == provider_id)


async def list_locations(
    session: ReadSession, search: str | None, provider_id: UUID | None, window: Window
) -> list[LocationRow]:
    """The locations of this part of the list."""
    statement = _part(_locations(search, provider_id), window, LocationRow.id)
    return list((await session.scalars(statement)).all())


async def count_locations(session: ReadSession, search: str | None, provider_id: UUID | None) -> int:
    """How many locations there are."""
    return await _count(session, _locations(search, provider_id), LocationRow.id)


async def find_location(session: ReadSession, location_id: UUID) -> LocationRow | None:
    """The location."""
    return await session.get(LocationRow, location_id)
