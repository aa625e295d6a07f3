"""Random stories of supply: offers that are made, change and end, and reports of them, some of which come in late."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from app.insight.supply_history.service import bring_up_to_date
from app.kit.database.sessions import WriteSession
from tests.conftest import SavepointDatabase
from tests.insight.supply_history.oracle import Offer, Report, State, day_of
from tests.insight.supply_history.telling import Telling

HOUR = timedelta(hours=1)
GAPS = st.sampled_from([timedelta(), timedelta(minutes=1), HOUR, 9 * HOUR, 24 * HOUR, 50 * HOUR])
COUNTS = st.none() | st.integers(0, 4)
STATES = st.builds(
    State,
    care_type=st.sampled_from(["gezinshuis", "pleegzorg-voltijd"]),
    region=st.sampled_from(["JZ03", "JZ13", ""]),
    unit=st.sampled_from(["places", "places", "trajectories", "hours-per-week"]),
)

UNHURRIED = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # an example takes a second: shrinking one takes minutes
)


@dataclass(frozen=True)
class Said:
    """A report, by so long ago that it was observed."""

    ago: timedelta
    figures: dict[str, Any]
    counted: bool


SAID = st.builds(
    Said,
    ago=st.sampled_from([timedelta(), timedelta(), HOUR, 24 * HOUR, 80 * HOUR, timedelta(days=20), timedelta(days=40)]),
    figures=st.fixed_dictionaries(
        {"free": st.integers(0, 3), "accepts": st.sampled_from([True, True, False])},
        optional=dict.fromkeys(("total", "occupied", "reserved", "waiting", "intake", "treatment"), COUNTS),
    ),
    counted=st.sampled_from([False, False, False, True]),
)
ACTIONS = st.one_of(
    st.tuples(st.just("report"), SAID),
    st.tuples(st.just("report"), SAID),
    st.tuples(st.just("make"), STATES),
    st.tuples(st.just("change"), STATES),
    st.tuples(st.sampled_from(["end", "bring", "bring"]), st.none()),
)
STEPS = st.lists(st.tuples(GAPS, st.integers(0, 3), ACTIONS), min_size=5, max_size=30)
OCTOBER = datetime(2026, 10, 22, 8, tzinfo=UTC)
STARTS = st.sampled_from([datetime(2026, 3, 20, 8, tzinfo=UTC), OCTOBER])
"""Some days before the clock is put forward, or back, and the month ends."""


class Story:
    """What happens, told to the database and kept to be counted."""

    def __init__(self, session: WriteSession, start: datetime) -> None:
        self.session = session
        self.telling = Telling(session)
        self.offers: list[Offer] = []
        self.now = self.first = start
        self._changed: dict[int, date] = {}

    async def tell(self, steps: list[Any]) -> None:
        """All of it, with the job at the beginning, at the end, and wherever the steps say so."""
        self.providers = [await self.telling.add_provider() for _ in range(2)]
        await self.bring()
        await self.make(0, State())
        for gap, number, (what, value) in steps:
            self.now += gap
            await getattr(self, what)(number % len(self.offers), value)
        self.now += HOUR
        await self.bring()

    async def bring(self, *_: object) -> None:
        self._changed.clear()
        await bring_up_to_date(self.session, self.now)

    async def make(self, number: int, state: State) -> None:
        offer = Offer(self.providers[number % 2], self.now, [(self.now, state)])
        self._changed[len(self.offers)] = day_of(self.now)
        self.offers.append(offer)
        await self.telling.add_offer(offer)

    async def change(self, number: int, state: State) -> None:
        if self._changed.setdefault(number, day_of(self.now)) == day_of(self.now):  # the job sees the last of them
            self.offers[number].states.append((self.now, state))
            await self.telling.change_offer(self.offers[number], self.now)

    async def end(self, number: int, _: None) -> None:
        await self.change(number, replace(self.offers[number].now, ended=day_of(self.now)))

    async def report(self, number: int, said: Said) -> None:
        offer, counted, observed = self.offers[number], None, self.now - said.ago
        before = offer.stood(day_of(self.now), day_of(self.now))
        if said.counted and before is not None:
            observed, counted = before.observed, self.now
        figures = dict(said.figures)
        await self.telling.report(offer, Report(observed, self.now, **figures, counted=counted))


@asynccontextmanager
async def forgotten(database: SavepointDatabase) -> AsyncIterator[WriteSession]:
    """A session of which nothing stays."""
    savepoint = await database.connection.begin_nested()
    async with database.write() as session:
        yield session
    await savepoint.rollback()
