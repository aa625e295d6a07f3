"""Composes the application, and nothing else."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from app import VERSION
from app.access.endpoints import router as access
from app.access.service import refuse_demo_clients
from app.api_docs.endpoints import router as api_docs
from app.dossiers.agreements.endpoints import router as agreements
from app.dossiers.breakthrough.endpoints import router as breakthrough
from app.dossiers.calls.endpoints import router as calls
from app.dossiers.calls.service import close_of_request
from app.dossiers.escalations.endpoints import router as escalations
from app.dossiers.rankings import repository as rankings_repository
from app.dossiers.rankings.endpoints import router as rankings
from app.dossiers.referrals.decisions import withdraw_all
from app.dossiers.referrals.endpoints import router as referrals
from app.dossiers.requests.endpoints import router as requests
from app.dossiers.watches import repository as watches_repository
from app.dossiers.watches.endpoints import router as watches
from app.dossiers.watches.evaluator import Evaluator
from app.dossiers.watches.publisher import WatchPublisher
from app.dossiers.watches.service import close_watches
from app.event_schemas import router as told
from app.finding.availability_events.endpoints import router as availability_events
from app.finding.availability_events.publisher import Publisher
from app.finding.catalogue import follower as catalogue_following
from app.finding.catalogue.follower import Follower
from app.finding.matching.endpoints import router as matching
from app.finding.search.endpoints import router as search
from app.health.endpoints import metrics_router
from app.health.endpoints import router as health
from app.kit.clock import Clock, system_clock
from app.kit.database import migrations
from app.kit.database.jobs import Jobs
from app.kit.database.replica import connect_with_replica
from app.kit.database.sessions import Database
from app.kit.http import idempotency, openapi, problem
from app.kit.http.middleware import BodyLimit, BodyLimits, Frame
from app.kit.http.rate_limit import RateLimit
from app.kit.http.streams import Streams
from app.kit.monitoring.log_events import SERVICE_STARTED, SERVICE_STOPPED, log
from app.kit.security.auth import Callers
from app.kit.security.tokens import Tokens
from app.notifying.mails import sender as mails_sending
from app.notifying.mails.mailer import Mailer
from app.notifying.mails.sender import Sender
from app.notifying.webhooks import delivery_repository
from app.notifying.webhooks.courier import Courier
from app.notifying.webhooks.endpoints import router as webhooks
from app.notifying.webhooks.secrets import vault_of
from app.notifying.webhooks.targets import Targets
from app.reference.endpoints import router as reference
from app.settings import Settings
from app.standards.fhir.endpoints import router as fhir
from app.standards.fhir.outcome import outcome_of
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
from app.supply.reminders.job import reminding
from app.supply.statements.endpoints import router as statements

ROUTERS = (
    *(matching, search, availability_events, capacity, capacity_reports, access, reference, providers, offers),
    *(offer_batches, contracts, placement_stops, requests, rankings, escalations, referrals, calls, watches),
    *(breakthrough, agreements, reminders, statements, webhooks, health),
)
"""In the order in which a path is held against them: what is asked most goes first."""
BULK = re.compile(r"/v1/(capacity-reports|providers/[^/]+/offers/_batch)")
"""The paths that take many things at once."""
JOBS = (
    idempotency.PRUNING,
    catalogue_following.PRUNING,
    rankings_repository.PRUNING,
    mails_sending.PRUNING,
    watches_repository.PRUNING,
    delivery_repository.PRUNING,
)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    database: Database = app.state.database
    if not settings.demo:
        await refuse_demo_clients(database)
    mailer = Mailer.of(settings)
    log(
        SERVICE_STARTED,
        version=VERSION,
        demo=settings.demo,
        public_access=settings.public_access,
        mail=mailer is not None,
    )
    state = app.state
    running = [state.follower.follow(), state.publisher.run(), state.watch_publisher.run()]
    tasks = [asyncio.create_task(each) for each in running]
    evaluator = Evaluator(state.follower, state.clock, settings.public_url)
    sender = Sender(database, mailer, state.clock)
    jobs = [*JOBS, sender.job(), reminding(settings, state.clock), evaluator.job()]
    async with Jobs(database, jobs).running(), _courier(app).running():
        yield
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    await app.state.follower.close()
    await database.close()
    log(SERVICE_STOPPED, version=VERSION)


def _now(app: FastAPI) -> datetime:
    """By the clock of the application, which a test may change."""
    clock: Clock = app.state.clock
    return clock()


def _courier(app: FastAPI) -> Courier:
    state = app.state
    database = Database(state.database.engine)  # what it writes is no part of the catalogue, so none looks after it
    return Courier(database, state.vault, state.targets, source=state.settings.event_source, clock=state.clock)


def use(app: FastAPI, database: Database) -> None:
    """Makes the application work on that database, with a catalogue of its own."""
    app.state.database = database
    app.state.follower = Follower(database)
    app.state.publisher = Publisher(app.state.follower, partial(_now, app))
    app.state.watch_publisher = WatchPublisher(database)
    database.after_commit = app.state.follower.try_to_catch_up


def create_app(settings: Settings, *, database: Database | None = None, clock: Clock = system_clock) -> FastAPI:
    """The application with these settings; `database` and `clock` can be given by tests."""
    app = FastAPI(
        lifespan=_lifespan, openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False, debug=False
    )
    app.state.settings = settings
    use(
        app,
        database or connect_with_replica(settings.dsn, settings.replica_dsn, pool_size=settings.database_pool_size),
    )
    app.state.clock = clock
    app.state.tokens = Tokens(settings)
    app.state.callers = Callers(app.state.tokens)
    app.state.streams = Streams(settings.max_streams)
    app.state.rate_limit = RateLimit(settings.rate_limit)
    app.state.token_rate_limit = RateLimit(settings.token_rate_limit)
    app.state.before_closing = (withdraw_all, close_of_request, close_watches)
    app.state.vault = vault_of(settings)
    app.state.targets = Targets(settings.webhook_private_targets)
    app.state.migration_head = migrations.head()
    for router in ROUTERS:
        app.include_router(router, prefix="/v1")
    for router in (fhir, scheduling_links):
        app.include_router(router, prefix=FHIR)
    app.include_router(metrics_router)
    app.include_router(api_docs)
    app.include_router(hsds, prefix=HSDS, include_in_schema=False)
    app.webhooks = told
    openapi.install(app)
    openapi.publish(app, HSDS, hsds_document)
    problem.install(app, {FHIR: outcome_of})
    limits = BodyLimits(settings.max_body_bytes, settings.max_bulk_body_bytes, BULK)
    app.state.body_limits = limits
    app.add_middleware(BodyLimit, limits=limits)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=[
                "Authorization",
                "Content-Type",
                "If-Match",
                "If-None-Match",
                "Idempotency-Key",
                "Last-Event-ID",
                "Prefer",
            ],
            expose_headers=["ETag", "Link", "Location", "API-Version", "Retry-After", "X-Request-Id"],
        )
    app.add_middleware(Frame)
    return app
