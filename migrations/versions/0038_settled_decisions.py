"""What may be told of small counts, as it was settled by the job after each day.

Revision ID: 0038
Revises: 0037
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None
expands = True


def upgrade() -> None:
    op.create_table(
        "insight_settled",
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("known", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("decision", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("resource", "period", "known", name=op.f("pk_insight_settled")),
    )


def downgrade() -> None:
    op.drop_table("insight_settled")
