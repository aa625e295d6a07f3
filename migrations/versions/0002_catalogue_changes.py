"""The log of what changed in the catalogue, kept by triggers.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SUBJECTS = {
    "current_capacities": ("capacity", "offer_id"),
    "offers": ("offer", "id"),
    "providers": ("provider", "id"),
    "locations": ("provider", "provider_id"),
    "contracts": ("provider", "provider_id"),
    "placement_stops": ("provider", "provider_id"),
}
"""Of each table: the kind of change that it is, and the column that names the subject."""

EVENTS = {"insert": "NEW", "update": "NEW", "delete": "OLD"}
FUNCTIONS = sorted(set(SUBJECTS.values()))


def upgrade() -> None:
    op.create_table(
        "catalogue_changes",
        sa.Column(
            "xid",
            sa.BigInteger(),
            server_default=sa.text("pg_current_xact_id()::text::bigint"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "oldest",
            sa.BigInteger(),
            server_default=sa.text("pg_snapshot_xmin(pg_current_snapshot())::text::bigint"),
            nullable=False,
        ),
        sa.CheckConstraint("kind IN ('capacity', 'offer', 'provider')", name=op.f("ck_catalogue_changes_kind")),
        sa.PrimaryKeyConstraint("xid", "subject", "kind", name=op.f("pk_catalogue_changes")),
    )
    op.create_table(
        "catalogue_marks",
        sa.Column("marked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("xid", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("marked_at", name=op.f("pk_catalogue_marks")),
    )
    op.execute("INSERT INTO catalogue_marks (xid) VALUES (0)")
    for kind, column in FUNCTIONS:
        op.execute(f"""
            CREATE FUNCTION note_{kind}_by_{column}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO catalogue_changes (subject, kind)
                SELECT DISTINCT {column}, '{kind}' FROM changed ON CONFLICT DO NOTHING;
                RETURN NULL;
            END $$
        """)  # noqa: S608 - the names are those above
    for table, (kind, column) in SUBJECTS.items():
        for event, side in EVENTS.items():
            op.execute(f"""
                CREATE TRIGGER note_{event} AFTER {event} ON {table} REFERENCING {side} TABLE AS changed
                FOR EACH STATEMENT EXECUTE FUNCTION note_{kind}_by_{column}()
            """)


def downgrade() -> None:
    for table in SUBJECTS:
        for event in EVENTS:
            op.execute(f"DROP TRIGGER note_{event} ON {table}")
    for kind, column in FUNCTIONS:
        op.execute(f"DROP FUNCTION note_{kind}_by_{column}()")
    op.drop_table("catalogue_marks")
    op.drop_table("catalogue_changes")
