"""The children that referrals are for together, with all of their referrals, held while something is decided.

A sibling group asks for its places together, in one referral, which says for whom it was sent; a child that joins the
group later is no part of it. Each child keeps its own request and clocks.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self
from uuid import UUID

from app.dossiers.referrals import family_repository, repository
from app.dossiers.referrals.states import OPEN, PLACED
from app.dossiers.referrals.tables import FullReferral, ReferralChildRow, ReferralRow
from app.dossiers.requests.repository import get_request
from app.dossiers.requests.tables import RequestRow
from app.kit.database.sessions import WriteSession
from app.kit.errors import NotFoundError
from app.kit.security.callers import Caller


@dataclass(frozen=True, slots=True)
class Family:
    """A child's request, those of its sibling group, all that share a referral with one of them, and the referrals."""

    requests: Sequence[RequestRow]
    shown: Sequence[FullReferral]

    @classmethod
    async def of(cls, session: WriteSession, requests: Sequence[RequestRow]) -> Self:
        """The family of these requests, which are held."""
        return cls(requests, await repository.list_of_requests(session, [request.id for request in requests]))

    @property
    def referrals(self) -> Sequence[ReferralRow]:
        """The referrals of its requests, by id."""
        return [full.referral for full in self.shown]

    @property
    def children(self) -> Sequence[ReferralChildRow]:
        """The children of all these referrals."""
        return [child for full in self.shown for child in full.children]

    def request(self, request_id: UUID) -> RequestRow:
        """One of its requests."""
        return next(request for request in self.requests if request.id == request_id)

    def full(self, referral_id: UUID) -> FullReferral:
        """One of its referrals, with what is shown of it."""
        return next(full for full in self.shown if full.referral.id == referral_id)

    def referral(self, referral_id: UUID) -> ReferralRow:
        """One of its referrals."""
        return self.full(referral_id).referral

    def waiting(self, request: RequestRow) -> list[RequestRow]:
        """A request and the others of its sibling group whose help has yet to start."""
        group = (request.organisation_id, request.sibling_group)
        return [
            other
            for other in self.requests
            if other is request
            or (
                request.sibling_group is not None
                and (other.organisation_id, other.sibling_group) == group
                and other.status in {"open", "placed"}
            )
        ]

    def children_of(self, referral: ReferralRow) -> list[ReferralChildRow]:
        """The children that a referral is still for."""
        return [child for child in self.children if child.referral_id == referral.id and child.is_in]

    def all_children_of(self, referral: ReferralRow) -> list[ReferralChildRow]:
        """The children that a referral is or was for, save those that have gone to another institution without it."""
        full = self.full(referral.id)
        return [child for child in full.children if child.request_id not in full.elsewhere]

    def covering(self, request: RequestRow) -> list[tuple[ReferralRow, ReferralChildRow]]:
        """The referrals that were sent for a child and from which it was not released."""
        rows = {child.referral_id: child for child in self.children if child.request_id == request.id}
        return [
            (referral, child)
            for referral in self.referrals
            if (child := rows.get(referral.id)) is not None and child.released_at is None
        ]

    def rivals(self, referral: ReferralRow, request_ids: Collection[UUID]) -> list[ReferralRow]:
        """The other referrals from which help could start for one of these children."""
        return [
            other
            for other in self.referrals
            if other is not referral
            and other.status in OPEN
            and any(child.request_id in request_ids for child in self.children_of(other))
        ]

    def _helping(self, request: RequestRow) -> list[tuple[ReferralRow, ReferralChildRow]]:
        """Those that are the help itself: neither a bridge, nor what started before help was needed again."""
        since = request.needed_again_on or date.min
        return [
            (referral, child)
            for referral, child in self.covering(request)
            if not referral.is_bridging and (child.started_on is None or child.started_on >= since)
        ]

    def placed_on(self, request: RequestRow) -> date | None:
        """Since when a child has been promised a place."""
        days = [
            referral.accepted_on
            for referral, _ in self._helping(request)
            if referral.accepted_on is not None and referral.status in PLACED
        ]
        return min(days, default=None)

    def started_on(self, request: RequestRow) -> date | None:
        """When a referral's help first started for a child."""
        days = [child.started_on for _, child in self._helping(request) if child.started_on is not None]
        return min(days, default=None)

    def bridged_on(self, request: RequestRow) -> date | None:
        """Since when something bridges the wait of a child; None where nothing does now."""
        days = [
            child.started_on
            for referral, child in self.covering(request)
            if child.started_on is not None and child.ended_on is None and referral.is_bridging
        ]
        return min(days, default=None)


async def hold_request(session: WriteSession, caller: Caller, request_id: UUID) -> Family:
    """The family of a request of the caller's, held, so that all that happens to its referrals happens in turn.

    `NotFoundError` where the caller has no such request, or has it no more when its turn comes.
    """
    await get_request(session, caller, request_id)
    held = await family_repository.lock_family(session, request_id)
    await get_request(session, caller, request_id)
    return await Family.of(session, held)


async def hold_family(session: WriteSession, caller: Caller, referral_id: UUID) -> Family:
    """The family of a referral, held; `NotFoundError` where there is no referral that the caller may see."""
    requests = await family_repository.lock_family(session, family_repository.request_of(caller, referral_id))
    family = await Family.of(session, requests) if requests else None
    if family is None or not repository.is_party(caller, family.referral(referral_id)):
        raise NotFoundError(repository.WHAT)
    return family
