"""Contracts that were registered in error, and asking for what is not contracted.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


EVENT_TYPES = (
    *("capacity.changed", "referral.sent", "referral.decided", "transfer.changed", "reminder.due", "watch.matched"),
    "webhook.test",
)
NEW_EVENT_TYPES = ("arrangement.asked", "arrangement.decided")


def _allow_events(*types: str) -> None:
    op.drop_constraint(op.f("ck_outbox_events_type"), "outbox_events")
    listed = ", ".join(f"'{each}'" for each in types)
    op.create_check_constraint(op.f("ck_outbox_events_type"), "outbox_events", f"type IN ({listed})")


def upgrade() -> None:
    op.add_column("contracts", sa.Column("arrangement_id", sa.Uuid(), nullable=True))
    op.add_column("contracts", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("contracts", sa.Column("withdrawn_why", sa.Text(), nullable=True))
    op.add_column("contracts", sa.Column("withdrawn_by", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_contracts_withdrawn"), "contracts", "num_nulls(withdrawn_at, withdrawn_why, withdrawn_by) IN (0, 3)"
    )
    op.create_unique_constraint(op.f("uq_contracts_arrangement_id"), "contracts", ["arrangement_id"])
    op.add_column(
        "regional_agreements",
        sa.Column("arrangement_answer_days", sa.SmallInteger(), server_default="5", nullable=False),
    )
    op.create_check_constraint(
        op.f("ck_regional_agreements_arrangement_answer_days"),
        "regional_agreements",
        "arrangement_answer_days BETWEEN 1 AND 60",
    )
    _allow_events(*EVENT_TYPES, *NEW_EVENT_TYPES)
    _create_arrangements()


def _create_arrangements() -> None:
    op.create_table(
        "arrangements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("institution", sa.Text(), nullable=True),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("care_type", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("age", sa.SmallInteger(), nullable=False),
        sa.Column("gender", sa.Text(), nullable=False),
        sa.Column("municipality_code", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("needs", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("asked_why", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("amber_from", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_why", sa.Text(), nullable=True),
        sa.Column("days_taken", sa.SmallInteger(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("ended_because", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('light-contract', 'ceiling-exception', 'longer-distance', 'provider-consent')",
            name=op.f("ck_arrangements_kind"),
        ),
        sa.CheckConstraint(
            "status IN ('asked', 'granted', 'refused', 'withdrawn', 'ended')", name=op.f("ck_arrangements_status")
        ),
        sa.CheckConstraint(
            "num_nulls(decided_at, decided_by, days_taken) = CASE status WHEN 'asked' THEN 3 ELSE 0 END",
            name=op.f("ck_arrangements_decided"),
        ),
        sa.CheckConstraint("status <> 'refused' OR decided_why IS NOT NULL", name=op.f("ck_arrangements_refused")),
        sa.CheckConstraint("(status = 'ended') = (ended_because IS NOT NULL)", name=op.f("ck_arrangements_ended")),
        sa.CheckConstraint("valid_to IS NULL OR status = 'granted'", name=op.f("ck_arrangements_valid_to")),
        sa.CheckConstraint(
            "(contract_id IS NOT NULL) = (status = 'granted' AND kind = 'light-contract')",
            name=op.f("ck_arrangements_contract"),
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.{key}"], name=op.f(f"fk_arrangements_{column}_{table}"))
            for column, table, key in (
                ("request_id", "requests", "id"),
                ("offer_id", "offers", "id"),
                ("provider_id", "providers", "id"),
                ("municipality_code", "municipalities", "code"),
                ("region_code", "regions", "code"),
                ("contract_id", "contracts", "id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrangements")),
    )
    for column in ("organisation_id", "region_code", "provider_id"):
        op.create_index(op.f(f"ix_arrangements_{column}_asked_at_id"), "arrangements", [column, "asked_at", "id"])
    op.create_index(op.f("ix_arrangements_request_id"), "arrangements", ["request_id"])
    op.create_index(
        "uq_arrangements_request_id_offer_id_kind_asked",
        "arrangements",
        ["request_id", "offer_id", "kind"],
        unique=True,
        postgresql_where="status = 'asked'",
    )


def downgrade() -> None:
    op.drop_table("arrangements")
    gone = "SELECT id FROM outbox_events WHERE type LIKE 'arrangement.%'"
    op.execute(f"DELETE FROM webhook_deliveries WHERE outbox_id IN ({gone})")  # noqa: S608 - our own words
    op.execute(f"DELETE FROM outbox_events WHERE id IN ({gone})")  # noqa: S608 - as above
    _allow_events(*EVENT_TYPES)
    op.drop_constraint(op.f("ck_regional_agreements_arrangement_answer_days"), "regional_agreements")
    op.drop_column("regional_agreements", "arrangement_answer_days")
    op.drop_constraint(op.f("uq_contracts_arrangement_id"), "contracts")
    op.drop_constraint(op.f("ck_contracts_withdrawn"), "contracts")
    op.drop_column("contracts", "withdrawn_by")
    op.drop_column("contracts", "withdrawn_why")
    op.drop_column("contracts", "withdrawn_at")
    op.drop_column("contracts", "arrangement_id")
