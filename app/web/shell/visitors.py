"""Who looks at a page."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import Request

from app.kit.security.callers import Caller


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who has signed in: the caller that services are asked as, the name that pages show, and until when."""

    caller: Caller
    name: str
    until: datetime


def greet(request: Request, visitor: Visitor) -> None:
    """Notes who asks: for the layout of the page, and for the log."""
    request.state.visitor = visitor
    request.state.caller = visitor.caller


def visitor_of(request: Request) -> Visitor | None:
    """Who asks; None where nobody signed in, or nobody looked yet."""
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    return visitor
