"""Taking in what providers report; anyone with a role may read it.

The journey of a report, also of one that came as "unchanged" or in a file of many (`supply.capacity_reports`):

1. One statement of `supply.capacity.repository` adds it to the history, `capacity_reports`, of which a trigger refuses
   any change, and where it is the newest puts it in the place of what stood, in `current_capacities`. Whole reports
   that are plainly good and come at the same time share a statement (`supply.capacity.report_writer`).
2. Two triggers on `current_capacities` write in the same transaction. `note_insert` and `note_update` (migration 0002)
   name the offer in the log of changes, `catalogue_changes`. `tell_insert` and `tell_update` (0006) write the event
   `capacity.changed` in the outbox: where a figure differs, or stood for 30 days, and a webhook asks for it.
3. After the commit and before the answer, `Database.after_commit` (set in `parts.compose`) has this worker's
   `finding.catalogue.follower` read that log and put the report in the catalogue in memory, from which searches and
   matches are answered; reports that shared a statement are put there as they stand, unread. Every other worker's
   follower asks for changes every 20 ms.
4. The follower wakes `finding.availability_events.publisher` (`when_heard`), which sends what changed to the open
   streams of those whose question it fits.
5. Every five seconds the job `match-watches` (`dossiers.watches.evaluator`), in one process, holds the watches against
   what changed in the log since the last time. What it finds it writes, with mail and events, in one transaction
   (`dossiers.watches.notifications`); `dossiers.watches.publisher` sends it to the open streams.
   Likewise every ten seconds `tell-concerns` (`dossiers.referrals.concern_teller`) judges the open referrals again.
6. `notifying.webhooks.courier` makes deliveries out of the outbox and sends them; `notifying.mails.sender` sends mail.
7. Hourly in the working day the job `remind-providers` (`supply.reminders.service`) looks for figures that have grown
   old. A reminder is of one `observed_at`: a newer report ends its series, without a line here.
8. Until the next report, decisions on referrals move the places along (`supply.capacity.counted_places`), by the same
   table and so with the same triggers. A report that says otherwise overrules that, and the log says by how much.
9. `supply.statements` makes the quarterly statement out of the history.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, Never
from uuid import UUID

from app.domain.dates import dutch_day, dutch_midnight
from app.domain.language import Language, Text
from app.kit.database.sessions import DirectConnection, ReadSession, WriteSession
from app.kit.errors import (
    ConflictError,
    InputError,
    InvalidInputError,
    NotFoundError,
)
from app.kit.monitoring import metrics
from app.kit.monitoring.log_events import COUNTED_OVERRULED, log
from app.kit.schemas import plain_number
from app.kit.security.callers import Caller, Role
from app.kit.versions import check_version
from app.supply.capacity import history_repository, repository
from app.supply.capacity.figures import (
    PLACES,
    UNKNOWN,
    Figures,
    Wrong,
    changed_by,
    check,
    hints,
    lost_unsaid,
    not_whole,
)
from app.supply.capacity.repository import Reporter
from app.supply.capacity.schemas import (
    CapacityIn,
    CapacityOut,
    CapacityPatch,
    Hint,
    HistoryQuery,
)
from app.supply.capacity.tables import CapacityReportRow, CurrentCapacityRow, Standing
from app.supply.offers.repository import get_offer
from app.supply.providers.service import check_owner

CLOCK_SKEW = timedelta(seconds=30)
"""How far a reporting system's clock may run ahead of ours; what is within it counts as observed now."""


