"""Composes the application, and nothing else."""

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

import app.tables  # noqa: F401 - SQLAlchemy writes no row that refers to a table it was never told of
from app.access.endpoints import router as access
from app.access.well_known import router as well_known
from app.api_docs.endpoints import router as api_docs
from app.background import working
from app.dossiers.agreements.endpoints import router as agreements
from app.dossiers.amendments.endpoints import router as amendments
from app.dossiers.arrangements.endpoints import router as arrangements
from app.dossiers.asking.endpoints import router as asking
from app.dossiers.audit.endpoints import router as audit
from app.dossiers.breakthrough.endpoints import router as breakthrough
from app.dossiers.calls.endpoints import router as calls
from app.dossiers.closing.endpoints import router as closing
from app.dossiers.contract_withdrawal.endpoints import router as contract_withdrawal
from app.dossiers.deliveries.endpoints import router as deliveries
from app.dossiers.erasure.endpoints import router as erasure
from app.dossiers.escalations.endpoints import router as escalations
from app.dossiers.lessons.endpoints import router as lessons
from app.dossiers.matches.endpoints import router as matches
from app.dossiers.notifications.endpoints import router as notifications
from app.dossiers.proposals.endpoints import router as proposals
from app.dossiers.rankings.endpoints import router as rankings
from app.dossiers.referrals.endpoints import router as referrals
from app.dossiers.requests.endpoints import router as requests
from app.dossiers.shares.endpoints import router as shares
from app.dossiers.transfers.endpoints import router as transfers
from app.dossiers.watches.endpoints import router as watches
from app.event_schemas import router as event_schemas
from app.finding.availability_events.endpoints import router as availability_events
from app.finding.matching.endpoints import router as matching
from app.finding.search.endpoints import router as search
from app.health.endpoints import metrics_router
from app.health.endpoints import router as health
from app.insight.arrangements.endpoints import router as insight_arrangements
from app.insight.capacity.endpoints import router as insight_capacity
from app.insight.choices.endpoints import router as insight_choices
from app.insight.dashboard.endpoints import router as insight_dashboard
from app.insight.declines.endpoints import router as insight_declines
from app.insight.definitions.endpoints import router as insight_definitions
from app.insight.escalations.endpoints import router as insight_escalations
from app.insight.freshness.endpoints import router as insight_freshness
from app.insight.norms.endpoints import router as insight_norms
from app.insight.plans.endpoints import router as plans
from app.insight.referrals.endpoints import router as insight_referrals
from app.insight.residential_flow.endpoints import router as insight_residential_flow
from app.insight.supply.endpoints import router as insight_supply
from app.insight.targets.endpoints import router as targets
from app.insight.waiting_children.endpoints import router as insight_waiting_children
from app.insight.waiting_times.endpoints import router as insight_waiting_times
from app.kit.clock import Clock, DatabaseClock, system_clock
from app.kit.database.limits import request_limits
from app.kit.database.replica import connect_with_replica
from app.kit.database.sessions import Database
from app.kit.http import cors, openapi, problem
from app.kit.http.admission import Admission
from app.kit.http.late_routes import include
from app.kit.http.middleware import BodyLimit, Frame
from app.kit.http.packed_bodies import PackedBodies
from app.kit.http.parts import compose_with
from app.kit.http.raw_routes import RawRoutes
from app.notifying.contacts.endpoints import router as contacts
from app.notifying.webhooks.endpoints import router as webhooks
from app.parts import compose
from app.reference.endpoints import router as reference
from app.settings import Settings
from app.standards.fhir.endpoints import router as fhir
from app.standards.fhir.vocabulary import BASE as FHIR
from app.standards.hsds.document import document as hsds_document
from app.standards.hsds.endpoints import PATH as HSDS
from app.standards.hsds.endpoints import router as hsds
from app.standards.scheduling_links.endpoints import router as scheduling_links
from app.supply.capacity.endpoints import router as capacity
from app.supply.capacity_reports.endpoints import router as capacity_reports
from app.supply.contracts.endpoints import router as contracts
from app.supply.offer_batches.endpoints import router as offer_batches
from app.supply.offers.endpoints import router as offers
from app.supply.placement_stops.endpoints import router as placement_stops
from app.supply.providers.endpoints import router as providers
from app.supply.reminders.endpoints import router as reminders
from app.supply.statements.endpoints import router as statements
from app.web.children.endpoints import router as web_children
from app.web.fitting.endpoints import router as web_fitting
from app.web.free_places.endpoints import router as web_free_places
from app.web.live.endpoints import router as web_live
from app.web.overview.endpoints import router as web_overview
from app.web.own_offers.endpoints import router as web_own_offers
from app.web.own_offers.pasting.endpoints import router as web_pasting
from app.web.received.calls.endpoints import router as web_received_calls
from app.web.received.endpoints import router as web_received
from app.web.referring.endpoints import router as web_referring
from app.web.shell.endpoints import router as web_shell
from app.web.sign_in.endpoints import router as web_sign_in
from app.web.start.endpoints import router as web_start
from app.web.transfers.endpoints import router as web_transfers

