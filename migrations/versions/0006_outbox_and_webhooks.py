"""The outbox: events that other systems are told of.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outbox_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("event_id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("provider_id", sa.Uuid(), nullable=True),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(organisation_id, provider_id) = CASE type WHEN 'capacity.changed' THEN 0 ELSE 1 END",
            name=op.f("ck_outbox_events_concerns"),
        ),
        sa.CheckConstraint(
            "type IN ('capacity.changed', 'referral.sent', 'referral.decided', 'reminder.due', 'watch.matched', "
            "'webhook.test')",
            name=op.f("ck_outbox_events_type"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_events")),
    )
    op.create_index(op.f("ix_outbox_events_taken_at_id"), "outbox_events", ["taken_at", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("outbox_events")
