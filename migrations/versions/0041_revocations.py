"""Clients whose tokens and sessions of before some moment count no more.

Revision ID: 0041
Revises: 0040
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None
expands = True


def upgrade() -> None:
    op.create_table(
        "revocations",
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("client_id", name=op.f("pk_revocations")),
    )


def downgrade() -> None:
    op.drop_table("revocations")
