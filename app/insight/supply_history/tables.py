"""Offers as they were on each day, and the figures that are made of them and of what was reported."""

from datetime import date
from uuid import UUID

from sqlalchemy import Date, Double, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.insight.history.tables import Known
from app.kit.database.tables import Table

SEVERAL_REGIONS = ""
"""The region of an offer that is in none, or in more than one."""


class OfferVersionRow(Known, Table):
    """An offer as it was from `known_from` on, until `known_to`, in which it is not.

    `region_code` is that of its location; of help without one, which comes to the child, the region that its service
    area is in, and `SEVERAL_REGIONS` where that is more than one or not said. It is given until `ended_on`.
    """

    __tablename__ = "insight_offers"
    __table_args__ = (Index(None, "offer_id"),)

    offer_id: Mapped[UUID] = mapped_column(primary_key=True)
    provider_id: Mapped[UUID] = mapped_column(nullable=False)
    care_type: Mapped[str] = mapped_column(Text, nullable=False)
    region_code: Mapped[str] = mapped_column(Text, nullable=False)
    unit: Mapped[str] = mapped_column(Text, nullable=False)
    ended_on: Mapped[date | None] = mapped_column(Date)


class SupplyFigures(Known):
    """How much there is of some offers at the end of a day, by the report that then stands of each.

    `offers` are `fresh` (observed at most 7 days before), `ageing` (8 to 30), `stale` (more) or `missing` (never
    reported). What follows is of fresh and ageing figures alone: an older report says nothing of that day. `closed`
    take no referrals. `counted` are those whose capacity is places or trajectories; hours a week are no places, and
    in none of the `places_…`. What an offer does not say adds nothing. `places_open` are those free, less who waits
    already (an offer with 2 free and 5 waiting has none), of offers that take referrals.
    """

    offers: Mapped[int] = mapped_column(Integer, nullable=False)
    fresh: Mapped[int] = mapped_column(Integer, nullable=False)
    ageing: Mapped[int] = mapped_column(Integer, nullable=False)
    stale: Mapped[int] = mapped_column(Integer, nullable=False)
    missing: Mapped[int] = mapped_column(Integer, nullable=False)
    closed: Mapped[int] = mapped_column(Integer, nullable=False)
    counted: Mapped[int] = mapped_column(Integer, nullable=False)
    places_total: Mapped[float] = mapped_column(Double, nullable=False)
    places_occupied: Mapped[float] = mapped_column(Double, nullable=False)
    places_reserved: Mapped[float] = mapped_column(Double, nullable=False)
    places_free: Mapped[float] = mapped_column(Double, nullable=False)
    places_open: Mapped[float] = mapped_column(Double, nullable=False)
    waiting_count: Mapped[int] = mapped_column(Integer, nullable=False)


class SupplyDayRow(SupplyFigures, Table):
    """The figures of a day, by region and care type; those of today are replaced until it is over."""

    __tablename__ = "insight_supply_days"
    __table_args__ = ({"postgresql_partition_by": "RANGE (day)"},)

    day: Mapped[date] = mapped_column(Date, primary_key=True, sort_order=-1)
    region_code: Mapped[str] = mapped_column(Text, primary_key=True, sort_order=-1)
    care_type: Mapped[str] = mapped_column(Text, primary_key=True, sort_order=-1)


class SupplyMonthRow(SupplyFigures, Table):
    """The figures of the last day of a month, by provider, region and care type; of this month, of today.

    `month` is its first day. What is known while it runs is replaced, and known from that first day. `waits` are the
    waits in days that offers report, from the referral to the first real help: one of each that says anything of it.
    """

    __tablename__ = "insight_supply_months"
    __table_args__ = ({"postgresql_partition_by": "RANGE (month)"},)

    month: Mapped[date] = mapped_column(Date, primary_key=True, sort_order=-1)
    provider_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-1)
    region_code: Mapped[str] = mapped_column(Text, primary_key=True, sort_order=-1)
    care_type: Mapped[str] = mapped_column(Text, primary_key=True, sort_order=-1)
    waits: Mapped[list[int]] = mapped_column(ARRAY(Integer), nullable=False)


class SupplyStateRow(Table):
    """A month, by its first day, and its `state`: another one whenever a figure of one of its days, of the month, or of
    its days added up was made, changed or deleted. Triggers on those tables draw it (migration 0045)."""

    __tablename__ = "insight_supply_states"

    month: Mapped[date] = mapped_column(Date, primary_key=True)
    state: Mapped[UUID] = mapped_column(server_default=text("gen_random_uuid()"), nullable=False)
