"""That a child is in one place at a time: help that starts twice, or stays that overlap, are errors in the dossier."""

from collections.abc import Sequence
from datetime import date

from app.dossiers.referrals import repository
from app.dossiers.referrals.errors import OverlappingStayError
from app.dossiers.referrals.sibling_group import Family
from app.dossiers.referrals.tables import ReferralChildRow, ReferralRow
from app.kit.database.sessions import WriteSession
from app.reference.lists import reference


async def check_stays(
    session: WriteSession, family: Family, row: ReferralRow, children: Sequence[ReferralChildRow], on: date | None
) -> None:
    """`OverlappingStayError` where help of the same kind already runs for one of these children on that day.

    Of the same kind is help of the same care type, and any two that are both residential: help at home or by day may
    run beside a stay.
    """
    if on is None or row.offer_id is None:
        return
    own = await repository.care_types_of(session, [row.offer_id])
    for child in children:
        running = [
            (other, stay)
            for other, stay in family.covering(family.request(child.request_id))
            if other is not row and stay.started_on is not None and (stay.ended_on is None or on < stay.ended_on)
        ]
        theirs = await repository.care_types_of(session, [other.offer_id for other, _ in running if other.offer_id])
        for other, stay in running:
            if other.offer_id is not None and _same_kind(own[row.offer_id], theirs[other.offer_id]):
                raise OverlappingStayError(other.id, stay.started_on, stay.ended_on)


def _same_kind(one: str, other: str) -> bool:
    known = reference().care_types
    return one == other or (known[one].residential and known[other].residential)
