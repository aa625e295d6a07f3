"""The owner of the audit log has no right to change, delete or empty it, besides what sealing and its term need.

Sealing writes the column `seal` of entries; those older than their term are deleted. Seals stay as they are. A
superuser is held by no right, and the owner may grant itself one again: the triggers and the seals stand behind this.

Revision ID: 0047
Revises: 0046
"""

from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None
expands = True


def upgrade() -> None:
    op.execute("REVOKE UPDATE, TRUNCATE ON audit_entries FROM CURRENT_USER")
    op.execute("GRANT UPDATE (seal) ON audit_entries TO CURRENT_USER")
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON audit_seals FROM CURRENT_USER")


def downgrade() -> None:
    op.execute("REVOKE UPDATE (seal) ON audit_entries FROM CURRENT_USER")
    op.execute("GRANT UPDATE, TRUNCATE ON audit_entries TO CURRENT_USER")
    op.execute("GRANT UPDATE, DELETE, TRUNCATE ON audit_seals TO CURRENT_USER")