async def report(
    connection: DirectConnection, caller: Caller, offer_id: UUID, body: CapacityIn, if_match: str | None, now: datetime
) -> Standing:
    """Takes in a whole report; the one that stands afterwards.

    One that is older than the one that stands is kept in the history and changes nothing now. The connection has a
    transaction where there is an `if_match`.
    """
    figures, observed = body.values(exclude={"observed_at"}), observed_at(body.observed_at, now)
    unsaid = NOT_LOST - body.model_fields_set
    wrong = list(check(figures, {}, dutch_day(observed)))
    if if_match is not None or wrong:
        check_reporter(caller, await repository.find_reporter(connection, offer_id))
        standing = await repository.hold_standing(connection, offer_id)
        if if_match is not None:
            check_version(if_match, standing.report_id if standing else None)
        if wrong and standing is not None and (body.observed_at is None or observed >= standing.since):
            wrong += lost_unsaid(
                closed="accepts_referrals" in unsaid and not standing.accepts_referrals,
                waiting=standing.waiting_count if "waiting_count" in unsaid else None,
            )
    refuse(wrong)
    is_now = body.observed_at is None
    return await _add(connection, caller, offer_id, figures, observed, now, unsaid=unsaid, is_now=is_now)


NOT_LOST: Final = frozenset({"accepts_referrals", "waiting_count"})
"""What a whole report may not leave out where that would lose what stands."""


async def change(
    connection: DirectConnection,
    caller: Caller,
    offer_id: UUID,
    body: CapacityPatch,
    if_match: str | None,
    now: datetime,
) -> Standing:
    """Takes in a report that keeps what it does not name of the newest one that is not younger; what stands then.

    The connection has a transaction.
    """
    reporter = check_reporter(caller, await repository.find_reporter(connection, offer_id))
    standing = await repository.hold_standing(connection, offer_id)
    if if_match is not None:
        check_version(if_match, standing.report_id if standing else None)
    observed = observed_at(body.observed_at, now)
    if standing is not None and body.observed_at is None:
        observed = max(observed, standing.since)  # who came in between had a later moment, and is built on all the same
    before = standing
    if standing is not None and observed < standing.since:
        before = await history_repository.find_stood(connection, offer_id, observed)
    changed = changed_by(body.named(), None if before is None else figures_of(before))
    halves = () if reporter.in_hours else not_whole(changed.figures)
    refuse([*halves, *check(changed.figures, changed.kept, dutch_day(observed))])
    return await _add(connection, caller, offer_id, changed.figures, observed, now, confirmation=changed.is_same)


async def _add(
    connection: DirectConnection,
    caller: Caller,
    offer_id: UUID,
    figures: Figures,
    observed: datetime,
    now: datetime,
    *,
    confirmation: bool = False,
    unsaid: Collection[str] = (),
    is_now: bool = False,
) -> Standing:
    values = {
        **figures,
        "offer_id": offer_id,
        "observed_at": observed,
        "received_at": now,
        "client_id": caller.client_id,
        "confirmation": confirmation,
    }
    # all that follows: see above, from 2 on
    added = await repository.add_report(connection, values, owner_of(caller), unsaid=unsaid, is_now=is_now)
    if not check_reporter(caller, added and added.reporter).in_hours:
        refuse(not_whole(figures))
    if added is not None:
        refuse(lost_unsaid(closed=added.closed, waiting=added.waiting))
    current = added and added.standing
    note_added(current, "accepted" if current else "older")
    return current or await repository.find_standing(connection, offer_id) or _never()


def owner_of(caller: Caller) -> UUID | None:
    """Whose offers the caller may report on; None for anyone's."""
    return None if caller.role is Role.ADMIN else caller.provider_id


def note_added(standing: Standing | None, outcome: str) -> None:
    """Counts a report that was added, and says in the log by how much it overruled what was counted."""
    metrics.CAPACITY_REPORTS.labels(outcome).inc()
    if standing is not None and standing.difference:
        log(COUNTED_OVERRULED, offer=str(standing.offer_id), difference=standing.difference)


def refuse(wrong: Iterable[Wrong]) -> None:
    """`InvalidInputError` with all that is wrong, where anything is."""
    errors = [InputError(f"#/{name_outside(each.name)}", each.code, each.detail) for each in wrong]
    if errors:
        raise InvalidInputError(*errors)


def name_outside(name: str) -> str:
    """What a figure is called in JSON."""
    return str(CapacityIn.model_fields[name].alias)


def figures_of(row: Standing) -> Figures:
    """The figures of a report."""
    return {name: getattr(row, name) for name in UNKNOWN}


