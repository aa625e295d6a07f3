"""Statements that write the dossiers of the past: all rows of a table at once, version after version."""

from collections.abc import Collection, Sequence
from typing import cast

from sqlalchemy import Table as SqlTable
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.demo.history.book import CHANGING, Book, Values
from app.kit.database.tables import Table
from app.kit.database.upserts import given_rows
from app.kit.json_bytes import to_json


async def write(connection: AsyncConnection, book: Book) -> None:
    """Writes the book.

    Triggers keep each version of what changes for insight (`dossier_versions`), known from its `updated_at` on; the
    version of a child in a referral is known from that of the referral.
    """
    for number, versions in enumerate(book.rounds):
        for table in CHANGING:
            if number == 0:
                await _insert(connection, table, versions[table])
            else:
                await _change(connection, table, versions[table], book.changed[table])
    for table, rows in book.added.items():
        await _insert(connection, table, rows)


async def _insert(connection: AsyncConnection, table: type[Table], rows: Sequence[Values]) -> None:
    if rows:
        own, names = cast("SqlTable", table.__table__), list(rows[0])
        given = given_rows(own, names)
        statement = insert(own).from_select(names, select(*(given.c[name] for name in names)))
        await connection.execute(statement, {"rows": to_json(rows).decode()})


async def _change(
    connection: AsyncConnection, table: type[Table], rows: Sequence[Values], changed: Collection[str]
) -> None:
    """Gives rows the values that they have in these columns."""
    if rows:
        own = cast("SqlTable", table.__table__)
        key = [column.name for column in own.primary_key]
        names = [*key, *sorted(changed)]
        given = given_rows(own, names)
        condition = (own.c[name] == given.c[name] for name in key)
        statement = update(own).where(*condition).values({name: given.c[name] for name in changed})
        written = [{name: row[name] for name in names} for row in rows]
        await connection.execute(statement, {"rows": to_json(written).decode()})
