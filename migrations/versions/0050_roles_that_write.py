"""Row-level security under what a request writes, and a role for what works across organisations.

`wijzer_writer` writes for a caller: the rows that this caller reads, and the other rows of a dossier that it has to do
with, as what one side decides has its effect on what stands with another. `wijzer_service` (background work, and what
reaches across by name) works on all rows. Neither owns a table (`app.kit.database.roles`).

Revision ID: 0050
Revises: 0049
"""

from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None
expands = True

IS_ASKED = """
    EXISTS (
        SELECT FROM referral_children c JOIN referrals f ON f.id = c.referral_id
        WHERE c.request_id = $1
            AND (f.provider_id = caller_provider() OR f.organisation_id = caller_organisation())
    ) OR EXISTS (SELECT FROM referrals f WHERE f.request_id = $1 AND f.provider_id = caller_provider())
    OR EXISTS (
        SELECT FROM referral_amendments a JOIN referrals f ON f.id = a.referral_id WHERE {amended}
    )
    {with_another}
    OR EXISTS (
        SELECT FROM calls c JOIN call_addressees a ON a.call_id = c.id
        WHERE c.request_id = $1 AND a.provider_id = caller_provider()
    ) OR EXISTS (
        SELECT FROM arrangements a
        WHERE a.request_id = $1 AND (a.provider_id = caller_provider() OR a.region_code = caller_region())
    )
"""
KEEPS_ANOTHER = """EXISTS (
            SELECT FROM referral_children other WHERE other.referral_id = f.id AND caller_keeps(other.request_id)
        )"""
ASKED = IS_ASKED.format(
    amended=f"$1 = ANY (a.adds || a.removes) AND (f.provider_id = caller_provider() OR {KEEPS_ANOTHER})",
    with_another=f"""OR EXISTS (
        SELECT FROM referral_children c JOIN referrals f ON f.id = c.referral_id
        WHERE c.request_id = $1 AND {KEEPS_ANOTHER}
    )""",
)
ASKED_BEFORE = IS_ASKED.format(
    amended="$1 = ANY (a.adds) AND a.status = 'open' AND f.provider_id = caller_provider()", with_another=""
)
"""`caller_is_asked` as it was since 0040. Now also of a sibling in an amendment that was settled, since that is shown
with whom it was about; and of a child in one referral with another that the caller keeps or shares."""

FUNCTIONS = {
    "caller_reaches": """
        caller_keeps($1) OR caller_is_asked($1) OR EXISTS (
            WITH RECURSIVE family AS (
                SELECT id, organisation_id, sibling_group FROM requests WHERE id = $1
                UNION
                SELECT other.id, other.organisation_id, other.sibling_group
                FROM family, LATERAL (
                    SELECT r.id, r.organisation_id, r.sibling_group FROM requests r
                    WHERE r.organisation_id = family.organisation_id AND r.sibling_group = family.sibling_group
                    UNION ALL
                    SELECT r.id, r.organisation_id, r.sibling_group
                    FROM referral_children ours
                    JOIN referral_children theirs ON theirs.referral_id = ours.referral_id
                    JOIN requests r ON r.id = theirs.request_id
                    WHERE ours.request_id = family.id
                ) AS other
            )
            SELECT FROM family WHERE caller_keeps(id) OR caller_is_asked(id)
        )
    """,
    "caller_reaches_referral": """
        caller_sees_referral($1) OR EXISTS (
            SELECT FROM referrals f WHERE f.id = $1 AND caller_reaches(f.request_id)
        ) OR EXISTS (SELECT FROM referral_children c WHERE c.referral_id = $1 AND caller_reaches(c.request_id))
    """,
    "caller_reaches_call": """
        caller_sees_call($1) OR EXISTS (SELECT FROM calls c WHERE c.id = $1 AND caller_reaches(c.request_id))
    """,
}
"""Whether the caller has to do with a dossier, or with what belongs to one: it keeps it or is asked for it, or for a
sibling or a child of the same referral, which a decision brings along. As those of 0040, past the policies."""

