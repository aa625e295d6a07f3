"""The door of a referral: what the match would leave out passes only with a word why, for each reason (`despite`).

What was said stays with the referral, and counts for it from then on: who accepts need not say again what its sender
said, nor who starts it.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from app.domain.dates import dutch_day
from app.domain.language import Text
from app.dossiers.arrangements.service import exceptions_of
from app.dossiers.referrals import concern_repository
from app.dossiers.referrals.despite_schemas import DespiteIn
from app.dossiers.referrals.errors import OfferExcludedError
from app.dossiers.referrals.obstacle_codes import AT_DECISIONS, Obstacle, in_order
from app.dossiers.referrals.obstacles import obstacles_to_new, obstacles_to_sent
from app.dossiers.referrals.refusals import earlier_declines, list_refusals
from app.dossiers.referrals.states import DecisionCode, Side
from app.dossiers.referrals.tables import DespiteRow, FullReferral, ReferralRow
from app.dossiers.requests.tables import RequestRow
from app.finding.catalogue.catalogue import Catalogue
from app.kit.database.sessions import WriteSession
from app.kit.errors import InputError, InvalidInputError
from app.kit.security.callers import Caller
from app.supply.offers.tables import OfferRow

ByChild = Mapping[UUID, Collection[Obstacle]]
"""Of each request what stands in the way."""


async def check_sending(
    session: WriteSession,
    catalogue: Catalogue,
    offer: OfferRow | None,
    chosen: Sequence[tuple[RequestRow, Mapping[str, Any] | None]],
    places: int,
    despite: Sequence[DespiteIn],
    now: datetime,
    *,
    said: Collection[Obstacle] = (),
) -> None:
    """`OfferExcludedError` where the match would leave the offer out for one of the children, and no word says why.

    `chosen` has each child's request with the choice that the referral stands for to it; `places` is what they take
    together; `said` is what was explained already. `InvalidInputError` for a word on what does not stand in the way.
    """
    found: dict[UUID, Collection[Obstacle]] = {}
    if offer is not None:
        ids, today = [request.id for request, _ in chosen], dutch_day(now)
        refusals, granted = await list_refusals(session, ids), await exceptions_of(session, ids, today)
        for request, choice in chosen:
            declines, exceptions = earlier_declines(refusals[request.id]), granted[request.id]
            found[request.id] = obstacles_to_new(
                catalogue, request, offer.id, choice, places, declines, exceptions, today
            )
    _check(found, despite, said=said, show_children=True)


def check_deciding(
    catalogue: Catalogue,
    full: FullReferral,
    requests: Sequence[RequestRow],
    decision: DecisionCode,
    despite: Sequence[DespiteIn],
    side: Side,
    now: datetime,
) -> None:
    """As `check_sending`, for a decision that takes the referral further; what was said of it before counts."""
    counts = AT_DECISIONS.get(decision)
    if counts is None:
        return
    found = {
        request.id: counts.intersection(obstacles_to_sent(catalogue, full, request, dutch_day(now)))
        for request in requests
    }
    _check(found, despite, said=[each.reason for each in full.despite], show_children=side == "institution")


def _check(found: ByChild, despite: Sequence[DespiteIn], said: Collection[Obstacle], *, show_children: bool) -> None:
    standing = in_order(each for reasons in found.values() for each in reasons)
    errors = [
        InputError(f"#/despite/{number}/reason", "not-applicable", _NOT_IN_THE_WAY)
        for number, each in enumerate(despite)
        if each.reason not in standing
    ]
    if errors:
        raise InvalidInputError(*errors)
    unsaid = [each for each in standing if each not in {*said, *(word.reason for word in despite)}]
    if unsaid:
        theirs = {request_id: [each for each in unsaid if each in reasons] for request_id, reasons in found.items()}
        raise OfferExcludedError(unsaid, theirs if show_children else None)


_NOT_IN_THE_WAY = Text(
    nl="Deze reden staat nu niet in de weg; laat haar weg.",
    en="This reason does not stand in the way now; leave it out.",
)


async def keep(
    session: WriteSession,
    caller: Caller,
    row: ReferralRow,
    despite: Sequence[DespiteIn],
    side: Side,
    now: datetime,
) -> list[DespiteRow]:
    """Keeps what was said with the referral."""
    return [
        await concern_repository.add_despite(
            session,
            {**word.values(), "referral_id": row.id, "actor": side, "at": now, "client_id": caller.client_id},
        )
        for word in despite
    ]
