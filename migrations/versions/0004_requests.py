"""Requests, with their history, rankings and escalations; agreements of regions; rights of clients.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

HISTORIES = ("choice_versions", "explanations", "request_events")

REFUSE_CHANGE = """
    CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '{} is a history: rows are added, never changed or deleted'{};
    END $$
"""


def upgrade() -> None:
    op.create_table(
        "regional_agreements",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("contact_local_team_days", sa.SmallInteger(), nullable=True),
        sa.Column("expert_team_days", sa.SmallInteger(), nullable=True),
        sa.Column("referral_answer_days", sa.SmallInteger(), nullable=False),
        sa.Column("escalation_ladder", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("cardinality(escalation_ladder) > 0", name=op.f("ck_regional_agreements_escalation_ladder")),
        sa.CheckConstraint(
            "contact_local_team_days BETWEEN 1 AND 365", name=op.f("ck_regional_agreements_contact_local_team_days")
        ),
        sa.CheckConstraint("expert_team_days BETWEEN 1 AND 365", name=op.f("ck_regional_agreements_expert_team_days")),
        sa.CheckConstraint(
            "referral_answer_days BETWEEN 1 AND 60", name=op.f("ck_regional_agreements_referral_answer_days")
        ),
        sa.PrimaryKeyConstraint("region_code", name=op.f("pk_regional_agreements")),
    )
    op.create_table(
        "requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("child_reference", sa.Text(), nullable=False),
        sa.Column("care_worker", sa.Text(), nullable=True),
        sa.Column("birth_month", sa.Text(), nullable=False),
        sa.Column("gender", sa.Text(), nullable=False),
        sa.Column("municipality_code", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("postcode", sa.Text(), nullable=True),
        sa.Column("measure_type", sa.Text(), nullable=True),
        sa.Column("measure_imposed_on", sa.Date(), nullable=True),
        sa.Column("court_authorisation", sa.Boolean(), nullable=False),
        sa.Column("choices", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("choices_version", sa.Integer(), nullable=False),
        sa.Column("first_choice", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("needs", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("wishes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("characteristics", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("places", sa.SmallInteger(), nullable=False),
        sa.Column("sibling_group", sa.Text(), nullable=True),
        sa.Column("needed_by", sa.Date(), nullable=True),
        sa.Column("extended_help", sa.Boolean(), nullable=False),
        sa.Column("requested_on", sa.Date(), nullable=False),
        sa.Column("protection_worker_on", sa.Date(), nullable=True),
        sa.Column("course_on", sa.Date(), nullable=True),
        sa.Column("placed_on", sa.Date(), nullable=True),
        sa.Column("help_on", sa.Date(), nullable=True),
        sa.Column("local_team_on", sa.Date(), nullable=True),
        sa.Column("expert_team_on", sa.Date(), nullable=True),
        sa.Column("escalated_to", sa.Text(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column(
            "status",
            sa.Text(),
            sa.Computed(
                "CASE WHEN closed_reason IS NOT NULL THEN 'closed' WHEN help_on IS NOT NULL THEN 'helped' "
                "WHEN placed_on IS NOT NULL THEN 'placed' ELSE 'open' END",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("norm_amber_from", sa.Date(), nullable=True),
        sa.Column("norm_red_from", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("gender IN ('female', 'male', 'other')", name=op.f("ck_requests_gender")),
        sa.CheckConstraint("(closed_reason IS NULL) = (closed_on IS NULL)", name=op.f("ck_requests_closed")),
        sa.CheckConstraint("(measure_type IS NULL) = (measure_imposed_on IS NULL)", name=op.f("ck_requests_measure")),
        sa.ForeignKeyConstraint(
            ["municipality_code"], ["municipalities.code"], name=op.f("fk_requests_municipality_code_municipalities")
        ),
        sa.ForeignKeyConstraint(["region_code"], ["regions.code"], name=op.f("fk_requests_region_code_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
        sa.UniqueConstraint(
            "organisation_id", "child_reference", name=op.f("uq_requests_organisation_id_child_reference")
        ),
    )
    op.create_index(
        op.f("ix_requests_organisation_id_requested_on_id"),
        "requests",
        ["organisation_id", "requested_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_requests_organisation_id_sibling_group"),
        "requests",
        ["organisation_id", "sibling_group"],
        unique=False,
        postgresql_where="sibling_group IS NOT NULL",
    )
    op.create_index(
        op.f("ix_requests_region_code_expert_team_on_id"),
        "requests",
        ["region_code", "expert_team_on", "id"],
        unique=False,
        postgresql_where="expert_team_on IS NOT NULL",
    )
    op.create_index(
        op.f("ix_requests_region_code_norm_red_from_id"),
        "requests",
        ["region_code", "norm_red_from", "id"],
        unique=False,
    )
    op.create_table(
        "choice_versions",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("choices", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_choice_versions_request_id_requests")),
        sa.PrimaryKeyConstraint("request_id", "number", name=op.f("pk_choice_versions")),
    )
    op.create_table(
        "escalations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("skip_reason", sa.Text(), nullable=True),
        sa.Column("taken_by", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("outcome_on", sa.Date(), nullable=True),
        sa.Column("offered_by", sa.Text(), nullable=True),
        sa.Column("offered", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "step IN ('local-team', 'expert-team', 'supraregional-network', 'national')",
            name=op.f("ck_escalations_step"),
        ),
        sa.CheckConstraint("(offered_by IS NULL) = (offered IS NULL)", name=op.f("ck_escalations_offer")),
        sa.CheckConstraint("(outcome IS NULL) = (outcome_on IS NULL)", name=op.f("ck_escalations_outcome")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_escalations_request_id_requests")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalations")),
    )
    op.create_index(
        op.f("ix_escalations_request_id_opened_at_id"), "escalations", ["request_id", "opened_at", "id"], unique=False
    )
    op.create_index(
        "uq_escalations_request_id_step_open",
        "escalations",
        ["request_id", "step"],
        unique=True,
        postgresql_where="outcome IS NULL",
    )
    op.create_table(
        "explanations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_explanations_request_id_requests")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_explanations")),
    )
    op.create_index(op.f("ix_explanations_request_id_id"), "explanations", ["request_id", "id"], unique=False)
    op.create_table(
        "rankings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("product_version", sa.Text(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("case_file", sa.LargeBinary(), nullable=False),
        sa.Column("kept", sa.Boolean(), server_default="false", nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_rankings_request_id_requests")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rankings")),
    )
    op.create_index(
        op.f("ix_rankings_request_id_shown_at_id"), "rankings", ["request_id", "shown_at", "id"], unique=False
    )
    op.create_index(op.f("ix_rankings_shown_at"), "rankings", ["shown_at"], unique=False, postgresql_where="NOT kept")
    op.create_table(
        "request_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_request_events_request_id_requests")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_events")),
    )
    op.create_index(op.f("ix_request_events_request_id_id"), "request_events", ["request_id", "id"], unique=False)
    op.add_column("clients", sa.Column("rights", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False))
    op.execute(REFUSE_CHANGE.format("%", ", TG_TABLE_NAME"))
    for table in HISTORIES:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute(
        "INSERT INTO regional_agreements (region_code, contact_local_team_days, expert_team_days, "
        "referral_answer_days, escalation_ladder) VALUES "
        "('JZ05', 14, 42, 5, ARRAY['local-team', 'expert-team', 'supraregional-network', 'national'])"
    )


def downgrade() -> None:
    op.drop_column("clients", "rights")
    op.drop_index(op.f("ix_request_events_request_id_id"), table_name="request_events")
    op.drop_table("request_events")
    op.drop_index(op.f("ix_rankings_shown_at"), table_name="rankings", postgresql_where="NOT kept")
    op.drop_index(op.f("ix_rankings_request_id_shown_at_id"), table_name="rankings")
    op.drop_table("rankings")
    op.drop_index(op.f("ix_explanations_request_id_id"), table_name="explanations")
    op.drop_table("explanations")
    op.drop_index("uq_escalations_request_id_step_open", table_name="escalations", postgresql_where="outcome IS NULL")
    op.drop_index(op.f("ix_escalations_request_id_opened_at_id"), table_name="escalations")
    op.drop_table("escalations")
    op.drop_table("choice_versions")
    op.drop_index(op.f("ix_requests_region_code_norm_red_from_id"), table_name="requests")
    op.drop_index(
        op.f("ix_requests_region_code_expert_team_on_id"),
        table_name="requests",
        postgresql_where="expert_team_on IS NOT NULL",
    )
    op.drop_index(
        op.f("ix_requests_organisation_id_sibling_group"),
        table_name="requests",
        postgresql_where="sibling_group IS NOT NULL",
    )
    op.drop_index(op.f("ix_requests_organisation_id_requested_on_id"), table_name="requests")
    op.drop_table("requests")
    op.drop_table("regional_agreements")
    op.execute(REFUSE_CHANGE.format("capacity_reports", ""))
