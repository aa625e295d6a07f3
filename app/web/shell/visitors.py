"""Who looks at a page."""

from dataclasses import dataclass

from fastapi import Request

from app.kit.security.callers import Caller


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who has signed in: the caller that services are asked as, and the name that pages show."""

    caller: Caller
    name: str


def greet(request: Request, visitor: Visitor) -> None:
    """Notes who asks: for the layout of the page, and for the log."""
    request.state.visitor = visitor
    request.state.caller = visitor.caller


def visitor_of(request: Request) -> Visitor | None:
    """Who asks; None where nobody signed in, or nobody looked yet."""
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    return visitor
