"""Who waits may be unknown, and hours a week may be halves.

The release before reads and writes these columns as it did: a whole number is the same in both types, and a report
without a waiting count is one that only this release takes in. The change of type writes both tables anew while
nobody else can use them, about a second for a million reports.

Revision ID: 0015
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = ("capacity_reports", "current_capacities")
AMOUNTS = ("places_total", "places_occupied", "places_reserved", "places_free")


def upgrade() -> None:
    for table in TABLES:
        amounts = (*AMOUNTS, "difference") if table == "current_capacities" else AMOUNTS
        op.execute(f"ALTER TABLE {table} " + ", ".join(f"ALTER COLUMN {name} TYPE real" for name in amounts))
        op.alter_column(table, "waiting_count", existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    """Halves are rounded down, so that no hour is promised that is not there; unknown becomes 0, as it was before."""
    for table in TABLES:
        amounts = (*AMOUNTS, "difference") if table == "current_capacities" else AMOUNTS
        columns = [f"ALTER COLUMN {name} TYPE integer USING floor({name})" for name in amounts]
        columns.append("ALTER COLUMN waiting_count TYPE integer USING coalesce(waiting_count, 0)")
        op.execute(f"ALTER TABLE {table} " + ", ".join(columns))
        op.alter_column(table, "waiting_count", existing_type=sa.Integer(), nullable=False)
