"""What a child's referrals say of secure care: since when it is there, where, and whether a next place is promised."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from app.dossiers.referrals.sibling_group import Family
from app.dossiers.referrals.states import PLACED
from app.dossiers.referrals.tables import FullReferral, ReferralChildRow, ReferralRow
from app.dossiers.requests.tables import RequestRow
from app.reference.lists import reference

Referred = tuple[ReferralRow, ReferralChildRow]


def secure_care_of(family: Family, request: RequestRow) -> dict[str, Any]:
    """The columns of secure care of a request: its last stay, or the place that is promised after that has ended."""
    covering = family.covering(request)
    secure = [each for each in covering if _is_secure(family.full(each[0].id))]
    last = _last(secure)
    promised = next((each for each in secure if each[0].status == "accepted" and each[1].is_in), None)
    if promised is not None and last is not None and last[1].ended_on is not None:
        last = None
    place = promised if last is None else last if last[1].ended_on is None else None
    since = None if last is None else _since([child for _, child in secure], last[1])
    return {
        "secure_since": since,
        "secure_left_on": last[1].ended_on if last else None,
        "secure_offer_id": place[0].offer_id if place else None,
        "next_place_found_on": None if since is None else _next_place(family, covering, since),
    }


def _last(secure: Sequence[Referred]) -> Referred | None:
    """The stay that began last; of those of one day the one that goes on."""
    started = [each for each in secure if each[1].started_on is not None]
    return max(started, key=lambda each: (each[1].started_on, each[1].ended_on is None), default=None)


def _since(children: Sequence[ReferralChildRow], last: ReferralChildRow) -> date | None:
    """When the last stay began: going from one secure place to the next without a day between is one stay.

    January to 1 March, 1 March to May: since January.
    """
    since = last.started_on
    for child in sorted(children, key=lambda each: each.started_on or date.max, reverse=True):
        if since is None or child.started_on is None or child.started_on >= since:
            continue
        if child.ended_on is None or child.ended_on >= since - timedelta(days=1):
            since = child.started_on
    return since


def _next_place(family: Family, covering: Sequence[Referred], since: date) -> date | None:
    """When a place outside secure care was first promised that is no older than the stay."""
    days = [
        referral.accepted_on
        for referral, child in covering
        if referral.accepted_on is not None
        and referral.status in PLACED
        and (child.started_on is None or child.started_on >= since)
        and _is_elsewhere(family.full(referral.id))
    ]
    return min(days, default=None)


def _is_secure(full: FullReferral) -> bool:
    return full.offer is not None and full.offer.needs_court_authorisation


def _is_elsewhere(full: FullReferral) -> bool:
    """Whether it is a place to live outside secure care; help at home does not say where the child goes."""
    if full.offer is None:
        return True
    care_type = reference().care_types[full.offer.care_type]
    return care_type.residential and not full.offer.needs_court_authorisation
