"""What an application is made of, once a worker; its routes get at it by `kit.http.parts`."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.access.token_errors import PATH as TOKEN_PATH
from app.access.token_errors import token_error_of
from app.dossiers.audit.service import AuditLog
from app.dossiers.watches.endpoints import WatchParts
from app.dossiers.watches.publisher import WatchPublisher
from app.finding.availability_events.endpoints import AvailabilityEventParts
from app.finding.availability_events.publisher import Publisher
from app.finding.catalogue.follower import Follower
from app.health.endpoints import HealthParts
from app.kit.clock import Clock, DatabaseClock
from app.kit.database import migrations
from app.kit.database.sessions import Database
from app.kit.http.body_limits import BodyLimits
from app.kit.http.rate_limit import RateLimit
from app.kit.security.attempts import Attempts
from app.kit.security.revocations import Revocations
from app.kit.security.tokens import Callers, Tokens
from app.kit.shared_records import records_in
from app.kit.streams import Streams
from app.notifying.webhooks.endpoints import WebhookParts
from app.notifying.webhooks.secrets import vault_of
from app.notifying.webhooks.targets import Targets
from app.settings import Settings
from app.standards.fhir.outcome import outcome_of
from app.standards.fhir.vocabulary import BASE as FHIR
from app.standards.hsds.endpoints import PATH as HSDS
from app.supply.capacity.dependencies import CapacityParts
from app.supply.capacity.report_writer import ReportWriter
from app.web.live.audiences import Audiences
from app.web.live.endpoints import LiveParts
from app.web.shell.error_pages import ErrorPages
from app.web.sign_in.endpoints import SignInParts
from app.web.sign_in.issuer import Issuer

if TYPE_CHECKING:
    from app.kit.monitoring.tracing import Tracing

BULK = re.compile(
    r"/v1/(capacity-reports|waiting-children|providers/[^/]+/offers/_batch)|/mijn-aanbod/plakken(/verwerken)?"
)
"""The paths that take many things at once."""
STREAM_SHARES = 5
"""One client has one of so many parts of the event streams at most, so that others have theirs."""


@dataclass(frozen=True, kw_only=True)
class Parts(HealthParts, CapacityParts, AvailabilityEventParts, WatchParts, WebhookParts, SignInParts, LiveParts):
    """All that an application is composed of, once a worker; `tracing` is None where no traces are asked for."""

    tracing: "Tracing | None"


def compose(settings: Settings, database: Database, clock: Clock, told: DatabaseClock | None = None) -> Parts:
    """The parts of an application that works on that database, by that clock, with a catalogue of its own.

    `told` is the clock that is set by the database, and that tokens are held against.
    """
    told = told or DatabaseClock()
    follower, tokens, audiences = Follower(database, clock=told), Tokens(settings, told), Audiences()
    database.after_commit, follower.when_audiences = follower.try_to_catch_up, audiences.tell
    report_writer = ReportWriter(database)
    report_writer.when_stored = follower.take_own
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
        report_writer=report_writer,
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
