"""Composes the application, and nothing else."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

import app.tables  # noqa: F401 - SQLAlchemy writes no row that refers to a table it was never told of
from app import VERSION
from app.access import revocations
from app.access.authentication import refuse_demo_clients
from app.access.endpoints import router as access
from app.access.token_errors import PATH as TOKEN_PATH
from app.access.token_errors import token_error_of
from app.access.well_known import router as well_known
from app.api_docs.endpoints import router as api_docs
from app.dossiers.agreements.endpoints import router as agreements
from app.dossiers.amendments.endpoints import router as amendments
from app.dossiers.arrangements.endpoints import router as arrangements
from app.dossiers.asking.endpoints import router as asking
from app.dossiers.audit.endpoints import router as audit
from app.dossiers.audit.job import sealing
from app.dossiers.audit.service import AuditLog
from app.dossiers.breakthrough.endpoints import router as breakthrough
from app.dossiers.calls.endpoints import router as calls
from app.dossiers.closing.endpoints import router as closing
from app.dossiers.contract_withdrawal.endpoints import router as contract_withdrawal
from app.dossiers.deliveries.endpoints import router as deliveries
from app.dossiers.deliveries.job import reminding as reminding_institutions
from app.dossiers.erasure.endpoints import router as erasure
from app.dossiers.erasure.job import erasing
from app.dossiers.escalations.endpoints import router as escalations
from app.dossiers.lessons.endpoints import router as lessons
from app.dossiers.matches.endpoints import router as matches
from app.dossiers.notifications.endpoints import router as notifications
from app.dossiers.notifications.job import mailing
from app.dossiers.proposals import repository as proposals_repository
from app.dossiers.proposals.endpoints import router as proposals
from app.dossiers.proposals.making import Maker
from app.dossiers.rankings import repository as rankings_repository
from app.dossiers.rankings.endpoints import router as rankings
from app.dossiers.referrals.concern_teller import ConcernTeller
from app.dossiers.referrals.endpoints import router as referrals
from app.dossiers.requests.endpoints import router as requests
from app.dossiers.shares.endpoints import router as shares
from app.dossiers.transfers.endpoints import router as transfers
from app.dossiers.watches import repository as watches_repository
from app.dossiers.watches.endpoints import WatchParts
from app.dossiers.watches.endpoints import router as watches
from app.dossiers.watches.evaluator import Evaluator
from app.dossiers.watches.publisher import WatchPublisher
from app.event_schemas import router as event_schemas
from app.finding.availability_events.endpoints import AvailabilityEventParts
from app.finding.availability_events.endpoints import router as availability_events
from app.finding.availability_events.publisher import Publisher
from app.finding.catalogue import follower as catalogue_following
from app.finding.catalogue.follower import Follower
from app.finding.matching.endpoints import router as matching
from app.finding.search.endpoints import router as search
from app.finding.showings import repository as showings_repository
from app.finding.showings.service import ShowingWriter
from app.health.endpoints import HealthParts, metrics_router
from app.health.endpoints import router as health
from app.insight.arrangements.endpoints import router as insight_arrangements
from app.insight.capacity.endpoints import router as insight_capacity
from app.insight.choices.endpoints import router as insight_choices
from app.insight.dashboard.endpoints import router as insight_dashboard
from app.insight.declines.endpoints import router as insight_declines
from app.insight.definitions.endpoints import router as insight_definitions
from app.insight.escalations.endpoints import router as insight_escalations
from app.insight.freshness.endpoints import router as insight_freshness
from app.insight.history.job import bringing_up_to_date
from app.insight.norms.endpoints import router as insight_norms
from app.insight.plans.endpoints import router as plans
from app.insight.referrals.endpoints import router as insight_referrals
from app.insight.residential_flow.endpoints import router as insight_residential_flow
from app.insight.settling.job import settling
from app.insight.supply.endpoints import router as insight_supply
from app.insight.supply_history.job import keeping_supply
from app.insight.targets.endpoints import router as targets
from app.insight.waiting_children.endpoints import router as insight_waiting_children
from app.insight.waiting_times.endpoints import router as insight_waiting_times
from app.kit.clock import Clock, DatabaseClock, system_clock
from app.kit.database import migrations
from app.kit.database.jobs import Jobs
from app.kit.database.limits import job_limits, request_limits
from app.kit.database.lock_waits import LockWatch
from app.kit.database.replica import connect_with_replica
from app.kit.database.sessions import UNREACHABLE, Database
from app.kit.http import cors, idempotency, openapi, problem
from app.kit.http.admission import Admission
from app.kit.http.body_limits import BodyLimits
from app.kit.http.late_routes import include
from app.kit.http.middleware import BodyLimit, Frame
from app.kit.http.packed_bodies import PackedBodies
from app.kit.http.parts import compose_with, parts_of
from app.kit.http.rate_limit import RateLimit
from app.kit.monitoring.log_events import SERVICE_STARTED, SERVICE_STOPPED, log
from app.kit.security.attempts import Attempts
from app.kit.security.revocations import Revocations
from app.kit.security.tokens import Callers, Tokens
from app.kit.shared_records import records_in
from app.kit.streams import Streams
from app.notifying.contacts.endpoints import router as contacts
from app.notifying.mails import sender as mails_sending
from app.notifying.mails.mailer import Mailer
from app.notifying.mails.sender import Sender
from app.notifying.webhooks import delivery_repository
from app.notifying.webhooks.courier import Courier
from app.notifying.webhooks.endpoints import WebhookParts
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
from app.web.children.endpoints import router as web_children
from app.web.fitting.endpoints import router as web_fitting
from app.web.free_places.endpoints import router as web_free_places
from app.web.live.audiences import Audiences
from app.web.live.endpoints import LiveParts
from app.web.live.endpoints import router as web_live
from app.web.overview.endpoints import router as web_overview
from app.web.own_offers.endpoints import router as web_own_offers
from app.web.own_offers.pasting.endpoints import router as web_pasting
from app.web.received.calls.endpoints import router as web_received_calls
from app.web.received.endpoints import router as web_received
from app.web.referring.endpoints import router as web_referring
from app.web.shell.endpoints import router as web_shell
from app.web.shell.error_pages import ErrorPages
from app.web.sign_in import repository as web_sessions_repository
from app.web.sign_in.endpoints import SignInParts
from app.web.sign_in.endpoints import router as web_sign_in
from app.web.sign_in.issuer import Issuer
from app.web.start.endpoints import router as web_start
from app.web.transfers.endpoints import router as web_transfers

if TYPE_CHECKING:
    from app.kit.monitoring.tracing import Tracing

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
BULK = re.compile(
    r"/v1/(capacity-reports|waiting-children|providers/[^/]+/offers/_batch)|/mijn-aanbod/plakken(/verwerken)?"
)
"""The paths that take many things at once."""
STREAM_SHARES = 5
"""One client has one of so many parts of the event streams at most, so that others have theirs."""
BACKGROUND_CONNECTIONS = 3
"""Of one worker, besides those for requests: a job, a look at the schedule, and the courier or the sender of mail."""
JOBS = (
    idempotency.PRUNING,
    catalogue_following.PRUNING,
    rankings_repository.PRUNING,
    proposals_repository.PRUNING,
    mails_sending.PRUNING,
    watches_repository.PRUNING,
    showings_repository.PRUNING,
    delivery_repository.PRUNING,
    web_sessions_repository.PRUNING,
)


@dataclass(frozen=True, kw_only=True)
class Parts(HealthParts, AvailabilityEventParts, WatchParts, WebhookParts, SignInParts, LiveParts):
    """All that an application is composed of, once a worker; `tracing` is None where no traces are asked for."""

    tracing: "Tracing | None"


def compose(settings: Settings, database: Database, clock: Clock, told: DatabaseClock | None = None) -> Parts:
    """The parts of an application that works on that database, by that clock, with a catalogue of its own.

    `told` is the clock that is set by the database, and that tokens are held against.
    """
    told = told or DatabaseClock()
    follower, tokens, audiences = Follower(database, clock=told), Tokens(settings, told), Audiences()
    database.after_commit, follower.when_audiences = follower.try_to_catch_up, audiences.tell
    records = records_in(settings.records_folder)
    return Parts(
        settings=settings,
        database=database,
        recorder=AuditLog(),
        clock=clock,
        tokens=tokens,
        callers=Callers(tokens, Revocations()),
        streams=Streams(settings.max_streams, most_of_client=max(1, settings.max_streams // STREAM_SHARES)),
        rate_limit=RateLimit(settings.rate_limit, records),
        attempts=Attempts(records),
        token_rate_limit=RateLimit(settings.token_rate_limit, records, "address"),
        body_limits=BodyLimits(settings.max_body_bytes, settings.max_bulk_body_bytes, BULK),
        problem_forms={FHIR: outcome_of, TOKEN_PATH: token_error_of},
        problem_pages=ErrorPages("/v1", FHIR, HSDS, "/docs", "/.well-known"),
        follower=follower,
        publisher=Publisher(follower, clock),
        watch_publisher=WatchPublisher(database),
        vault=vault_of(settings),
        targets=Targets(settings.webhook_private_targets),
        issuer=Issuer.of(settings),
        audiences=audiences,
        migration_head=migrations.head(),
        tracing=_tracing(settings, database),
    )


def _tracing(settings: Settings, database: Database) -> "Tracing | None":
    if not settings.otlp_endpoint:
        return None
    try:
        from app.kit.monitoring.tracing import Tracing  # noqa: PLC0415 - OpenTelemetry is an extra
    except ImportError as error:
        raise RuntimeError(
            "OTLP_ENDPOINT asks for traces, and OpenTelemetry is not installed: "
            "pip install 'beschikbaarheidswijzer[tracing]'"
        ) from error
    tracing = Tracing.to(settings.otlp_endpoint)
    for engine in database.engines:
        tracing.watch(engine.sync_engine)
    return tracing


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    parts = parts_of(app, Parts)
    settings, database, follower, clock = parts.settings, parts.database, parts.follower, parts.clock
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
    showings = ShowingWriter(Database(database.engine), follower, clock)
    running = [follower.follow(), parts.publisher.run(), parts.watch_publisher.run(), showings.run()]
    running.append(revocations.follow(Database(database.engine), parts.callers.revocations))
    tasks = [asyncio.create_task(each) for each in running]
    evaluator = Evaluator(follower, clock, settings.public_url)
    behind = database.beside(pool_size=BACKGROUND_CONNECTIONS, limits=job_limits(settings))
    sender = Sender(behind, mailer, clock)
    concerns = ConcernTeller(follower, clock)
    reminders = (reminding(settings, clock), reminding_institutions(clock))
    jobs = [*JOBS, sender.job(), *reminders, mailing(settings, clock), evaluator.job(), concerns.job()]
    jobs.append(Maker(follower, clock, Database(behind.engine)).job())
    jobs += [bringing_up_to_date(clock), keeping_supply(clock), settling(clock), sealing(clock)]
    jobs += erasing(clock, settings.dossier_retention_months)
    background = Jobs(behind, jobs, parts.recorder, clock)
    async with LockWatch(database).running(), background.running(), _courier(parts, behind).running():
        yield
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    with suppress(*UNREACHABLE):
        await showings.write()
    await follower.close()
    await behind.close()
    await database.close()
    if parts.tracing is not None:
        await asyncio.to_thread(parts.tracing.close)
    log(SERVICE_STOPPED, version=VERSION)


def _courier(parts: Parts, behind: Database) -> Courier:
    database = Database(behind.engine)  # what it writes is no part of the catalogue, so none looks after it
    return Courier(database, parts.vault, parts.targets, source=parts.settings.event_source, clock=parts.clock)


def create_app(
    settings: Settings, *, database: Database | None = None, clock: Clock | None = None, own_clock: Clock = system_clock
) -> FastAPI:
    """The application with these settings; `database` and `clock` can be given by tests.

    The clock is otherwise the database's, as told apart from `own_clock`.
    """
    app = FastAPI(
        lifespan=_lifespan, openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False, debug=False
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
    lists = frozenset(f"/v1{each.path}" for each in iter_route_contexts(reference.routes))
    app.add_middleware(Admission, most=settings.max_under_way, cheap=lists)
    app.add_middleware(Frame, tracing=parts.tracing)
    return app
