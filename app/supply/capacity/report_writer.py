"""Takes in whole reports that are plainly good, those that come at the same time in one statement and one commit."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from app.domain.dates import dutch_day
from app.kit.database.sessions import DRIVER_FAILURES, WAITS_CUT, Database, Record, driver_of, is_refusal, reason_of
from app.kit.database.together import Together
from app.kit.security.callers import Caller
from app.supply.capacity import group_repository
from app.supply.capacity.figures import PLACES, check, has_half
from app.supply.capacity.group_repository import GivenReport
from app.supply.capacity.schemas import WholeReport
from app.supply.capacity.service import NOT_LOST, note_added, observed_at, owner_of
from app.supply.capacity.tables import StandingReport

STUCK: Final = 0.3
"""Seconds after which a go is no longer waited for: whoever comes then goes alone."""


class ReportWriter:
    """One of a worker.

    `when_stored`, where it is set, is awaited with the rows that stand (`group_repository.let_stand`) after they are
    committed and before anybody is answered; otherwise what follows on any commit follows. It must not raise.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._together = Together(self._add, lambda report: report.offer_id)
        self.when_stored: Callable[[Sequence[Record]], Awaitable[object]] | None = None

    async def report(self, caller: Caller, offer_id: UUID, said: WholeReport, now: datetime) -> StandingReport | None:
        """As `service.report`, committed, of what is plainly good; None where that has to look."""
        figures, observed = said.figures, observed_at(said.observed_at, now)
        if self._together.seconds > STUCK or any(check(figures, {}, dutch_day(observed))):
            return None
        unsaid = NOT_LOST.difference(said.named)
        given = GivenReport(
            offer_id=offer_id,
            figures=figures,
            observed_at=observed,
            received_at=now,
            client_id=caller.client_id,
            owner=owner_of(caller),
            halves=any(has_half(figures, name) for name in PLACES),
            closed_unsaid="accepts_referrals" in unsaid,
            waiting_unsaid="waiting_count" in unsaid,
            is_now=said.observed_at is None,
        )
        standing = await self._together.ask(given)
        if standing is not None:
            note_added(standing, "accepted")
        return standing

    async def _add(self, reports: list[GivenReport]) -> list[StandingReport | None]:
        try:
            rows = await self._store(reports)
        except _RefusedError:
            return [None] * len(reports)  # each is told by itself what is wrong, and the others are taken in
        if rows:
            await (self.when_stored(rows) if self.when_stored else self._database.committed())
        standing = {row["subject"]: group_repository.standing_report(row) for row in rows}
        return [standing.get(each.offer_id) for each in reports]

    async def _store(self, reports: list[GivenReport]) -> list[Record]:
        """The rows of those that were stored, committed; `_RefusedError` where surely none was.

        Where the connection was lost nobody knows, so nobody is told that it was stored.
        """
        async with self._database.aside() as connection:
            try:
                return await group_repository.let_stand(await driver_of(connection), reports)
            except DRIVER_FAILURES as error:
                reason = reason_of(error, waits_cut=WAITS_CUT in connection.info)
                if reason is not None:
                    raise reason from error
                if is_refusal(error):
                    raise _RefusedError from error
                await connection.invalidate()
                raise ConnectionError("the connection was lost over a group of reports") from error


class _RefusedError(Exception):
    """A group of reports was not stored, and nothing of it."""
