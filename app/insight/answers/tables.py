"""Up to when what was recorded is in the figures."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.insight.answers.definitions import Source
from app.kit.database.tables import Table


class InsightSourceRow(Table):
    """A source of figures, and the moment up to which the tables of insight hold what was recorded in it.

    Whoever brings them up to date holds the row, so that one does at a time. `state` is another one whenever a
    figure was made, changed or deleted: triggers on the tables of figures draw it (migration 0032).
    """

    __tablename__ = "insight_sources"

    source: Mapped[Source] = mapped_column(Text, primary_key=True)
    brought_up_to: Mapped[datetime | None] = mapped_column()
    state: Mapped[UUID] = mapped_column(server_default=text("gen_random_uuid()"), nullable=False)
