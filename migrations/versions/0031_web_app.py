"""Who is signed in to the web app, and which figures its readers doubt.

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

REASONS = (
    "never-reported",
    "older-than-7-days",
    "older-than-14-days",
    "older-than-30-days",
    "refused-for-want-of-room",
)
DOUBTED = "doubted-by-referrers"


def upgrade() -> None:
    op.create_table(
        "web_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("claims", postgresql.JSONB(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("idle_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_web_sessions_token_hash")),
    )
    op.create_index(op.f("ix_web_sessions_expires_at"), "web_sessions", ["expires_at"])
    doubted_by: sa.Column[list[object]] = sa.Column(
        "doubted_by", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False
    )
    op.add_column("reminders", doubted_by)
    _allow_reasons(*REASONS, DOUBTED)


def _allow_reasons(*reasons: str) -> None:
    name = op.f("ck_reminders_reason")
    op.drop_constraint(name, "reminders", type_="check")
    op.create_check_constraint(name, "reminders", "reason IN ({})".format(", ".join(f"'{each}'" for each in reasons)))


def downgrade() -> None:
    op.execute(f"DELETE FROM reminders WHERE reason = '{DOUBTED}'")  # noqa: S608 - our own word
    _allow_reasons(*REASONS)
    op.drop_column("reminders", "doubted_by")
    op.drop_table("web_sessions")
