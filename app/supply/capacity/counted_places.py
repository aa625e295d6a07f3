"""Counting places between two reports, as decisions on referrals take them and give them back."""

from datetime import datetime
from uuid import UUID

from app.domain.language import Text
from app.kit.database.sessions import WriteSession
from app.kit.security.callers import Caller
from app.supply.capacity import repository
from app.supply.capacity.errors import NoPlaceError
from app.supply.capacity.place_movements import Movement, Places, move
from app.supply.capacity.service import capacity_without_words
from app.supply.capacity.tables import CurrentCapacityRow


async def count(
    session: WriteSession, caller: Caller, offer_id: UUID, movement: Movement, places: int, now: datetime
) -> bool:
    """Moves places of the report that stands; False where there never was one, so that there is nothing to count.

    The report is held until the transaction ends, so of many who take the last place one gets it and the others get
    a `NoPlaceError` with what stands then. The figures stay as old as the provider's own observation.
    """
    standing = await repository.find_current(session, offer_id, lock=True)
    if standing is None:
        return False
    before = _places(standing)
    after = move(before, movement, places)
    if after is None:
        raise _no_place(standing, places)
    if after != before:
        await repository.add_counted(session, standing, after, now, caller.client_id)
    return True


def _places(row: CurrentCapacityRow) -> Places:
    return Places(row.places_total, row.places_occupied, row.places_reserved, row.places_free)


def _no_place(standing: CurrentCapacityRow, wanted: int) -> NoPlaceError:
    free = standing.places_free
    text = Text(
        nl=f"Nodig: {wanted} plek(ken); vrij volgens de cijfers: {free:g}. Is er toch plek, meld die dan eerst.",
        en=f"Places needed: {wanted}; free by the figures: {free:g}. If there is room all the same, report it first.",
    )
    return NoPlaceError(text, capacity=capacity_without_words(standing).model_dump(mode="json"))
