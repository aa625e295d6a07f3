"""Bringing the tables of insight up to date with what was recorded in dossiers, day by day."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, TypeAlias
from uuid import UUID

from app.domain.dates import dutch_midnight
from app.insight.history import repository
from app.insight.history.dossiers import Dossier
from app.insight.history.known_escalations import escalations_of
from app.insight.history.known_referrals import referrals_of
from app.insight.history.needs import needs_of
from app.insight.history.repository import Derived
from app.insight.history.tables import KnownEscalationRow, KnownReferralRow, NeedRow
from app.insight.history.timeline import Stretch, with_known
from app.kit.database.sessions import WriteSession

Make: TypeAlias = Callable[[Dossier], Mapping[Any, dict[str, Any]]]
Stretches: TypeAlias = dict[Any, list[Stretch]]
"""What was known of one dossier, by number of the need or by referral."""

_OVERLAP: Final = timedelta(minutes=10)
"""For as long as what was recorded may yet be committed: each time what is this much older is looked at again."""
_BATCH: Final = 200
_MOMENT: Final = timedelta(microseconds=1)
_MAKE: Final[Mapping[Derived, Make]] = {
    NeedRow: needs_of,
    KnownReferralRow: referrals_of,
    KnownEscalationRow: escalations_of,
}


async def bring_up_to_date(session: WriteSession, now: datetime) -> None:
    """Takes in what was recorded since the last time, each day as it was known at its end, today as it is known now.

    Safe to repeat: what is there already stays as it is.
    """
    source = await repository.hold_source(session, "dossiers")
    since = source.brought_up_to or await repository.first_version_at(session)
    if since is not None:
        changes = await repository.list_changes(session, min(since, now) - _OVERLAP, now)
        ids = sorted(changes)
        for first in range(0, len(ids), _BATCH):
            await _take_in(session, {each: changes[each] for each in ids[first : first + _BATCH]}, now)
    source.brought_up_to = now
    await session.flush()


async def rebuild(session: WriteSession, now: datetime) -> None:
    """Makes all of it anew from the versions: what comes is what was there."""
    source = await repository.hold_source(session, "dossiers")
    source.brought_up_to = None
    await repository.forget(session)
    await bring_up_to_date(session, now)


async def _take_in(session: WriteSession, changes: Mapping[UUID, Sequence[date]], now: datetime) -> None:
    """What was known of these requests at the end of the days is what was known on them."""
    recorded = await repository.list_recorded(session, changes, now)
    known = {
        request_id: [(day, recorded.known_at(request_id, _end(day, now))) for day in days]
        for request_id, days in changes.items()
    }
    for table, make in _MAKE.items():
        before: dict[UUID, Stretches] = {request_id: {} for request_id in changes}
        for (request_id, key), stretches in (await repository.list_stretches(session, table, changes)).items():
            before[request_id][key] = stretches
        after = {request_id: _with_all(before[request_id], known[request_id], make) for request_id in changes}
        changed = {
            (request_id, key): stretches
            for request_id, own in after.items()
            if own != before[request_id]
            for key, stretches in own.items()
        }
        await repository.replace_stretches(session, table, changed)


def _end(day: date, now: datetime) -> datetime:
    """The last moment of a day, or now where it is not over."""
    return min(dutch_midnight(day + timedelta(days=1)) - _MOMENT, now)


def _with_all(before: Stretches, known: Sequence[tuple[date, Dossier | None]], make: Make) -> Stretches:
    """The stretches of one dossier with what was known of it on these days, the first first."""
    after = before
    for day, dossier in known:
        made = make(dossier) if dossier is not None else {}
        after = {key: with_known(after.get(key, []), day, made.get(key)) for key in {*after, *made}}
    return after
