"""Who can see and help: the role national.

Revision ID: 0019
Revises: 0017
"""

from alembic import op

revision = "0019"
down_revision = "0017"
branch_labels = None
depends_on = None

ROLES = "'provider', 'gi', 'local-team', 'region', 'supraregion', 'inspectorate', 'admin', 'referrer'"


def _set_roles(roles: str) -> None:
    op.drop_constraint(op.f("ck_organisations_role"), "organisations", type_="check")
    op.create_check_constraint(op.f("ck_organisations_role"), "organisations", f"role IN ({roles})")


def upgrade() -> None:
    _set_roles(f"{ROLES}, 'national'")


def downgrade() -> None:
    op.execute("DELETE FROM clients USING organisations o WHERE o.id = organisation_id AND o.role = 'national'")
    op.execute("DELETE FROM organisations WHERE role = 'national'")
    _set_roles(ROLES)
