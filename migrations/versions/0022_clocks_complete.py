"""The days of a measure that norms count from, terms that hold without a measure, and secure care.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

DAYS = (
    "measure_informed_on",
    "measure_started_on",
    "court_authorisation_until",
    "secure_since",
    "secure_left_on",
    "next_place_said_on",
    "next_place_found_on",
)
TERMS = {"authorisation_warning_days": "28", "next_place_days": "42"}

LAST_STAYS = """
    UPDATE requests SET secure_since = stay.started_on, secure_left_on = stay.ended_on,
        secure_offer_id = CASE WHEN stay.ended_on IS NULL THEN stay.offer_id END
    FROM (
        SELECT DISTINCT ON (child.request_id) child.request_id, child.started_on, child.ended_on, referral.offer_id
        FROM referral_children child
        JOIN referrals referral ON referral.id = child.referral_id
        JOIN offers offer ON offer.id = referral.offer_id
        WHERE offer.needs_court_authorisation AND child.started_on IS NOT NULL AND child.released_at IS NULL
        ORDER BY child.request_id, child.started_on DESC, child.ended_on DESC NULLS FIRST
    ) stay
    WHERE stay.request_id = requests.id
"""
"""What is promised beside it, and a stay before it, are brought along with the next decision on a referral."""


def upgrade() -> None:
    for day in DAYS:
        op.add_column("requests", sa.Column(day, sa.Date(), nullable=True))
    op.add_column("requests", sa.Column("secure_offer_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_requests_secure_offer_id_offers"), "requests", "offers", ["secure_offer_id"], ["id"])
    op.add_column(
        "regional_agreements",
        sa.Column("also_without_measure", sa.Boolean(), server_default="false", nullable=False),
    )
    for term, days in TERMS.items():
        op.add_column("regional_agreements", sa.Column(term, sa.SmallInteger(), server_default=days, nullable=False))
        op.create_check_constraint(
            op.f(f"ck_regional_agreements_{term}"), "regional_agreements", f"{term} BETWEEN 1 AND 365"
        )
    # a preventive measure carries no norm of the inspectorates
    op.execute("UPDATE requests SET norm_amber_from = NULL, norm_red_from = NULL WHERE measure_type = '31'")
    op.execute(LAST_STAYS)


def downgrade() -> None:
    for term in reversed(TERMS):
        op.drop_constraint(op.f(f"ck_regional_agreements_{term}"), "regional_agreements")
        op.drop_column("regional_agreements", term)
    op.drop_column("regional_agreements", "also_without_measure")
    op.drop_constraint(op.f("fk_requests_secure_offer_id_offers"), "requests")
    op.drop_column("requests", "secure_offer_id")
    for day in reversed(DAYS):
        op.drop_column("requests", day)
