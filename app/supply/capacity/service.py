"""Taking in what providers report; anyone with a role may read it.

The journey of a report, also of one that came as "unchanged" or in a file of many (`supply.capacity_reports`):

1. One statement of `supply.capacity.repository` adds it to the history, `capacity_reports`, of which a trigger refuses
   any change, and where it is the newest puts it in the place of what stood, in `current_capacities`.
2. Two triggers on `current_capacities` write in the same transaction. `note_insert` and `note_update` (migration 0002)
   name the offer in the log of changes, `catalogue_changes`. `tell_insert` and `tell_update` (0006) write the event
   `capacity.changed` in the outbox: where a figure differs, or stood for 30 days, and a webhook asks for it.
3. After the commit and before the answer, `Database.after_commit` (set in `main.compose`) has this worker's
   `finding.catalogue.follower` read that log and put the report in the catalogue in memory, from which searches and
   matches are answered. Every other worker's follower asks for changes every 20 ms.
4. The follower wakes `finding.availability_events.publisher` (`when_heard`), which sends what changed to the open
   streams of those whose question it fits.
5. Every five seconds the job `match-watches` (`dossiers.watches.evaluator`), in one process, holds the watches against
   what changed in the log since the last time. What it finds it writes, with mail and events, in one transaction
   (`dossiers.watches.notifications`); `dossiers.watches.publisher` sends it to the open streams.
6. `notifying.webhooks.courier` makes deliveries out of the outbox and sends them; `notifying.mails.sender` sends mail.
7. Hourly in the working day the job `remind-providers` (`supply.reminders.service`) looks for figures that have grown
   old. A reminder is of one `observed_at`: a newer report ends its series, without a line here.
8. Until the next report, decisions on referrals move the places along (`supply.capacity.counted_places`), by the same
   table and so with the same triggers. A report that says otherwise overrules that, and the log says by how much.
9. `supply.statements` makes the quarterly statement out of the history.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Never
from uuid import UUID

from app.domain.language import Text
from app.kit.database.sessions import DirectConnection, ReadSession, WriteSession
from app.kit.errors import (
    ConflictError,
    InputError,
    InvalidInputError,
    NotFoundError,
)
from app.kit.monitoring import metrics
from app.kit.monitoring.log_events import COUNTED_OVERRULED, log
from app.kit.security.callers import Caller, Role
from app.kit.versions import check_version
from app.supply.capacity import repository
from app.supply.capacity.repository import Reporter, Standing
from app.supply.capacity.schemas import (
    CapacityIn,
    CapacityOut,
    ConfirmationsOut,
    ConfirmedOut,
    HistoryQuery,
)
from app.supply.capacity.tables import CapacityReportRow, CurrentCapacityRow
from app.supply.offers.repository import get_offer
from app.supply.providers.repository import find_location, get_provider
from app.supply.providers.service import check_owner

CLOCK_SKEW = timedelta(seconds=30)
"""How far a reporting system's clock may run ahead of ours; what is within it counts as observed now."""


async def report(
    connection: DirectConnection, caller: Caller, offer_id: UUID, body: CapacityIn, if_match: str | None, now: datetime
) -> Standing:
    """Takes in a report; the one that stands afterwards.

    One that is older than the one that stands is kept in the history and changes nothing now.
    """
    if if_match is not None:
        check_reporter(caller, await repository.find_reporter(connection, offer_id))
        standing = await repository.find_standing(connection, offer_id, lock=True)
        check_version(if_match, standing.report_id if standing else None)
    values = body.values() | {
        "offer_id": offer_id,
        "observed_at": observed_at(body, now),
        "client_id": caller.client_id,
    }
    owner = None if caller.role is Role.ADMIN else caller.provider_id
    reporter, current = await repository.add_report(connection, values, owner)  # all that follows: see above, from 2 on
    check_reporter(caller, reporter)
    metrics.CAPACITY_REPORTS.labels("accepted" if current else "older").inc()
    if current and current.difference:
        log(COUNTED_OVERRULED, offer=str(offer_id), difference=current.difference)
    return current or await repository.find_standing(connection, offer_id) or _never()


