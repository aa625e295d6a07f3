"""Months of supply: whether their figures have changed, and when it was last seen to that they are what days add up to.

Triggers draw another state for each month of which a figure was made, changed or deleted, as those of migration 0032 do
for all of supply: what was added up of a month holds for as long as that is its state.

Revision ID: 0045
Revises: 0043
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0043"
branch_labels = None
depends_on = None
expands = True

_STATES: Final = "insight_supply_states"
_DAYS: Final = {"insight_supply_days": "day", "insight_supply_months": "month", "insight_supply_sums": "month"}
"""The tables of figures, each with the column that says of which day they are."""
_FUNCTION: Final = """
    CREATE FUNCTION note_supply_months() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'TRUNCATE' THEN
            DELETE FROM insight_supply_states;
        ELSE
            EXECUTE format(
                'INSERT INTO insight_supply_states (month) '
                'SELECT DISTINCT date_trunc(''month'', %I)::date FROM changed '
                'ON CONFLICT (month) DO UPDATE SET state = excluded.state', TG_ARGV[0]);
        END IF;
        RETURN NULL;
    END $$
"""


def upgrade() -> None:
    op.add_column("insight_sources", sa.Column("added_up_on", sa.Date()))
    op.create_table(
        _STATES,
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("state", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f(f"pk_{_STATES}")),
    )
    op.execute(_FUNCTION)
    for table, column in _DAYS.items():
        for event, rows in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
            op.execute(
                f"CREATE TRIGGER note_months_{event.lower()} AFTER {event} ON {table} "
                f"REFERENCING {rows} TABLE AS changed "
                f"FOR EACH STATEMENT EXECUTE FUNCTION note_supply_months('{column}')"
            )
        op.execute(
            f"CREATE TRIGGER note_months_truncate AFTER TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION note_supply_months()"
        )


def downgrade() -> None:
    for table in _DAYS:
        for event in ("insert", "update", "delete", "truncate"):
            op.execute(f"DROP TRIGGER note_months_{event} ON {table}")
    op.execute("DROP FUNCTION note_supply_months")
    op.drop_table(_STATES)
    op.drop_column("insight_sources", "added_up_on")
