"""Referrals: their history, and the places that they take.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("capacity_reports", sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("current_capacities", sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("current_capacities", sa.Column("difference", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("current_capacities", "difference")
    op.drop_column("current_capacities", "counted_at")
    op.drop_column("capacity_reports", "counted_at")
