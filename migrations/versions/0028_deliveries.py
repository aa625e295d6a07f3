"""Deliveries of waiting children, and that the wait is bridged as the institution says itself.

While an older release runs beside this one, it writes since when a referral bridges the wait in `bridged_on` alone; the
next step of that referral puts it right.

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_TYPES = (
    *("capacity.changed", "referral.sent", "referral.decided", "arrangement.asked", "arrangement.decided"),
    *("transfer.changed", "escalation.changed", "call.published", "call.answered", "reminder.due", "watch.matched"),
    "webhook.test",
)
_COUNTS = ("lines", "accepted", "unchanged", "rejected", "closed")


def _allow(*types: str) -> None:
    listed = ", ".join(f"'{each}'" for each in types)
    op.drop_constraint(op.f("ck_outbox_events_type"), "outbox_events")
    op.create_check_constraint(op.f("ck_outbox_events_type"), "outbox_events", f"type IN ({listed})")


def upgrade() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("institution", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("reference_day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _COUNTS),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('delivered', 'confirmed')", name=op.f("ck_deliveries_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
    )
    op.create_index(op.f("ix_deliveries_month_organisation_id_id"), "deliveries", ["month", "organisation_id", "id"])
    op.create_table(
        "delivered_requests",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_delivered_requests_request_id_requests")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "request_id", name=op.f("pk_delivered_requests")),
    )
    op.create_table(
        "delivery_reminders",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "month", name=op.f("pk_delivery_reminders")),
    )
    op.add_column("requests", sa.Column("bridging_said_on", sa.Date(), nullable=True))
    op.add_column("requests", sa.Column("bridging_started_on", sa.Date(), nullable=True))
    op.execute("UPDATE requests SET bridging_started_on = bridged_on WHERE bridged_on IS NOT NULL")
    _allow(*_TYPES, "delivery.due")


def downgrade() -> None:
    old = "(SELECT id FROM outbox_events WHERE type = 'delivery.due')"
    op.execute(f"DELETE FROM webhook_deliveries WHERE outbox_id IN {old}")  # noqa: S608 - no input
    op.execute("DELETE FROM outbox_events WHERE type = 'delivery.due'")
    _allow(*_TYPES)
    op.execute("UPDATE requests SET bridged_on = bridging_started_on")
    op.drop_column("requests", "bridging_started_on")
    op.drop_column("requests", "bridging_said_on")
    op.drop_table("delivery_reminders")
    op.drop_table("delivered_requests")
    op.drop_table("deliveries")
