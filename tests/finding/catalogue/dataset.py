"""A made-up region in a database, and random changes to it, as many and as wild as a test asks for."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

import asyncpg

from app.domain.dates import dutch_day
from app.kit.database.sessions import Driver
from app.ranking.model import CONTRACT_KINDS, GENDERS, UNITS
from app.reference.lists import reference
from tests.now import NOW

TODAY: Final = dutch_day(NOW)
REGIONS: Final = ("JZ03", "JZ05", "JZ18", "JZ02")
CARE_TYPES: Final = tuple(list(reference().care_types)[:4])
SPECIALISATIONS: Final = tuple(list(reference().specialisations)[:4])
CRITERIA: Final = tuple(list(reference().exclusion_criteria)[:4])
MUNICIPALITIES: Final = tuple(code for region in REGIONS for code in reference().municipalities_of(region)[:3])
POSTCODES: Final = tuple(
    next(area for area in reference().postcodes.values() if area.municipality == code) for code in MUNICIPALITIES
)

_PROVIDERS: Final = 25
_LOCATIONS: Final = 50
_OFFERS: Final = 220
_CONTRACTS: Final = 90


async def open_driver(url: str) -> Driver:
    """A connection of a test's own."""
    return await asyncpg.connect(url.replace("postgresql+asyncpg", "postgresql"))


