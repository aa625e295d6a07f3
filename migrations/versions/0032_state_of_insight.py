"""Whether figures have changed, told by one value for each source.

Whatever is made, changed or deleted in its figures gives a source a new `state`: what was decided for a state holds for
as long as that is the state. It is drawn, not counted, so that no two histories of a database have one in common.

Revision ID: 0032
Revises: 0031
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_TABLES: Final = {
    **dict.fromkeys(("insight_needs", "insight_referrals", "insight_escalations"), "dossiers"),
    **dict.fromkeys(("insight_supply_days", "insight_supply_months"), "supply"),
}
_FUNCTION: Final = """
    CREATE FUNCTION note_insight_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE insight_sources SET state = gen_random_uuid() WHERE source = TG_ARGV[0];
        RETURN NULL;
    END $$
"""


def upgrade() -> None:
    state = sa.Column("state", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False)
    op.add_column("insight_sources", state)
    op.execute(_FUNCTION)
    for table, source in _TABLES.items():
        op.execute(
            f"CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION note_insight_change('{source}')"
        )


def downgrade() -> None:
    for table in _TABLES:
        op.execute(f"DROP TRIGGER note_change ON {table}")
    op.execute("DROP FUNCTION note_insight_change")
    op.drop_column("insight_sources", "state")
