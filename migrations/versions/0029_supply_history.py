"""What supply there was, day by day and month by month, and offers as they were.

The job that writes them makes the monthly parts of the two tables. Reports get an index by which those that came in
late are found, and one by which the last that was counted from a referral is.

Revision ID: 0029
Revises: 0028
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_OFFERS = ("offers", "fresh", "ageing", "stale", "missing", "closed", "counted")
_PLACES = ("places_total", "places_occupied", "places_reserved", "places_free", "places_open")


def _known() -> list[sa.Column[object]]:
    return [sa.Column("known_from", sa.Date(), nullable=False), sa.Column("known_to", sa.Date(), nullable=False)]


def _figures() -> list[sa.Column[Any]]:
    return [
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _OFFERS),
        *(sa.Column(name, sa.Double(), nullable=False) for name in _PLACES),
        sa.Column("waiting_count", sa.Integer(), nullable=False),
    ]


def upgrade() -> None:
    op.create_index(
        "ix_capacity_reports_counted",
        "capacity_reports",
        ["offer_id", "counted_at", "id"],
        postgresql_where=sa.text("counted_at IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_capacity_reports_received_at"), "capacity_reports", ["received_at"], postgresql_using="brin"
    )
    op.create_table(
        "insight_offers",
        *_known(),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("care_type", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("known_from", "offer_id", name=op.f("pk_insight_offers")),
    )
    op.create_index(op.f("ix_insight_offers_offer_id"), "insight_offers", ["offer_id"])
    op.create_table(
        "insight_supply_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("care_type", sa.Text(), nullable=False),
        *_known(),
        *_figures(),
        sa.PrimaryKeyConstraint("day", "region_code", "care_type", "known_from", name=op.f("pk_insight_supply_days")),
        postgresql_partition_by="RANGE (day)",
    )
    op.create_table(
        "insight_supply_months",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("care_type", sa.Text(), nullable=False),
        *_known(),
        *_figures(),
        sa.Column("waits", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.PrimaryKeyConstraint(
            "month", "provider_id", "region_code", "care_type", "known_from", name=op.f("pk_insight_supply_months")
        ),
        postgresql_partition_by="RANGE (month)",
    )


def downgrade() -> None:
    for table in ("insight_supply_months", "insight_supply_days", "insight_offers"):
        op.drop_table(table)
    for index in ("received_at", "counted"):
        op.drop_index(op.f(f"ix_capacity_reports_{index}"), table_name="capacity_reports")
