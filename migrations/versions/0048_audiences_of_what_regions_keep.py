# ruff: noqa: S608 - the statements are made of names that stand in this file
"""The log of changes also names the regions and supraregions whose contracts, stops, actions and target lines changed.

As those of migration 0034: so that their pages follow what colleagues do, and what is told is never what changed.

Revision ID: 0048
Revises: 0047
"""

from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None
expands = True

_REGION = "rpad(encode(convert_to({code}, 'UTF8'), 'hex'), 32, '0')::uuid"
"""A region as a subject, as in migration 0034."""
_KEPT = f"""
    SELECT {_REGION.format(code="region_code")} AS audience FROM changed WHERE region_code IS NOT NULL
    UNION SELECT md5(supraregion)::uuid FROM changed WHERE supraregion IS NOT NULL
"""
"""A supraregion is the MD5 of its code, which may be longer than a subject; `app.web.live.audiences` has it so too."""

AUDIENCES = {
    "contracts": f"""
        SELECT {_REGION.format(code="code")} AS audience FROM (
            SELECT unnest(regions) AS code FROM changed
            UNION SELECT region_code FROM municipalities
            WHERE code IN (SELECT unnest(municipalities) FROM changed)
        ) AS covered
    """,
    "placement_stops": f"""
        SELECT {_REGION.format(code="regions.code")} AS audience
        FROM changed JOIN regions ON changed.region_code IS NULL OR changed.region_code = regions.code
    """,
    "plan_actions": _KEPT,
    "target_lines": _KEPT,
}
"""Of each table whose pages show something else when it changes. A stop of a provider or the inspectorate binds all."""
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
