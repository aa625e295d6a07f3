"""How often each offer was shown on a day.

Revision ID: 0035
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "offer_showings",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("times", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "offer_id", name=op.f("pk_offer_showings")),
    )


def downgrade() -> None:
    op.drop_table("offer_showings")
