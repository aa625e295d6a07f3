"""A worker's catalogue, loaded from one snapshot and kept current by following the changes.

PostgreSQL is the only truth. A change is in memory here before the answer to the write that made it is sent, and in
every other worker within a moment: each asks for changes every INTERVAL. No order of commits can hide one, because
what has been seen is a snapshot and not a number: see `Position`.
"""

import asyncio
import gc
import math
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import AsyncExitStack, suppress
from typing import Final
from uuid import UUID

from app.finding.catalogue import repository
from app.finding.catalogue.catalogue import Catalogue
from app.finding.catalogue.errors import CatalogueMissingError, CatalogueStaleError
from app.finding.catalogue.loader import load, put_capacities, take_in
from app.finding.catalogue.own_reports import OwnReports
from app.kit.clock import DatabaseClock
from app.kit.database.jobs import Job
from app.kit.database.sessions import DRIVER_FAILURES, Database, Driver, Record
from app.kit.monitoring.log_events import (
    CATALOGUE_LOADED,
    CATALOGUE_LOST,
    CATALOGUE_REGAINED,
    frames_of,
    log,
)

INTERVAL: Final = 0.02
"""Seconds between two questions for changes."""
RETRY: Final = 0.5
"""Seconds until the database is tried again."""
STALE_AFTER: Final = 2.0
"""From so many seconds without word from the database on, the worker is not ready."""

MADE_BEFORE_COLLECTING: Final = 20_000
"""Objects that are there more than at the last collection, before the next."""
PATIENCE: Final = 5.0
"""Seconds that a question for changes may take."""

PRUNING: Final = Job("prune-catalogue-changes", "*/5 * * * *", repository.prune_changes)