def _never() -> Never:
    raise NotFoundError(Text(nl="Een capaciteit van dit aanbod", en="A capacity of this offer"))


def observed_at(body: CapacityIn, now: datetime) -> datetime:
    """When the figures were so, never after `now`; `InvalidInputError` where that lies in the future."""
    observed = body.observed_at or now
    if observed > now + CLOCK_SKEW:
        text = Text(nl="Het tijdstip ligt in de toekomst.", en="The time lies in the future.")
        raise InvalidInputError(InputError("#/observedAt", "in-future", text))
    return min(now, observed)


def check_reporter(caller: Caller, reporter: Reporter | None) -> Reporter:
    """Lets through who may report on the offer of `reporter`, which is None where there is no such offer."""
    if reporter is None:
        raise NotFoundError(Text(nl="Dit aanbod", en="This offer"))
    check_owner(caller, reporter.provider_id)
    if reporter.ended_at is not None:
        raise ConflictError(
            Text(
                nl="Dit aanbod is beëindigd; bied het eerst opnieuw aan (PUT van het aanbod).",
                en="This offer has ended; give it again first (PUT of the offer).",
            )
        )
    return reporter


async def confirm(session: WriteSession, caller: Caller, offer_id: UUID, now: datetime) -> Standing:
    """Takes in "unchanged": the figures that stand are observed as of now."""
    check_reporter(caller, await repository.find_reporter(session, offer_id))
    current = await repository.add_confirmation(session, offer_id, now, caller.client_id)
    standing = current or await repository.find_current(session, offer_id)
    if standing is None:
        raise ConflictError(
            Text(
                nl="Er is nog niets om te bevestigen; stuur eerst de cijfers (PUT).",
                en="There is nothing to confirm yet; send the figures first (PUT).",
            )
        )
    metrics.CAPACITY_REPORTS.labels("confirmed").inc()
    return standing


async def confirm_all(
    session: WriteSession, caller: Caller, provider_id: UUID, location_key: str | None, now: datetime
) -> ConfirmationsOut:
    """Takes in "unchanged" for all offers that a provider gives now, or for those at its location with this key."""
    await get_provider(session, provider_id)
    check_owner(caller, provider_id)
    location_id = None
    if location_key is not None:
        location = await find_location(session, provider_id, location_key)
        if location is None:
            raise NotFoundError(Text(nl="Deze locatie", en="This location"))
        location_id = location.id
    await repository.add_confirmations(session, provider_id, location_id, now, caller.client_id)
    items = [
        ConfirmedOut(
            offer_id=row.id,
            offer_key=row.key,
            status="never-reported" if row.observed_at is None else "confirmed",
            observed_at=row.observed_at,
        )
        for row in await repository.list_standing(session, provider_id, location_id)
    ]
    confirmed = sum(each.status == "confirmed" for each in items)
    metrics.CAPACITY_REPORTS.labels("confirmed").inc(confirmed)
    return ConfirmationsOut(confirmed=confirmed, never_reported=len(items) - confirmed, items=items)


async def _get_current(session: ReadSession | WriteSession, offer_id: UUID) -> CurrentCapacityRow:
    current = await repository.find_current(session, offer_id)
    return current or _never()


async def get_capacity(session: ReadSession, offer_id: UUID) -> CurrentCapacityRow:
    """The report that stands; `NotFoundError` where there never was one."""
    return await _get_current(session, offer_id)


async def list_reports(
    session: ReadSession, offer_id: UUID, query: HistoryQuery, key: list[Any] | None
) -> list[CapacityReportRow]:
    """Every report of an offer, by the time observed; after `key` (that time, id), and one more than the page.

    `NotFoundError` where there is no such offer.
    """
    await get_offer(session, offer_id)
    return await repository.list_reports(
        session,
        offer_id,
        limit=query.window,
        key=key,
        start=_midnight(query.from_),
        end=_midnight(query.to + timedelta(days=1) if query.to and query.to < date.max else None),
    )


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), UTC)


def capacity_out(row: Standing | CapacityReportRow) -> CapacityOut:
    """A report as it goes over the wire."""
    return CapacityOut.model_construct(**{name: getattr(row, name) for name in CapacityOut.model_fields})
