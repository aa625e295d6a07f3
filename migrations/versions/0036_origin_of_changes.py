"""Of which cluster, timeline and database the log of changes is, so that one that was restored elsewhere is begun anew.

Revision ID: 0036
Revises: 0035
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "catalogue_origin",
        sa.Column("origin", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("origin", name=op.f("pk_catalogue_origin")),
    )
    op.execute("INSERT INTO catalogue_origin (origin) VALUES ('not yet known')")


def downgrade() -> None:
    op.drop_table("catalogue_origin")
