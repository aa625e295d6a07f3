"""How organisations and their teams are reached, which team a child is of, and what is told by mail.

Revision ID: 0023
Revises: 0022
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

CHANGES = {"insert": "NEW", "update": "NEW", "delete": "OLD"}
TYPES = (
    *("capacity.changed", "referral.sent", "referral.decided", "arrangement.asked", "arrangement.decided"),
    *("transfer.changed", "reminder.due", "watch.matched", "webhook.test"),
)
NEW_TYPES = (*TYPES[:3], "call.published", "call.answered", *TYPES[3:])


def upgrade() -> None:
    op.create_table(
        "contacts",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("opening_hours", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("teams", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("municipalities", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        *_versioned(),
        sa.CheckConstraint("role <> 'provider'", name=op.f("ck_contacts_role")),
        sa.CheckConstraint("(role = 'region') = (region_code IS NOT NULL)", name=op.f("ck_contacts_region")),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_contacts")),
    )
    op.create_index(
        op.f("ix_contacts_municipalities"), "contacts", ["municipalities"], unique=False, postgresql_using="gin"
    )
    op.create_table(
        "notification_settings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=True),
        sa.Column("mails", postgresql.JSONB(), server_default="[]", nullable=False),
        *_versioned(),
        sa.CheckConstraint(
            "(role = 'provider') = (provider_id IS NOT NULL)", name=op.f("ck_notification_settings_provider")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification_settings")),
        sa.UniqueConstraint(
            *("organisation_id", "role", "provider_id"),
            name=op.f("uq_notification_settings_organisation_id_role_provider_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(op.f("ix_notification_settings_provider_id"), "notification_settings", ["provider_id"])
    op.add_column("requests", sa.Column("team", sa.Text(), nullable=True))
    op.add_column("referrals", sa.Column("team", sa.Text(), nullable=True))
    op.add_column("outbox_events", sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        *("ix_outbox_events_to_mail", "outbox_events", ["id"]),
        postgresql_where=sa.text("mailed_at IS NULL AND type <> 'capacity.changed'"),
    )
    _allow("outbox_events", "type", NEW_TYPES)
    _allow("catalogue_changes", "kind", ("capacity", "offer", "provider", "desk"))
    op.execute("""
        CREATE FUNCTION note_desk_by_organisation_id() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO catalogue_changes (subject, kind)
            SELECT organisation_id, 'desk' FROM changed WHERE role = 'region' ON CONFLICT DO NOTHING;
            RETURN NULL;
        END $$
    """)
    for event, side in CHANGES.items():
        op.execute(f"""
            CREATE TRIGGER note_{event} AFTER {event} ON contacts REFERENCING {side} TABLE AS changed
            FOR EACH STATEMENT EXECUTE FUNCTION note_desk_by_organisation_id()
        """)


def _versioned() -> list[sa.Column[Any]]:
    return [
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        *(
            sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)
            for name in ("created_at", "updated_at")
        ),
    ]


def _allow(table: str, column: str, values: tuple[str, ...]) -> None:
    op.drop_constraint(op.f(f"ck_{table}_{column}"), table)
    listed = ", ".join(f"'{each}'" for each in values)
    op.create_check_constraint(op.f(f"ck_{table}_{column}"), table, f"{column} IN ({listed})")


def downgrade() -> None:
    op.drop_table("contacts")
    op.execute("DROP FUNCTION note_desk_by_organisation_id()")
    op.execute("DELETE FROM catalogue_changes WHERE kind = 'desk'")
    _allow("catalogue_changes", "kind", ("capacity", "offer", "provider"))
    old = "(SELECT id FROM outbox_events WHERE type IN ('call.published', 'call.answered'))"
    op.execute(f"DELETE FROM webhook_deliveries WHERE outbox_id IN {old}")  # noqa: S608 - our own words
    op.execute(f"DELETE FROM outbox_events WHERE id IN {old}")  # noqa: S608 - as above
    _allow("outbox_events", "type", TYPES)
    op.drop_index("ix_outbox_events_to_mail", table_name="outbox_events")
    op.drop_column("outbox_events", "mailed_at")
    op.drop_column("referrals", "team")
    op.drop_column("requests", "team")
    op.drop_table("notification_settings")
