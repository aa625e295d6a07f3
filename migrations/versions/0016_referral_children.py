"""For whom a referral is: the children it was sent for, and what each of them takes.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "referral_children",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("places", sa.SmallInteger(), nullable=False),
        sa.Column("reserved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by", sa.Uuid(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("places > 0", name=op.f("ck_referral_children_places")),
        sa.CheckConstraint("(started_on IS NULL) = (started_at IS NULL)", name=op.f("ck_referral_children_started")),
        sa.CheckConstraint("(ended_on IS NULL) = (ended_at IS NULL)", name=op.f("ck_referral_children_ended")),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referrals.id"], name=op.f("fk_referral_children_referral_id_referrals")
        ),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_referral_children_request_id_requests")),
        sa.ForeignKeyConstraint(
            ["released_by"], ["referrals.id"], name=op.f("fk_referral_children_released_by_referrals")
        ),
        sa.PrimaryKeyConstraint("referral_id", "request_id", name=op.f("pk_referral_children")),
    )
    op.create_index(op.f("ix_referral_children_request_id"), "referral_children", ["request_id"])
    op.add_column("requests", sa.Column("help_said_on", sa.Date(), nullable=True))
    op.add_column("requests", sa.Column("help_started_on", sa.Date(), nullable=True))
    op.add_column("requests", sa.Column("bridged_on", sa.Date(), nullable=True))
    op.add_column("current_capacities", sa.Column("counted_from", sa.BigInteger(), nullable=True))
    op.execute(_COUNTED_FROM)
    op.execute(_SIBLINGS)
    op.execute(_OWN)
    op.execute(_MOMENTS)
    op.execute(_STARTED)
    op.execute(_SAID)


def downgrade() -> None:
    op.drop_column("current_capacities", "counted_from")
    op.drop_column("requests", "bridged_on")
    op.drop_column("requests", "help_started_on")
    op.drop_column("requests", "help_said_on")
    op.drop_index(op.f("ix_referral_children_request_id"), table_name="referral_children")
    op.drop_table("referral_children")


_COUNTED_FROM = """
    UPDATE current_capacities SET counted_from = (
        SELECT max(id) FROM capacity_reports
        WHERE capacity_reports.offer_id = current_capacities.offer_id
            AND capacity_reports.observed_at = current_capacities.observed_at
            AND capacity_reports.counted_at IS NULL
            AND capacity_reports.id < current_capacities.report_id
    )
    WHERE counted_at IS NOT NULL
"""

_SIBLINGS = """
    INSERT INTO referral_children (referral_id, request_id, places)
    SELECT referrals.id, sibling.id, 1
    FROM referrals
    JOIN requests AS own ON own.id = referrals.request_id
    JOIN LATERAL (
        SELECT id FROM requests
        WHERE requests.organisation_id = own.organisation_id
            AND requests.sibling_group = own.sibling_group
            AND requests.id <> own.id
            AND requests.created_at <= referrals.sent_at
            AND (requests.help_on IS NULL OR requests.help_on >= referrals.sent_at::date)
            AND (requests.closed_on IS NULL OR requests.closed_on >= referrals.sent_at::date)
        ORDER BY id
        LIMIT referrals.places - 1
    ) AS sibling ON true
"""
"""Until now nothing said which siblings a referral was sent for: those of the group who waited when it was."""

_OWN = """
    INSERT INTO referral_children (referral_id, request_id, places)
    SELECT referrals.id, referrals.request_id, referrals.places - coalesce(others.places, 0)
    FROM referrals
    LEFT JOIN (SELECT referral_id, sum(places) AS places FROM referral_children GROUP BY referral_id) AS others
        ON others.referral_id = referrals.id
"""

_MOMENTS = """
    UPDATE referral_children
    SET reserved_at = said.accepted_at,
        released_at = said.released_at,
        started_on = referrals.started_on,
        started_at = CASE WHEN referrals.started_on IS NOT NULL
            THEN coalesce(said.started_at, referrals.updated_at) END,
        ended_on = referrals.ended_on,
        ended_at = CASE WHEN referrals.ended_on IS NOT NULL
            THEN coalesce(said.ended_at, referrals.updated_at) END,
        end_reason = referrals.end_reason
    FROM referrals
    LEFT JOIN (
        SELECT referral_id,
            max(at) FILTER (WHERE decision = 'accept') AS accepted_at,
            max(at) FILTER (WHERE decision IN ('decline', 'withdraw')) AS released_at,
            max(at) FILTER (WHERE decision = 'start') AS started_at,
            max(at) FILTER (WHERE decision = 'end') AS ended_at
        FROM referral_events GROUP BY referral_id
    ) AS said ON said.referral_id = referrals.id
    WHERE referrals.id = referral_children.referral_id
"""

_STARTED = """
    UPDATE requests SET help_started_on = started.first
    FROM (
        SELECT request_id, min(started_on) AS first FROM referral_children WHERE released_at IS NULL GROUP BY request_id
    ) AS started
    WHERE started.request_id = requests.id AND started.first IS NOT NULL
"""

_SAID = """
    UPDATE requests SET help_said_on = help_on
    WHERE help_on IS NOT NULL AND (help_started_on IS NULL OR help_on < help_started_on)
"""
