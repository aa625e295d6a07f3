"""The database made ready: reached, migrated, and filled."""

import asyncio
from datetime import date

import asyncpg
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from app.demo.errors import StartError
from app.demo.seed import DatabaseInUseError, SeedReport, seed
from app.kit.migrations import upgrade
from app.reference.loader import load

_OLDEST = 150_000


def prepare(dsn: str, today: date, *, demo: bool) -> SeedReport | None:
    """Migrates, loads the reference data and, with `demo`, the demo data set as it is today."""
    asyncio.run(_check(dsn))
    try:
        upgrade(dsn)
        asyncio.run(load(dsn))
        return asyncio.run(seed(dsn, today)) if demo else None
    except DatabaseInUseError as error:
        raise StartError(
            "The database of DATABASE_URL has providers or clients of its own, and the demo data set has clients "
            "with a published secret: it belongs in an empty database. Start with --no-demo, or use another one."
        ) from error
    except SQLAlchemyError as error:
        raise StartError(f"The database could not be made ready: {error}") from error


async def _check(dsn: str) -> None:
    """`StartError` where there is no PostgreSQL 15 or newer at `dsn`, without repeating its password."""
    if not dsn.startswith("postgresql+asyncpg://"):
        raise StartError("DATABASE_URL must start with postgresql+asyncpg:// (PostgreSQL is the only database).")
    try:
        engine = create_async_engine(dsn, poolclass=NullPool, connect_args={"timeout": 10})
        async with engine.connect() as connection:
            version = int((await connection.exec_driver_sql("SHOW server_version_num")).scalar_one())
    except (OSError, ValueError, SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise StartError(f"No connection with the database: {error or type(error).__name__}") from error
    if version < _OLDEST:
        raise StartError(f"The database is PostgreSQL {version // 10_000}; this takes 15 or newer.")
