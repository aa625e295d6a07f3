"""Every version of a dossier, kept by triggers, and the tables that insight makes of them.

An older release goes on writing dossiers, and the triggers keep its versions too. What there is already is taken over
as if it had been known since it was made. Going back deletes the versions and what insight made of them.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_KINDS = {"requests": "request", "referrals": "referral", "referral_children": "child", "escalations": "escalation"}
_UNSAID = (
    *("care_worker", "team", "remark", "outside_description", "outside_provider", "institution"),
    *("asked", "skip_reason", "taken_by", "outcome", "offered_by", "offered", "questions", "lesson_text"),
)
"""The columns that no version holds: free text and names. Of an outcome its kind and day say enough."""
_FUNCTIONS = (
    """
    CREATE FUNCTION keep_dossier_version() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO dossier_versions (kind, row_id, request_id, at, facts)
        VALUES (TG_ARGV[0], NEW.id, {request}, NEW.updated_at, to_jsonb(NEW) - '{unsaid}'::text[]);
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION keep_child_version() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO dossier_versions (kind, row_id, request_id, at, facts)
        SELECT 'child', NEW.referral_id, NEW.request_id, referrals.updated_at, to_jsonb(NEW)
        FROM referrals WHERE referrals.id = NEW.referral_id;
        RETURN NULL;
    END $$
    """,
)


def upgrade() -> None:
    op.create_table(
        "dossier_versions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('request', 'referral', 'child', 'escalation')", name=op.f("ck_dossier_versions_kind")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_versions")),
    )
    for columns in (["at", "id"], ["kind", "row_id", "request_id", "id"], ["request_id"]):
        op.create_index(op.f(f"ix_dossier_versions_{'_'.join(columns)}"), "dossier_versions", columns)
    _keep_versions()
    _add_needs()
    _add_referrals()
    op.create_table(
        "insight_sources",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("brought_up_to", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_insight_sources")),
    )
    op.execute("INSERT INTO insight_sources (source) VALUES ('dossiers'), ('supply')")


def _keep_versions() -> None:
    """Takes over what there is, and keeps what comes."""
    unsaid = "{" + ",".join(_UNSAID) + "}"
    for table, kind in _KINDS.items():
        child = kind == "child"
        request = "t.id" if kind == "request" else "t.request_id"
        row, source = ("t.referral_id", "JOIN referrals r ON r.id = t.referral_id") if child else ("t.id", "")
        created = "r.created_at" if child else "t.created_at"
        op.execute(
            "INSERT INTO dossier_versions (kind, row_id, request_id, at, facts) "  # noqa: S608 - no input
            f"SELECT '{kind}', {row}, {request}, {created}, to_jsonb(t) - '{unsaid}'::text[] "
            f"FROM {table} t {source} ORDER BY {created}, {row}"
        )
    own, others = _FUNCTIONS
    op.execute(own.format(request="coalesce((to_jsonb(NEW)->>'request_id')::uuid, NEW.id)", unsaid=unsaid))
    op.execute(others)
    for table, kind in _KINDS.items():
        function = "keep_child_version()" if kind == "child" else f"keep_dossier_version('{kind}')"
        op.execute(
            f"CREATE TRIGGER keep_version AFTER INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {function}"
        )
    for when, each, name in (("UPDATE OR DELETE", "ROW", "append_only"), ("TRUNCATE", "STATEMENT", "never_emptied")):
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {when} ON dossier_versions FOR EACH {each} EXECUTE FUNCTION refuse_change()"
        )


def _days(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Date(), nullable=True) for name in names]


def _texts(*names: str, nullable: bool = True) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _known() -> list[sa.Column[object]]:
    return [sa.Column("known_from", sa.Date(), nullable=False), sa.Column("known_to", sa.Date(), nullable=False)]


def _list(name: str) -> sa.Column[object]:
    return sa.Column(name, postgresql.ARRAY(sa.Text()), nullable=False)


def _add_needs() -> None:
    op.create_table(
        "insight_needs",
        *_known(),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        *_texts("child_reference", "municipality_code", "region_code", nullable=False),
        *_texts("measure_type", "measure_kind"),
        *_days("imposed_on"),
        sa.Column("since", sa.Date(), nullable=False),
        _list("care_types"),
        *_days("worker_due", "worker_on", "course_due", "course_on", "help_due", "help_on"),
        *_texts("help_as", "help_care_type"),
        sa.Column("help_provider_id", sa.Uuid(), nullable=True),
        *_days("help_ended_on"),
        *_texts("judged_professional", "judged_family"),
        *_days("closed_on"),
        *_texts("closed_reason"),
        sa.Column("bridged", postgresql.DATEMULTIRANGE(), nullable=False),
        _list("explained"),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("known_from", "request_id", "number", name=op.f("pk_insight_needs")),
    )
    for columns in (["region_code", "known_to", "since"], ["organisation_id", "known_to"], ["known_to", "since"]):
        op.create_index(op.f(f"ix_insight_needs_{'_'.join(columns)}"), "insight_needs", columns)


def _add_referrals() -> None:
    op.create_table(
        "insight_referrals",
        *_known(),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        *_texts("referrer", "municipality_code", "region_code", nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=True),
        sa.Column("offer_id", sa.Uuid(), nullable=True),
        *_texts("offer_region_code", "offer_province_code", "care_type"),
        *_texts("stands_for", "urgency", nullable=False),
        _list("despite"),
        sa.Column("sent_on", sa.Date(), nullable=False),
        *_days("answered_on"),
        *_texts("answer", "decline_reason"),
        _list("decline_criteria"),
        *_days("over_on"),
        sa.Column("is_withdrawn", sa.Boolean(), nullable=False),
        *_days("accepted_on", "started_on", "left_on", "ended_on"),
        *_texts("end_reason"),
        sa.PrimaryKeyConstraint("known_from", "request_id", "referral_id", name=op.f("pk_insight_referrals")),
    )
    for columns in (
        ["region_code", "known_to", "sent_on"],
        ["provider_id", "known_to", "sent_on"],
        ["organisation_id", "known_to"],
        ["known_to", "sent_on"],
    ):
        op.create_index(op.f(f"ix_insight_referrals_{'_'.join(columns)}"), "insight_referrals", columns)


def downgrade() -> None:
    for table in _KINDS:
        op.execute(f"DROP TRIGGER keep_version ON {table}")
    op.execute("DROP FUNCTION keep_dossier_version()")
    op.execute("DROP FUNCTION keep_child_version()")
    for table in ("insight_sources", "insight_referrals", "insight_needs", "dossier_versions"):
        op.drop_table(table)