OWN = "organisation_id = caller_organisation()"
REACHES = "caller_reaches(request_id)"
POLICIES = {
    "requests": f"{OWN} OR region_code = caller_expert_region() OR caller_reaches(id)",
    **dict.fromkeys(
        (
            *("choice_versions", "request_events", "explanations", "reopenings", "judgements"),
            *("characteristic_proposals", "rankings", "escalations"),
        ),
        REACHES,
    ),
    "request_shares": f"{OWN} OR {REACHES}",
    "referrals": f"{OWN} OR provider_id = caller_provider() OR region_code = caller_region() OR {REACHES}"
    " OR caller_reaches_referral(id)",
    **dict.fromkeys(
        (
            *("referral_children", "referral_events", "referral_despites", "referral_concerns"),
            *("judged_referrals", "referral_amendments"),
        ),
        "caller_reaches_referral(referral_id)",
    ),
    "calls": f"{OWN} OR {REACHES} OR caller_reaches_call(id)",
    **dict.fromkeys(
        ("call_addressees", "call_answers"), "provider_id = caller_provider() OR caller_reaches_call(call_id)"
    ),
    "arrangements": (f"{OWN} OR provider_id = caller_provider() OR region_code = caller_region() OR {REACHES}"),
    "transfers": "caller_organisation() IN (sender_id, receiver_id)",
    "transfer_requests": "EXISTS (SELECT FROM transfers t WHERE t.id = transfer_id)",
    **dict.fromkeys(
        (*("deliveries", "delivered_requests", "delivery_reminders", "notification_settings", "webhooks"),),
        OWN,
    ),
    "watches": f"{OWN} OR {REACHES}",
    "watch_matches": f"{OWN} OR EXISTS (SELECT FROM watches w WHERE w.id = watch_id)",
    "webhook_deliveries": "EXISTS (SELECT FROM webhooks w WHERE w.id = webhook_id)",
    "proposals": "region_code = caller_expert_region() OR supraregion = caller_supraregion()",
    "proposal_lines": "EXISTS (SELECT FROM proposals p WHERE p.id = proposal_id) OR caller_keeps(request_id)",
    "stored_answers": "client_id = caller_client()",
}
"""By table which rows a caller's transaction may write, and read where it does."""

REMOVED = {
    "requests": OWN,
    **dict.fromkeys(
        (
            *("choice_versions", "request_events", "explanations", "reopenings", "judgements"),
            *("characteristic_proposals", "rankings", "escalations", "request_shares"),
        ),
        "caller_keeps(request_id)",
    ),
}
"""By table which of those it may delete, where that is fewer: who is only asked for a child removes nothing of it."""

ADDED = ("outbox_events", "audit_entries")
"""What a caller's transaction adds for whoever it concerns, and changes no more."""
SERVICE = (*POLICIES, *ADDED, "audit_seals", "web_sessions")

KEEPER = """
    SELECT coalesce(
        (SELECT organisation_id FROM requests WHERE id = $1),
        (SELECT keeper_id FROM audit_entries WHERE dossier_id = $1 ORDER BY id DESC LIMIT 1)
    )
"""
"""Whose a dossier is, or was when it was erased: of what the audit log is told, whoever did it."""

STAYS = """
    SELECT c.places, c.reserved_at, c.given_back_at, c.released_at, c.started_on, c.started_at, c.ended_on, c.ended_at
    FROM referral_children c JOIN referrals f ON f.id = c.referral_id
    WHERE f.offer_id = offer AND f.id <> ALL (without) AND f.counted AND c.reserved_at IS NOT NULL
        AND (c.released_at IS NULL OR c.released_at > since)
        AND (c.given_back_at IS NULL OR c.given_back_at > since)
        AND (c.ended_on IS NULL OR c.ended_on >= day)
    ORDER BY c.reserved_at, c.referral_id, c.request_id
"""
"""What children take of an offer's places, whosoever they are: that leaves what is free there, and says not who."""

MAKE_PART = """
    DECLARE
        part text := format('%s_%s', parent, to_char(month, 'YYYY_MM'));
    BEGIN
        EXECUTE format('CREATE TABLE %I (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part, parent);
        EXECUTE format(
            'ALTER TABLE %s ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
            parent, part, month, (month + interval '1 month')::date
        );
    END
"""
"""The part of a table for a month; for roles that make no tables. Made beside it and then attached, so that nobody who
reads the table meanwhile has to wait."""

