"""Which migrations ran."""

from sqlalchemy import Boolean, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database.tables import Table


class MigrationRunRow(Table):
    """A migration, and whether the release before it goes on working with what it made.

    Written by migrations/env.py, and read by the ready check of a release that does not know the migration.
    """

    __tablename__ = "migrations_run"

    revision: Mapped[str] = mapped_column(Text, primary_key=True)
    expands: Mapped[bool] = mapped_column(Boolean, nullable=False)
