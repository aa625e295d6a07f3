# ruff: noqa: S608 - the statements are made of names that stand in this file
"""The log of changes also names the regions whose agreements, proposals and deliveries of institutions changed.

As those of migrations 0034 and 0048: so that their pages follow what others do, and what is told is never what changed.

Revision ID: 0049
Revises: 0048
"""

from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None
expands = True

_REGION = "rpad(encode(convert_to({code}, 'UTF8'), 'hex'), 32, '0')::uuid"
"""A region as a subject, as in migration 0034."""
_EVERY_REGION = f"SELECT {_REGION.format(code='code')} AS audience FROM regions WHERE EXISTS (SELECT FROM changed)"
"""Where an institution is expected to deliver depends on the month and on contracts: each page looks for itself."""

AUDIENCES = {
    "regional_agreements": f"SELECT {_REGION.format(code='region_code')} AS audience FROM changed",
    "proposals": f"""
        SELECT {_REGION.format(code="region_code")} AS audience
        FROM changed WHERE region_code IS NOT NULL AND NOT (status = 'running' AND done > 0)
        UNION SELECT md5(supraregion)::uuid
        FROM changed WHERE supraregion IS NOT NULL AND NOT (status = 'running' AND done > 0)
    """,
    "deliveries": _EVERY_REGION,
    "delivery_reminders": _EVERY_REGION,
}
"""Of each table whose pages show something else when it changes; how far a proposal is, its own page asks by itself."""
_EVENTS = {"insert": "NEW", "update": "NEW", "delete": "OLD"}


def upgrade() -> None:
    for table, audience in AUDIENCES.items():
        op.execute(f"""
            CREATE FUNCTION tell_audience_of_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO catalogue_changes (subject, kind)
                SELECT DISTINCT audience, 'audience' FROM ({audience}) AS found
                ON CONFLICT DO NOTHING;
                RETURN NULL;
            END $$
        """)
        for event, side in _EVENTS.items():
            op.execute(f"""
                CREATE TRIGGER tell_audience_{event} AFTER {event} ON {table} REFERENCING {side} TABLE AS changed
                FOR EACH STATEMENT EXECUTE FUNCTION tell_audience_of_{table}()
            """)


def downgrade() -> None:
    for table in AUDIENCES:
        for event in _EVENTS:
            op.execute(f"DROP TRIGGER tell_audience_{event} ON {table}")
        op.execute(f"DROP FUNCTION tell_audience_of_{table}()")
