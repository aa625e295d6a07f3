"""Statements on watches; what a caller asks starts from its organisation's own."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, and_, bindparam, delete, func, or_, select, true, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.types import Text as TextType

from app.domain.dates import dutch_day
from app.domain.language import Text
from app.dossiers.requests.tables import RequestRow
from app.dossiers.watches.tables import WatchMatchRow, WatchProgressRow, WatchRow
from app.kit.clock import system_clock
from app.kit.database.jobs import Job
from app.kit.database.keyset import after
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.errors import NotFoundError
from app.kit.security.callers import Caller

KEPT: Final = timedelta(days=30)
"""How long a watch is kept after its last day, with what it found."""


_AT_ONCE: Final = 1000
"""Rows that one statement adds."""


class Due(NamedTuple):
    """A watch that has to be held against offers, and its request where it is of one."""

    watch: WatchRow
    request: RequestRow | None


def _own(caller: Caller) -> Select[WatchRow]:
    return select(WatchRow).where(WatchRow.organisation_id == caller.organisation_id)


async def get_watch(
    session: ReadSession | WriteSession, caller: Caller, watch_id: UUID, *, lock: bool = False
) -> WatchRow:
    """The watch; `NotFoundError` where the caller's organisation has no such."""
    statement = _own(caller).where(WatchRow.id == watch_id).execution_options(populate_existing=True)
    row = await session.scalar(statement.with_for_update() if lock else statement)
    if row is None:
        raise NotFoundError(Text(nl="Deze zoekopdracht", en="This watch"))
    return row


async def list_watches(session: ReadSession, caller: Caller, *, limit: int, key: list[Any] | None) -> list[WatchRow]:
    """At most `limit` watches by when they were made, after the one with `key` (created_at, id)."""
    order = [WatchRow.created_at, WatchRow.id]
    statement = _own(caller).order_by(*order).limit(limit)
    if key is not None:
        statement = statement.where(after(order, key))
    return list((await session.scalars(statement)).all())


async def list_offer_watches(
    session: ReadSession | WriteSession, caller: Caller, today: date, offer_id: UUID | None = None
) -> list[WatchRow]:
    """The watches that ask of one offer whether there is a place and nothing else, and have not ended; by their names.

    With `offer_id` those of that offer.
    """
    asked = WatchRow.search.op("-")("careType")
    offer = WatchRow.search["offer"].astext if offer_id is None else str(offer_id)
    is_of_one = asked == func.jsonb_build_object("offer", offer, "status", WatchRow.search["status"])
    statement = _own(caller).where(is_of_one, _is_open(today)).order_by(WatchRow.label, WatchRow.created_at)
    return list((await session.scalars(statement)).all())


async def wait_for_turn(session: WriteSession, caller: Caller) -> None:
    """Has whoever makes a watch of this organisation at the same time wait until the transaction ends."""
    await session.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(f"watches {caller.organisation_id}", 0)))
    )


async def count_watches(session: WriteSession, caller: Caller, today: date) -> int:
    """How many the caller's organisation has that have not ended."""
    own = WatchRow.organisation_id == caller.organisation_id
    statement = select(func.count()).select_from(WatchRow).where(own, _is_open(today))
    return await session.scalar(statement) or 0


async def add_watch(session: WriteSession, values: Mapping[str, Any]) -> WatchRow:
    """A new watch."""
    return (await session.execute(insert(WatchRow).values(values).returning(WatchRow))).scalar_one()


async def delete_watch(session: WriteSession, watch: WatchRow) -> None:
    """Deletes a watch, with what it found."""
    await session.execute(delete(WatchRow).where(WatchRow.id == watch.id))


async def close_watches(session: WriteSession, request_id: UUID, today: date) -> None:
    """Ends the watches of a request."""
    statement = update(WatchRow).where(WatchRow.request_id == request_id, WatchRow.closed_on.is_(None))
    await session.execute(statement.values(closed_on=today, version=WatchRow.version + 1))


async def list_matches(
    session: ReadSession, watch_id: UUID, *, limit: int, key: list[Any] | None
) -> list[WatchMatchRow]:
    """At most `limit` places that a watch found, the last first, after the one with `key` (id)."""
    statement = select(WatchMatchRow).where(WatchMatchRow.watch_id == watch_id)
    if key is not None:
        statement = statement.where(WatchMatchRow.id < key[0])
    return list((await session.scalars(statement.order_by(WatchMatchRow.id.desc()).limit(limit))).all())


async def list_last_told(session: ReadSession, caller: Caller, *, since: datetime, limit: int) -> list[WatchMatchRow]:
    """What the caller's organisation was told that its watches found since then: at most `limit`, the last first."""
    own = and_(WatchMatchRow.organisation_id == caller.organisation_id, WatchMatchRow.told)
    statement = select(WatchMatchRow).where(own, WatchMatchRow.matched_at >= since)
    return list((await session.scalars(statement.order_by(WatchMatchRow.id.desc()).limit(limit))).all())


def _is_open(today: date) -> ColumnElement[bool]:
    return and_(WatchRow.closed_on.is_(None), WatchRow.expires_on >= today)


# --- holding watches against offers ---


async def claim_progress(session: WriteSession) -> WatchProgressRow | None:
    """How far the watches have been held against the changes, to go on from; None where another process does."""
    return await session.scalar(select(WatchProgressRow).with_for_update(skip_locked=True))


async def save_progress(session: WriteSession, day: date, position: str) -> None:
    """Notes how far that is now; the caller has claimed it."""
    await session.execute(update(WatchProgressRow).values(day=day, position=position))


