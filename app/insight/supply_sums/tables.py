"""The places of months."""

from datetime import date

from sqlalchemy import Date, Double, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.insight.history.tables import Known
from app.kit.database.tables import Table


class SupplySumRow(Known, Table):
    """The places of all days of a month added up, by region and care type.

    Of two days with 4 and 6 places it is 10. Of a month that runs it is of the days that are written; what is known
    while it runs is replaced, and known from its first day.
    """

    __tablename__ = "insight_supply_sums"

    month: Mapped[date] = mapped_column(Date, primary_key=True, sort_order=-1)
    region_code: Mapped[str] = mapped_column(Text, primary_key=True, sort_order=-1)
    care_type: Mapped[str] = mapped_column(Text, primary_key=True, sort_order=-1)
    places_total: Mapped[float] = mapped_column(Double, nullable=False)
    places_occupied: Mapped[float] = mapped_column(Double, nullable=False)
    places_free: Mapped[float] = mapped_column(Double, nullable=False)
