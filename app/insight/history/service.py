"""Bringing the tables of insight up to date with what was recorded in dossiers, day by day."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from app.domain.dates import dutch_day, dutch_midnight
from app.insight.history import repository
from app.insight.history.dossiers import Dossier
from app.insight.history.known_escalations import escalations_of
from app.insight.history.known_referrals import referrals_of
from app.insight.history.needs import days_between, needs_of
from app.insight.history.repository import Derived
from app.insight.history.tables import KnownEscalationRow, KnownReferralRow, NeedRow
from app.insight.history.timeline import Stretch, with_known
from app.kit.database.sessions import WriteSession

_OVERLAP: Final = timedelta(minutes=10)
"""For as long as what was recorded may yet be committed: each time what is this much older is looked at again."""
_BATCH: Final = 1000
_MOMENT: Final = timedelta(microseconds=1)
_MAKE: Final[Mapping[Derived, Callable[[Dossier], Mapping[Any, dict[str, Any]]]]] = {
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
        after = min(since, now) - _OVERLAP
        for day in days_between(dutch_day(after), dutch_day(now)):
            begin = max(after, dutch_midnight(day) - _MOMENT)
            end = min(dutch_midnight(day + timedelta(days=1)) - _MOMENT, now)
            ids = await repository.list_changed(session, begin, end)
            for first in range(0, len(ids), _BATCH):
                await _take_in(session, ids[first : first + _BATCH], day, end)
    source.brought_up_to = now
    await session.flush()


async def rebuild(session: WriteSession, now: datetime) -> None:
    """Makes all of it anew from the versions: what comes is what was there."""
    source = await repository.hold_source(session, "dossiers")
    source.brought_up_to = None
    await repository.forget(session)
    await bring_up_to_date(session, now)


async def _take_in(session: WriteSession, ids: Collection[UUID], day: date, at: datetime) -> None:
    """What was known of these requests at that moment is what was known on that day."""
    dossiers = await repository.list_dossiers(session, ids, at)
    for table, make in _MAKE.items():
        before = await repository.list_stretches(session, table, ids)
        made = {(dossier.request_id, key): values for dossier in dossiers for key, values in make(dossier).items()}
        changed = {request_id for request_id, _ in _differing(before, made, day)}
        after = {
            key: with_known(before.get(key, []), day, made.get(key)) for key in {*before, *made} if key[0] in changed
        }
        await repository.replace_stretches(session, table, after)


def _differing(
    before: Mapping[tuple[UUID, Any], list[Stretch]], made: Mapping[tuple[UUID, Any], dict[str, Any]], day: date
) -> list[tuple[UUID, Any]]:
    """What was not known so on that day."""
    return [key for key in {*before, *made} if _known_on(before.get(key, []), day) != made.get(key)]


def _known_on(stretches: Collection[Stretch], day: date) -> dict[str, Any] | None:
    return next((each.values for each in stretches if each.start <= day < each.end), None)
