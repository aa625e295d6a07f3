"""What every table has: one naming convention, and a version where rows change."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import DateTime, Integer, MetaData, event, func
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.kit.database.trail import follow

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(DeclarativeBase):
    """Base of all tables; times are with time zone."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {datetime: DateTime(timezone=True)}


event.listen(Table, "instrument_class", follow, propagate=True)


class VersionedTable(Table):
    """Base of tables whose rows change: the version is the row's ETag."""

    __abstract__ = True

    version: Mapped[int] = mapped_column(Integer, nullable=False, server_default="1", default=1)
    created_at: Mapped[datetime] = mapped_column(nullable=False, server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(nullable=False, server_default=func.now())
