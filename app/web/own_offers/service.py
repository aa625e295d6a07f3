"""What the page of own offers asks of the services: each offer with what stands of it, and how often it was asked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from app.domain.dates import dutch_day, dutch_midnight
from app.dossiers.referrals.views import count_received
from app.finding.showings.service import count_shown
from app.kit.database.sessions import ReadSession
from app.kit.security.callers import Caller
from app.supply.capacity import service as capacity
from app.supply.offers import service as offers
from app.supply.offers.repository import FullOffer
from app.supply.offers.schemas import OwnOfferQuery
from app.supply.providers.service import check_owner
from app.supply.reminders import service as reminders
from app.supply.reminders.schemas import ReminderQuery
from app.web.own_offers.rows import Month, Row, row_of


class Found(NamedTuple):
    """The rows of a page, and the key of the last where another page follows."""

    rows: list[Row]
    last: list[Any] | None


async def list_rows(
    session: ReadSession, caller: Caller, query: OwnOfferQuery, key: list[Any] | None, now: datetime
) -> Found:
    """The offers that a provider gives now, by name; after `key` (name, id)."""
    found = await offers.list_provider_offers(session, caller.own_provider, query, key)
    shown = found[: query.limit]
    last = offers.name_and_id(shown[-1]) if len(found) > len(shown) else None
    return Found(await _rows(session, caller, shown, now), last)


async def get_row(session: ReadSession, caller: Caller, offer_id: UUID, now: datetime) -> Row:
    """An own offer; `NotFoundError` where there is no such, `ForbiddenError` where it is another's."""
    full = await offers.get_offer(session, offer_id)
    check_owner(caller, full.offer.provider_id)
    return (await _rows(session, caller, [full], now))[0]


async def _rows(session: ReadSession, caller: Caller, found: Sequence[FullOffer], now: datetime) -> list[Row]:
    today = dutch_day(now)
    first, ids = today.replace(day=1), [full.offer.id for full in found]
    asked = await count_received(session, caller, dutch_midnight(first))
    shown = await count_shown(session, ids, first)
    told = await reminders.list_reminders(session, caller, ReminderQuery(limit=200), None, today)
    reminded = {each.stale.offer_id: each for each in told}
    standing = await capacity.find_standing(session, ids)
    return [
        row_of(full, standing.get(each), Month(shown.get(each, 0), asked.get(each, 0)), reminded.get(each), today)
        for full, each in zip(found, ids, strict=True)
    ]
