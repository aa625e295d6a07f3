"""Events of escalations.

An older release writes none and reads none of them. Going back deletes those that there are, with their deliveries.

Revision ID: 0024
Revises: 0023
"""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_TYPES = (
    *("capacity.changed", "referral.sent", "referral.decided", "arrangement.asked", "arrangement.decided"),
    *("transfer.changed", "call.published", "call.answered", "reminder.due", "watch.matched", "webhook.test"),
)


def _allow(*types: str) -> None:
    listed = ", ".join(f"'{each}'" for each in types)
    op.drop_constraint(op.f("ck_outbox_events_type"), "outbox_events")
    op.create_check_constraint(op.f("ck_outbox_events_type"), "outbox_events", f"type IN ({listed})")


def upgrade() -> None:
    _allow(*_TYPES, "escalation.changed")


def downgrade() -> None:
    old = "(SELECT id FROM outbox_events WHERE type = 'escalation.changed')"
    op.execute(f"DELETE FROM webhook_deliveries WHERE outbox_id IN {old}")  # noqa: S608 - no input
    op.execute("DELETE FROM outbox_events WHERE type = 'escalation.changed'")
    _allow(*_TYPES)
