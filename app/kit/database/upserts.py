"""Changing rows: only what differs, with a new version; create-or-replace by the owner's own key; many at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, FromClause, Table, Text, bindparam, cast, column, func, literal, select, update
from sqlalchemy import Row as SqlRow
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import InstrumentedAttribute

from app.kit.database.sessions import WriteSession
from app.kit.database.tables import VersionedTable
from app.kit.json_bytes import to_json
from app.kit.versions import check_version

Row = TypeVar("Row", bound=VersionedTable)


def differing(row: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the `values` that a row does not have already."""
    return {name: value for name, value in values.items() if getattr(row, name) != value}


async def change(session: WriteSession, row: VersionedTable, values: Mapping[str, Any], now: datetime) -> bool:
    """Sets those `values` that differ, and then a new version; whether anything did."""
    changed = differing(row, values)
    for name, value in changed.items():
        setattr(row, name, value)
    if changed:
        row.version += 1
        row.updated_at = now
        await session.flush()
    return bool(changed)


async def create_or_replace(
    session: WriteSession,
    row_class: type[Row],
    key: Mapping[InstrumentedAttribute[Any], Any],
    values: Mapping[str, Any],
    if_match: str | None,
    now: datetime,
    *,
    composite: bool = False,
) -> tuple[Row, bool]:
    """The row with this key and these values, and whether it is new.

    Two callers that create the same key at once end with one row: the second replaces what the first made.
    An `if_match` that is not the row's version, or where there is no row: `PreconditionFailedError`. `composite`: as of
    `check_version`.
    """
    existing = select(row_class).where(*(column == value for column, value in key.items())).with_for_update()
    row = (await session.execute(existing)).scalar_one_or_none()
    if row is None:
        if if_match is not None:
            check_version(if_match, None)
        names = {column.key: value for column, value in key.items()}
        created = await session.scalar(
            insert(row_class).values({**names, **values, **_made(now)}).on_conflict_do_nothing().returning(row_class)
        )
        if created is not None:
            await session.refresh(created)
            return created, True
        row = (await session.execute(existing)).scalar_one()
    check_version(if_match, row.version, required=False, composite=composite)
    await change(session, row, values, now)
    return row, False


Rows = Sequence[Mapping[str, Any]]
"""Rows to write, which all have the same columns."""


async def create_all(
    session: WriteSession, table: Table, rows: Rows, key: Sequence[str], now: datetime
) -> Sequence[SqlRow[Any]]:
    """Adds the rows in one statement; the id and key of each.

    One that somebody else adds at the same time, with the same `key` (columns), is replaced.
    """
    if not rows:
        return []
    names = list(rows[0])
    given = given_rows(table, names)
    moments = _made(now)
    columns = [*_of(given, names), *map(literal, moments.values())]
    statement = insert(table).from_select([*names, *moments], select(*columns).order_by(*_of(given, key)))
    values = {name: statement.excluded[name] for name in names if name not in {"id", *key}}
    upsert = statement.on_conflict_do_update(index_elements=list(key), set_=values | _next_version(table, now))
    connection = await session.connection()
    made = await connection.execute(upsert.returning(table.c.id, *_of(table, key)), {"rows": to_json(rows).decode()})
    return made.all()


async def replace_all(session: WriteSession, table: Table, rows: Rows, now: datetime) -> None:
    """Gives the rows with these ids the other values, and a new version, in one statement."""
    if not rows:
        return
    given = given_rows(table, list(rows[0]))
    values = {name: given.c[name] for name in rows[0] if name != "id"}
    statement = update(table).where(table.c.id == given.c.id).values(values | _next_version(table, now))
    connection = await session.connection()
    await connection.execute(statement, {"rows": to_json(rows).decode()})


def _of(columns: FromClause, names: Sequence[str]) -> list[ColumnElement[Any]]:
    return [columns.c[name] for name in names]


def _made(now: datetime) -> dict[str, Any]:
    return {"created_at": now, "updated_at": now}


def _next_version(table: Table, now: datetime) -> dict[str, Any]:
    return {"version": table.c.version + 1, "updated_at": now}


def given_rows(table: Table, names: Sequence[str]) -> Any:
    """Rows that a statement is given as `rows`, one JSON array of objects, in these columns of the table.

    So arrays and JSON can be among their values.
    """
    columns = [column(name, table.c[name].type) for name in names]
    rows = func.jsonb_to_recordset(cast(bindparam("rows", type_=Text()), JSONB))
    return rows.table_valued(*columns, name="given").render_derived(with_types=True)
