"""The statement with which the reports of many callers go in together, each as if it were alone.

It goes to the driver itself, and takes in what is plainly good: a whole report of an offer that has one already. What
it does not take in is for `repository.add_report`, which says why not.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from app.kit.database.sessions import Driver, Record
from app.supply.capacity.figures import Figures
from app.supply.capacity.repository import FIGURES, HOURS
from app.supply.capacity.tables import StandingReport

_SAID: Final = {
    "places_total": "real",
    "places_occupied": "real",
    "places_reserved": "real",
    "places_free": "real",
    "waiting_count": "int",
    "next_free_on": "date",
    "wait_days_intake": "int",
    "wait_days_treatment": "int",
    "accepts_referrals": "boolean",
    "note": "text",
}
_ASKED: Final = {
    "offer_id": "uuid",
    "observed_at": "timestamptz",
    "received_at": "timestamptz",
    "client_id": "text",
    "owner": "uuid",
    "halves": "boolean",
    "closed_unsaid": "boolean",
    "waiting_unsaid": "boolean",
    "is_now": "boolean",
}
_GIVEN: Final = _SAID | _ASKED
_PARAMETERS: Final = [f"${number}::{kind}" for number, kind in enumerate(_GIVEN.values(), start=1)]
_ONE: Final = f"(VALUES ({', '.join(_PARAMETERS)}))"
_MANY: Final = f"unnest({', '.join(f'{each}[]' for each in _PARAMETERS)})"
_SENT: Final = ", ".join([*_SAID, "received_at", "client_id"])
_TAKEN_OVER: Final = ", ".join(f"{name} = report.{name}" for name in FIGURES)
_SINCE: Final = "coalesce(standing.counted_at, standing.observed_at)"


def _statement(given: str) -> str:
    """What adds the given rows, and lets each stand.

    SKIP LOCKED: nobody waits for what another holds of one of them; that one goes the other way, and waits alone.
    What follows on the update is named in `service`, from 2 on.
    """
    return f"""
    WITH held AS (
        SELECT given.*, greatest(given.observed_at, CASE WHEN given.is_now THEN {_SINCE} END) AS moment
        FROM {given} AS given ({", ".join(_GIVEN)})
        JOIN offers ON offers.id = given.offer_id
        JOIN current_capacities AS standing ON standing.offer_id = given.offer_id
        WHERE offers.ended_at IS NULL
            AND (given.owner IS NULL OR offers.provider_id = given.owner)
            AND (NOT given.halves OR offers.unit = '{HOURS}')
            AND (given.is_now OR given.observed_at >= {_SINCE})
            AND NOT (given.closed_unsaid AND NOT standing.accepts_referrals)
            AND NOT (given.waiting_unsaid AND coalesce(standing.waiting_count, 0) > 0)
        FOR KEY SHARE OF offers SKIP LOCKED
        FOR NO KEY UPDATE OF standing SKIP LOCKED
    ), report AS (
        INSERT INTO capacity_reports (offer_id, observed_at, confirmation, {_SENT})
        SELECT offer_id, moment, false, {_SENT} FROM held
        RETURNING *
    )
    UPDATE current_capacities AS standing
    SET report_id = report.id, {_TAKEN_OVER}, counted_from = NULL,
        difference = CASE WHEN standing.counted_at IS NOT NULL THEN report.places_free - standing.places_free END
    FROM report
    WHERE standing.offer_id = report.offer_id
    RETURNING standing.offer_id AS subject, pg_current_xact_id()::text::bigint AS xid, standing.*
"""  # noqa: S608 - the names are those above


_LET_ONE_STAND: Final = _statement(_ONE)
"""As `_LET_STAND`, of one: PostgreSQL keeps its plan, and makes a new one for arrays each time, which takes as long as
half of the report."""
_LET_STAND: Final = _statement(_MANY)


class GivenReport(NamedTuple):
    """A whole report, what it leaves unsaid, and on whose behalf it comes (`owner`; None: anyone's)."""

    offer_id: UUID
    figures: Figures
    observed_at: datetime
    received_at: datetime
    client_id: str
    owner: UUID | None
    halves: bool
    closed_unsaid: bool
    waiting_unsaid: bool
    is_now: bool


async def let_stand(driver: Driver, reports: Sequence[GivenReport]) -> list[Record]:
    """Adds the reports, no two of one offer, and lets each stand, in one statement; a row for each that was added.

    A row has what the catalogue asks of a report (`subject`, which is the offer, and `xid`), and `standing_report`.
    """
    if len(reports) == 1:
        (only,) = reports
        given = [*(only.figures[name] for name in _SAID), *(getattr(only, name) for name in _ASKED)]
        return list(await driver.fetch(_LET_ONE_STAND, *given))
    columns: list[list[object]] = [[each.figures[name] for each in reports] for name in _SAID]
    columns += [[getattr(each, name) for each in reports] for name in _ASKED]
    rows: list[Record] = await driver.fetch(_LET_STAND, *columns)
    return rows


def standing_report(row: Record) -> StandingReport:
    """The report that stands, out of a row of `let_stand`."""
    return StandingReport(*[row[name] for name in StandingReport._fields])
