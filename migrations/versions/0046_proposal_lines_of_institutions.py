"""What an institution may know of the proposals that its own child stands in: when and by whom each was made, and how.

The rest of a proposal, such as the case with all children, stays its region's: a policy would show whole rows, so a
function gives these columns alone.

Revision ID: 0046
Revises: 0045
"""

from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None
expands = True

CALLER_PROPOSALS = """
    CREATE FUNCTION caller_proposals(uuid) RETURNS TABLE (
        id uuid, asked_at timestamptz, made_at timestamptz, today date, horizon_days smallint, method text,
        region_code text, supraregion text
    ) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $body$
        SELECT p.id, p.asked_at, p.made_at, p.today, p.horizon_days, p.method, p.region_code, p.supraregion
        FROM proposal_lines l
        JOIN requests r ON r.id = l.request_id AND r.organisation_id = caller_organisation()
        JOIN proposals p ON p.id = l.proposal_id AND p.status = 'done'
        WHERE l.request_id = $1
    $body$
"""
"""The made proposals that a request of the caller's own stands in; none of another's request."""


def upgrade() -> None:
    op.execute(CALLER_PROPOSALS)


def downgrade() -> None:
    op.execute("DROP FUNCTION caller_proposals(uuid)")
