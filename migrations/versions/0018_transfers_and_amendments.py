"""Dossiers that go to another institution, and referrals that become for more or fewer children.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_BEFORE = ("capacity.changed", "referral.sent", "referral.decided", "reminder.due", "watch.matched", "webhook.test")
_NOW = ("capacity.changed", "referral.sent", "referral.decided", "transfer.changed", *_BEFORE[3:])


def upgrade() -> None:
    _event_types(_NOW)
    op.create_table(
        "transfers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=True),
        sa.Column("receiver_id", sa.Uuid(), nullable=False),
        sa.Column("receiver", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_because", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("status IN ('open', 'accepted', 'declined', 'withdrawn')", name=op.f("ck_transfers_status")),
        sa.CheckConstraint("(status = 'open') = (decided_at IS NULL)", name=op.f("ck_transfers_decided")),
        sa.CheckConstraint("sender_id <> receiver_id", name=op.f("ck_transfers_parties")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_transfers_request_id_requests")),
        sa.ForeignKeyConstraint(
            ["receiver_id"], ["organisations.id"], name=op.f("fk_transfers_receiver_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfers")),
    )
    for side in ("sender_id", "receiver_id"):
        op.create_index(op.f(f"ix_transfers_{side}_proposed_at_id"), "transfers", [side, "proposed_at", "id"])
    op.create_table(
        "transfer_requests",
        sa.Column("transfer_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("held_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clocks", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("referrals", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint(
            "(held_from IS NULL) = (clocks IS NULL) AND (clocks IS NULL) = (referrals IS NULL)",
            name=op.f("ck_transfer_requests_account"),
        ),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfers.id"], name=op.f("fk_transfer_requests_transfer_id_transfers")
        ),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_transfer_requests_request_id_requests")),
        sa.PrimaryKeyConstraint("transfer_id", "request_id", name=op.f("pk_transfer_requests")),
    )
    op.create_index(op.f("ix_transfer_requests_request_id"), "transfer_requests", ["request_id"])
    op.create_index(
        "uq_transfer_requests_request_id_open",
        "transfer_requests",
        ["request_id"],
        unique=True,
        postgresql_where=sa.text("is_open"),
    )
    op.add_column("referral_children", sa.Column("is_taken_out", sa.Boolean(), server_default="false", nullable=False))
    op.create_table(
        "referral_amendments",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("adds", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("removes", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_because", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "proposed_by IN ('provider', 'institution')", name=op.f("ck_referral_amendments_proposed_by")
        ),
        sa.CheckConstraint(
            "status IN ('open', 'agreed', 'refused', 'withdrawn')", name=op.f("ck_referral_amendments_status")
        ),
        sa.CheckConstraint("(status = 'open') = (decided_at IS NULL)", name=op.f("ck_referral_amendments_decided")),
        sa.CheckConstraint("(adds = '{}') <> (removes = '{}')", name=op.f("ck_referral_amendments_children")),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referrals.id"], name=op.f("fk_referral_amendments_referral_id_referrals")
        ),
        sa.PrimaryKeyConstraint("referral_id", "number", name=op.f("pk_referral_amendments")),
    )
    op.create_index(
        "uq_referral_amendments_referral_id_open",
        "referral_amendments",
        ["referral_id"],
        unique=True,
        postgresql_where=sa.text("status = 'open'"),
    )


def downgrade() -> None:
    op.drop_index("uq_referral_amendments_referral_id_open", table_name="referral_amendments")
    op.drop_table("referral_amendments")
    op.drop_column("referral_children", "is_taken_out")
    op.drop_index("uq_transfer_requests_request_id_open", table_name="transfer_requests")
    op.drop_index(op.f("ix_transfer_requests_request_id"), table_name="transfer_requests")
    op.drop_table("transfer_requests")
    for side in ("sender_id", "receiver_id"):
        op.drop_index(op.f(f"ix_transfers_{side}_proposed_at_id"), table_name="transfers")
    op.drop_table("transfers")
    told = "SELECT id FROM outbox_events WHERE type = 'transfer.changed'"
    op.execute(f"DELETE FROM webhook_deliveries WHERE outbox_id IN ({told})")  # noqa: S608 - no input
    op.execute("DELETE FROM outbox_events WHERE type = 'transfer.changed'")
    _event_types(_BEFORE)


def _event_types(types: tuple[str, ...]) -> None:
    """What kinds of events there are; the old code writes those that there were."""
    op.drop_constraint(op.f("ck_outbox_events_type"), "outbox_events")
    listed = ", ".join(f"'{each}'" for each in types)
    op.create_check_constraint(op.f("ck_outbox_events_type"), "outbox_events", f"type IN ({listed})")