class Follower:
    """Keeps the catalogue of this worker; `timer` tells the seconds that silence is counted in.

    `clock` is set by the time that the database tells with each answer.
    `when_heard`, where it is set, is called each time that the catalogue is current, and `when_audiences` with those
    whose pages show something else since, or None where that could be anybody.
    """

    def __init__(
        self,
        database: Database,
        timer: Callable[[], float] = time.monotonic,
        *,
        clock: DatabaseClock | None = None,
    ) -> None:
        self._database = database
        self._clock = clock or DatabaseClock()
        self._timer = timer
        self._connection = AsyncExitStack()
        self._driver: Driver | None = None
        self._instance = ""
        self._catalogue: Catalogue | None = None
        self._continuous = False  # whether the catalogue can be brought up to date by changes alone
        self._heard = timer()
        self._lost = False
        self._own = OwnReports()
        self._turn = asyncio.Lock()
        self._begun = 0
        self._done = 0
        self.when_heard: Callable[[], object] | None = None
        self.when_audiences: Callable[[Collection[UUID] | None], object] | None = None

    @property
    def is_loaded(self) -> bool:
        """Whether there is a catalogue."""
        return self._catalogue is not None

    @property
    def catalogue(self) -> Catalogue:
        """What is known now; `CatalogueMissingError` before the first load."""
        if self._catalogue is None:
            raise CatalogueMissingError
        return self._catalogue

    def check(self) -> None:
        """`CatalogueMissingError` or `CatalogueStaleError` where it is not what the database has."""
        if self._catalogue is None:
            raise CatalogueMissingError
        if self.age:
            raise CatalogueStaleError(math.ceil(self.age))

    @property
    def age(self) -> float:
        """How many seconds ago the database last told what there is; 0 while it is followed."""
        silence = self._timer() - self._heard
        return silence if self._lost or silence > STALE_AFTER else 0.0

    @property
    def headers(self) -> dict[str, str]:
        """What an answer out of the catalogue carries: how old, in whole seconds, it may be."""
        return {"Catalogue-Age": str(math.ceil(self.age))}

    async def follow(self) -> None:
        """Follows the changes until it is cancelled, whatever happens to the database."""
        settled: Catalogue | None = None
        while True:
            current = await self.try_to_catch_up(idly=True)
            if self._catalogue is not settled:
                settled = self._catalogue
                _settle()
            await asyncio.sleep(INTERVAL if current else RETRY)

    async def try_to_catch_up(self, *, idly: bool = False) -> bool:
        """As `catch_up`; False, and a line in the log, where it cannot be done now."""
        try:
            await self.catch_up(idly=idly)
        except Exception:  # noqa: BLE001 - logged by catch_up; whatever it was, the next turn may go well
            return False
        return True

    async def catch_up(self, *, idly: bool = False) -> None:
        """Returns when all that was committed before the call is in memory.

        Callers that wait together are served by one question. `idly`: most likely nothing changed, so that is asked
        first. Raises what kept it from the database.
        """
        wanted = self._begun + 1
        async with self._turn:
            if self._done >= wanted:
                return
            self._begun += 1
            try:
                await self._ask(idly=idly)
            except Exception as error:
                await self._note_loss(error)
                raise
            except asyncio.CancelledError:  # in the middle of a question, whose answer nobody may take for another's
                await self.close()
                raise
            self._done = self._begun
            self._note_word()
            if self.when_heard is not None:
                self.when_heard()

    async def take_own(self, rows: Sequence[Record]) -> None:
        """Puts reports in memory that this worker has just committed; each has its `subject`, `xid` and figures.

        Nobody has to be asked for them, unless the database is not being followed now.
        """
        if self._catalogue is None or self._lost:
            await self.try_to_catch_up()
            return
        put_capacities(self._catalogue, self._own.add(rows, self._catalogue.position))
        if self.when_heard is not None:
            self.when_heard()

    async def _ask(self, *, idly: bool) -> None:
        """Brings the catalogue up to date, or loads it where changes alone cannot do that."""
        async with asyncio.timeout(PATIENCE):
            driver = await self._connected()
            if self._catalogue is not None and self._continuous:
                if idly and await self._has_all(driver, self._catalogue):
                    return
                if await self._follow_on(driver, self._catalogue):
                    return
        catalogue = await self._loaded()
        async with asyncio.timeout(PATIENCE):
            await self._follow_on(driver, catalogue)  # a replica leaves it open what it has seen
        if self._catalogue is not None:
            catalogue.shown = self._catalogue.take_shown()
        self._catalogue, self._continuous = catalogue, True
        self._tell(None)

    async def _connected(self) -> Driver:
        if self._driver is None:
            self._driver = await self._connection.enter_async_context(self._database.driver())
            asked = self._clock.own()
            self._clock.hear(await repository.get_time(self._driver), asked)
            await repository.claim_changes(self._driver)
            instance = await repository.get_instance(self._driver)
            if instance != self._instance:  # a server that is new may lack what another had committed
                self._instance, self._continuous = instance, False
        return self._driver

    async def _has_all(self, driver: Driver, catalogue: Catalogue) -> bool:
        """Whether nothing was committed that it has not seen: a question at a fifth of the cost of that for changes."""
        asked = self._clock.own()
        word = await repository.get_word(driver)
        self._clock.hear(word.told_at, asked)
        return word.position == catalogue.position

    async def _follow_on(self, driver: Driver, catalogue: Catalogue) -> bool:
        """Takes in what changed since; False where that cannot be told any more."""
        asked = self._clock.own()
        changes = await repository.list_changes(driver, catalogue.position)
        self._clock.hear(changes.told_at, asked)
        if not changes.complete:
            return False
        if all(row["kind"] == "capacity" for row in changes.rows):
            is_here = catalogue is self._catalogue  # and not one that was just loaded, which has none of its own
            put_capacities(catalogue, self._own.others(changes.rows) if is_here else changes.rows)
            catalogue.position = changes.position
        else:
            async with self._database.snapshot(driver):
                changes = await repository.list_changes(driver, catalogue.position)
                if not changes.complete:
                    return False
                await take_in(driver, catalogue, changes)
        put_capacities(catalogue, self._own.after(changes.position))
        self._tell(changes.audiences)
        return True

    def _tell(self, audiences: Collection[UUID] | None) -> None:
        if self.when_audiences is not None and (audiences is None or audiences):
            self.when_audiences(audiences)

    async def _loaded(self) -> Catalogue:
        started = time.monotonic()
        catalogue = await self._database.on_replica(load)
        log(CATALOGUE_LOADED, offers=len(catalogue), seconds=round(time.monotonic() - started, 3))
        return catalogue

    async def _note_loss(self, error: BaseException) -> None:
        if not self._lost:
            self._lost = True
            log(CATALOGUE_LOST, error=type(error).__qualname__, frames=frames_of(error))
        await self.close()

    async def close(self) -> None:
        """Gives its connection back."""
        self._driver = None
        with suppress(*DRIVER_FAILURES):
            await self._connection.aclose()

    def _note_word(self) -> None:
        if self._lost:
            self._lost = False
            log(CATALOGUE_REGAINED, seconds=round(self._timer() - self._heard, 3))
        self._heard = self._timer()


def _settle() -> None:
    """What is in memory now stays, so that the collector need not look through it again and again.

    What an earlier catalogue left behind is collected first: it was to stay until now. A match makes some thousand
    objects and leaves none, so the collector comes less often than for each.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.set_threshold(MADE_BEFORE_COLLECTING, 10, 10)
