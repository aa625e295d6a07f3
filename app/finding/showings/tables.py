"""How often offers were shown."""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, Date
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database.tables import Table


class ShowingRow(Table):
    """How often an offer was shown on a day, in answers to searches and matches of who refers; to whom is not known."""

    __tablename__ = "offer_showings"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    offer_id: Mapped[UUID] = mapped_column(primary_key=True)
    times: Mapped[int] = mapped_column(BigInteger, nullable=False)
