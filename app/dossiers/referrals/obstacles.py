"""What stands in the way of a referral: the reasons for which the match would leave its offer out now.

They are found by the filters of the ranking alone (`finding.matching.exclusions`); here is only what they are asked:
which child, with which choice, for how many places, and which of them count at which door.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from app.dossiers.arrangements.service import exceptions_on
from app.dossiers.referrals.obstacle_codes import ON_THE_WAY, Obstacle, in_order
from app.dossiers.referrals.states import OPEN
from app.dossiers.referrals.tables import FullReferral, ReferralRow
from app.dossiers.requests.match_request import check_municipality, of_known_place
from app.dossiers.requests.tables import RequestRow
from app.finding.catalogue.catalogue import Catalogue
from app.finding.matching.exclusions import reasons_against
from app.finding.matching.schemas import EarlierDecline, OfferException
from app.finding.matching.service import ranked_request
from app.ranking.model import Request
from app.reference.lists import reference


def obstacles_to_new(
    catalogue: Catalogue,
    request: RequestRow,
    offer_id: UUID,
    choice: Mapping[str, object] | None,
    places: int,
    declines: Sequence[EarlierDecline],
    exceptions: Sequence[OfferException],
    today: date,
) -> tuple[Obstacle, ...]:
    """What stands in the way of a referral that has yet to be sent, for one of its children.

    `choice` is the one that it stands for, `places` what its children take together, `declines` the earlier refusals
    of this child and `exceptions` what was granted for it. `ConflictError` where the municipality of the request is no
    more.
    """
    check_municipality(request)
    asked = _asked(request, places, today, exceptions, declines)
    most_km = None if choice is None else choice.get("maxDistanceKm")
    found = reasons_against(catalogue, asked, offer_id, today, most_km if isinstance(most_km, int | float) else None)
    return ("offer-ended",) if found is None else found


def obstacles_to_sent(
    catalogue: Catalogue, full: FullReferral, request: RequestRow, today: date
) -> tuple[Obstacle, ...]:
    """What stands in the way of a referral that has been sent, for one of its children, as ON_THE_WAY.

    It is judged by what it says of the child, so that its provider learns no more; where the child lives and its
    measure are as they are now. None of care outside the contracts, and none where the municipality is no more.
    """
    row = full.referral
    if row.offer_id is None or request.municipality_code not in reference().municipalities:
        return ()
    granted = exceptions_on(full.exceptions, request.id, today)
    needs, characteristics = frozenset(row.needs), frozenset(row.characteristics)
    asked = replace(_asked(request, row.places, today, granted), needs=needs, characteristics=characteristics)
    found = reasons_against(catalogue, asked, row.offer_id, today)
    if found is None:
        return ("offer-ended",)
    slot = catalogue.find_slot(str(row.offer_id))
    is_other = slot is not None and row.care_type not in {None, catalogue.entry(slot).care_type}
    other: tuple[Obstacle, ...] = ("other-care-type",) if is_other else ()
    return in_order(each for each in (*found, *other) if each in ON_THE_WAY)


def can_be_judged(row: ReferralRow) -> bool:
    """Whether the ground can move under a referral: help may still start from it, at an offer."""
    return row.offer_id is not None and row.status in OPEN


def _asked(
    request: RequestRow,
    places: int,
    today: date,
    exceptions: Sequence[OfferException],
    declines: Sequence[EarlierDecline] = (),
) -> Request:
    """A request as its matches rank it, for so many places together."""
    body = of_known_place(request, (), today, "timely-first", 1, declines, exceptions)
    return replace(ranked_request(body), places=places)
