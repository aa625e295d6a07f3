"""On which day it was last seen to that the months of supply are what their days add up to.

Revision ID: 0045
Revises: 0043
"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0043"
branch_labels = None
depends_on = None
expands = True


def upgrade() -> None:
    op.add_column("insight_sources", sa.Column("added_up_on", sa.Date()))


def downgrade() -> None:
    op.drop_column("insight_sources", "added_up_on")
