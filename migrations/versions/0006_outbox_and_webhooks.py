"""The outbox of events that other systems are told of, the webhooks that ask for them, and what is delivered.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

FIGURES = (
    *("places_total", "places_occupied", "places_reserved", "places_free", "waiting_count", "next_free_on"),
    *("wait_days_intake", "wait_days_treatment", "accepts_referrals"),
)
"""What of a capacity is told, and told again when it differs."""
STALE = "interval '30 days'"
"""After so long nobody relies on a report any more, so that the same figures again are news."""

CAMEL = {name: "".join(part.title() if i else part for i, part in enumerate(name.split("_"))) for name in FIGURES}
TOLD = f"""
    INSERT INTO outbox_events (type, subject, time, data)
    SELECT 'capacity.changed', o.id::text, now(), jsonb_build_object(
        'offerId', o.id, 'providerId', o.provider_id, 'careType', o.care_type, 'regions', CASE
            WHEN o.location_id IS NULL AND o.service_area IS NULL THEN NULL
            ELSE (SELECT coalesce(jsonb_agg(DISTINCT m.region_code), '[]') FROM municipalities m
                  WHERE m.code = l.municipality_code OR o.at_home AND m.code = ANY (o.service_area)) END,
        {", ".join(f"'{outside}', k.{name}" for name, outside in CAMEL.items())},
        'observedAt', to_char(k.observed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'counted', k.counted_at IS NOT NULL)
    FROM changed k
    JOIN offers o ON o.id = k.offer_id
    LEFT JOIN locations l ON l.id = o.location_id
"""  # noqa: S608 - the names are those above
ASKED = "disabled_because IS NULL AND 'capacity.changed' = ANY (types)"
CONDITIONS = {
    "insert": f"""
        WHERE EXISTS (SELECT FROM webhooks w WHERE {ASKED} AND (w.provider_id IS NULL OR w.provider_id = o.provider_id))
        ORDER BY k.offer_id
    """,
    "update": f"""
        JOIN before b ON b.offer_id = k.offer_id
        WHERE (({", ".join(f"k.{name}" for name in FIGURES)}) IS DISTINCT FROM
               ({", ".join(f"b.{name}" for name in FIGURES)}) OR b.observed_at < k.observed_at - {STALE})
          AND EXISTS (SELECT FROM webhooks w WHERE {ASKED} AND (w.provider_id IS NULL OR w.provider_id = o.provider_id))
        ORDER BY k.offer_id
    """,
}
TABLES = {"insert": "NEW TABLE AS changed", "update": "OLD TABLE AS before NEW TABLE AS changed"}


def upgrade() -> None:
    op.create_table(
        "outbox_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("event_id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("provider_id", sa.Uuid(), nullable=True),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(organisation_id, provider_id) = CASE type WHEN 'capacity.changed' THEN 0 ELSE 1 END",
            name=op.f("ck_outbox_events_concerns"),
        ),
        sa.CheckConstraint(
            "type IN ('capacity.changed', 'referral.sent', 'referral.decided', 'reminder.due', 'watch.matched', "
            "'webhook.test')",
            name=op.f("ck_outbox_events_type"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_events")),
    )
    op.create_index(op.f("ix_outbox_events_taken_at_id"), "outbox_events", ["taken_at", "id"], unique=False)
    op.create_table(
        "webhooks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("types", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("care_types", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("regions", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("providers", postgresql.ARRAY(sa.Uuid()), nullable=True),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("previous_secret", sa.LargeBinary(), nullable=True),
        sa.Column("previous_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_because", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("(role = 'provider') = (provider_id IS NOT NULL)", name=op.f("ck_webhooks_provider")),
        sa.CheckConstraint("(previous_secret IS NULL) = (previous_until IS NULL)", name=op.f("ck_webhooks_previous")),
        sa.CheckConstraint("disabled_because IN ('owner', 'gone')", name=op.f("ck_webhooks_disabled_because")),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name=op.f("fk_webhooks_provider_id_providers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
    )
    op.create_index(
        op.f("ix_webhooks_organisation_id_created_at_id"), "webhooks", ["organisation_id", "created_at", "id"]
    )
    op.create_index("ix_webhooks_capacity_changed", "webhooks", ["provider_id"], postgresql_where=sa.text(ASKED))
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("outbox_id", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="pending", nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("first_tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_status", sa.SmallInteger(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('pending', 'delivered', 'dead')", name=op.f("ck_webhook_deliveries_state")),
        sa.CheckConstraint("(state = 'pending') = (ended_at IS NULL)", name=op.f("ck_webhook_deliveries_ended")),
        sa.ForeignKeyConstraint(
            ["webhook_id"],
            ["webhooks.id"],
            name=op.f("fk_webhook_deliveries_webhook_id_webhooks"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["outbox_id"], ["outbox_events.id"], name=op.f("fk_webhook_deliveries_outbox_id_outbox_events")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
    )
    op.create_index(op.f("ix_webhook_deliveries_webhook_id_id"), "webhook_deliveries", ["webhook_id", "id"])
    op.create_index(op.f("ix_webhook_deliveries_outbox_id"), "webhook_deliveries", ["outbox_id"])
    op.create_index(op.f("ix_webhook_deliveries_ended_at"), "webhook_deliveries", ["ended_at"])
    for name, columns, where in (
        ("due", ["webhook_id", "due_at", "id"], "state = 'pending'"),
        ("in_line", ["webhook_id", "subject", "id"], "state = 'pending'"),
        ("open", ["state", "created_at"], "state <> 'delivered'"),
    ):
        op.create_index(f"ix_webhook_deliveries_{name}", "webhook_deliveries", columns, postgresql_where=sa.text(where))
    for event, tables in TABLES.items():
        op.execute(f"""
            CREATE FUNCTION tell_capacity_after_{event}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF EXISTS (SELECT FROM webhooks WHERE {ASKED}) THEN {TOLD} {CONDITIONS[event]}; END IF;
                RETURN NULL;
            END $$
        """)
        op.execute(f"""
            CREATE TRIGGER tell_{event} AFTER {event} ON current_capacities REFERENCING {tables}
            FOR EACH STATEMENT EXECUTE FUNCTION tell_capacity_after_{event}()
        """)


def downgrade() -> None:
    for event in TABLES:
        op.execute(f"DROP TRIGGER tell_{event} ON current_capacities")
        op.execute(f"DROP FUNCTION tell_capacity_after_{event}()")
    op.drop_table("webhook_deliveries")
    op.drop_table("webhooks")
    op.drop_table("outbox_events")
