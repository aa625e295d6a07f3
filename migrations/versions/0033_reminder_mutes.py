"""Until when a provider gets no reminders by mail, and which reminders were not mailed because of that.

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reminder_mutes",
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["providers.id"], name=op.f("fk_reminder_mutes_provider_id_providers")
        ),
        sa.PrimaryKeyConstraint("provider_id", name=op.f("pk_reminder_mutes")),
    )
    op.add_column("reminders", sa.Column("muted", sa.Boolean(), server_default="false", nullable=False))


def downgrade() -> None:
    op.drop_column("reminders", "muted")
    op.drop_table("reminder_mutes")
