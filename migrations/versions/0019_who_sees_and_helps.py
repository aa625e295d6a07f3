"""Who can see and help: the role national, steps of the ladder with real parties, what came out of them, and shares.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ROLES = "'provider', 'gi', 'local-team', 'region', 'supraregion', 'inspectorate', 'admin', 'referrer'"
WIDEST = {
    "noord-holland": "'JZ03', 'JZ05', 'JZ06', 'JZ09', 'JZ10', 'JZ11', 'JZ13', 'JZ15', 'JZ16'",
    "zuid-holland": "'JZ18', 'JZ24', 'JZ27', 'JZ29', 'JZ31'",
}
"""The supraregion that takes the supraregional step of a region that did not choose, when this was written."""
LESSON_CODES = ("lesson_care_types", "lesson_characteristics", "lesson_causes")


def _set_roles(roles: str) -> None:
    op.drop_constraint(op.f("ck_organisations_role"), "organisations", type_="check")
    op.create_check_constraint(op.f("ck_organisations_role"), "organisations", f"role IN ({roles})")


def upgrade() -> None:
    _set_roles(f"{ROLES}, 'national'")
    op.add_column("regional_agreements", sa.Column("supraregion", sa.Text(), nullable=True))
    op.add_column("escalations", sa.Column("outcome_kind", sa.Text(), nullable=True))
    op.add_column("escalations", sa.Column("questions", postgresql.JSONB(), server_default="[]", nullable=False))
    op.add_column("escalations", sa.Column("local_team_id", sa.Uuid(), nullable=True))
    op.add_column("escalations", sa.Column("supraregion", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_escalations_outcome_kind"), "escalations", "outcome_kind IN ('help', 'explanation', 'question')"
    )
    op.add_column("escalations", sa.Column("lesson_id", sa.Uuid(), nullable=True))
    op.add_column("escalations", sa.Column("lesson_year", sa.SmallInteger(), nullable=True))
    for name in LESSON_CODES:
        op.add_column("escalations", sa.Column(name, postgresql.ARRAY(sa.Text()), nullable=True))
    op.add_column("escalations", sa.Column("lesson_text", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_escalations_lesson"), "escalations", "num_nonnulls(lesson_id, lesson_year, lesson_text) IN (0, 3)"
    )
    op.create_index(
        "ix_escalations_lessons",
        "escalations",
        ["lesson_year", "lesson_id"],
        postgresql_where="lesson_id IS NOT NULL",
    )
    op.create_index(
        "ix_escalations_step_opened_at_open",
        "escalations",
        ["step", "opened_at", "request_id"],
        postgresql_where="outcome IS NULL",
    )
    op.create_table(
        "request_shares",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("may", sa.Text(), nullable=True),
        sa.Column("asked", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("may IN ('read', 'escalate')", name=op.f("ck_request_shares_may")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_request_shares_request_id_requests")),
        sa.PrimaryKeyConstraint("request_id", "organisation_id", name=op.f("pk_request_shares")),
    )
    op.create_index(op.f("ix_request_shares_organisation_id"), "request_shares", ["organisation_id"])
    for supraregion, regions in WIDEST.items():
        op.execute(
            f"UPDATE escalations SET supraregion = '{supraregion}' FROM requests r "  # noqa: S608 - constants
            f"WHERE r.id = request_id AND step = 'supraregional-network' AND r.region_code IN ({regions})"
        )


def downgrade() -> None:
    op.drop_index(op.f("ix_request_shares_organisation_id"), table_name="request_shares")
    op.drop_table("request_shares")
    op.drop_index("ix_escalations_step_opened_at_open", table_name="escalations")
    op.drop_constraint(op.f("ck_escalations_outcome_kind"), "escalations", type_="check")
    op.drop_index("ix_escalations_lessons", table_name="escalations")
    op.drop_constraint(op.f("ck_escalations_lesson"), "escalations", type_="check")
    for column in ("lesson_text", *LESSON_CODES, "lesson_year", "lesson_id"):
        op.drop_column("escalations", column)
    for column in ("supraregion", "local_team_id", "questions", "outcome_kind"):
        op.drop_column("escalations", column)
    op.drop_column("regional_agreements", "supraregion")
    op.execute("DELETE FROM clients USING organisations o WHERE o.id = organisation_id AND o.role = 'national'")
    op.execute("DELETE FROM organisations WHERE role = 'national'")
    _set_roles(ROLES)
