"""The children that a referral is for, with all of their referrals, held while something is decided.

A sibling group asks for its places together, in one referral; each child keeps its own request and clocks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from app.dossiers.referrals import repository
from app.dossiers.referrals.states import OPEN, Status
from app.dossiers.referrals.tables import FullReferral, ReferralRow
from app.dossiers.requests.tables import RequestRow
from app.kit.database.sessions import WriteSession
from app.kit.errors import NotFoundError
from app.kit.security.callers import Caller

_PLACED: Final[tuple[Status, ...]] = ("accepted", "started", "ended")


@dataclass(frozen=True, slots=True)
class Family:
    """A child's request, those of its sibling group, and the referrals of all of them."""

    requests: Sequence[RequestRow]
    shown: Sequence[FullReferral]

    @classmethod
    async def hold(cls, session: WriteSession, request_id: UUID) -> "Family":
        """The family of a request. Its requests are held, so all that happens to its referrals happens in turn."""
        return await cls._of(session, await repository.lock_family(session, request_id))

    @classmethod
    async def hold_for(cls, session: WriteSession, caller: Caller, referral_id: UUID) -> "Family":
        """As `hold`, of a referral's request; `NotFoundError` where there is no referral that the caller may see."""
        requests = await repository.lock_family(session, repository.request_of(caller, referral_id))
        if not requests:
            raise NotFoundError(repository.WHAT)
        return await cls._of(session, requests)

    @classmethod
    async def _of(cls, session: WriteSession, requests: Sequence[RequestRow]) -> "Family":
        return cls(requests, await repository.list_of_requests(session, [request.id for request in requests]))

    @property
    def referrals(self) -> Sequence[ReferralRow]:
        """The referrals of its requests, by id."""
        return [full.referral for full in self.shown]

    def request(self, request_id: UUID) -> RequestRow:
        """One of its requests."""
        return next(request for request in self.requests if request.id == request_id)

    def full(self, referral_id: UUID) -> FullReferral:
        """One of its referrals, with what is shown of it."""
        return next(full for full in self.shown if full.referral.id == referral_id)

    def waiting(self) -> list[RequestRow]:
        """The requests whose help has yet to start."""
        return [request for request in self.requests if request.status in {"open", "placed"}]

    def covered(self, referral: ReferralRow) -> list[RequestRow]:
        """The requests that a referral is for: of one that asks for places together, all that wait, and its own."""
        together = self.waiting() if referral.places > 1 else []
        own = self.request(referral.request_id)
        return [own, *(request for request in together if request is not own)]

    def rivals(self, referral: ReferralRow) -> list[ReferralRow]:
        """The other referrals from which help could start for the same children."""
        ids = {request.id for request in self.covered(referral)}
        return [
            other
            for other in self.referrals
            if other is not referral and other.request_id in ids and other.status in OPEN
        ]

    def placed_on(self, request: RequestRow) -> date | None:
        """Since when a child has been promised a place."""
        days = [
            referral.accepted_on
            for referral in self.referrals
            if referral.accepted_on is not None
            and referral.status in _PLACED
            and (referral.request_id == request.id or referral.places > 1)
        ]
        return min(days, default=None)