ROUTERS = (
    *(matching, search, availability_events, capacity, capacity_reports, access, reference, providers, offers),
    *(offer_batches, contracts, placement_stops, requests, closing, matches, rankings, escalations, referrals),
    *(asking, arrangements, contract_withdrawal, amendments, transfers, shares, lessons, calls, watches, breakthrough),
    proposals,
    *(audit, erasure, deliveries, agreements, reminders, statements, webhooks, contacts, notifications, health),
    *(insight_waiting_children, insight_norms, insight_choices, insight_definitions, plans, targets),
    *(insight_dashboard,),
    *(insight_supply, insight_capacity, insight_waiting_times, insight_freshness),
    *(insight_referrals, insight_declines, insight_residential_flow, insight_arrangements, insight_escalations),
)
"""In the order in which a path is held against them: what is asked most goes first."""
PAGES = (
    *(web_start, web_free_places, web_fitting, web_referring, web_children, web_transfers, web_overview),
    *(web_pasting, web_own_offers, web_received, web_received_calls),
    *(web_live, web_sign_in, web_shell),
)
"""Of the web app, at the paths that people see."""


def create_app(
    settings: Settings, *, database: Database | None = None, clock: Clock | None = None, own_clock: Clock = system_clock
) -> FastAPI:
    """The application with these settings; `database` and `clock` can be given by tests.

    The clock is otherwise the database's, as told apart from `own_clock`.
    """
    app = FastAPI(
        lifespan=working, openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False, debug=False
    )
    database = database or connect_with_replica(
        settings.dsn,
        settings.replica_dsn,
        pool_size=settings.database_pool_size,
        limits=request_limits(settings),
    )
    told = DatabaseClock(own_clock)
    parts = compose(settings, database, clock or told, told)
    compose_with(app, parts)
    for router in ROUTERS:
        include(app, router, "/v1")
    for router in (fhir, scheduling_links):
        include(app, router, FHIR)
    for router in (metrics_router, well_known, api_docs, *PAGES):
        include(app, router)
    include(app, hsds, HSDS, in_schema=False)
    app.webhooks = event_schemas
    openapi.install(app)
    openapi.publish(app, HSDS, lambda _: hsds_document())
    problem.install(app)
    app.add_middleware(BodyLimit, limits=parts.body_limits)
    app.add_middleware(PackedBodies, limits=parts.body_limits)
    cors.install(app, settings.cors_origins)
    app.add_middleware(RawRoutes, routes=app.routes)
    lists = frozenset(f"/v1{each.path}" for each in iter_route_contexts(reference.routes))
    app.add_middleware(Admission, most=settings.max_under_way, cheap=lists)
    app.add_middleware(Frame, tracing=parts.tracing)
    return app
