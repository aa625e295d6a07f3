"""Why a referral was made all the same, what is against it since, and what a refusal asks for.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

REMINDERS = ("never-reported", "older-than-7-days", "older-than-14-days", "older-than-30-days")
REFUSED = "refused-for-want-of-room"


def upgrade() -> None:
    op.add_column("referrals", sa.Column("care_type", sa.Text(), nullable=True))
    op.execute("UPDATE referrals SET care_type = o.care_type FROM offers o WHERE o.id = referrals.offer_id")
    op.create_index(
        "ix_referrals_open",
        "referrals",
        ["id"],
        postgresql_where=sa.text("status IN ('sent', 'seen', 'waitlisted', 'accepted')"),
    )
    op.create_table(
        "referral_despites",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.CheckConstraint("actor IN ('provider', 'institution')", name=op.f("ck_referral_despites_actor")),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referrals.id"], name=op.f("fk_referral_despites_referral_id_referrals")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_despites")),
    )
    op.create_index(op.f("ix_referral_despites_referral_id_id"), "referral_despites", ["referral_id", "id"])
    for when, each in (("UPDATE OR DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        name = "never_emptied" if when == "TRUNCATE" else "append_only"
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {when} ON referral_despites FOR EACH {each} EXECUTE FUNCTION refuse_change()"
        )
    op.create_table(
        "characteristic_proposals",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("provider_name", sa.Text(), nullable=True),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone_because", sa.Text(), nullable=True),
        sa.Column("client_id", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "gone_because IN ('dismissed', 'decline-taken-back')",
            name=op.f("ck_characteristic_proposals_gone_because"),
        ),
        sa.CheckConstraint("(gone_at IS NULL) = (gone_because IS NULL)", name=op.f("ck_characteristic_proposals_gone")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_characteristic_proposals_request_id_requests")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referrals.id"], name=op.f("fk_characteristic_proposals_referral_id_referrals")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_characteristic_proposals")),
    )
    op.create_index(op.f("ix_characteristic_proposals_request_id_id"), "characteristic_proposals", ["request_id", "id"])
    op.create_index(op.f("ix_characteristic_proposals_referral_id"), "characteristic_proposals", ["referral_id"])
    op.drop_constraint(op.f("ck_reminders_reason"), "reminders")
    op.create_check_constraint(op.f("ck_reminders_reason"), "reminders", _reason_in(*REMINDERS, REFUSED))
    op.create_table(
        "referral_concerns",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referrals.id"], name=op.f("fk_referral_concerns_referral_id_referrals")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_concerns")),
    )
    op.create_index(
        op.f("ix_referral_concerns_referral_id_reason"),
        "referral_concerns",
        ["referral_id", "reason"],
        unique=True,
        postgresql_where=sa.text("gone_at IS NULL"),
    )
    op.create_table(
        "judged_referrals",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("judged_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referrals.id"], name=op.f("fk_judged_referrals_referral_id_referrals")
        ),
        sa.PrimaryKeyConstraint("referral_id", name=op.f("pk_judged_referrals")),
    )
    op.create_table(
        "concern_progress",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Text(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_concern_progress_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_progress")),
    )
    op.execute("INSERT INTO concern_progress (id) VALUES (1)")


def _reason_in(*reasons: str) -> str:
    return "reason IN ({})".format(", ".join(f"'{each}'" for each in reasons))


def downgrade() -> None:
    for table in ("concern_progress", "judged_referrals", "referral_concerns"):
        op.drop_table(table)
    op.drop_constraint(op.f("ck_reminders_reason"), "reminders")
    op.execute(f"DELETE FROM reminders WHERE reason = '{REFUSED}'")  # noqa: S608 - our own word
    op.create_check_constraint(op.f("ck_reminders_reason"), "reminders", _reason_in(*REMINDERS))
    op.drop_table("characteristic_proposals")
    op.drop_index(op.f("ix_referral_despites_referral_id_id"), table_name="referral_despites")
    op.drop_table("referral_despites")
    op.drop_index("ix_referrals_open", table_name="referrals")
    op.drop_column("referrals", "care_type")
