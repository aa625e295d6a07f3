"""Calls for help: what is asked of all contracted providers, and what they answer.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calls",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("institution", sa.Text(), nullable=True),
        sa.Column("care_types", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("age_min", sa.SmallInteger(), nullable=False),
        sa.Column("age_max", sa.SmallInteger(), nullable=True),
        sa.Column("gender", sa.Text(), nullable=False),
        sa.Column("municipality_code", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("has_measure", sa.Boolean(), nullable=False),
        sa.Column("court_authorisation", sa.Boolean(), nullable=True),
        sa.Column("needs", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("wishes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("characteristics", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("wished_start", sa.Date(), nullable=True),
        sa.Column("deadline", sa.Date(), nullable=False),
        sa.Column("places", sa.SmallInteger(), nullable=False),
        sa.Column("sibling_count", sa.SmallInteger(), nullable=False),
        sa.Column("hours_per_week", sa.SmallInteger(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("respond_by", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_because", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_because IS NULL)", name=op.f("ck_calls_closed")),
        sa.CheckConstraint(
            "closed_because IN ('answered', 'withdrawn', 'request-closed', 'help-started')",
            name=op.f("ck_calls_closed_because"),
        ),
        sa.CheckConstraint("cardinality(care_types) > 0", name=op.f("ck_calls_care_types")),
        sa.CheckConstraint("age_min <= age_max AND places > 0 AND sibling_count >= 0", name=op.f("ck_calls_numbers")),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipalities.code"], name=op.f("fk_calls_municipality_code_municipalities")
        ),
        sa.ForeignKeyConstraint(["region_code"], ["regions.code"], name=op.f("fk_calls_region_code_regions")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_calls_request_id_requests")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
    )
    op.create_index(
        op.f("ix_calls_organisation_id_published_at_id"),
        "calls",
        ["organisation_id", "published_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_calls_request_id_published_at_id"), "calls", ["request_id", "published_at", "id"], unique=False
    )
    op.create_table(
        "call_addressees",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("municipality_code", sa.Text(), nullable=True),
        sa.Column("contract_kind", sa.Text(), nullable=False),
        sa.Column("ceiling_reached", sa.Boolean(), nullable=False),
        sa.Column("answers", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "contract_kind IN ('regional', 'supraregional', 'national', 'light')",
            name=op.f("ck_call_addressees_contract_kind"),
        ),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_call_addressees_call_id_calls")),
        sa.ForeignKeyConstraint(
            ["municipality_code"],
            ["municipalities.code"],
            name=op.f("fk_call_addressees_municipality_code_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["providers.id"], name=op.f("fk_call_addressees_provider_id_providers")
        ),
        sa.PrimaryKeyConstraint("call_id", "provider_id", name=op.f("pk_call_addressees")),
    )
    op.create_index(
        op.f("ix_call_addressees_provider_id_published_at_call_id"),
        "call_addressees",
        ["provider_id", "published_at", "call_id"],
        unique=False,
    )
    op.create_table(
        "call_answers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=True),
        sa.Column("offer_id", sa.Uuid(), nullable=True),
        sa.Column("places", sa.SmallInteger(), nullable=True),
        sa.Column("hours_per_week", sa.SmallInteger(), nullable=True),
        sa.Column("held_until", sa.Date(), nullable=True),
        sa.Column("conditions", sa.Text(), nullable=True),
        sa.Column("decline_reason", sa.Text(), nullable=True),
        sa.Column("decline_criteria", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("decline_specialisations", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint("answer IN ('can', 'decline')", name=op.f("ck_call_answers_answer")),
        sa.CheckConstraint("(answer = 'can') = (start_on IS NOT NULL)", name=op.f("ck_call_answers_can")),
        sa.CheckConstraint("(answer = 'decline') = (decline_reason IS NOT NULL)", name=op.f("ck_call_answers_decline")),
        sa.ForeignKeyConstraint(
            ["call_id", "provider_id"],
            ["call_addressees.call_id", "call_addressees.provider_id"],
            name=op.f("fk_call_answers_call_id_call_addressees"),
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_call_answers_offer_id_offers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_answers")),
        sa.UniqueConstraint(
            "call_id", "provider_id", "number", name=op.f("uq_call_answers_call_id_provider_id_number")
        ),
    )
    op.create_index(op.f("ix_call_answers_call_id_id"), "call_answers", ["call_id", "id"], unique=False)
    for when, each in (("UPDATE OR DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        name = "never_emptied" if when == "TRUNCATE" else "append_only"
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {when} ON call_answers FOR EACH {each} EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    op.drop_index(op.f("ix_call_answers_call_id_id"), table_name="call_answers")
    op.drop_table("call_answers")
    op.drop_index(op.f("ix_call_addressees_provider_id_published_at_call_id"), table_name="call_addressees")
    op.drop_table("call_addressees")
    op.drop_index(op.f("ix_calls_request_id_published_at_id"), table_name="calls")
    op.drop_index(op.f("ix_calls_organisation_id_published_at_id"), table_name="calls")
    op.drop_table("calls")
