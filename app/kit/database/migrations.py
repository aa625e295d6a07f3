"""Migrations: which one the code was written for, how a database comes there, and how the next one is made."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

import app
from app.kit.database.partitions import is_partition


class MigrationsMissingError(RuntimeError):
    """alembic.ini is neither in the working directory nor beside the package."""


def alembic_config(dsn: str | None = None) -> Config:
    """Alembic's configuration for the database at `dsn`."""
    places = [Path.cwd(), Path(app.__file__).parent.parent]
    found = next((place / "alembic.ini" for place in places if (place / "alembic.ini").is_file()), None)
    if found is None:
        raise MigrationsMissingError(f"alembic.ini is in none of {', '.join(map(str, places))}")
    config = Config(found)
    config.attributes["dsn"] = dsn
    return config


@cache
def head() -> str:
    """The newest migration that this code knows."""
    revision = ScriptDirectory.from_config(alembic_config()).get_current_head()
    if revision is None:
        raise MigrationsMissingError("migrations/versions is empty")
    return revision


def upgrade(dsn: str, revision: str = "head") -> None:
    """Brings the database to `revision`; waits for a migration that runs elsewhere."""
    command.upgrade(alembic_config(dsn), revision)


def downgrade(dsn: str, revision: str) -> None:
    """Takes the database back to `revision`."""
    command.downgrade(alembic_config(dsn), revision)


def revise(dsn: str, message: str) -> Path:
    """Writes the next migration: from the database at `dsn`, which is at the newest, to the tables of the code.

    Its file; `CommandError` where the database is at an older one. It is empty where nothing differs.
    """
    made = command.revision(alembic_config(dsn), message, autogenerate=True, rev_id=f"{int(head()) + 1:04}")
    if made is None or isinstance(made, list):
        raise MigrationsMissingError("Alembic made no migration, or several")
    return Path(made.path)


def is_ours(name: str | None, kind: str, _: object) -> bool:
    """Alembic's `include_name`: what is no part of our metadata.

    PgQueuer's tables come from our migrations, and the monthly parts of a table from whoever writes it.
    """
    return kind != "table" or name is None or not (name.startswith("pgqueuer") or is_partition(name))
