"""Row-level security: which rows of private tables each caller sees.

The policies hold the role that reads for a caller (`app.kit.database.roles`), not the owner of the tables.

Revision ID: 0040
Revises: 0039
"""

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None
expands = True

SETTINGS = {
    "caller_organisation": "uuid",
    "caller_provider": "uuid",
    "caller_region": "text",
    "caller_expert_region": "text",
    "caller_supraregion": "text",
    "caller_role": "text",
}
"""Functions that say who asks, by the settings of the transaction; NULL where it does not say."""

KEEPS = """
    EXISTS (
        SELECT FROM requests r
        WHERE r.id = $1 AND (r.organisation_id = caller_organisation() OR r.region_code = caller_expert_region())
    ) OR EXISTS (
        SELECT FROM request_shares s
        WHERE s.request_id = $1 AND s.organisation_id = caller_organisation() AND (s.may IS NOT NULL OR s.asked)
    ) OR EXISTS (
        SELECT FROM transfer_requests d JOIN transfers t ON t.id = d.transfer_id
        WHERE d.request_id = $1 AND caller_organisation() IN (t.sender_id, t.receiver_id)
    ) OR EXISTS (
        SELECT FROM escalations e
        WHERE e.request_id = $1 AND (
            e.local_team_id = caller_organisation() OR e.supraregion = caller_supraregion()
            OR (e.step = 'national' AND caller_role() = 'national')
        )
    )
"""
IS_ASKED = """
    EXISTS (
        SELECT FROM referral_children c JOIN referrals f ON f.id = c.referral_id
        WHERE c.request_id = $1
            AND (f.provider_id = caller_provider() OR f.organisation_id = caller_organisation())
    ) OR EXISTS (SELECT FROM referrals f WHERE f.request_id = $1 AND f.provider_id = caller_provider())
    OR EXISTS (
        SELECT FROM referral_amendments a JOIN referrals f ON f.id = a.referral_id
        WHERE $1 = ANY (a.adds) AND a.status = 'open' AND f.provider_id = caller_provider()
    )
    OR EXISTS (
        SELECT FROM calls c JOIN call_addressees a ON a.call_id = c.id
        WHERE c.request_id = $1 AND a.provider_id = caller_provider()
    ) OR EXISTS (
        SELECT FROM arrangements a
        WHERE a.request_id = $1 AND (a.provider_id = caller_provider() OR a.region_code = caller_region())
    )
"""
SEES_REFERRAL = """
    EXISTS (
        SELECT FROM referrals f
        WHERE f.id = $1 AND (
            f.organisation_id = caller_organisation() OR f.provider_id = caller_provider()
            OR f.region_code = caller_region() OR caller_keeps(f.request_id)
            OR EXISTS (SELECT FROM referral_children c WHERE c.referral_id = f.id AND caller_keeps(c.request_id))
        )
    )
"""
SEES_CALL = """
    EXISTS (
        SELECT FROM calls c
        WHERE c.id = $1 AND (
            c.organisation_id = caller_organisation() OR caller_keeps(c.request_id)
            OR EXISTS (SELECT FROM call_addressees a WHERE a.call_id = c.id AND a.provider_id = caller_provider())
        )
    )
"""
FUNCTIONS = {
    "caller_keeps": KEEPS,
    "caller_is_asked": IS_ASKED,
    "caller_sees_referral": SEES_REFERRAL,
    "caller_sees_call": SEES_CALL,
}
"""Whether the caller has to do with a dossier: keeps, shares, is handed or helps it on; is asked for it as a provider
or region. They look past the policies, which would otherwise go round in a circle."""

OWN = "organisation_id = caller_organisation()"
POLICIES = {
    "requests": f"{OWN} OR region_code = caller_expert_region() OR caller_keeps(id) OR caller_is_asked(id)",
    **dict.fromkeys(
        (
            *("choice_versions", "request_events", "explanations", "reopenings", "judgements"),
            *("characteristic_proposals", "rankings", "escalations"),
        ),
        "caller_keeps(request_id)",
    ),
    "request_shares": f"{OWN} OR caller_keeps(request_id)",
    "referrals": (
        f"{OWN} OR provider_id = caller_provider() OR region_code = caller_region() OR caller_sees_referral(id)"
    ),
    **dict.fromkeys(
        (
            *("referral_children", "referral_events", "referral_despites", "referral_concerns"),
            *("judged_referrals", "referral_amendments"),
        ),
        "caller_sees_referral(referral_id)",
    ),
    "calls": f"{OWN} OR caller_sees_call(id)",
    "call_addressees": "provider_id = caller_provider() OR (caller_provider() IS NULL AND caller_sees_call(call_id))",
    "call_answers": "provider_id = caller_provider() OR (caller_provider() IS NULL AND caller_sees_call(call_id))",
    "arrangements": (
        f"{OWN} OR provider_id = caller_provider() OR region_code = caller_region() OR caller_keeps(request_id)"
    ),
    "transfers": "caller_organisation() IN (sender_id, receiver_id)",
    "transfer_requests": "EXISTS (SELECT FROM transfers t WHERE t.id = transfer_id)",
    "watches": OWN,
    "watch_matches": OWN,
    "deliveries": f"{OWN} OR caller_role() IN ('region', 'supraregion', 'inspectorate')",
    "delivered_requests": OWN,
    "delivery_reminders": OWN,
    "notification_settings": OWN,
    "webhooks": OWN,
    "webhook_deliveries": "EXISTS (SELECT FROM webhooks w WHERE w.id = webhook_id)",
    "outbox_events": f"num_nonnulls(organisation_id, provider_id) = 0 OR {OWN} OR provider_id = caller_provider()",
    "audit_entries": "keeper_id = caller_organisation()",
    "audit_seals": "false",
    "stored_answers": "false",
    "web_sessions": "false",
}
"""By table which rows a caller may read. Never: stored answers, sessions of the web app and seals, which are no
caller's."""


def upgrade() -> None:
    for name, kind in SETTINGS.items():
        setting = f"app.{name.removeprefix('caller_')}"
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS {kind} LANGUAGE sql STABLE PARALLEL SAFE "
            f"RETURN nullif(current_setting('{setting}', true), '')::{kind}"
        )
    for name, body in FUNCTIONS.items():
        op.execute(
            f"CREATE FUNCTION {name}(uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER "
            f"SET search_path = public AS $body$ SELECT {body} $body$"
        )
    for table, rows in POLICIES.items():
        op.execute(f"CREATE POLICY of_caller ON {table} FOR SELECT USING ({rows})")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")


def downgrade() -> None:
    for table in POLICIES:
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        op.execute(f"DROP POLICY of_caller ON {table}")
    for name in reversed(FUNCTIONS):
        op.execute(f"DROP FUNCTION {name}(uuid)")
    for name in SETTINGS:
        op.execute(f"DROP FUNCTION {name}()")