class Changer:
    """Makes random changes on one connection; the same seed makes the same ones.

    What it changes is what had been committed when it last looked (`look`).
    """

    def __init__(self, driver: Driver, seed: int) -> None:
        self.driver = driver
        self.random = Random(seed)  # noqa: S311 - a test is the same each time
        self._offers: list[asyncpg.Record] = []
        self._locations: list[asyncpg.Record] = []
        self._providers: list[UUID] = []
        self._contracts: list[UUID] = []
        self._stops: list[UUID] = []
        self.kinds: list[Callable[[], Awaitable[object]]] = [
            *[self.report] * 8,
            *[self.change_offer] * 3,
            *[self.add_contract, self.change_contract, self.add_stop, self.change_stop] * 2,
            self.end_offer,
            self.give_offer_again,
            self.move_offer,
            self.add_offer,
            self.move_location,
            self.rename_provider,
            self.lift_stop,
            self.say_desk,
        ]

    async def fill(self) -> None:
        """The first of everything."""
        async with self.driver.transaction():
            for _ in range(_PROVIDERS):
                await self.add_provider()
            await self.look()
            for _ in range(_LOCATIONS):
                await self.add_location()
            await self.look()
            for _ in range(_OFFERS):
                await self.add_offer()
            await self.look()
            for _ in range(_CONTRACTS):
                await self.add_contract()
            for _ in range(_OFFERS):
                await self.report()
            for _ in range(10):
                await self.add_stop()
        await self.look()

    async def look(self) -> None:
        """Reads what there is to change."""
        fetch = self.driver.fetch
        self._providers = [row["id"] for row in await fetch("SELECT id FROM providers ORDER BY id")]
        self._locations = await fetch("SELECT id, provider_id FROM locations ORDER BY id")
        self._offers = await fetch("SELECT id, provider_id, location_id FROM offers ORDER BY id")
        self._contracts = [row["id"] for row in await fetch("SELECT id FROM contracts ORDER BY id")]
        self._stops = [row["id"] for row in await fetch("SELECT id FROM placement_stops ORDER BY id")]

    async def transact(self, most: int = 12) -> int:
        """A transaction of some changes, some of them taken back, or all; how many were made."""
        count = self.random.randint(1, most)
        transaction = self.driver.transaction()
        await transaction.start()
        try:
            for _ in range(count):
                await self.change()
            if self.random.random() < 0.15:
                await transaction.rollback()
            else:
                await transaction.commit()
        except asyncpg.DeadlockDetectedError:  # with another one; it goes on with the next
            await transaction.rollback()
        return count

    async def change(self) -> None:
        """One change, now and then taken back in its savepoint."""
        if self.random.random() > 0.2:
            await self.random.choice(self.kinds)()
            return
        savepoint = self.driver.transaction()
        await savepoint.start()
        await self.random.choice(self.kinds)()
        await (savepoint.rollback() if self.random.random() < 0.5 else savepoint.commit())

    # --- the kinds of changes ---

    def id(self) -> UUID:
        return UUID(int=self.random.getrandbits(128))

    def some(self, codes: tuple[str, ...], most: int) -> list[str]:
        return self.random.sample(codes, self.random.randint(0, most))

    def day(self, earliest: int, latest: int) -> date:
        return TODAY + timedelta(days=self.random.randint(earliest, latest))

    def perhaps(self, value: Any, chance: float = 0.5) -> Any:
        return value if self.random.random() < chance else None

    async def _insert(self, table: str, **values: Any) -> None:
        columns, places = ", ".join(values), ", ".join(f"${number}" for number in range(1, len(values) + 1))
        await self.driver.execute(f"INSERT INTO {table} ({columns}) VALUES ({places})", *values.values())  # noqa: S608

    async def _update(self, table: str, id_: UUID, **values: Any) -> None:
        columns = ", ".join(f"{name} = ${number}" for number, name in enumerate(values, start=2))
        await self.driver.execute(f"UPDATE {table} SET {columns} WHERE id = $1", id_, *values.values())  # noqa: S608

    async def add_provider(self) -> None:
        await self._insert("providers", id=self.id(), name=f"Aanbieder {self.random.randint(1, 99)}", phone="0123")

    async def say_desk(self) -> None:
        """How a region's desk is reached."""
        region = self.random.choice(REGIONS)
        await self.driver.execute(
            "INSERT INTO contacts (organisation_id, role, region_code, name, phone) VALUES ($1, 'region', $2, $3, $4) "
            "ON CONFLICT (organisation_id) DO UPDATE SET name = excluded.name, phone = excluded.phone",
            UUID(int=REGIONS.index(region)),
            region,
            f"Toegang {self.random.randint(1, 99)}",
            self.perhaps("0223"),
        )

    async def rename_provider(self) -> None:
        name = f"Anders {self.random.randint(1, 99)}"
        await self._update("providers", self.random.choice(self._providers), name=name, email=self.perhaps("a@b.nl"))

    def _place(self) -> dict[str, Any]:
        area = self.random.choice(POSTCODES)
        point = area.point if self.random.random() < 0.9 else None
        return {
            "name": f"Locatie {self.random.randint(1, 99)}",
            "postcode": self.perhaps(f"{area.pc4}AB"),
            "city": area.city,
            "municipality_code": area.municipality,
            "latitude": point and point.latitude + self.random.uniform(-0.05, 0.05),
            "longitude": point and point.longitude + self.random.uniform(-0.05, 0.05),
        }

    async def add_location(self) -> None:
        id_ = self.id()
        await self._insert(
            "locations", id=id_, provider_id=self.random.choice(self._providers), key=str(id_), **self._place()
        )

    async def move_location(self) -> None:
        await self._update("locations", self.random.choice(self._locations)["id"], **self._place())

    def _offer(self) -> dict[str, Any]:
        youngest = self.random.randint(0, 12)
        return {
            "name": f"Hulp {self.random.randint(1, 99)}",
            "description": self.perhaps("Wat het is."),
            "care_type": self.random.choice(CARE_TYPES),
            "age_min": youngest,
            "age_max": youngest + self.random.randint(3, 12),
            "genders": self.random.sample(GENDERS, self.random.randint(1, 3)),
            "specialisations": self.some(SPECIALISATIONS, 3),
            "exclusion_criteria": self.some(CRITERIA, 2),
            "at_home": self.random.random() < 0.2,
            "service_area": self.perhaps(self.some(MUNICIPALITIES, 5), 0.3),
            "needs_court_authorisation": self.random.random() < 0.1,
            "product_codes": [],
            "unit": self.random.choice(UNITS),
        }

    async def add_offer(self) -> None:
        id_, location = self.id(), self.perhaps(self.random.choice(self._locations), 0.9)
        provider = location["provider_id"] if location else self.random.choice(self._providers)
        place = location["id"] if location else None
        await self._insert("offers", id=id_, provider_id=provider, key=str(id_), location_id=place, **self._offer())

    async def change_offer(self) -> None:
        await self._update("offers", self.random.choice(self._offers)["id"], **self._offer())

    async def move_offer(self) -> None:
        offer = self.random.choice(self._offers)
        own = [each["id"] for each in self._locations if each["provider_id"] == offer["provider_id"]]
        await self._update("offers", offer["id"], location_id=self.random.choice([*own, None]))

    async def end_offer(self) -> None:
        await self._update("offers", self.random.choice(self._offers)["id"], ended_at=NOW)

    async def give_offer_again(self) -> None:
        await self.driver.execute(
            "UPDATE offers SET ended_at = NULL WHERE id = (SELECT id FROM offers WHERE ended_at IS NOT NULL LIMIT 1)"
        )

    def figures(self) -> dict[str, Any]:
        free = self.random.choice((0, 0, 1, 1, 2, 5))
        wait = self.random.random() < 0.3
        moment = NOW - timedelta(
            days=self.random.choice((0, 1, 3, 29, 30, 31, 60)),
            seconds=self.random.choice((0, 1, 10, 11 * 3600, 12 * 3600)),
        )
        return {
            "places_total": self.perhaps(free + self.random.randint(0, 3)),
            "places_free": free,
            "waiting_count": self.random.choice((0, 0, 1, 3)),
            "next_free_on": self.perhaps(self.day(-10, 100)),
            "wait_days_intake": self.random.randint(0, 60) if wait else None,
            "wait_days_treatment": self.perhaps(self.random.randint(0, 60)) if wait else None,
            "accepts_referrals": self.random.random() < 0.9,
            "note": self.perhaps("Bel eerst."),
            "observed_at": moment,
        }

    async def report(self, figures: dict[str, Any] | None = None) -> None:
        values = {**(figures or self.figures()), "client_id": "test", "report_id": 1}
        names = ["offer_id", *values]
        places = ", ".join(f"${number}" for number in range(1, len(names) + 1))
        changed = ", ".join(f"{name} = excluded.{name}" for name in values)
        statement = (
            f"INSERT INTO current_capacities ({', '.join(names)}) VALUES ({places}) "  # noqa: S608 - names of ours
            f"ON CONFLICT (offer_id) DO UPDATE SET {changed}"
        )
        await self.driver.execute(statement, self.random.choice(self._offers)["id"], *values.values())

    def _ceiling(self) -> dict[str, Any]:
        return {
            "ceiling_reached": self.random.random() < 0.3,
            "ceiling_exempts_measure": self.random.random() < 0.5,
            "valid_from": self.day(-100, 40),
            "valid_to": self.perhaps(self.day(41, 200)),
        }

    def _area(self) -> dict[str, Any]:
        regions, municipalities = self.some(REGIONS, 2), self.some(MUNICIPALITIES, 2)
        return {"regions": regions if municipalities else regions or [REGIONS[0]], "municipalities": municipalities}

    async def add_contract(self) -> None:
        await self._insert(
            "contracts",
            id=self.id(),
            provider_id=self.random.choice(self._providers),
            kind=self.random.choice(CONTRACT_KINDS),
            care_types=self.perhaps(self.some(CARE_TYPES, 3)),
            product_codes=[],
            **self._area(),
            **self._ceiling(),
        )

    async def change_contract(self) -> None:
        changed = self._ceiling() if self.random.random() < 0.5 else self._area()
        await self._update("contracts", self.random.choice(self._contracts), **changed)

    async def add_stop(self) -> None:
        offer = self.random.choice(self._offers)
        region = self.perhaps(self.random.choice(REGIONS))
        target = self.random.choice(("provider", "location", "offer"))
        await self._insert(
            "placement_stops",
            id=self.id(),
            provider_id=offer["provider_id"],
            location_id=offer["location_id"] if target == "location" else None,
            offer_id=offer["id"] if target == "offer" else None,
            starts_on=self.day(-40, 40),
            ends_on=self.perhaps(self.day(40, 80)),
            imposed_by="region" if region else "provider",
            region_code=region,
            reason="Test",
        )

    async def change_stop(self) -> None:
        if self._stops:
            stop, last = self.random.choice(self._stops), self.day(-5, 30)
            await self._update("placement_stops", stop, starts_on=last - timedelta(days=5), ends_on=last)

    async def lift_stop(self) -> None:
        if self._stops:
            await self.driver.execute("DELETE FROM placement_stops WHERE id = $1", self.random.choice(self._stops))
