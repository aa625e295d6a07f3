"""The roles that the service works as in PostgreSQL, none of which owns a table or passes row-level security by.

A connection takes SERVICE when it is made, and a transaction for a caller CALLER or WRITER until it ends, so that no
role needs a connection string of its own. Whoever logs in with DATABASE_URL has to be a member of the three; it need
not own the tables, which only migrations do.
"""

from collections.abc import Mapping
from typing import Final

CALLER: Final = "wijzer_caller"
"""Reads of private tables what their policies show to the caller of its transaction; without one it sees nothing."""
WRITER: Final = "wijzer_writer"
"""Writes of private tables what their policies let the caller of its transaction reach; without one nothing."""
SERVICE: Final = "wijzer_service"
"""Works on the rows of all: background work, and what reaches across organisations by name."""

ENSURE: Final = f"""
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['{CALLER}', '{WRITER}', '{SERVICE}'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', name);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL;  -- another database of this server was migrated at the same time
            END;
        END IF;
        IF NOT pg_has_role(current_user, name, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO %I', name, current_user);
        END IF;
        EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', name);
    END LOOP;
    GRANT SELECT ON ALL TABLES IN SCHEMA public TO {CALLER};
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO {CALLER};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {WRITER}, {SERVICE};
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {WRITER}, {SERVICE};
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {WRITER}, {SERVICE};
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO {WRITER}, {SERVICE};
    IF to_regclass('public.audit_entries') IS NOT NULL THEN
        REVOKE UPDATE, DELETE ON audit_entries, audit_seals FROM {WRITER}, {SERVICE};
        REVOKE INSERT ON audit_seals FROM {WRITER};
        GRANT UPDATE (seal), DELETE ON audit_entries TO {SERVICE};
    END IF;
    IF to_regclass('public.migrations_run') IS NOT NULL THEN
        REVOKE INSERT, UPDATE, DELETE ON migrations_run, alembic_version FROM {WRITER}, {SERVICE};
    END IF;
END $$
"""  # noqa: S608 - our own words
"""Makes the roles where the server has none, as after a restore on a new one; whoever migrates needs CREATEROLE then.

What they may do with the audit log and the list of migrations is less than with other tables.
"""

WORK_AS_SERVICE: Final = f"""
SELECT set_config('role', '{SERVICE}', false) WHERE EXISTS (SELECT FROM pg_policy WHERE polname = 'of_service')
"""  # noqa: S608 - our own word
"""What a connection begins with; one to a database from before there was that role stays who logged in."""


def as_statement(settings: Mapping[str, str]) -> str:
    """The statement with which a transaction takes these settings (`role` is one) until it ends."""
    calls = ", ".join(f"set_config('{name}', '{_quoted(value)}', true)" for name, value in settings.items())
    return f"SELECT {calls}"


def _quoted(value: str) -> str:
    return value.replace("\\", "").replace("'", "''").replace("\x00", "")
