"""The log of changes also names the organisations whose watches found a place, so that their start follows.

As those of migrations 0034, 0048 and 0049; what is told is never what changed.

Revision ID: 0051
Revises: 0050
"""

from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None
expands = True


def upgrade() -> None:
    op.execute("""
        CREATE FUNCTION tell_audience_of_watch_matches() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            INSERT INTO catalogue_changes (subject, kind)
            SELECT DISTINCT organisation_id, 'audience' FROM changed WHERE told
            ON CONFLICT DO NOTHING;
            RETURN NULL;
        END $$
    """)
    op.execute("""
        CREATE TRIGGER tell_audience_insert AFTER INSERT ON watch_matches REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION tell_audience_of_watch_matches()
    """)


def downgrade() -> None:
    op.execute("DROP TRIGGER tell_audience_insert ON watch_matches")
    op.execute("DROP FUNCTION tell_audience_of_watch_matches()")
