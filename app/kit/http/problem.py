"""Every error as application/problem+json (RFC 9457), in the caller's language, all input errors at once."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from app.domain.language import Language, Text
from app.kit import json_text
from app.kit.errors import (
    ApiError,
    InputError,
    InvalidInputError,
    NotFoundError,
    UnavailableError,
)
from app.kit.http import json_body
from app.kit.http.accept import preferred
from app.kit.http.language import language_of
from app.kit.http.parts import KitParts, ProblemForm, parts_of
from app.kit.monitoring.log_events import DATABASE_LOST, METHODS, log
from app.kit.validation import input_errors

TYPE_PREFIX = "urn:problem-type:beschikbaarheidswijzer:"
MEDIA_TYPE = "application/problem+json"


_PLAIN: dict[int, tuple[str, Text, Text]] = {
    404: (
        "not-found",
        Text(nl="Niet gevonden", en="Not found"),
        Text(nl="Dit pad bestaat niet; zie /v1/openapi.json.", en="There is no such path; see /v1/openapi.json."),
    ),
    405: (
        "method-not-allowed",
        Text(nl="Methode niet toegestaan", en="Method not allowed"),
        Text(nl="Dit pad kent deze methode niet; zie Allow.", en="This path has no such method; see Allow."),
    ),
    413: (
        "body-too-large",
        Text(nl="Verzoek te groot", en="Request too large"),
        Text(nl="De inhoud van het verzoek is te groot.", en="The body of the request is too large."),
    ),
    415: (
        "unsupported-media-type",
        Text(nl="Mediatype niet ondersteund", en="Unsupported media type"),
        Text(
            nl="Stuur de inhoud als application/json (Content-Type).",
            en="Send the body as application/json (Content-Type).",
        ),
    ),
    500: (
        "internal-error",
        Text(nl="Interne fout", en="Internal error"),
        Text(
            nl="Er ging iets mis bij ons; er is niets gewijzigd. Noem bij een melding het request-id.",
            en="Something went wrong on our side; nothing was changed. Quote the request id when you report it.",
        ),
    ),
}

_NO_DATABASE = ("08", "28", "3D", "53", "57P")
"""SQLSTATEs (PostgreSQL, appendix A): no connection, no login, no such database, no resources, starting or stopping."""

UNREADABLE = InputError("#", "unreadable", json_text.UNREADABLE)


def _write_error(error: InputError, language: Language) -> dict[str, str]:
    return {"pointer": error.pointer, "code": error.code, "detail": error.detail.in_(language)}


def render(request: Request, error: ApiError) -> Response:
    """The answer that tells the caller of `error`."""
    return _respond(request, lambda language: describe(request, error, language), error.headers)


def describe(request: Request, error: ApiError, language: Language) -> dict[str, Any]:
    """The problem that tells the caller of `error`."""
    return describe_at(request.scope["path"], error, language)


def describe_at(path: str, error: ApiError, language: Language) -> dict[str, Any]:
    """The problem that tells of `error` whoever asked this path."""
    body: dict[str, Any] = {
        "type": TYPE_PREFIX + error.slug,
        "title": error.title.in_(language),
        "status": error.status,
        "detail": error.detail.in_(language),
        "instance": quote(path),
        **error.members,
    }
    if isinstance(error, InvalidInputError):
        body["errors"] = [_write_error(each, language) for each in error.errors]
    return body


def render_status(request: Request, status: int, headers: dict[str, str] | None = None) -> Response:
    """The answer for an error of HTTP itself, such as an unknown path."""
    return _respond(request, lambda language: _describe_status(request, status, language), headers or {})


def _describe_status(request: Request, status: int, language: Language) -> dict[str, Any]:
    slug, title, detail = _PLAIN.get(status, _PLAIN[500 if status >= 500 else 404])
    if status not in _PLAIN:
        phrase = HTTPStatus(status).phrase
        slug, title, detail = phrase.lower().replace(" ", "-"), Text(nl=phrase, en=phrase), Text(nl=phrase, en=phrase)
    return {
        "type": TYPE_PREFIX + slug,
        "title": title.in_(language),
        "status": status,
        "detail": detail.in_(language),
        "instance": quote(request.scope["path"]),
    }


def _respond(request: Request, tell: Callable[[Language], dict[str, Any]], headers: dict[str, str]) -> Response:
    """The answer with what `tell` says of the error in a language."""
    pages = parts_of(request.app, KitParts).problem_pages
    if pages.covers(request):
        return pages.answer(request, tell("nl"))
    language = language_of(request)
    body = tell(language)
    form = None if preferred(request, "*/*", MEDIA_TYPE) == MEDIA_TYPE else _form(request)
    content, media_type = (body, MEDIA_TYPE) if form is None else form(body, language)
    return Response(
        orjson.dumps(content),
        status_code=body["status"],
        media_type=media_type,
        headers={"Content-Language": language, "Cache-Control": "no-store", **headers},
    )


def _form(request: Request) -> ProblemForm | None:
    """The form that the standard at this path asks for; None where a problem is a problem."""
    forms = parts_of(request.app, KitParts).problem_forms
    path: str = request.scope["path"]
    return next((form for base, form in forms.items() if path == base or path.startswith(f"{base}/")), None)


def _is_json(content_type: str) -> bool:
    essence = content_type.partition(";")[0].strip().lower()
    return essence == "application/json" or (essence.startswith("application/") and essence.endswith("+json"))


def _body_refused(request: Request, errors: Sequence[dict[str, Any]]) -> bool:
    """FastAPI hands a body that is not called JSON to the schema as bytes, which fails on the body as a whole."""
    on_the_whole = any(tuple(error["loc"]) == ("body",) and isinstance(error.get("input"), bytes) for error in errors)
    return on_the_whole and not _is_json(request.headers.get("content-type", ""))


def _allowed(request: Request) -> str:
    """The methods of the path that was asked, over all of its routes."""
    routes, scope = request.app.routes, {"type": "http", "path": request.url.path, "root_path": "", "headers": []}
    found = [m for m in METHODS if any(r.matches({**scope, "method": m})[0] is Match.FULL for r in routes)]
    return ", ".join(found)


def is_disconnect(error: DBAPIError) -> bool:
    """Whether the database, rather than the statement, is what failed."""
    state = str(getattr(error.orig, "sqlstate", ""))
    lost = error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
    return lost or state.startswith(_NO_DATABASE)


def _unavailable(request: Request, error: Exception) -> Response:
    log(DATABASE_LOST, error=type(error).__qualname__, request_id=request.state.request_id)
    return render(request, UnavailableError())


def _render_invalid(request: Request, error: RequestValidationError) -> Response:
    if any(each["loc"][0] == "path" and each["type"].startswith("uuid") for each in error.errors()):
        return render(request, NotFoundError())
    if _body_refused(request, error.errors()):
        return render_status(request, 415, {"Accept": "application/json"})
    return render(request, InvalidInputError(*input_errors(error.errors())))


def _render_http(request: Request, error: HTTPException) -> Response:
    if isinstance(error, json_body.JsonBodyError):
        return render(request, error.cause)
    if error.status_code == 400:
        return render(request, InvalidInputError(UNREADABLE))
    if error.status_code == 405:
        return render_status(request, 405, {"Allow": _allowed(request)})
    return render_status(request, error.status_code, dict(error.headers or {}))


def install(app: FastAPI) -> None:
    """Makes `app` render each of its errors as a problem."""

    @app.exception_handler(ApiError)
    async def _on_api_error(request: Request, error: ApiError) -> Response:
        return render(request, error)

    @app.exception_handler(RequestValidationError)
    async def _on_invalid(request: Request, error: RequestValidationError) -> Response:
        return _render_invalid(request, error)

    @app.exception_handler(HTTPException)
    async def _on_http(request: Request, error: HTTPException) -> Response:
        return _render_http(request, error)

    @app.exception_handler(DBAPIError)
    async def _on_database(request: Request, error: DBAPIError) -> Response:
        if not is_disconnect(error):
            raise error
        return _unavailable(request, error)

    @app.exception_handler(PoolTimeoutError)
    @app.exception_handler(OSError)
    async def _on_unreachable(request: Request, error: Exception) -> Response:
        return _unavailable(request, error)