async def list_due(
    session: WriteSession, today: date, care_types: Collection[str], offer_ids: Collection[UUID] | None
) -> list[Due]:
    """The watches that offers of these care types, or these offers, could be something to; all where it is None.

    A request's only while it is open: who has a place waits for none. They are held until the transaction ends.
    """
    waits = and_(~WatchRow.paused, _is_open(today), or_(WatchRow.request_id.is_(None), RequestRow.status == "open"))
    statement = (
        select(WatchRow, RequestRow)
        .outerjoin(RequestRow, RequestRow.id == WatchRow.request_id)
        .where(waits, true() if offer_ids is None else _could_be_touched(care_types, offer_ids))
        .order_by(WatchRow.id)
        .with_for_update(of=WatchRow, key_share=True)
    )
    return [Due(*row) for row in await session.execute(statement)]


def _could_be_touched(care_types: Collection[str], offer_ids: Collection[UUID]) -> ColumnElement[bool]:
    standing = select(WatchMatchRow.id).where(
        WatchMatchRow.watch_id == WatchRow.id,
        WatchMatchRow.gone_at.is_(None),
        WatchMatchRow.offer_id == func.any(bindparam("offer_ids", list(offer_ids), ARRAY(Uuid))),
    )
    types = bindparam("care_types", sorted(care_types), ARRAY(TextType))
    return or_(
        WatchRow.fresh,
        WatchRow.care_types.overlap(types),
        RequestRow.version != WatchRow.request_version,
        standing.exists(),
    )


async def list_standing(session: WriteSession, watch_ids: Collection[UUID]) -> list[tuple[UUID, UUID]]:
    """Of these watches each offer that fitted when it was last seen, as (watch, offer)."""
    statement = select(WatchMatchRow.watch_id, WatchMatchRow.offer_id).where(
        WatchMatchRow.watch_id.in_(watch_ids), WatchMatchRow.gone_at.is_(None)
    )
    return [(row[0], row[1]) for row in await session.execute(statement)]


async def add_matches(session: WriteSession, rows: Sequence[Mapping[str, Any]]) -> list[WatchMatchRow]:
    """Those of these places that are new, in the order of their ids; one that stands already is left as it is."""
    added: list[WatchMatchRow] = []
    for start in range(0, len(rows), _AT_ONCE):
        statement = insert(WatchMatchRow).values(list(rows[start : start + _AT_ONCE]))
        key, standing = ["watch_id", "offer_id"], WatchMatchRow.gone_at.is_(None)
        statement = statement.on_conflict_do_nothing(index_elements=key, index_where=standing)
        added += (await session.scalars(statement.returning(WatchMatchRow))).all()
    return sorted(added, key=lambda row: row.id)


async def mark_gone(session: WriteSession, no_longer_fitting: Sequence[tuple[UUID, UUID]], now: datetime) -> None:
    """Notes of these places, as (watch, offer), that they no longer fit."""
    if not no_longer_fitting:
        return
    pairs = (
        func.unnest(
            bindparam("watches", [watch for watch, _ in no_longer_fitting], ARRAY(Uuid)),
            bindparam("offers", [offer for _, offer in no_longer_fitting], ARRAY(Uuid)),
        )
        .table_valued("watch", "offer", name="pair")
        .render_derived()
    )
    statement = update(WatchMatchRow).where(
        WatchMatchRow.watch_id == pairs.c.watch,
        WatchMatchRow.offer_id == pairs.c.offer,
        WatchMatchRow.gone_at.is_(None),
    )
    await session.execute(statement.values(gone_at=now), execution_options={"synchronize_session": False})


async def settle(session: WriteSession, watches: Sequence[WatchRow]) -> None:
    """Notes of these watches that they have been held against all offers."""
    ids = [watch.id for watch in watches]
    statement = update(WatchRow).where(WatchRow.id.in_(ids), WatchRow.fresh)
    await session.execute(statement.values(fresh=False), execution_options={"synchronize_session": False})


async def note_request(session: WriteSession, due: Due) -> None:
    """Notes with which version of its request, and so of its care types, a watch was held against the offers."""
    watch, request = due
    if request is None or watch.request_version == request.version:
        return
    care_types = care_types_of(request)
    statement = update(WatchRow).where(WatchRow.id == watch.id)
    await session.execute(
        statement.values(request_version=request.version, care_types=care_types),
        execution_options={"synchronize_session": False},
    )


def care_types_of(request: RequestRow) -> list[str]:
    """The care types of a request's choices."""
    return sorted({choice["careType"] for choice in request.choices})


# --- telling ---


async def get_last_told(session: ReadSession) -> int:
    """The id of the last place that was told of; 0 before the first. Later ones have a larger id."""
    return await session.scalar(select(func.max(WatchMatchRow.id)).where(WatchMatchRow.told)) or 0


async def list_told(
    session: ReadSession, organisations: Collection[UUID], since: int, limit: int
) -> list[WatchMatchRow]:
    """At most `limit` places by id, after `since`, that these organisations follow as events."""
    statement = (
        select(WatchMatchRow)
        .join(WatchRow, WatchRow.id == WatchMatchRow.watch_id)
        .where(
            WatchMatchRow.told,
            WatchMatchRow.id > since,
            WatchMatchRow.organisation_id.in_(organisations),
            WatchRow.channels.contains(["sse"]),
        )
        .order_by(WatchMatchRow.id)
        .limit(limit)
    )
    return list((await session.scalars(statement)).all())


async def prune_watches(session: WriteSession, today: date) -> None:
    """Deletes the watches that ended more than 30 days ago, with what they found."""
    last = func.least(WatchRow.expires_on, func.coalesce(WatchRow.closed_on, WatchRow.expires_on))
    await session.execute(delete(WatchRow).where(last < today - KEPT))


async def _prune(session: WriteSession) -> None:
    await prune_watches(session, dutch_day(system_clock()))


PRUNING: Final = Job("prune-watches", "37 3 * * *", _prune)
