"""All tables of the service, for whoever compares them with a database: migrations and their tests.

A module of tables that is not named here is one whose tables a new migration would drop.
"""

from app.access import tables as access
from app.dossiers.agreements import tables as agreements
from app.dossiers.amendments import tables as amendments
from app.dossiers.arrangements import tables as arrangements
from app.dossiers.audit import tables as audit
from app.dossiers.calls import tables as calls
from app.dossiers.deliveries import tables as deliveries
from app.dossiers.escalations import tables as escalations
from app.dossiers.notifications import tables as notifications
from app.dossiers.proposals import tables as proposals
from app.dossiers.rankings import tables as rankings
from app.dossiers.referrals import tables as referrals
from app.dossiers.requests import tables as requests
from app.dossiers.transfers import tables as transfers
from app.dossiers.watches import tables as watches
from app.finding.catalogue import tables as catalogue
from app.finding.showings import tables as showings
from app.insight.answers import tables as insight_answers
from app.insight.history import tables as insight_history
from app.insight.plans import tables as plans
from app.insight.supply_history import tables as insight_supply_history
from app.insight.supply_sums import tables as insight_supply_sums
from app.insight.targets import tables as targets
from app.kit.database import migration_runs
from app.kit.database.tables import Table
from app.kit.http import idempotency
from app.notifying.contacts import tables as contacts
from app.notifying.mails import tables as mails
from app.notifying.outbox import tables as outbox
from app.notifying.webhooks import tables as webhooks
from app.reference import tables as reference
from app.supply.capacity import tables as capacity
from app.supply.contracts import tables as contracts
from app.supply.offers import tables as offers
from app.supply.placement_stops import tables as placement_stops
from app.supply.providers import tables as providers
from app.supply.reminders import tables as reminders
from app.web.sign_in import tables as web_sign_in

MODULES = (
    *(idempotency, access, reference, outbox, mails, contacts, webhooks),
    *(providers, offers, capacity, contracts, placement_stops, reminders, catalogue, showings),
    *(agreements, requests, calls, arrangements, rankings, referrals, escalations, watches, transfers, amendments),
    *(audit, proposals, deliveries, notifications, insight_answers, insight_history, insight_supply_history),
    *(insight_supply_sums, plans, targets, web_sign_in, migration_runs),
)
"""Every module that defines tables."""
METADATA = Table.metadata
"""What they define, as SQLAlchemy and Alembic read it."""
