"""The catalogue of log events: each has a name, a level and the fields that it may carry, and no others.

Nothing about a child can reach a log, because no event has a field for it: no bodies, no query strings, no messages
of exceptions (they may quote input). A route is logged as its template, never as the path that was asked.
"""

import logging
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TextIO, get_args

import orjson
import structlog

from app.kit.clock import system_clock

Level = Literal["debug", "info", "warning", "error"]

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
"""The methods that logs and metrics name; any other could hold anything, so it is not named."""


class LogFieldError(ValueError):
    """A log call with a field that its event does not have."""


@dataclass(frozen=True, slots=True)
class Event:
    """A thing worth logging."""

    name: str
    level: Level
    fields: frozenset[str]


def _event(name: str, level: Level, *fields: str) -> Event:
    return Event(name, level, frozenset(fields))


SERVICE_STARTED = _event("service.started", "info", "version", "demo", "public_access", "mail")
SERVICE_STOPPED = _event("service.stopped", "info", "version")
RULES_INTERPRETED = _event("rules.interpreted", "warning", "reason")
WORKER_READY = _event("worker.ready", "info", "worker")
WORKER_ENDED = _event("worker.ended", "warning", "worker", "status")
WORKERS_KEPT = _event("workers.kept", "error", "status")
REQUEST_DONE = _event(
    "request.done", "info", "method", "route", "status", "duration_ms", "client", "role", "request_id", "trace_id"
)
REQUEST_FAILED = _event("request.failed", "error", "method", "route", "error", "frames", "request_id", "trace_id")
DATABASE_LOST = _event("database.lost", "error", "error", "request_id")
CATALOGUE_LOADED = _event("catalogue.loaded", "info", "offers", "seconds")
CATALOGUE_SKIPPED = _event("catalogue.skipped", "warning", "offers")
CATALOGUE_LOST = _event("catalogue.lost", "error", "error", "frames")
CATALOGUE_REGAINED = _event("catalogue.regained", "info", "seconds")
REPLICA_LOST = _event("replica.lost", "warning", "reason", "error")
REPLICA_BACK = _event("replica.back", "info")
AUDIT_SEALED = _event("audit.sealed", "info", "number", "entries", "hash")
JOB_DONE = _event("job.done", "info", "job", "duration_ms")
JOB_FAILED = _event("job.failed", "error", "job", "error")
JOBS_INTERRUPTED = _event("jobs.interrupted", "error", "error")
EVENTS_INTERRUPTED = _event("events.interrupted", "error", "error", "frames")
STREAM_DROPPED = _event("stream.dropped", "warning", "reason")
MAIL_DONE = _event("mail.done", "info", "mail", "outcome", "attempts")
MAIL_SERVER_LOST = _event("mail.server_lost", "warning", "error")
TOKEN_ISSUED = _event("token.issued", "info", "client", "role")
TOKEN_REFUSED = _event("token.refused", "warning", "reason", "client", "address")
SIGN_IN_DONE = _event("sign_in.done", "info", "client", "role")
SIGN_IN_FAILED = _event("sign_in.failed", "warning", "reason", "error")
COUNTED_OVERRULED = _event("capacity.counted_overruled", "info", "offer", "difference")

WEBHOOK_FAILED = _event("webhook.failed", "warning", "webhook", "delivery", "attempt", "error", "status")
WEBHOOK_GIVEN_UP = _event("webhook.given_up", "error", "webhook", "delivery", "attempt", "error", "status")
WEBHOOKS_INTERRUPTED = _event("webhooks.interrupted", "error", "error", "frames")


def frames_of(error: BaseException) -> list[str]:
    """Where an error was raised, without its text, which may quote input."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames][-12:]


class JsonLines:
    """Renders events as lines of JSON. Ours it writes itself, which takes a tenth of structlog's way: an event and a
    line is what there is of each request."""

    def __init__(self, file: TextIO, least_level: int) -> None:
        self._file = file
        self._levels = {level for level in get_args(Level) if getattr(logging, level.upper()) >= least_level}

    def __call__(self, _: object, __: str, event: structlog.types.EventDict) -> str:
        """A line of another library's."""
        return _line(event)

    def write(self, event: Event, fields: Mapping[str, object]) -> None:
        """A line of ours, if its level is written."""
        if event.level in self._levels:
            own = {"event": event.name, "level": event.level, "timestamp": system_clock()}
            self._file.write(_line({**fields, **own}) + "\n")
            self._file.flush()


def _line(content: Mapping[str, object]) -> str:
    return orjson.dumps(content, default=repr, option=orjson.OPT_UTC_Z).decode()


class _Bound:
    """The logger as structlog is set up with these processors; making it anew takes longer than writing a line."""

    processors: object = None
    logger: Any = None


_BOUND: Final = _Bound()


def log(event: Event, **fields: object) -> None:
    """Writes `event`; `LogFieldError` when a field is not in the catalogue."""
    extra = fields.keys() - event.fields
    if extra:
        raise LogFieldError(f"{event.name} has no field {', '.join(sorted(extra))}")
    processors = structlog.get_config()["processors"]
    if isinstance(processors[-1], JsonLines):
        processors[-1].write(event, fields)
        return
    if _BOUND.processors is not processors:
        _BOUND.processors, _BOUND.logger = processors, structlog.get_logger().bind()
    getattr(_BOUND.logger, event.level)(event.name, **fields)
