"""Putting what the oracle knows in the database, and reading what the job made of it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update

from app.insight.supply_history.tables import SupplyDayRow, SupplyMonthRow
from app.insight.supply_sums.tables import SupplySumRow
from app.kit.database.sessions import ReadSession, WriteSession
from app.supply.capacity.tables import CapacityReportRow
from app.supply.offers.tables import OfferRow
from app.supply.providers.tables import LocationRow, ProviderRow
from tests.insight.supply_history.oracle import Figures, Offer, Report

TOWNS: Final = {"JZ03": "GM0400", "JZ11": "GM0392", "JZ13": "GM0363"}
LONG_AGO: Final = datetime(2020, 1, 1, tzinfo=UTC)
AT_HOME: Final[dict[str, list[str] | None]] = {"JZ03": ["GM0400"], "": ["GM0400", "GM0363"]}


class Telling:
    """Adds offers and reports to the database as they come."""

    def __init__(self, session: WriteSession) -> None:
        self._session = session
        self._locations: dict[tuple[UUID, str], UUID] = {}

    async def add_provider(self) -> UUID:
        """A new provider with a location in each town; its id."""
        provider = uuid4()
        await self._session.execute(insert(ProviderRow).values(id=provider, name=f"Demo {provider.hex[:6]}"))
        for region, town in TOWNS.items():
            location = self._locations[provider, region] = uuid4()
            values = {"id": location, "provider_id": provider, "key": region, "name": "Hier", "municipality_code": town}
            await self._session.execute(insert(LocationRow).values(values | {"updated_at": LONG_AGO}))
        return provider

    async def add_offer(self, offer: Offer) -> None:
        """An offer as it is made."""
        texts = ("genders", "specialisations", "exclusion_criteria", "product_codes")
        values = {
            "id": offer.id,
            "provider_id": offer.provider,
            "key": offer.id.hex,
            "name": "Aanbod",
            "age_min": 0,
            "age_max": 17,
            "at_home": False,
            "needs_court_authorisation": False,
            **{name: [] for name in texts},
            **self._values(offer, offer.made),
        }
        await self._session.execute(insert(OfferRow).values(values | {"created_at": offer.made}))

    async def change_offer(self, offer: Offer, at: datetime) -> None:
        """The offer as it is now."""
        await self._session.execute(update(OfferRow).where(OfferRow.id == offer.id).values(self._values(offer, at)))

    def _values(self, offer: Offer, at: datetime) -> dict[str, Any]:
        state = offer.now
        location = self._locations.get((offer.provider, state.region))
        return {
            "care_type": state.care_type,
            "unit": state.unit,
            "location_id": location,
            "service_area": None if location else AT_HOME[state.region],
            "ended_at": at if state.ended else None,
            "updated_at": at,
        }

    async def report(self, offer: Offer, report: Report) -> None:
        """A report as it comes in."""
        offer.reports.append(report)
        values = {
            "offer_id": offer.id,
            "places_total": report.total,
            "places_occupied": report.occupied,
            "places_reserved": report.reserved,
            "places_free": report.free,
            "waiting_count": report.waiting,
            "wait_days_intake": report.intake,
            "wait_days_treatment": report.treatment,
            "accepts_referrals": report.accepts,
            "observed_at": report.observed,
            "received_at": report.received,
            "counted_at": report.counted,
            "client_id": "test",
        }
        await self._session.execute(insert(CapacityReportRow).values(values))


async def kept(
    session: ReadSession | WriteSession,
    row: type[SupplyDayRow] | type[SupplyMonthRow] | type[SupplySumRow],
    start: date,
    known: date,
) -> dict[tuple[Any, ...], Figures]:
    """The figures of a day, or of the month that begins then, as known on another day."""
    columns = [column.name for column in row.__table__.columns]
    period, *keys = [name for name in columns if name in _KEYS]
    figures = [name for name in columns if name not in {*_KEYS, "known_from", "known_to"}]
    statement = select(row.__table__).where(
        row.__table__.c[period] == start, row.known_from <= known, row.known_to > known
    )
    found: Sequence[Any] = (await session.execute(statement)).mappings().all()
    made = {tuple(each[key] for key in keys): {name: each[name] for name in figures} for each in found}
    assert len(made) == len(found), "no two are known at once"
    return made


_KEYS: Final = ("day", "month", "provider_id", "region_code", "care_type")
