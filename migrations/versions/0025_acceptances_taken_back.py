"""When the place of a child was given back because its acceptance was taken back.

Until now such a child lost the moment since which its place was promised, and a report that counted the place kept it.
An older release goes on so; while both run, it may count a place that the newer one gave back until the next report.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("referral_children", sa.Column("given_back_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.execute("UPDATE referral_children SET reserved_at = NULL WHERE given_back_at IS NOT NULL")
    op.drop_column("referral_children", "given_back_at")