OF_OWNER = """
    DO $$
    DECLARE
        each regprocedure;
    BEGIN
        FOR each IN
            SELECT p.oid FROM pg_proc p
            WHERE p.pronamespace = 'public'::regnamespace AND p.prorettype = 'trigger'::regtype
                AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
        LOOP
            EXECUTE format('ALTER FUNCTION %s {what}', each);
        END LOOP;
    END $$
"""
"""What a trigger tells and keeps is of whoever it concerns, whoever wrote: who has a webhook, with whom a request is
shared. So triggers see the rows of all."""


def upgrade() -> None:
    op.execute(OF_OWNER.format(what="SECURITY DEFINER SET search_path = public, pg_temp"))
    op.execute(
        "CREATE FUNCTION caller_client() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE "
        "RETURN nullif(current_setting('app.client', true), '')"
    )
    _say_who_is_asked(ASKED)
    for name, body in FUNCTIONS.items():
        op.execute(
            f"CREATE FUNCTION {name}(uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER "
            f"SET search_path = public, pg_temp AS $body$ SELECT {body} $body$"
        )
    op.execute(
        "CREATE FUNCTION dossier_keeper(uuid) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER "
        f"SET search_path = public, pg_temp AS $body$ {KEEPER} $body$"
    )
    op.execute(
        "CREATE FUNCTION make_part(parent regclass, month date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER "
        f"SET search_path = public, pg_temp AS $body$ {MAKE_PART} $body$"
    )
    op.execute(
        "CREATE FUNCTION stays_at(offer uuid, since timestamptz, day date, without uuid[]) RETURNS TABLE ("
        "places smallint, reserved_at timestamptz, given_back_at timestamptz, released_at timestamptz, "
        "started_on date, started_at timestamptz, ended_on date, ended_at timestamptz) "
        f"LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $body$ {STAYS} $body$"
    )
    for function, roles in (
        ("stays_at(uuid, timestamptz, date, uuid[])", "wijzer_writer, wijzer_service"),
        ("dossier_keeper(uuid)", "wijzer_writer, wijzer_service"),
        ("make_part(regclass, date)", "wijzer_service"),
    ):
        op.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {roles}")
    for table, rows in POLICIES.items():
        op.execute(f"CREATE POLICY of_writer ON {table} TO wijzer_writer USING ({rows}) WITH CHECK ({rows})")
    for table, rows in REMOVED.items():
        op.execute(
            f"CREATE POLICY removed_by_writer ON {table} AS RESTRICTIVE FOR DELETE TO wijzer_writer USING ({rows})"
        )
    for table in ADDED:
        op.execute(f"CREATE POLICY of_writer ON {table} FOR INSERT TO wijzer_writer WITH CHECK (true)")
    for table in SERVICE:
        op.execute(f"CREATE POLICY of_service ON {table} TO wijzer_service USING (true) WITH CHECK (true)")


def downgrade() -> None:
    for table in SERVICE:
        op.execute(f"DROP POLICY of_service ON {table}")
    for table in (*POLICIES, *ADDED):
        op.execute(f"DROP POLICY of_writer ON {table}")
    for table in REMOVED:
        op.execute(f"DROP POLICY removed_by_writer ON {table}")
    op.execute("DROP FUNCTION make_part(regclass, date)")
    op.execute("DROP FUNCTION stays_at(uuid, timestamptz, date, uuid[])")
    op.execute("DROP FUNCTION dossier_keeper(uuid)")
    for name in reversed(FUNCTIONS):
        op.execute(f"DROP FUNCTION {name}(uuid)")
    op.execute("DROP FUNCTION caller_client()")
    _say_who_is_asked(ASKED_BEFORE)
    op.execute(OF_OWNER.format(what="SECURITY INVOKER RESET search_path"))


def _say_who_is_asked(body: str) -> None:
    op.execute(
        "CREATE OR REPLACE FUNCTION caller_is_asked(uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER "
        f"SET search_path = public, pg_temp AS $body$ SELECT {body} $body$"
    )
