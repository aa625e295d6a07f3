"""Traces reach a collector: a span for a request with its statements in it, and nothing that anybody sent."""

import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import asyncpg
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.kit.database.sessions import Database, make_engine
from app.kit.monitoring.tracing import Tracing
from app.main import create_app
from app.settings import Settings
from tests.conftest import SettableClock, asking
from tests.world import World

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"
SECRET = "Wilhelmina"
OFFER = "0198b5a0-0000-7000-8000-000000000001"


class Collector(ThreadingHTTPServer):
    """Takes OTLP over HTTP, and keeps what came."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.bodies: list[bytes] = []

    @property
    def spans(self) -> list[Span]:
        requests = [ExportTraceServiceRequest.FromString(body) for body in self.bodies]
        return [
            span
            for request in requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]


class _Handler(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/v1/traces":
            self.server.bodies.append(body)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def collector() -> Iterator[Collector]:
    server = Collector()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def attributes(span: Span) -> dict[str, str | int]:
    return {each.key: each.value.string_value or each.value.int_value for each in span.attributes}


def query(span: Span) -> str:
    return str(attributes(span)["db.query.text"])


@pytest.fixture
async def traced(
    settings: Settings, collector: Collector, fresh_database_url: str, clock: SettableClock
) -> AsyncIterator[World]:
    """The service with traces to the collector, and an endpoint that fails with what it was told."""
    database = Database(make_engine(fresh_database_url, pool_size=1))
    endpoint = f"http://127.0.0.1:{collector.server_port}"
    app = create_app(settings.model_copy(update={"otlp_endpoint": endpoint}), database=database, clock=clock)

    @app.get("/v1/raises/{told}", include_in_schema=False)
    async def raises(told: str) -> None:
        raise RuntimeError(told)

    async with asking(app) as made:
        yield made
    await database.close()


def tracing_of(world: World) -> Tracing:
    tracing = world.parts.tracing
    assert tracing is not None
    return tracing


async def test_a_request_is_a_span_with_its_statements(traced: World, collector: Collector) -> None:
    headers = {"traceparent": f"00-{TRACE}-{PARENT}-01"} | traced.gi
    answer = await traced.http.get(f"/v1/offers/{OFFER}", headers=headers)
    assert answer.status_code == 404
    tracing_of(traced).close()
    [request] = [span for span in collector.spans if span.kind == Span.SPAN_KIND_SERVER]
    assert (request.trace_id.hex(), request.parent_span_id.hex()) == (TRACE, PARENT)
    assert answer.headers["traceparent"] == f"00-{TRACE}-{request.span_id.hex()}-01"
    assert request.name == "GET /offers/{offerId}"
    assert attributes(request) == {
        "http.request.method": "GET",
        "http.route": "/offers/{offerId}",
        "http.response.status_code": 404,
    }
    statements = [span for span in collector.spans if span.parent_span_id == request.span_id]
    assert statements
    assert "SELECT" in {span.name for span in statements}
    assert any("offers" in query(span) for span in statements)
    assert not any(OFFER.encode() in body for body in collector.bodies)


async def test_an_error_of_ours_is_marked_and_not_quoted(traced: World, collector: Collector) -> None:
    answer = await traced.http.get(f"/v1/raises/{SECRET}")
    assert answer.status_code == 500
    tracing_of(traced).close()
    [request] = [span for span in collector.spans if span.kind == Span.SPAN_KIND_SERVER]
    assert request.status.code == Status.STATUS_CODE_ERROR
    assert attributes(request)["error.type"] == "500"
    assert not any(SECRET.encode() in body for body in collector.bodies)


async def test_a_statement_that_fails_does_not_quote_its_values(traced: World, collector: Collector) -> None:
    tracing, database = tracing_of(traced), traced.parts.database
    with tracing.request("GET", {}) as span:
        async with database.read() as session:
            with pytest.raises(DBAPIError):
                await session.execute(text("SELECT CAST(CAST(:told AS text) AS int)"), {"told": SECRET})
        async with database.driver() as driver:
            with pytest.raises(asyncpg.PostgresError):
                await driver.fetch("SELECT $1::text::int AS directly", SECRET)
    tracing.close()
    inside = [each for each in collector.spans if each.parent_span_id.hex() == span.traceparent.split("-")[2]]
    failed = [each for each in inside if "CAST" in query(each) or "directly" in query(each)]
    assert len(failed) == 2
    for each in failed:
        assert each.status.code == Status.STATUS_CODE_ERROR
        assert each.end_time_unix_nano >= each.start_time_unix_nano
    assert not any(SECRET.encode() in body for body in collector.bodies)


def test_nothing_is_imported_where_no_traces_are_asked_for() -> None:
    told = "import app.main, sys; print([name for name in sys.modules if name.startswith('opentelemetry.sdk')])"
    run = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)  # noqa: S603 - ours
    assert run.stdout.strip() == "[]"
