"""The role that a caller's reads have in PostgreSQL: row-level security shows it the rows of that caller alone.

A transaction takes it until it ends, so that the service needs no second connection string. Whoever logs in with
DATABASE_URL owns the tables and is not held by their policies: migrations, background work, changes, and what reads
across organisations.
"""

from collections.abc import Mapping
from typing import Final

CALLER: Final = "wijzer_caller"
"""Sees of private tables what their policies show to the caller of its transaction; without one it sees nothing."""

ENSURE: Final = f"""
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{CALLER}') THEN
        BEGIN
            CREATE ROLE {CALLER} NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;  -- another database of this server was migrated at the same time
        END;
    END IF;
    IF NOT pg_has_role(current_user, '{CALLER}', 'MEMBER') THEN
        EXECUTE format('GRANT {CALLER} TO %I', current_user);
    END IF;
    GRANT USAGE ON SCHEMA public TO {CALLER};
    GRANT SELECT ON ALL TABLES IN SCHEMA public TO {CALLER};
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO {CALLER};
END $$
"""
"""Makes the role where the server has none, as after a restore on a new one; whoever migrates needs CREATEROLE then."""


def as_statement(settings: Mapping[str, str]) -> str:
    """The statement with which a transaction takes these settings (`role` is one) until it ends."""
    calls = ", ".join(f"set_config('{name}', '{_quoted(value)}', true)" for name, value in settings.items())
    return f"SELECT {calls}"


def _quoted(value: str) -> str:
    return value.replace("\\", "").replace("'", "''").replace("\x00", "")
