"""Proposals: which child of many would best go to which of few places.

Revision ID: 0042
Revises: 0041
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None
expands = True

POLICIES = {
    "proposals": "region_code = caller_expert_region() OR supraregion = caller_supraregion()",
    "proposal_lines": """
        (EXISTS (SELECT FROM proposals p WHERE p.id = proposal_id) AND caller_keeps(request_id))
        OR EXISTS (SELECT FROM requests r WHERE r.id = request_id AND r.organisation_id = caller_organisation())
    """,
}
"""By table which rows a caller may read: its region's or supraregion's own, of children that are its to see; and an
institution what is kept of its own child, which it exports."""


def upgrade() -> None:
    op.create_table(
        "proposals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=True),
        sa.Column("supraregion", sa.Text(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("children", sa.Text(), nullable=False),
        sa.Column("places", sa.Text(), nullable=False),
        sa.Column("horizon_days", sa.SmallInteger(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("changes", sa.SmallInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("today", sa.Date(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("result", postgresql.JSONB(), nullable=True),
        sa.Column("report", postgresql.JSONB(), nullable=True),
        sa.Column("case_file", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("num_nonnulls(region_code, supraregion) = 1", name=op.f("ck_proposals_owner")),
        sa.CheckConstraint("status IN ('queued', 'running', 'done', 'failed')", name=op.f("ck_proposals_status")),
        sa.CheckConstraint("children IN ('waiting', 'over-norm', 'listed')", name=op.f("ck_proposals_children")),
        sa.CheckConstraint("places IN ('free', 'soon')", name=op.f("ck_proposals_places")),
        sa.CheckConstraint("method IN ('stable', 'least-lateness')", name=op.f("ck_proposals_method")),
        sa.ForeignKeyConstraint(["region_code"], ["regions.code"], name=op.f("fk_proposals_region_code_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
    )
    op.create_index(op.f("ix_proposals_region_code_asked_at_id"), "proposals", ["region_code", "asked_at", "id"])
    op.create_index(op.f("ix_proposals_supraregion_asked_at_id"), "proposals", ["supraregion", "asked_at", "id"])
    op.create_index(op.f("ix_proposals_asked_at"), "proposals", ["asked_at"])
    op.create_index(
        "ix_proposals_unfinished",
        "proposals",
        ["asked_at"],
        postgresql_where=sa.text("status IN ('queued', 'running')"),
    )
    op.create_table(
        "proposal_lines",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("in_crisis", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=True),
        sa.Column("choice", sa.SmallInteger(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("days_late", sa.Integer(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("reason", postgresql.JSONB(), nullable=True),
        sa.Column("helps", postgresql.JSONB(), nullable=True),
        sa.CheckConstraint("choice BETWEEN 1 AND 3", name=op.f("ck_proposal_lines_choice")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_proposal_lines_proposal_id_proposals")
        ),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_proposal_lines_request_id_requests")),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_proposal_lines_offer_id_offers")),
        sa.PrimaryKeyConstraint("proposal_id", "request_id", name=op.f("pk_proposal_lines")),
        sa.UniqueConstraint("proposal_id", "number", name=op.f("uq_proposal_lines_proposal_id_number")),
    )
    op.create_index(op.f("ix_proposal_lines_request_id"), "proposal_lines", ["request_id"])
    for table, rows in POLICIES.items():
        op.execute(f"CREATE POLICY of_caller ON {table} FOR SELECT USING ({rows})")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")


def downgrade() -> None:
    op.drop_table("proposal_lines")
    op.drop_table("proposals")
