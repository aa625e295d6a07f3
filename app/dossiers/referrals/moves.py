"""What a change of the child means for its open referrals: where it lives now, and whether they can still be."""

from datetime import datetime

from app.dossiers.referrals import repository
from app.dossiers.referrals.concerns import record_concerns
from app.dossiers.referrals.history import note
from app.dossiers.referrals.sibling_group import Family
from app.dossiers.referrals.states import OPEN
from app.dossiers.requests.tables import RequestRow
from app.finding.catalogue.catalogue import Catalogue
from app.kit.database.sessions import WriteSession
from app.kit.security.callers import Caller


async def follow_child(
    session: WriteSession,
    catalogue: Catalogue,
    caller: Caller,
    family: Family,
    request: RequestRow,
    lived_in: str,
    now: datetime,
) -> None:
    """Brings the referrals from which help may still start along with a child that has changed; the family is held.

    Where its responsible municipality is another than `lived_in`, they follow, and their providers are told; what now
    stands in the way of them is told to both sides. What has started or ended stays as it was.
    """
    for full in family.shown:
        row = full.referral
        if row.status not in OPEN or request.id not in {child.request_id for child in family.children_of(row)}:
            continue
        if request.municipality_code != lived_in:
            if row.request_id == request.id:
                row.municipality_code, row.region_code = request.municipality_code, request.region_code
            row.version += 1
            row.updated_at = now
            details = {"old": lived_in, "new": request.municipality_code}
            await repository.save(session)
            await note(session, caller, row, "move", "institution", before=row.status, details=details, now=now)
        await record_concerns(session, catalogue, full, now)
