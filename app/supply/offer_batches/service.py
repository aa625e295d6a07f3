"""Providers keeping all of their locations and offers at once, by the rules of a single one."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from app.domain.language import Text
from app.kit.database.sessions import WriteSession
from app.kit.errors import (
    InputError,
    InvalidInputError,
    NotAllAcceptedError,
    OthersRejectedError,
)
from app.kit.security.callers import Caller
from app.supply.offer_batches import repository
from app.supply.offer_batches.items import Batch, Item
from app.supply.offer_batches.plan import (
    Outcome,
    Plan,
    end_missing,
    plan_locations,
    plan_offers,
)
from app.supply.offer_batches.schemas import OfferBatchQuery, Status
from app.supply.providers.repository import get_provider
from app.supply.providers.service import check_owner


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What comes of each item of a batch, in order, and the offers that end because there was no item about them."""

    locations: list[Outcome]
    offers: list[Outcome]
    ended: list[Outcome]

    def counts(self) -> Counter[Status]:
        """How many of each."""
        return Counter(each.status for some in (self.locations, self.offers, self.ended) for each in some)


async def put_all(
    session: WriteSession, caller: Caller, provider_id: UUID, batch: Batch, query: OfferBatchQuery, now: datetime
) -> Outcomes:
    """Creates or replaces the locations and then the offers; what comes of each of them.

    `NotAllAcceptedError` where one is rejected and `atomic` was asked.
    """
    await get_provider(session, provider_id)
    check_owner(caller, provider_id)
    if query.end_missing and not batch.offers:
        raise InvalidInputError(InputError("#/requests", "too-few", _ENDS_ALL))
    if not query.dry_run:
        await repository.hold_provider(session, provider_id)
    locations, offers = await _put(session, provider_id, batch, query, now)
    outcomes = Outcomes(locations.outcomes, offers.outcomes, offers.ended)
    if query.atomic and outcomes.counts()["rejected"]:
        raise _none_accepted(batch, outcomes)
    return outcomes


_ENDS_ALL = Text(
    nl="Met endMissing en een lege lijst zou al het aanbod eindigen; beëindig het dan een voor een (DELETE).",
    en="With endMissing and an empty list all offers would end; end them one by one (DELETE) if that is meant.",
)


async def _put(
    session: WriteSession, provider_id: UUID, batch: Batch, query: OfferBatchQuery, now: datetime
) -> tuple[Plan, Plan]:
    lock = not query.dry_run
    found_locations = await repository.find_locations(session, provider_id, lock=lock)
    found_offers = await repository.find_offers(session, provider_id, lock=lock)
    locations = await plan_locations(batch.locations, found_locations)
    ids = {key: row.id for key, row in found_locations.items()}
    if lock:
        ids |= await repository.write_locations(session, provider_id, locations, now)
    else:
        ids |= {row["key"]: row["id"] for row in locations.created}
    offers = await plan_offers(batch.offers, found_offers, ids)
    if query.end_missing:
        end_missing(offers, batch.offers, found_offers, now)
    if lock:
        made = await repository.write_offers(session, provider_id, offers, now)
        offers.outcomes = [replace(each, id=each.id or made.get(each.key)) for each in offers.outcomes]
    return locations, offers


def _none_accepted(batch: Batch, outcomes: Outcomes) -> NotAllAcceptedError:
    """All items as rejected: those that are wrong for their own reason, the others because of those."""
    others = OthersRejectedError()

    def rejected(some: Iterable[Outcome]) -> list[Outcome]:
        return [Outcome(each.key, "rejected", error=each.error or others) for each in some]

    errors = [*_errors(batch.locations, outcomes.locations), *_errors(batch.offers, outcomes.offers)]
    return NotAllAcceptedError(errors, Outcomes(rejected(outcomes.locations), rejected(outcomes.offers), []))


def _errors(items: Iterable[Item[Any]], outcomes: Iterable[Outcome]) -> Iterator[InputError]:
    for item, outcome in zip(items, outcomes, strict=True):
        if isinstance(outcome.error, InvalidInputError):
            yield from outcome.error.errors
        elif outcome.error is not None:
            yield InputError(item.pointer, outcome.error.slug, outcome.error.detail)