def _never() -> Never:
    raise NotFoundError(Text(nl="Een capaciteit van dit aanbod", en="A capacity of this offer"))


def observed_at(said: datetime | None, now: datetime) -> datetime:
    """When the figures were so, never after `now`; `InvalidInputError` where that lies in the future."""
    observed = said or now
    if observed > now + CLOCK_SKEW:
        raise in_future()
    return min(now, observed)


def in_future() -> InvalidInputError:
    """The error for a report of a time that has yet to come."""
    text = Text(nl="Het tijdstip ligt in de toekomst.", en="The time lies in the future.")
    return InvalidInputError(InputError("#/observedAt", "in-future", text))


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


async def _get_current(session: ReadSession | WriteSession, offer_id: UUID) -> CurrentCapacityRow:
    current = await repository.find_current(session, offer_id)
    return current or _never()


async def get_capacity(session: ReadSession, offer_id: UUID) -> CurrentCapacityRow:
    """The report that stands; `NotFoundError` where there never was one."""
    return await _get_current(session, offer_id)


async def find_standing(session: ReadSession, offer_ids: Collection[UUID]) -> dict[UUID, CurrentCapacityRow]:
    """The reports that stand, by offer, without those that were never reported."""
    return {row.offer_id: row for row in await repository.list_current(session, offer_ids)}


async def list_reports(
    session: ReadSession, offer_id: UUID, query: HistoryQuery, key: list[Any] | None
) -> list[CapacityReportRow]:
    """Every report of an offer, by the time observed; after `key` (that time, id), and one more than the page.

    `NotFoundError` where there is no such offer.
    """
    await get_offer(session, offer_id)
    return await history_repository.list_reports(
        session,
        offer_id,
        limit=query.window,
        key=key,
        start=_midnight(query.from_),
        end=_midnight(query.to and query.to + timedelta(days=1)) if query.to != date.max else None,
    )


async def list_stood(session: ReadSession, offer_id: UUID, moments: Sequence[datetime]) -> Sequence[Standing]:
    """The reports of an offer that stood at these moments, oldest first, each with its `moment`."""
    return await history_repository.list_stood(session, [offer_id], moments)


def _midnight(day: date | None) -> datetime | None:
    """When the day begins; None for no day, and for the first and last of the calendar, beyond which nothing is."""
    return None if day is None or day in (date.min, date.max) else dutch_midnight(day)


def capacity_out(row: Standing | CapacityReportRow, language: Language) -> CapacityOut:
    """A report as it goes over the wire, with what its sender may not have meant by it."""
    found = hints({name: getattr(row, name) for name in UNKNOWN}, dutch_day(row.observed_at))
    return _shown(row, [Hint.model_construct(code=code, detail=text.in_(language)) for code, text in found])


def capacity_shown(row: Standing | CapacityReportRow, language: Language) -> dict[str, Any]:
    """A report as `capacity_out` goes over the wire, as plain as JSON, because it is asked so often."""
    shown = {alias: getattr(row, name) for name, alias in _SHOWN}
    for alias in _SHOWN_PLACES:
        if shown[alias] is not None:
            shown[alias] = plain_number(shown[alias])
    found = hints({name: getattr(row, name) for name in UNKNOWN}, dutch_day(row.observed_at))
    shown["hints"] = [{"code": code, "detail": text.in_(language)} for code, text in found]
    return shown


_SHOWN: Final = [(name, str(field.alias)) for name, field in CapacityOut.model_fields.items() if name != "hints"]
_SHOWN_PLACES: Final = [alias for name, alias in _SHOWN if name in PLACES]


def capacity_without_words(row: Standing) -> CapacityOut:
    """A report as it goes over the wire in an error, where its figures are what matters."""
    return _shown(row, [])


def _shown(row: Standing | CapacityReportRow, found: list[Hint]) -> CapacityOut:
    figures = {name: getattr(row, name) for name in CapacityOut.model_fields if name != "hints"}
    return CapacityOut.model_construct(**figures, hints=found)
