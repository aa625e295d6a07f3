"""The parts that an application is composed of once, as what serves its requests reaches them: typed, and frozen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from fastapi import FastAPI, Request, Response

from app.domain.language import Language
from app.kit.clock import Clock
from app.kit.database.sessions import Database
from app.kit.database.trail import Recorder
from app.kit.http.body_limits import BodyLimits
from app.kit.http.rate_limit import RateLimit
from app.kit.security.attempts import Attempts
from app.kit.security.tokens import Callers, Tokens
from app.kit.streams import Streams
from app.settings import Settings

ProblemForm = Callable[[dict[str, Any], Language], tuple[dict[str, Any], str]]
"""What a standard makes of a problem: the content, and its media type."""


class ProblemPages(Protocol):
    """Problems as pages for people, in Dutch, at the paths that are pages."""

    def covers(self, request: Request) -> bool:
        """Whether this request is answered with pages."""

    def answer(self, request: Request, problem: dict[str, Any]) -> Response:
        """The page that tells of a problem."""


@dataclass(frozen=True, kw_only=True)
class KitParts:
    """The parts that the kit asks for. A feature that has parts of its own adds them in a class of the same kind.

    `problem_forms` has the form of a problem under a path, such as FHIR's; elsewhere it is that of RFC 9457.
    """

    settings: Settings
    database: Database
    recorder: Recorder
    clock: Clock
    tokens: Tokens
    callers: Callers
    streams: Streams
    rate_limit: RateLimit
    attempts: Attempts
    token_rate_limit: RateLimit
    body_limits: BodyLimits
    problem_forms: Mapping[str, ProblemForm]
    problem_pages: ProblemPages


Parts = TypeVar("Parts", bound=KitParts)


def parts_of(app: FastAPI, kind: type[Parts]) -> Parts:
    """The parts of `app` (in a request: `request.app`), as those of this kind; `TypeError` where it has none such."""
    parts = app.state.parts
    if not isinstance(parts, kind):
        raise TypeError(f"the application is composed without {kind.__name__}")
    return parts


def compose_with(app: FastAPI, parts: KitParts) -> None:
    """Has `app` work with these parts from now on."""
    app.state.parts = parts
