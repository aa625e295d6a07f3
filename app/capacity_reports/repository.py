"""Statements on many reports at once: as many whether there is one line or five thousand.

Rows are locked in the order of their offers, first the offers and then what stands of them, so that calls over the
same offers wait for each other in line, and so do decisions on referrals, which hold one report at a time.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, Final, NamedTuple, TypeAlias, cast
from uuid import UUID

from sqlalchemy import Select, Table, Text, Uuid, bindparam, func, insert, literal, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

from app.capacity.repository import FIGURES, STANDS_SINCE, Reporter, record
from app.capacity.schemas import CapacityIn
from app.capacity.tables import CapacityReportRow, CurrentCapacityRow
from app.kit.db import WriteSession
from app.offers.tables import OfferRow

_SAID: Final = [name for name in FIGURES if name in CapacityIn.model_fields and name != "observed_at"]
"""What a report says, and `figures_of` gives in this order."""

_REPORTS = cast("Table", CapacityReportRow.__table__)
_HISTORY: Final = _REPORTS.c
_WRITTEN: Final = ["offer_id", "observed_at", "confirmation", *_SAID]

Figures: TypeAlias = tuple[Any, ...]
figures_of: Final = attrgetter(*_SAID)
OwnKey: TypeAlias = tuple[UUID, str]


class Standing(NamedTuple):
    """What stands for an offer; `since` is when it was observed, or counted."""

    since: datetime
    figures: Figures


class Report(NamedTuple):
    """A report to add to the history; `confirmation` where it says what was so already."""

    offer_id: UUID
    observed_at: datetime
    figures: Figures
    confirmation: bool = False


def _given(columns: dict[str, TypeEngine[Any]]) -> Any:
    """Rows that are given as an array for each column, which the parameters have the names of; counted as `place`."""
    arrays = [bindparam(name, type_=ARRAY(kind, dimensions=1)) for name, kind in columns.items()]
    rows = func.unnest(*arrays).table_valued(*columns, with_ordinality="place", name="given")
    return rows.render_derived()


def _arrays(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> dict[str, Any]:
    columns = list(zip(*rows, strict=True))
    return {name: list(column) for name, column in zip(names, columns, strict=True)}


async def find_offer_ids(session: WriteSession, keys: Collection[OwnKey]) -> dict[OwnKey, UUID]:
    """The offers that providers have by these keys of their own."""
    given = _given({"provider_id": Uuid(), "key": Text()})
    statement = select(OfferRow.provider_id, OfferRow.key, OfferRow.id).where(
        tuple_(OfferRow.provider_id, OfferRow.key).in_(select(given.c.provider_id, given.c.key))
    )
    rows = await session.execute(statement, _arrays(["provider_id", "key"], keys))
    return {(row.provider_id, row.key): row.id for row in rows}


def _each(column: Any, offer_ids: Collection[UUID]) -> Any:
    return column == func.any(literal(list(offer_ids), ARRAY(Uuid(), dimensions=1)))


async def find_reporters(session: WriteSession, offer_ids: Collection[UUID]) -> dict[UUID, Reporter]:
    """Who may report on these offers."""
    columns = select(OfferRow.id, OfferRow.provider_id, OfferRow.ended_at)
    statement = columns.where(_each(OfferRow.id, offer_ids))
    return {row[0]: Reporter(*row) for row in await session.execute(statement)}


async def lock_standing(session: WriteSession, offer_ids: Collection[UUID]) -> dict[UUID, Standing]:
    """What stands of these offers, held until the transaction ends.

    So are the offers themselves, because where nothing stands yet there is no other row to hold.
    """
    offers = select(OfferRow.id).where(_each(OfferRow.id, offer_ids)).order_by(OfferRow.id)
    held = offers.with_for_update(key_share=True).cte("held")
    await session.execute(select(func.count()).select_from(held))
    columns = [getattr(CurrentCapacityRow, name) for name in _SAID]
    statement = (
        select(CurrentCapacityRow.offer_id, STANDS_SINCE, *columns)
        .where(_each(CurrentCapacityRow.offer_id, offer_ids))
        .order_by(CurrentCapacityRow.offer_id)
        .with_for_update()
    )
    return {row[0]: Standing(row[1], tuple(row[2:])) for row in await session.execute(statement)}


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
    return select(given.c.place).where(reported.exists())


_KNOWN: Final = _known()


async def find_known(session: WriteSession, reports: Sequence[Report]) -> set[Report]:
    """Those of the reports that the history has already, word for word."""
    return {reports[place - 1] for place in await session.scalars(_KNOWN, _rows(reports))}


def _addition() -> Any:
    given = _given({name: _HISTORY[name].type for name in _WRITTEN})
    columns = [given.c[name] for name in _WRITTEN]
    rows = select(*columns, bindparam("client_id", type_=Text())).order_by(
        given.c.offer_id, given.c.observed_at, given.c.place
    )
    history = insert(_REPORTS).from_select([*_WRITTEN, "client_id"], rows)
    statement = record(history).returning(CurrentCapacityRow.offer_id, CurrentCapacityRow.difference)
    return statement.execution_options(dml_strategy="raw")  # the parameters are arrays, and no rows of the ORM's


_ADDITION: Final = _addition()


async def add_reports(session: WriteSession, reports: Sequence[Report], client_id: str) -> dict[UUID, int | None]:
    """Adds the reports to the history; of equally old ones of an offer the last counts as the newest.

    The offers for which one of them stands now, each with the `difference` from what was counted.
    """
    rows = await session.execute(_ADDITION, _rows(reports) | {"client_id": client_id})
    return {row.offer_id: row.difference for row in rows}
