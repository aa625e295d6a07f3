"""Why a referral was made all the same, what is against it since, and what a refusal asks for.

Revision ID: 0020
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("referrals", sa.Column("care_type", sa.Text(), nullable=True))
    op.execute("UPDATE referrals SET care_type = o.care_type FROM offers o WHERE o.id = referrals.offer_id")
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


def downgrade() -> None:
    op.drop_index(op.f("ix_referral_despites_referral_id_id"), table_name="referral_despites")
    op.drop_table("referral_despites")
    op.drop_column("referrals", "care_type")
