"""Counting places between two reports, as decisions on referrals take them and give them back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.domain.language import Text
from app.kit.database.sessions import WriteSession
from app.kit.security.callers import Caller
from app.supply.capacity import history_repository, repository
from app.supply.capacity.errors import NoPlaceError
from app.supply.capacity.place_movements import Places, Stay, settled
from app.supply.capacity.service import capacity_without_words
from app.supply.capacity.tables import CapacityReportRow, CurrentCapacityRow

_NEXT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Held:
    """The figures of an offer, held until the transaction ends, and the provider's own report that they count from."""

    standing: CurrentCapacityRow
    reported: CurrentCapacityRow | CapacityReportRow
    reported_id: int

    def moment(self, now: datetime) -> datetime:
        """When what is decided now is recorded: after the report and what was counted since, whatever their clocks."""
        return max(now, (self.standing.counted_at or self.reported.observed_at) + _NEXT)


async def hold(session: WriteSession, offer_id: UUID) -> Held | None:
    """Holds the figures of an offer; None where nothing was ever reported, so that there is nothing to count.

    Of many who take the last place one gets it: the others wait here, and find it gone.
    """
    standing = await repository.find_current(session, offer_id, lock=True)
    if standing is None:
        return None
    if standing.counted_from is None:
        return Held(standing, standing, standing.report_id)
    reported = await history_repository.get_report(session, standing.counted_from)
    return Held(standing, reported, reported.id)


async def settle(session: WriteSession, caller: Caller, held: Held, stays: Iterable[Stay], now: datetime) -> None:
    """Makes the figures what the provider reported and what was decided since; `stays` are all that may count.

    `NoPlaceError` with what stands where more places would be taken than are free. The figures stay as old as the
    provider's own observation.
    """
    before, reported = _places(held.standing), held.reported
    after = settled(_places(reported), reported.observed_at, stays)
    if after.free < 0:
        raise _no_place(held.standing, before.free - after.free)
    if after != before:
        await repository.add_counted(
            session,
            held.standing,
            after,
            counted_from=held.reported_id,
            now=held.moment(now),
            client_id=caller.client_id,
        )


def fits(held: Held, stays: Iterable[Stay]) -> bool:
    """Whether there are places for all of these stays."""
    return settled(_places(held.reported), held.reported.observed_at, stays).free >= 0


def _places(row: CurrentCapacityRow | CapacityReportRow) -> Places:
    return Places(row.places_total, row.places_occupied, row.places_reserved, row.places_free)


def _no_place(standing: CurrentCapacityRow, wanted: float) -> NoPlaceError:
    free = standing.places_free
    text = Text(
        nl=f"Nodig: {wanted:g} plek(ken); vrij volgens de cijfers: {free:g}. Is er toch plek, meld die dan eerst.",
        en=f"Places needed: {wanted:g}; free by the figures: {free:g}. If there is room all the same, report it first.",
    )
    return NoPlaceError(text, capacity=capacity_without_words(standing).model_dump(mode="json"))
