"""Statements on many reports at once: as many whether there is one line or five thousand.

Rows are locked in the order of their offers, first the offers and then what stands of them, so that calls over the
same offers wait for each other in line, and so do decisions on referrals, which hold one report at a time.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple, TypeAlias, cast
from uuid import UUID

from sqlalchemy import (
    REAL,
    Row,
    Select,
    Table,
    Text,
    Uuid,
    bindparam,
    func,
    insert,
    select,
    true,
    tuple_,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

from app.kit.database.sessions import ReadSession, WriteSession
from app.supply.capacity.figures import PLACES, UNKNOWN
from app.supply.capacity.history_repository import stood_at
from app.supply.capacity.repository import (
    REPORTER,
    STANDS_SINCE,
    Reporter,
    record,
)
from app.supply.capacity.tables import CapacityReportRow, CurrentCapacityRow
from app.supply.offers.tables import OfferRow

_SAID: Final = [*UNKNOWN]
"""What a report says, in the order of `Figures`."""

_REPORTS = cast("Table", CapacityReportRow.__table__)
_HISTORY: Final = _REPORTS.c
_OFFERS: Final = cast("Table", OfferRow.__table__)
_CURRENT: Final = cast("Table", CurrentCapacityRow.__table__)
_WRITTEN: Final = ["offer_id", "observed_at", "confirmation", *_SAID]

Figures: TypeAlias = tuple[Any, ...]
OwnKey: TypeAlias = tuple[UUID, str]


class Standing(NamedTuple):
    """What stands for an offer; `since` is when it was observed, or counted. A number of places may be 3.0."""

    since: datetime
    figures: Figures


class Report(NamedTuple):
    """A report to add to the history; `confirmation` where it says what was so already."""

    offer_id: UUID
    observed_at: datetime
    figures: Figures
    confirmation: bool = False


def _given(columns: dict[str, TypeEngine[Any]]) -> Any:
    """Rows that are given as an array for each column, which the parameters have the names of; counted as `number`."""
    arrays = [bindparam(name, type_=ARRAY(kind, dimensions=1)) for name, kind in columns.items()]
    rows = func.unnest(*arrays).table_valued(*columns, with_ordinality="number", name="given")
    return rows.render_derived()


def _arrays(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> dict[str, Any]:
    """The columns of the rows; one that is empty in all of them is an empty array, which PostgreSQL fills up again."""
    columns = list(zip(*rows, strict=True))
    return {
        name: [] if column.count(None) == len(column) else list(column)
        for name, column in zip(names, columns, strict=True)
    }


_PLAIN_SAID: Final = [
    type_coerce(_CURRENT.c[name], REAL).label(name) if name in PLACES else _CURRENT.c[name] for name in _SAID
]
"""What a report says, its numbers as the driver reads them: there are thousands."""
_REPORTER: Final = select(*REPORTER)


def _by_key() -> Select[Any]:
    given = _given({"provider_id": Uuid(), "key": Text()})
    named = tuple_(_OFFERS.c.provider_id, _OFFERS.c.key).in_(select(given.c.provider_id, given.c.key))
    return _REPORTER.add_columns(_OFFERS.c.key).where(named)


_BY_KEY: Final = _by_key()


async def find_reporters_by_key(session: WriteSession, keys: Collection[OwnKey]) -> dict[OwnKey, Reporter]:
    """Who may report on the offers that providers have by these keys of their own."""
    rows = await (await session.connection()).execute(_BY_KEY, _arrays(["provider_id", "key"], keys))
    return {(row[1], row[4]): Reporter(*row[:4]) for row in rows}


def _each(column: Any) -> Any:
    return column == func.any(bindparam("offer_ids", type_=ARRAY(Uuid(), dimensions=1)))


_BY_ID: Final = _REPORTER.where(_each(_OFFERS.c.id))


async def find_reporters(session: WriteSession, offer_ids: Collection[UUID]) -> dict[UUID, Reporter]:
    """Who may report on these offers."""
    rows = await (await session.connection()).execute(_BY_ID, {"offer_ids": list(offer_ids)})
    return {row[0]: Reporter(*row) for row in rows}


def _held() -> Select[Any]:
    offers = select(_OFFERS.c.id).where(_each(_OFFERS.c.id)).order_by(_OFFERS.c.id)
    return select(func.count()).select_from(offers.with_for_update(key_share=True).cte("held"))


_HELD: Final = _held()
_STANDING: Final = (
    select(_CURRENT.c.offer_id, STANDS_SINCE, *_PLAIN_SAID)
    .where(_each(_CURRENT.c.offer_id))
    .order_by(_CURRENT.c.offer_id)
    .with_for_update()
)


async def lock_standing(session: WriteSession, offer_ids: Collection[UUID]) -> dict[UUID, Standing]:
    """What stands of these offers, held until the transaction ends.

    So are the offers themselves, because where nothing stands yet there is no other row to hold.
    """
    connection = await session.connection()
    given = {"offer_ids": list(offer_ids)}
    await connection.execute(_HELD, given)
    rows = (await connection.execute(_STANDING, given)).all()
    return {row[0]: Standing(row[1], tuple(row[2:])) for row in rows}


def _stood() -> Select[Any]:
    given = _given({"offer_id": Uuid(), "observed_at": _HISTORY.observed_at.type})
    stood = stood_at(given.c.offer_id, given.c.observed_at).lateral("stood")
    return select(given.c.number, stood.c.since, *(stood.c[name] for name in _SAID)).select_from(
        given.join(stood, true())
    )


_STOOD: Final = _stood()


async def find_stood(session: WriteSession, moments: Sequence[tuple[UUID, datetime]]) -> dict[int, Standing]:
    """Of each of these offers and moments, by its position, what stood then; without those that had nothing yet."""
    given = _arrays(["offer_id", "observed_at"], moments)
    rows = await (await session.connection()).execute(_STOOD, given)
    return {row[0] - 1: Standing(row[1], row[2:]) for row in rows}


async def list_standing(
    session: ReadSession, provider_id: UUID, *, limit: int | None, key: list[Any] | None
) -> list[Row[Any]]:
    """The offers that a provider gives now by their keys, each with what stands of it, if anything does.

    At most `limit`, after the one with the key.
    """
    offer = [_OFFERS.c.id.label("offer_id"), _OFFERS.c.provider_id, _OFFERS.c.key.label("offer_key")]
    statement = (
        select(*offer, _OFFERS.c.name.label("offer_name"), _OFFERS.c.unit, _CURRENT.c.observed_at)
        .add_columns(*(_CURRENT.c[name] for name in _SAID))
        .select_from(_OFFERS.outerjoin(_CURRENT, _CURRENT.c.offer_id == _OFFERS.c.id))
        .where(_OFFERS.c.provider_id == provider_id, _OFFERS.c.ended_at.is_(None))
        .order_by(_OFFERS.c.key)
        .limit(limit)
    )
    if key is not None:
        statement = statement.where(_OFFERS.c.key > key[0])
    return list(await session.execute(statement))


def _rows(reports: Iterable[Report]) -> dict[str, Any]:
    return _arrays(_WRITTEN, ((each.offer_id, each.observed_at, each.confirmation, *each.figures) for each in reports))


def _known() -> Select[Any]:
    given = _given({name: _HISTORY[name].type for name in _WRITTEN})
    same = [_HISTORY[name].is_not_distinct_from(given.c[name]) for name in _SAID]
    reported = select(CapacityReportRow.id).where(
        CapacityReportRow.offer_id == given.c.offer_id,
        CapacityReportRow.observed_at == given.c.observed_at,
        CapacityReportRow.counted_at.is_(None),
        *same,
    )
    return select(given.c.number).where(reported.exists())


_KNOWN: Final = _known()


async def find_known(session: WriteSession, reports: Sequence[Report]) -> set[Report]:
    """Those of the reports that the history has already, word for word."""
    rows = await (await session.connection()).execute(_KNOWN, _rows(reports))
    return {reports[number - 1] for (number,) in rows}


def _addition() -> Any:
    given = _given({name: _HISTORY[name].type for name in _WRITTEN})
    columns = [given.c[name] for name in _WRITTEN]
    sent = [bindparam("client_id", type_=Text()), bindparam("received_at", type_=_HISTORY.received_at.type)]
    rows = select(*columns, *sent).order_by(given.c.offer_id, given.c.observed_at, given.c.number)
    history = insert(_REPORTS).from_select([*_WRITTEN, "client_id", "received_at"], rows)
    return record(history).returning(_CURRENT.c.offer_id, _CURRENT.c.difference)


_ADDITION: Final = _addition()


async def add_reports(
    session: WriteSession, reports: Sequence[Report], client_id: str, now: datetime
) -> dict[UUID, int | None]:
    """Adds the reports to the history, as received now; of equally old ones of an offer the last counts as the newest.

    The offers for which one of them stands now, each with the `difference` from what was counted.
    """
    given = _rows(reports) | {"client_id": client_id, "received_at": now}
    rows = await (await session.connection()).execute(_ADDITION, given)
    return {row[0]: row[1] for row in rows}
