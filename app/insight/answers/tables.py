"""Up to when what was recorded is in the figures."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.insight.answers.definitions import Source
from app.kit.database.tables import Table


class InsightSourceRow(Table):
    """A source of figures, and the moment up to which the tables of insight hold what was recorded in it.

    Whoever brings them up to date holds the row, so that one does at a time. `state` is another one whenever a
    figure was made, changed or deleted: triggers on the tables of figures draw it (migration 0032). Of supply `offers`
    are those that were given then, and `offers_known` those of them whose figures were at most 30 days old; on
    `added_up_on` it was last seen to that every month is what its days add up to.
    """

    __tablename__ = "insight_sources"

    source: Mapped[Source] = mapped_column(Text, primary_key=True)
    brought_up_to: Mapped[datetime | None] = mapped_column()
    state: Mapped[UUID] = mapped_column(server_default=text("gen_random_uuid()"), nullable=False)
    offers: Mapped[int | None] = mapped_column(Integer)
    offers_known: Mapped[int | None] = mapped_column(Integer)
    added_up_on: Mapped[date | None] = mapped_column(Date)


class SettledRow(Table):
    """What may be told of the small counts of a resource in a period, as known then or on the day `on`.

    The job that settles writes it when a day is over, in place of what it wrote the day before. `decision` is in the
    form of `settled.Settled`.
    """

    __tablename__ = "insight_settled"

    resource: Mapped[str] = mapped_column(Text, primary_key=True)
    period: Mapped[str] = mapped_column(Text, primary_key=True)
    known: Mapped[str] = mapped_column(Text, primary_key=True)
    on: Mapped[date] = mapped_column(Date, nullable=False)
    decision: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False)
