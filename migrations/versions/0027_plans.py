"""The actions and target lines of the plans of regions and supraregions, with their history.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

HISTORIES = {"plan_action_versions": "plan_actions", "target_line_versions": "target_lines"}


def upgrade() -> None:
    _create_kept(
        "plan_actions",
        sa.Column("direction_number", sa.SmallInteger(), nullable=True),
        sa.Column("direction_title", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("light", sa.Text(), nullable=False),
        sa.Column("word", sa.Text(), nullable=True),
        sa.Column("figures", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint("status IN ('planned', 'running', 'done', 'stopped')", name=op.f("ck_plan_actions_status")),
        sa.CheckConstraint("light IN ('green', 'amber', 'red')", name=op.f("ck_plan_actions_light")),
        sa.CheckConstraint("direction_number BETWEEN 1 AND 999", name=op.f("ck_plan_actions_direction_number")),
    )
    _create_kept(
        "target_lines",
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("care_types", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("provider_id", sa.Uuid(), nullable=True),
        sa.Column("bound", sa.Text(), nullable=False),
        sa.Column("points", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint("bound IN ('at-most', 'at-least')", name=op.f("ck_target_lines_bound")),
        sa.CheckConstraint("jsonb_array_length(points) > 0", name=op.f("ck_target_lines_points")),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name=op.f("fk_target_lines_provider_id_providers")),
    )
    for table, order in (("plan_actions", "due_on"), ("target_lines", "created_at")):
        for keeper in ("region_code", "supraregion"):
            op.create_index(op.f(f"ix_{table}_{keeper}_{order}_id"), table, [keeper, order, "id"])
    for history, table in HISTORIES.items():
        _create_history(history, table)


def _create_kept(table: str, *more: sa.Column[object] | sa.Constraint) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=True),
        sa.Column("supraregion", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_why", sa.Text(), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        *more,
        sa.CheckConstraint("num_nonnulls(region_code, supraregion) = 1", name=op.f(f"ck_{table}_area")),
        sa.CheckConstraint(
            "num_nulls(withdrawn_at, withdrawn_why, withdrawn_by) IN (0, 3)", name=op.f(f"ck_{table}_withdrawn")
        ),
        sa.ForeignKeyConstraint(["region_code"], ["regions.code"], name=op.f(f"fk_{table}_region_code_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _create_history(history: str, table: str) -> None:
    op.create_table(
        history,
        sa.Column("kept_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["kept_id"], [f"{table}.id"], name=op.f(f"fk_{history}_kept_id_{table}")),
        sa.PrimaryKeyConstraint("kept_id", "version", name=op.f(f"pk_{history}")),
    )
    for when, each in (("UPDATE OR DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        name = "never_emptied" if when == "TRUNCATE" else "append_only"
        op.execute(f"CREATE TRIGGER {name} BEFORE {when} ON {history} FOR EACH {each} EXECUTE FUNCTION refuse_change()")


def downgrade() -> None:
    for history, table in HISTORIES.items():
        op.drop_table(history)
        op.drop_table(table)
