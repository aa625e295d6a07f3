"""Puts the demo data set in a database: all of it the first time, and afterwards what a new day adds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from itertools import chain
from types import ModuleType
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import NullPool

import app.tables  # noqa: F401 - SQLAlchemy writes no row that refers to a table it was never told of
from app.access.secrets import hash_secret
from app.access.tables import ClientRow, OrganisationRow
from app.demo import repository
from app.demo.actions import tell_plans
from app.demo.capacity_reports import reports
from app.demo.clients import SALT, SECRET
from app.demo.data import DemoData, demo_data
from app.demo.dossiers import DOSSIERS
from app.demo.earlier_reports import earlier_reports
from app.demo.history.children import children
from app.demo.history.load import tell_history
from app.demo.replay import tell
from app.domain.dates import dutch_midnight
from app.insight.answers.definitions import Source
from app.insight.history import service as dossiers_shown
from app.insight.history.repository import hold_source
from app.insight.supply_history import service as supply_shown
from app.kit.database.sessions import WriteSession
from app.notifying.contacts.tables import ContactRow
from app.supply.contracts.tables import ContractRow
from app.supply.offers.tables import OfferRow
from app.supply.placement_stops.tables import PlacementStopRow
from app.supply.providers.tables import LocationRow, ProviderRow
from app.supply.reminders.service import remind


class DatabaseInUseError(RuntimeError):
    """The database has providers or clients of its own: the demo data set does not belong there."""


@dataclass(frozen=True, slots=True)
class SeedReport:
    """How large the demo data set is, and how many capacity reports were added now.

    `requests` are those that are told day by day until today, `past_requests` those of the years before.
    """

    providers: int
    locations: int
    offers: int
    contracts: int
    stops: int
    clients: int
    requests: int
    past_requests: int
    reports_added: int


_SHOWN: Final[Mapping[Source, ModuleType]] = {"dossiers": dossiers_shown, "supply": supply_shown}
"""What brings the figures of each source up to date."""


async def seed(dsn: str, today: date, *, past: bool = True) -> SeedReport:
    """Brings the demo data set up to `today` (Dutch), in one transaction; once more that day changes nothing.

    The reference data has to be there. What users changed, and offers that they report on themselves, stay as
    they are; dossiers and plans are told the first time, and from then on the clocks of the dossiers run. With `past`
    the first time has the two years before too, and insight of them, which takes ten seconds more.
    `DatabaseInUseError` where there are providers or clients, and no demo clients.
    """
    data = demo_data(today)
    engine = create_async_engine(dsn, poolclass=NullPool, hide_parameters=True)
    try:
        async with engine.begin() as connection:
            await repository.wait_for_turn(connection)
            if await repository.is_of_others(connection):
                raise DatabaseInUseError("the database has providers or clients of its own")
            is_new = await repository.is_new(connection)
            for row_class, rows in _rows(data):
                await repository.upsert(connection, row_class, rows)
            added = await _report(connection, data, today, past=past)
            if is_new:
                await _tell(connection, data, today, past=past)
            await _remind(connection, today)
    finally:
        await engine.dispose()
    return SeedReport(
        providers=len(data.providers),
        locations=len(data.locations),
        offers=len(data.offers),
        contracts=len(data.contracts),
        stops=len(data.stops),
        clients=len(data.clients),
        requests=len(DOSSIERS),
        past_requests=len(list(children(today))) if past else 0,
        reports_added=added,
    )


def _rows(data: DemoData) -> list[tuple[type[DeclarativeBase], list[dict[str, Any]]]]:
    """The rows of each table, in the order that their references ask for."""
    hashed = {"salt": SALT, "secret_hash": hash_secret(SECRET, SALT), "demo": True}
    return [
        (ProviderRow, _values(data.providers)),
        (LocationRow, _values(data.locations)),
        (OfferRow, _values(data.offers)),
        (ContractRow, _values(data.contracts)),
        (PlacementStopRow, _values(data.stops)),
        (OrganisationRow, _values(data.organisations)),
        (ContactRow, _values(data.contacts)),
        (ClientRow, [values | hashed for values in _values(data.clients)]),
    ]


def _values(rows: Sequence[Any]) -> list[dict[str, Any]]:
    names = [field.name for field in fields(rows[0])]
    return [{name: getattr(row, name) for name in names} for row in rows]


async def _tell(connection: AsyncConnection, data: DemoData, today: date, *, past: bool) -> None:
    """Tells the dossiers and the plans."""
    if past:
        await tell_history(connection, data, today)
    await tell(connection, today)
    await tell_plans(connection, today)
    if past:
        await _show(connection, today)


async def _remind(connection: AsyncConnection, today: date) -> None:
    """Reminds of figures that have grown old, so that there are reminders before the job's first hour."""
    async with AsyncSession(connection, join_transaction_mode="create_savepoint") as session, session.begin():
        await remind(WriteSession(session), dutch_midnight(today))


async def _show(connection: AsyncConnection, today: date) -> None:
    """Brings insight up to date, so that there are figures before the first time that its jobs run."""
    async with AsyncSession(connection, join_transaction_mode="create_savepoint") as session, session.begin():
        for source, shown in _SHOWN.items():
            row = await hold_source(WriteSession(session), source)
            row.brought_up_to = None  # a job may have run while this was told, and have seen nothing of it
            await shown.bring_up_to_date(WriteSession(session), dutch_midnight(today))


async def _report(connection: AsyncConnection, data: DemoData, today: date, *, past: bool) -> int:
    """Adds the reports that are due, and none for an offer that somebody else reports on.

    With `past` an offer that has none gets those of the two years before as well.
    """
    known = await repository.find_reported(connection)
    nothing = repository.Reported(None, by_others=False)
    due = [
        report
        for habit in data.habits
        for reported in [known.get(habit.offer_id, nothing)]
        if not reported.by_others
        for report in chain(
            earlier_reports(habit, today) if past and reported.last is None else (),
            reports(habit, reported.last, today),
        )
    ]
    if due:
        await repository.add_reports(connection, due)
    return len(due)
