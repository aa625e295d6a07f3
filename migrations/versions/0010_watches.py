"""Watches, and what they found.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "watches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("search", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("request_version", sa.Integer(), nullable=True),
        sa.Column("care_types", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("channels", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("paused", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("fresh", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("(search IS NULL) <> (request_id IS NULL)", name=op.f("ck_watches_subject")),
        sa.CheckConstraint("('email' = ANY(channels)) = (email IS NOT NULL)", name=op.f("ck_watches_email")),
        sa.CheckConstraint("channels <> '{}' AND channels <@ '{webhook,email,sse}'", name=op.f("ck_watches_channels")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_watches_request_id_requests")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watches")),
    )
    op.create_index(
        op.f("ix_watches_organisation_id_created_at_id"), "watches", ["organisation_id", "created_at", "id"]
    )
    op.create_index(
        op.f("ix_watches_request_id"), "watches", ["request_id"], postgresql_where=sa.text("request_id IS NOT NULL")
    )
    op.create_index(op.f("ix_watches_care_types"), "watches", ["care_types"], postgresql_using="gin")
    op.create_index(op.f("ix_watches_expires_on"), "watches", ["expires_on"])
    op.create_table(
        "watch_matches",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("watch_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("matched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("expected_start", sa.Date(), nullable=False),
        sa.Column("distance_km", sa.Float(), nullable=True),
        sa.Column("shown", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_watch_matches_offer_id_offers")),
        sa.ForeignKeyConstraint(
            ["watch_id"], ["watches.id"], name=op.f("fk_watch_matches_watch_id_watches"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch_matches")),
    )
    gone = sa.text("gone_at IS NULL")
    op.create_index(
        op.f("ix_watch_matches_watch_id_offer_id"),
        "watch_matches",
        ["watch_id", "offer_id"],
        unique=True,
        postgresql_where=gone,
    )
    op.create_index(op.f("ix_watch_matches_watch_id_id"), "watch_matches", ["watch_id", "id"])
    op.create_index(
        op.f("ix_watch_matches_organisation_id_id"),
        "watch_matches",
        ["organisation_id", "id"],
        postgresql_where=sa.text("told"),
    )
    op.create_index(op.f("ix_watch_matches_offer_id"), "watch_matches", ["offer_id"], postgresql_where=gone)
    op.create_table(
        "watch_progress",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("position", sa.Text(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_watch_progress_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch_progress")),
    )
    op.execute("INSERT INTO watch_progress (id) VALUES (1)")


def downgrade() -> None:
    op.drop_table("watch_progress")
    op.drop_table("watch_matches")
    op.drop_table("watches")
