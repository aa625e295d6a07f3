"""Contracts that were registered in error, and asking for what is not contracted.

Revision ID: 0021
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contracts", sa.Column("arrangement_id", sa.Uuid(), nullable=True))
    op.add_column("contracts", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("contracts", sa.Column("withdrawn_why", sa.Text(), nullable=True))
    op.add_column("contracts", sa.Column("withdrawn_by", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_contracts_withdrawn"), "contracts", "num_nulls(withdrawn_at, withdrawn_why, withdrawn_by) IN (0, 3)"
    )
    op.create_unique_constraint(op.f("uq_contracts_arrangement_id"), "contracts", ["arrangement_id"])


def downgrade() -> None:
    op.drop_constraint(op.f("uq_contracts_arrangement_id"), "contracts")
    op.drop_constraint(op.f("ck_contracts_withdrawn"), "contracts")
    op.drop_column("contracts", "withdrawn_by")
    op.drop_column("contracts", "withdrawn_why")
    op.drop_column("contracts", "withdrawn_at")
    op.drop_column("contracts", "arrangement_id")
