"""Version 2 of the ranking's rules: kept rankings say their version, and a child's gender may be unknown.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_GENDER = "ck_requests_gender"


def upgrade() -> None:
    op.add_column("rankings", sa.Column("rules", sa.SmallInteger(), server_default="1", nullable=False))
    op.drop_constraint(op.f(_GENDER), "requests", type_="check")
    op.create_check_constraint(op.f(_GENDER), "requests", "gender IN ('female', 'male', 'other', 'unknown')")


def downgrade() -> None:
    op.execute("UPDATE requests SET gender = 'other' WHERE gender = 'unknown'")
    op.drop_constraint(op.f(_GENDER), "requests", type_="check")
    op.create_check_constraint(op.f(_GENDER), "requests", "gender IN ('female', 'male', 'other')")
    op.drop_column("rankings", "rules")
