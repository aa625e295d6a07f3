"""What figures of referrals, stays and escalations count: columns of known referrals, and known escalations.

All that insight made of the versions of dossiers is emptied: the job makes it anew from these, with what is new. Going
back empties it too.

Revision ID: 0030
Revises: 0029
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_MADE = ("insight_needs", "insight_referrals")


def _columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("province_code", sa.Text(), nullable=True),
        sa.Column("overdue_on", sa.Date(), nullable=False),
        sa.Column("is_answered_late", sa.Boolean(), nullable=False),
        *(
            sa.Column(name, sa.Date(), nullable=True)
            for name in (
                *("decided_on", "stayed_until", "next_stay_on", "blocked_since"),
                *("secure_since", "next_place_due", "next_place_on"),
            )
        ),
        sa.Column("sought", postgresql.DATEMULTIRANGE(), nullable=False),
    ]


def upgrade() -> None:
    _empty()
    for column in _columns():
        op.add_column("insight_referrals", column)
    for table in _MADE:
        op.create_index(op.f(f"ix_{table}_request_id"), table, ["request_id"])
    op.create_table(
        "insight_escalations",
        sa.Column("known_from", sa.Date(), nullable=False),
        sa.Column("known_to", sa.Date(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("escalation_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("municipality_code", "region_code", "care_type", "step", "cause")
        ),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("over_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("raised_on", sa.Date(), nullable=True),
        sa.Column("is_lesson", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("known_from", "request_id", "escalation_id", name=op.f("pk_insight_escalations")),
    )
    for columns in (
        ["region_code", "known_to", "opened_on"],
        ["organisation_id", "known_to"],
        ["known_to", "opened_on"],
        ["request_id"],
    ):
        op.create_index(op.f(f"ix_insight_escalations_{'_'.join(columns)}"), "insight_escalations", columns)


def _empty() -> None:
    for table in _MADE:
        op.execute(f"DELETE FROM {table}")  # noqa: S608 - no input
    op.execute("UPDATE insight_sources SET brought_up_to = NULL WHERE source = 'dossiers'")


def downgrade() -> None:
    _empty()
    op.drop_table("insight_escalations")
    for table in _MADE:
        op.drop_index(op.f(f"ix_{table}_request_id"), table)
    for column in _columns():
        op.drop_column("insight_referrals", column.name)
