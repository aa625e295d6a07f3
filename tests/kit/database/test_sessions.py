"""Sessions: readers see one moment and write nothing, writers leave all or nothing, and errors quote no values."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.kit.database.sessions import Database, connect

COUNT = text("SELECT count(*) FROM regions")
INSERT = text("INSERT INTO regions VALUES ('JZ99', 'Nieuw')")


@pytest.fixture
async def own(fresh_database_url: str) -> AsyncIterator[Database]:
    """A database as the service connects to it."""
    made = connect(fresh_database_url, pool_size=2)
    yield made
    await made.engine.dispose()


async def test_a_reader_sees_one_moment(own: Database) -> None:
    async with own.read() as reading:
        assert await reading.scalar(COUNT) == 42
        async with own.write() as writing:
            await writing.execute(INSERT)
        assert await reading.scalar(COUNT) == 42
    async with own.read() as reading:
        assert await reading.scalar(COUNT) == 43


async def test_a_reader_cannot_write(own: Database) -> None:
    async with own.read() as reading:
        with pytest.raises(DBAPIError, match="read-only"):
            await reading.execute(INSERT)
    async with own.write() as writing:
        await writing.execute(INSERT)


async def test_a_writer_that_fails_leaves_nothing(own: Database) -> None:
    async def write_and_fail() -> None:
        async with own.write() as writing:
            await writing.execute(INSERT)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await write_and_fail()
    async with own.read() as reading:
        assert await reading.scalar(COUNT) == 42


async def test_an_error_does_not_quote_the_parameters(own: Database) -> None:
    async with own.read() as reading:
        with pytest.raises(DBAPIError) as raised:
            await reading.execute(text("SELECT 1 / (length(:child) - 6)"), {"child": "Pietje"})
    assert "division by zero" in str(raised.value)
    assert "Pietje" not in str(raised.value)
