"""Referrals: their history, and the places that they take.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "referrals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("institution", sa.Text(), nullable=True),
        sa.Column("offer_id", sa.Uuid(), nullable=True),
        sa.Column("provider_id", sa.Uuid(), nullable=True),
        sa.Column("stands_for", sa.Text(), nullable=False),
        sa.Column("choice", sa.SmallInteger(), nullable=True),
        sa.Column("choices_version", sa.Integer(), nullable=False),
        sa.Column("first_choice", sa.Boolean(), nullable=False),
        sa.Column("outside_kind", sa.Text(), nullable=True),
        sa.Column("outside_description", sa.Text(), nullable=True),
        sa.Column("outside_provider", sa.Text(), nullable=True),
        sa.Column("age", sa.SmallInteger(), nullable=False),
        sa.Column("gender", sa.Text(), nullable=False),
        sa.Column("municipality_code", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("needs", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("characteristics", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("wished_start", sa.Date(), nullable=True),
        sa.Column("places", sa.SmallInteger(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("ranking_id", sa.Uuid(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_due_on", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("counted", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("expected_start", sa.Date(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("withdrawn_because", sa.Text(), nullable=True),
        sa.Column("decline_reason", sa.Text(), nullable=True),
        sa.Column("decline_criteria", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("decline_specialisations", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("(stands_for = 'choice') = (choice IS NOT NULL)", name=op.f("ck_referrals_choice")),
        sa.CheckConstraint("(stands_for = 'outside') = (offer_id IS NULL)", name=op.f("ck_referrals_offer")),
        sa.CheckConstraint("(stands_for = 'outside') = (outside_kind IS NOT NULL)", name=op.f("ck_referrals_outside")),
        sa.CheckConstraint("(status = 'declined') = (decline_reason IS NOT NULL)", name=op.f("ck_referrals_declined")),
        sa.CheckConstraint(
            "(status = 'withdrawn') = (withdrawn_because IS NOT NULL)", name=op.f("ck_referrals_withdrawn")
        ),
        sa.CheckConstraint(
            "status IN ('sent', 'seen', 'accepted', 'waitlisted', 'declined', 'withdrawn', 'started', 'ended')",
            name=op.f("ck_referrals_status"),
        ),
        sa.CheckConstraint("(offer_id IS NULL) = (provider_id IS NULL)", name=op.f("ck_referrals_provider")),
        sa.CheckConstraint("choice BETWEEN 1 AND 3 AND places > 0", name=op.f("ck_referrals_numbers")),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipalities.code"], name=op.f("fk_referrals_municipality_code_municipalities")
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_referrals_offer_id_offers")),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name=op.f("fk_referrals_provider_id_providers")),
        sa.ForeignKeyConstraint(["ranking_id"], ["rankings.id"], name=op.f("fk_referrals_ranking_id_rankings")),
        sa.ForeignKeyConstraint(["region_code"], ["regions.code"], name=op.f("fk_referrals_region_code_regions")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_referrals_request_id_requests")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
    )
    op.create_index(op.f("ix_referrals_offer_id_sent_at_id"), "referrals", ["offer_id", "sent_at", "id"], unique=False)
    op.create_index(
        op.f("ix_referrals_organisation_id_sent_at_id"), "referrals", ["organisation_id", "sent_at", "id"], unique=False
    )
    op.create_index(
        op.f("ix_referrals_provider_id_sent_at_id"), "referrals", ["provider_id", "sent_at", "id"], unique=False
    )
    op.create_index(op.f("ix_referrals_region_code"), "referrals", ["region_code"], unique=False)
    op.create_index(
        op.f("ix_referrals_request_id_sent_at_id"), "referrals", ["request_id", "sent_at", "id"], unique=False
    )
    op.create_table(
        "referral_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referrals.id"], name=op.f("fk_referral_events_referral_id_referrals")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_events")),
    )
    op.create_index(op.f("ix_referral_events_referral_id_id"), "referral_events", ["referral_id", "id"], unique=False)
    for when, each in (("UPDATE OR DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        name = "never_emptied" if when == "TRUNCATE" else "append_only"
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {when} ON referral_events FOR EACH {each} EXECUTE FUNCTION refuse_change()"
        )
    op.add_column("capacity_reports", sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("current_capacities", sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("current_capacities", sa.Column("difference", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("current_capacities", "difference")
    op.drop_column("current_capacities", "counted_at")
    op.drop_column("capacity_reports", "counted_at")
    op.drop_index(op.f("ix_referral_events_referral_id_id"), table_name="referral_events")
    op.drop_table("referral_events")
    op.drop_index(op.f("ix_referrals_request_id_sent_at_id"), table_name="referrals")
    op.drop_index(op.f("ix_referrals_region_code"), table_name="referrals")
    op.drop_index(op.f("ix_referrals_provider_id_sent_at_id"), table_name="referrals")
    op.drop_index(op.f("ix_referrals_organisation_id_sent_at_id"), table_name="referrals")
    op.drop_index(op.f("ix_referrals_offer_id_sent_at_id"), table_name="referrals")
    op.drop_table("referrals")
