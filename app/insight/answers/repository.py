"""Statements on what every answer says of itself: its source date, its completeness, and names."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Text, cast, delete, func, insert, literal_column, select

from app.access.tables import OrganisationRow
from app.dossiers.arrangements.tables import ArrangementRow
from app.insight.answers.definitions import Source
from app.insight.answers.questions import Settlement
from app.insight.answers.tables import InsightSourceRow, SettledRow
from app.kit.database.sessions import ReadSession, WriteSession
from app.supply.capacity.tables import CurrentCapacityRow
from app.supply.offers.tables import OfferRow
from app.supply.providers.tables import ProviderRow


async def find_source_moment(session: ReadSession, sources: Collection[Source]) -> datetime | None:
    """Up to when the tables of insight hold what was recorded in all of these; None where they hold nothing of one."""
    row = InsightSourceRow
    statement = select(row.brought_up_to).where(row.source.in_(sources)).order_by(row.brought_up_to.asc().nulls_first())
    return await session.scalar(statement.limit(1))


async def find_state(session: ReadSession, sources: Collection[Source]) -> tuple[object, ...]:
    """What the figures of these sources are made of, told apart: as long as this is the same, they are.

    Arrangements are read where they are kept; every change of a row gives it another `xmin`.
    """
    changed = func.sum(func.hashint8(cast(cast(literal_column("xmin"), Text), BigInteger)))
    arrangements = select(func.concat_ws("/", func.count(), changed)).select_from(ArrangementRow).scalar_subquery()
    row = InsightSourceRow
    states = select(row.source, row.state, arrangements).where(row.source.in_(sources)).order_by(row.source)
    return tuple(value for found in await session.execute(states) for value in found)


async def take_time(session: ReadSession) -> None:
    """Lets the session's transaction rest for ten minutes, for as long as what it read is worked on.

    It holds no lock, so nobody waits for it; the server would end it earlier, and the answer with it.
    """
    await session.execute(select(func.set_config("idle_in_transaction_session_timeout", "10min", True)))


async def find_settlement(session: ReadSession | WriteSession) -> Settlement | None:
    """The day up to which it is settled what may be told, and when it was; None where it never was."""
    row = (await session.execute(select(SettledRow.on, cast(literal_column("xmin"), Text)).limit(1))).one_or_none()
    return Settlement(row[0], row[1]) if row else None


async def list_settled(
    session: ReadSession, resource: str, known: str, on: date, periods: Collection[str]
) -> dict[str, Mapping[str, Any]]:
    """What was settled on that day of these periods of a resource, by period."""
    row = SettledRow
    statement = select(row.period, row.decision).where(
        row.resource == resource, row.known == known, row.on == on, row.period.in_(periods)
    )
    return {found[0]: found[1] for found in await session.execute(statement)}


async def replace_settled(session: WriteSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Puts these in the place of all that was settled before."""
    await session.execute(delete(SettledRow))
    if rows:
        await session.execute(insert(SettledRow), rows)


async def list_institution_names(session: ReadSession, ids: Collection[UUID]) -> dict[str, str]:
    """The names of those organisations that are registered here, by id in text."""
    statement = select(OrganisationRow.id, OrganisationRow.name).where(OrganisationRow.id.in_(ids))
    return {str(row[0]): row[1] for row in await session.execute(statement)}


async def list_provider_names(session: ReadSession, ids: Collection[UUID]) -> dict[str, str]:
    """The names of providers, by id in text."""
    statement = select(ProviderRow.id, ProviderRow.name).where(ProviderRow.id.in_(ids))
    return {str(row[0]): row[1] for row in await session.execute(statement)}


async def find_offers_counted(session: ReadSession) -> tuple[int, int] | None:
    """How many offers were given when the figures of supply were last brought up to date, and of how many of them the
    figures were fresh or ageing; None before that."""
    row = InsightSourceRow
    found = (await session.execute(select(row.offers, row.offers_known).where(row.source == "supply"))).one_or_none()
    if found is None or found[0] is None or found[1] is None:
        return None
    return found[0], found[1]


async def count_offers(session: ReadSession, provider_id: UUID | None, fresh_since: date) -> tuple[int, int]:
    """How many offers are given, and of how many of them the figures were seen since that day."""
    fresh = func.count().filter(CurrentCapacityRow.observed_at >= fresh_since)
    statement = (
        select(func.count(), fresh)
        .select_from(OfferRow)
        .outerjoin(CurrentCapacityRow, CurrentCapacityRow.offer_id == OfferRow.id)
        .where(OfferRow.ended_at.is_(None))
    )
    if provider_id is not None:
        statement = statement.where(OfferRow.provider_id == provider_id)
    total, known = (await session.execute(statement)).one()
    return total, known
