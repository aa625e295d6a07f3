"""The few operations that are asked most, answered past FastAPI where their input is plainly good.

FastAPI resolves any signature and reads any input, which takes longer than a search of the catalogue. An operation
says here, beside its endpoint, how its own plain input is answered (`raw`); its guards are those of its signature.
Whatever is not plainly good is left to FastAPI, so that it alone refuses input and says why. So is what this takes no
part in: a body that is packed or of unknown length, and the pages of other origins.
"""

import re
from collections.abc import Awaitable, Callable, Iterable
from functools import cached_property
from typing import Any, Final, TypeVar
from uuid import UUID

from fastapi import FastAPI, Request
from fastapi.dependencies.models import Dependant
from starlette.requests import ClientDisconnect
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.kit.http.guards import ask, guards_of
from app.kit.http.late_routes import LateRoute

RawAnswer = Callable[[Request, bytes], Awaitable[ASGIApp | None]]
"""Answers a request with that body, whose guards let it through; None where FastAPI has to look."""
Answer = TypeVar("Answer", bound=RawAnswer)

_MARK: Final = "raw_answer"
_PLAIN_QUERY: Final = re.compile(rb"[A-Za-z]+=[A-Za-z0-9._~-]+(?:&[A-Za-z]+=[A-Za-z0-9._~-]+)*")
_PLAIN_ID: Final = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LEFT: Final = frozenset({b"content-encoding", b"origin", b"transfer-encoding", b"expect"})
"""Headers of requests that are left to FastAPI and what is round it."""


def raw(endpoint: Callable[..., Any]) -> Callable[[Answer], Answer]:
    """Has the operation of this endpoint answer plain input by what is decorated."""

    def mark(answer: Answer) -> Answer:
        setattr(endpoint, _MARK, answer)
        return answer

    return mark


def plain_keys(query_string: bytes, lists: frozenset[str]) -> dict[str, Any] | None:
    """The query keys, those of `lists` each with all of its values; None where one that is no list is repeated, where
    one has no value, and where any is written otherwise than in plain characters."""
    given: dict[str, Any] = {}
    if not query_string:
        return given
    if not _PLAIN_QUERY.fullmatch(query_string):
        return None
    for each in query_string.decode("ascii").split("&"):
        key, _, value = each.partition("=")
        if key in lists:
            given.setdefault(key, []).append(value)
        elif key in given:
            return None
        else:
            given[key] = value
    return given


def raw_answer_of(route: BaseRoute) -> RawAnswer | None:
    """What answers plain input of a route; None where FastAPI answers all."""
    answer: RawAnswer | None = getattr(getattr(route, "endpoint", None), _MARK, None)
    return answer


def is_json(request: Request) -> bool:
    """Whether the body is said to be JSON, and no more is said of it."""
    return request.headers.get("content-type") == "application/json"


def plain_id(text: str) -> UUID | None:
    """The id that a part of a path is, in the form in which ids are written; None of any other."""
    return UUID(text) if _PLAIN_ID.fullmatch(text) else None


class RawRoutes:
    """ASGI middleware that answers for the routes of an application that have a raw answer."""

    def __init__(self, app: ASGIApp, routes: Iterable[BaseRoute]) -> None:
        self.app = app
        self._fixed: dict[tuple[str, str], _RawRoute] = {}
        self._others: list[tuple[str, re.Pattern[str], _RawRoute]] = []
        for each in routes:
            answer = raw_answer_of(each)
            if answer is not None and isinstance(each, LateRoute):
                self._add(each, _RawRoute(each, answer))

    def _add(self, route: LateRoute, raw_route: "_RawRoute") -> None:
        for method in route.methods or ():
            if "{" in route.path:
                self._others.append((method, route.path_regex, raw_route))
            else:
                self._fixed[method, route.path] = raw_route

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._find(scope) if scope["type"] == "http" else None
        if found is None:
            await self.app(scope, receive, send)
            return
        body = _Body(receive) if found.has_body else None
        answer = await found.answer(Request(scope), body)
        if answer is None:
            await self.app(scope, receive if body is None else body.again, send)
        else:
            await answer(scope, receive, send)

    def _find(self, scope: Scope) -> "_RawRoute | None":
        """The route of this request, noted in its scope as FastAPI does; None where it is left to that."""
        method, path = scope["method"], scope["path"]
        found, given = self._fixed.get((method, path)), {}
        for its_method, pattern, route in self._others if found is None else ():
            if its_method == method and (match := pattern.match(path)):
                found, given = route, match.groupdict()
                break
        if found is None or not found.takes(scope):
            return None
        scope["route"], scope["path_params"] = found.route, given
        return found


class _RawRoute:
    """A route, and what answers it."""

    def __init__(self, route: LateRoute, answer: RawAnswer) -> None:
        self.route = route
        self.has_body = not {"GET", "DELETE"} & set(route.methods or ())
        self._answer = answer

    @cached_property
    def _guards(self) -> list[Dependant]:
        return guards_of(self.route.dependant)

    def takes(self, scope: Scope) -> bool:
        """Whether the head of a request is plain: nothing about it is special, and its body has a length."""
        names = {name for name, _ in scope["headers"]}
        return names.isdisjoint(_LEFT) and (b"content-length" in names or not self.has_body)

    async def answer(self, request: Request, body: "_Body | None") -> ASGIApp | None:
        """The answer to a request with that body; None where FastAPI has to look."""
        try:
            for guard in self._guards:
                await ask(guard, request)
            return await self._answer(request, b"" if body is None else await body.read())
        except Exception as error:
            handler = _handler_of(request.app, error)
            if handler is None:
                raise
            found: ASGIApp = await handler(request, error)
            return found


def _handler_of(app: FastAPI, error: Exception) -> Any:
    """What the application answers this error with, as Starlette finds it; None where that is left to the frame."""
    return next((app.exception_handlers[each] for each in type(error).__mro__ if each in app.exception_handlers), None)


class _Body:
    """The body of a request, which can be received again. Its length was held against the limit."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._body: bytes | None = None

    async def read(self) -> bytes:
        """All of it; `ClientDisconnect` where the client left before that was here."""
        parts = []
        has_more = True
        while has_more:
            message = await self._receive()
            if message["type"] != "http.request":
                raise ClientDisconnect
            parts.append(message.get("body", b""))
            has_more = message.get("more_body", False)
        self._body = parts[0] if len(parts) == 1 else b"".join(parts)
        return self._body

    async def again(self) -> Message:
        """As it was received, once more: all of it in one message."""
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}
