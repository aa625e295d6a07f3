"""A peer: the same question as one FastAPI endpoint on SQLAlchemy Core, as one would write it in a day.

It reads the candidates of each request from PostgreSQL and ranks them in Python with a plain sort. Its twenty results
are those of the product, in the same order; it has no rights, no explanations and no alternatives.
"""

from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from fastapi import FastAPI
from sqlalchemy import MetaData, RowMapping, Select, Table, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from app.finding.matching.schemas import MatchRequest
from app.kit.clock import system_clock
from app.reference.lists import reference
from app.settings import Settings
from scripts.benchmark.peer_ranking import Ranked, rank

_TABLES: Final = ("providers", "locations", "offers", "contracts", "placement_stops", "current_capacities")
_POOL: Final = 10
_CONTRACT: Final = (
    "provider_id",
    "kind",
    "care_types",
    "valid_from",
    "valid_to",
    "ceiling_reached",
    "ceiling_exempts_measure",
)
_CAPACITY: Final = (
    "observed_at",
    "places_total",
    "places_free",
    "waiting_count",
    "next_free_on",
    "wait_days_intake",
    "wait_days_treatment",
    "accepts_referrals",
)
_OFFER: Final = (
    "id",
    "name",
    "description",
    "care_type",
    "age_min",
    "age_max",
    "genders",
    "specialisations",
    "exclusion_criteria",
    "at_home",
    "service_area",
    "unit",
)
_PLACE: Final = ("city", "postcode", "municipality_code", "latitude", "longitude")
_CONTACT: Final = ("phone", "email", "website")


def application() -> FastAPI:
    """The peer on the database of DATABASE_URL."""
    engine = create_async_engine(Settings().dsn, pool_size=_POOL, max_overflow=0)
    tables = MetaData()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with engine.connect() as connection:
            await connection.run_sync(tables.reflect, only=_TABLES)
        yield
        await engine.dispose()

    app = FastAPI(lifespan=lifespan, openapi_url=None, docs_url=None, redoc_url=None)

    @app.post("/v1/matches")
    async def match(body: MatchRequest) -> dict[str, Any]:
        today = system_clock().date()
        async with engine.connect() as connection:
            candidates = await _candidates(connection, tables.tables, body)
        ranked = rank(body, candidates, today)
        return {"results": [_shown(each, place) for place, each in enumerate(ranked[: body.limit], start=1)]}

    @app.get("/ready")
    async def ready() -> str:
        return "yes"

    return app


async def _candidates(
    connection: AsyncConnection, tables: Any, body: MatchRequest
) -> list[tuple[RowMapping, list[RowMapping], list[RowMapping]]]:
    """Each candidate with the contracts of its provider that touch the child, and the stops that may bind it."""
    region = reference().municipalities[body.child.municipality].region
    types = sorted({choice.care_type for choice in body.choices})
    contracts = await _by_provider(connection, _contracts(tables["contracts"], body, region, types))
    offers = (await connection.execute(_offers(tables, region, types, list(contracts)))).mappings().all()
    providers = {offer["provider_id"] for offer in offers}
    stop = tables["placement_stops"]
    binding = or_(stop.c.region_code.is_(None), stop.c.region_code == region)
    stops = await _by_provider(connection, select(stop).where(stop.c.provider_id.in_(providers), binding))
    return [(offer, contracts[offer["provider_id"]], stops[offer["provider_id"]]) for offer in offers]


def _contracts(table: Table, body: MatchRequest, region: str, types: list[str]) -> Select[Any]:
    c = table.c
    touching = or_(c.regions.contains([region]), c.municipalities.contains([body.child.municipality]))
    return select(*(c[name] for name in _CONTRACT)).where(
        touching, or_(c.care_types.is_(None), c.care_types.overlap(types))
    )


def _offers(tables: Any, region: str, types: list[str], contracted: list[Any]) -> Select[Any]:
    offer, provider, location, capacity = (
        tables[name] for name in ("offers", "providers", "locations", "current_capacities")
    )
    lists = reference()
    reach = [code for each in lists.regions_around(region) for code in lists.municipalities_of(each)]
    at_home = and_(offer.c.at_home, offer.c.service_area.overlap(reach))
    return (
        select(
            *(offer.c[name] for name in (*_OFFER, "provider_id", "location_id", "needs_court_authorisation")),
            *(location.c[name] for name in _PLACE),
            location.c.name.label("location_name"),
            *(provider.c[name] for name in _CONTACT),
            provider.c.name.label("provider_name"),
            *(capacity.c[name] for name in _CAPACITY),
        )
        .join_from(offer, provider, provider.c.id == offer.c.provider_id)
        .outerjoin(location, location.c.id == offer.c.location_id)
        .outerjoin(capacity, capacity.c.offer_id == offer.c.id)
        .where(offer.c.ended_at.is_(None), offer.c.care_type.in_(types))
        .where(or_(location.c.municipality_code.in_(reach), at_home, offer.c.provider_id.in_(contracted)))
    )


async def _by_provider(connection: AsyncConnection, statement: Select[Any]) -> defaultdict[Any, list[RowMapping]]:
    found: defaultdict[Any, list[RowMapping]] = defaultdict(list)
    for row in (await connection.execute(statement)).mappings():
        found[row["provider_id"]].append(row)
    return found


def _shown(ranked: Ranked, place: int) -> dict[str, Any]:
    offer = ranked.offer
    return {
        "rank": place,
        "offer": {name: offer[name] for name in (*_OFFER, "location_name", *_PLACE)},
        "provider": {name: offer[name] for name in ("provider_id", "provider_name", *_CONTACT)},
        "capacity": {name: offer[name] for name in _CAPACITY},
        "choice": ranked.factors["choice"],
        "expectedStart": ranked.start,
        "distanceKm": ranked.distance,
        "contract": ranked.contract,
        "factors": ranked.factors,
    }
