"""Sets up structured logs: a JSON line an event, ours and those of the libraries alike."""

import logging
import logging.config
import sys

import structlog

from app.kit.monitoring.log_events import JsonLines
from app.settings import Settings


def _drop_message_arguments(_: object, __: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    """Keeps exception texts of libraries out: they may quote a value of the input."""
    event.pop("exc_info", None)
    return event


def configure(settings: Settings) -> None:
    """Routes structlog and the standard library's loggers to standard error in one format."""
    shared: list[structlog.types.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    level = getattr(logging, settings.log_level.upper())
    renderer: structlog.types.Processor = (
        JsonLines(sys.stderr, level) if settings.log_format == "json" else structlog.dev.ConsoleRenderer()
    )
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, _drop_message_arguments],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(level, logging.WARNING))
    logging.getLogger("uvicorn.error").setLevel(level)
