# ruff: noqa: S608 - the statements are made of names that stand in this file
"""The log of changes also names whom a page now shows something else: so that pages follow what others do.

Names only whose pages they are: an organisation, a provider or a region, never what changed. An older release reads
past these rows.

Revision ID: 0034
Revises: 0033
"""

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_REQUESTS = ("explanations", "reopenings", "judgements", "characteristic_proposals", "transfer_requests")
"""Of these what changes is seen in the dossier alone."""
_REFERRALS = ("referral_children", "referral_events", "referral_concerns", "referral_amendments")
"""Of these it is seen by both sides of the referral."""
_FIGURES = ("insight_needs", "insight_referrals", "insight_escalations", "insight_supply_days")
"""Of these it is seen by the region and those above it."""

_REGION = "rpad(encode(convert_to(region_code, 'UTF8'), 'hex'), 32, '0')::uuid"
"""A region as a subject: its code as bytes, JZ03 is 4a5a3033-0000-…; `app.web.live.audiences` reads it the same way."""
_SHARED = """
    SELECT organisation_id FROM request_shares
    WHERE (may IS NOT NULL OR asked) AND request_id IN (SELECT {request} FROM changed)
"""
_OF_REQUEST = f"""
    SELECT organisation_id AS audience FROM requests WHERE id IN (SELECT request_id FROM changed)
    UNION {_SHARED.format(request="request_id")}
"""
_OF_REFERRALS = f"""
    SELECT unnest(ARRAY[organisation_id, provider_id]) AS audience
    FROM referrals WHERE id IN (SELECT referral_id FROM changed)
    UNION {_SHARED.format(request="(SELECT request_id FROM referrals WHERE id = referral_id)")}
"""
_OF_ANSWERS = """
    SELECT provider_id AS audience FROM changed
    UNION SELECT organisation_id FROM calls WHERE id IN (SELECT call_id FROM changed)
"""

AUDIENCES = {
    "requests": f"SELECT organisation_id AS audience FROM changed UNION {_SHARED.format(request='id')}",
    "request_shares": f"{_OF_REQUEST} UNION SELECT organisation_id FROM changed",
    "referrals": "SELECT unnest(ARRAY[organisation_id, provider_id]) AS audience FROM changed "
    f"UNION {_SHARED.format(request='request_id')}",
    "calls": "SELECT organisation_id AS audience FROM changed "
    "UNION SELECT provider_id FROM call_addressees WHERE call_id IN (SELECT id FROM changed) "
    f"UNION {_SHARED.format(request='request_id')}",
    "call_addressees": _OF_ANSWERS,
    "call_answers": _OF_ANSWERS,
    "transfers": "SELECT unnest(ARRAY[sender_id, receiver_id]) AS audience FROM changed",
    "arrangements": f"SELECT unnest(ARRAY[organisation_id, provider_id, {_REGION}]) AS audience FROM changed "
    f"UNION {_SHARED.format(request='request_id')}",
    "escalations": f"{_OF_REQUEST} UNION SELECT {_REGION} FROM requests WHERE id IN (SELECT request_id FROM changed)",
    **dict.fromkeys(_REQUESTS, _OF_REQUEST),
    **dict.fromkeys(_REFERRALS, _OF_REFERRALS),
    **dict.fromkeys(_FIGURES, f"SELECT {_REGION} AS audience FROM changed"),
}
"""Of each table whose pages show something else when it changes."""
_EVENTS = {"insert": "NEW", "update": "NEW", "delete": "OLD"}
"""What happens, and the rows that are looked at. Whoever loses a dossier is told by its transfer."""
_KINDS = "'capacity', 'offer', 'provider', 'desk'"


def upgrade() -> None:
    _allow(f"{_KINDS}, 'audience'")
    for table, audience in AUDIENCES.items():
        op.execute(f"""
            CREATE FUNCTION tell_audience_of_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO catalogue_changes (subject, kind)
                SELECT DISTINCT audience, 'audience' FROM ({audience}) AS found
                WHERE audience IS NOT NULL ON CONFLICT DO NOTHING;
                RETURN NULL;
            END $$
        """)
        for event, side in _EVENTS.items():
            op.execute(f"""
                CREATE TRIGGER tell_audience_{event} AFTER {event} ON {table} REFERENCING {side} TABLE AS changed
                FOR EACH STATEMENT EXECUTE FUNCTION tell_audience_of_{table}()
            """)


def downgrade() -> None:
    for table in AUDIENCES:
        for event in _EVENTS:
            op.execute(f"DROP TRIGGER tell_audience_{event} ON {table}")
        op.execute(f"DROP FUNCTION tell_audience_of_{table}()")
    op.execute("DELETE FROM catalogue_changes WHERE kind = 'audience'")
    _allow(_KINDS)


def _allow(kinds: str) -> None:
    op.drop_constraint(op.f("ck_catalogue_changes_kind"), "catalogue_changes")
    op.create_check_constraint(op.f("ck_catalogue_changes_kind"), "catalogue_changes", f"kind IN ({kinds})")
