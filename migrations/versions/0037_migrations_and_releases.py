"""Which migrations ran, and whether the release before each goes on working with it.

Revision ID: 0037
Revises: 0036
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None
expands = True


def upgrade() -> None:
    op.create_table(
        "migrations_run",
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("expands", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("revision", name=op.f("pk_migrations_run")),
    )


def downgrade() -> None:
    op.drop_table("migrations_run")
