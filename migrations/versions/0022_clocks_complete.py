"""The days of a measure that norms count from, and terms that hold without a measure.

Revision ID: 0022
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0017"
branch_labels = None
depends_on = None

DAYS = ("measure_informed_on", "measure_started_on")


def upgrade() -> None:
    for day in DAYS:
        op.add_column("requests", sa.Column(day, sa.Date(), nullable=True))
    op.add_column(
        "regional_agreements",
        sa.Column("also_without_measure", sa.Boolean(), server_default="false", nullable=False),
    )
    # a preventive measure carries no norm of the inspectorates
    op.execute("UPDATE requests SET norm_amber_from = NULL, norm_red_from = NULL WHERE measure_type = '31'")


def downgrade() -> None:
    op.drop_column("regional_agreements", "also_without_measure")
    for day in reversed(DAYS):
        op.drop_column("requests", day)
