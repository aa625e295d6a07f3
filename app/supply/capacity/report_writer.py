"""Takes in whole reports that are plainly good, those that come at the same time in one statement and one commit."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import asyncpg

from app.kit.database.sessions import DRIVER_FAILURES, WAITS_CUT, Database, Record, driver_of, reason_of
from app.kit.database.together import Together
from app.supply.capacity import group_repository
from app.supply.capacity.group_repository import GivenReport
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

    async def add(self, report: GivenReport) -> StandingReport | None:
        """The report as it stands, committed; None where it was not added, and has to be looked at alone."""
        if self._together.seconds > STUCK:
            return None
        return await self._together.ask(report)

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
                if _is_refusal(error):
                    raise _RefusedError from error
                await connection.invalidate()
                raise ConnectionError("the connection was lost over a group of reports") from error


class _RefusedError(Exception):
    """A group of reports was not stored, and nothing of it."""


def _is_refusal(error: BaseException) -> bool:
    """Whether PostgreSQL refused the statement, or the driver to send it, so that nothing came of it."""
    if isinstance(error, asyncpg.PostgresError):
        return getattr(error, "severity_en", None) == "ERROR"
    return isinstance(error, asyncpg.InterfaceError)
