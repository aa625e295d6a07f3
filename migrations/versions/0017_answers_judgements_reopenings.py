"""By when a referral is answered, that a child left, whether help fits, and help that is needed again.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "regional_agreements", sa.Column("urgent_answer_days", sa.SmallInteger(), server_default="2", nullable=False)
    )
    op.add_column(
        "regional_agreements", sa.Column("crisis_answer_hours", sa.SmallInteger(), server_default="24", nullable=False)
    )
    op.create_check_constraint(
        op.f("ck_regional_agreements_urgent_answer_days"),
        "regional_agreements",
        "urgent_answer_days BETWEEN 1 AND 60",
    )
    op.create_check_constraint(
        op.f("ck_regional_agreements_crisis_answer_hours"),
        "regional_agreements",
        "crisis_answer_hours BETWEEN 1 AND 168",
    )
    op.add_column("referrals", sa.Column("answer_due_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE referrals SET answer_due_at = (answer_due_on + 1)::timestamp AT TIME ZONE 'Europe/Amsterdam'")
    op.alter_column("referrals", "answer_due_at", nullable=False)
    op.add_column("referrals", sa.Column("left_on", sa.Date(), nullable=True))
    op.add_column("requests", sa.Column("needed_again_on", sa.Date(), nullable=True))
    op.create_table(
        "reopenings",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("needed_again_on", sa.Date(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("helped_on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_reopenings_request_id_requests")),
        sa.PrimaryKeyConstraint("request_id", "number", name=op.f("pk_reopenings")),
    )
    op.create_table(
        "judgements",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("fits", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("word", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.CheckConstraint("\"by\" IN ('professional', 'family')", name=op.f("ck_judgements_by")),
        sa.CheckConstraint("fits IN ('yes', 'partly', 'no')", name=op.f("ck_judgements_fits")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_judgements_request_id_requests")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judgements")),
    )
    op.create_index(op.f("ix_judgements_request_id_on_id"), "judgements", ["request_id", "on", "id"])
    for table in ("reopenings", "judgements"):
        for when, each in (("UPDATE OR DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
            name = "never_emptied" if when == "TRUNCATE" else "append_only"
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH {each} EXECUTE FUNCTION refuse_change()"
            )


def downgrade() -> None:
    op.drop_index(op.f("ix_judgements_request_id_on_id"), table_name="judgements")
    op.drop_table("judgements")
    op.drop_table("reopenings")
    op.drop_column("requests", "needed_again_on")
    op.drop_column("referrals", "left_on")
    op.drop_column("referrals", "answer_due_at")
    op.drop_constraint(op.f("ck_regional_agreements_crisis_answer_hours"), "regional_agreements")
    op.drop_constraint(op.f("ck_regional_agreements_urgent_answer_days"), "regional_agreements")
    op.drop_column("regional_agreements", "crisis_answer_hours")
    op.drop_column("regional_agreements", "urgent_answer_days")
