"""The errors that an operation can answer with: declared by its route, beside those that its signature brings.

`raises(NotFoundError, ClosedError)` goes into a route's `responses`; every route of `app.kit.http.routing` adds what
follows from what it asks: a token, a right, a body, a version, an idempotency key, the database.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from fastapi.dependencies.models import Dependant

from app.kit.errors import (
    ApiError,
    ForbiddenError,
    InvalidInputError,
    KeyReusedError,
    OverloadedError,
    PreconditionFailedError,
    PreconditionRequiredError,
    TooManyRequestsError,
    UnauthenticatedError,
    UnavailableError,
    UnsupportedMediaTypeError,
)
from app.kit.http.problem import MEDIA_TYPE, TYPE_PREFIX
from app.kit.http.respond import REQUIRED
from app.kit.http.rights import Open, Scheme, needs

Responses = dict[int | str, dict[str, Any]]
"""What a route answers with, by status, as FastAPI takes it."""

PROBLEMS: Final = "x-problems"
"""The key in a response under which its problems stand, each with its type and what it means."""

LOCATION: Final[Responses] = {
    201: {
        "headers": {
            "Location": {
                "description": "Where what was made is read: itself, or what shows it.",
                "required": True,
                "schema": {"type": "string", "format": "uri-reference", "examples": ["/v1/offers/0b6a4f0e"]},
            }
        }
    }
}
"""For a route that makes something: its own address, or that of what it is part of. No 201 is without it."""

_DATABASE: Final = "app.kit.database."


class _Problem(NamedTuple):
    """One way in which an operation fails."""

    status: int
    slug: str
    meaning: str


_TOO_LARGE: Final = _Problem(413, "body-too-large", "The body is too large.")
_INTERNAL: Final = _Problem(500, "internal-error", "Something went wrong on our side; nothing was changed.")


def raises(*errors: type[ApiError]) -> Responses:
    """What a route answers with when its service raises one of these."""
    return _responses(map(_problem, errors))


def with_brought(responses: Responses, dependant: Dependant, *, reads_body: bool) -> Responses:
    """The responses of a route, and with them the errors that its signature brings.

    `reads_body`: it takes a body that its signature does not name.
    """
    brought = _responses(_brought(list(_all(dependant)), reads_body=reads_body))
    both = {
        status: _response([*brought[status][PROBLEMS], *declared[PROBLEMS]])
        for status, declared in responses.items()
        if status in brought
    }
    return {**responses, **brought, **both}


def _problem(error: type[ApiError]) -> _Problem:
    """Its meaning is the first paragraph of the class's docstring."""
    paragraph = (error.__doc__ or "").strip().split("\n\n")[0]
    return _Problem(error.status, error.slug, " ".join(paragraph.split()))


def _responses(problems: Iterable[_Problem]) -> Responses:
    by_status: dict[int, list[dict[str, str]]] = {}
    for each in problems:
        shown = {"type": TYPE_PREFIX + each.slug, "description": each.meaning}
        by_status.setdefault(each.status, []).append(shown)
    return {status: _response(shown) for status, shown in by_status.items()}


def _response(shown: list[dict[str, str]]) -> dict[str, Any]:
    unlike = [each for number, each in enumerate(shown) if each not in shown[:number]]
    return {
        "description": " ".join(each["description"] for each in unlike),
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        PROBLEMS: unlike,
    }


def _all(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for each in dependant.dependencies:
        yield from _all(each)


def _brought(dependants: list[Dependant], *, reads_body: bool) -> Iterator[_Problem]:
    """The problems that follow from what an operation asks; always those of a query key that it does not have,
    and of a service that has enough to do."""
    calls = [each.call for each in dependants]
    headers = [field for each in dependants for field in each.header_params]
    yield _problem(InvalidInputError)
    if any(isinstance(call, Scheme) for call in calls):
        yield from map(_problem, (UnauthenticatedError, TooManyRequestsError, UnavailableError))
    if any(isinstance(call, Open) for call in calls):
        yield _problem(TooManyRequestsError)
    if any(isinstance(call, needs) for call in calls):
        yield _problem(ForbiddenError)
    if reads_body or any(each.body_params for each in dependants):
        yield _TOO_LARGE
        yield _problem(UnsupportedMediaTypeError)
    for field in headers:
        yield from map(_problem, _of_header(field.alias, field.field_info))
    if any(getattr(call, "__module__", "").startswith(_DATABASE) for call in calls):
        yield _problem(UnavailableError)
    yield _INTERNAL
    yield _problem(OverloadedError)


def _of_header(name: str, field: Any) -> tuple[type[ApiError], ...]:
    if name == "Idempotency-Key":
        return (KeyReusedError,)
    if name != "If-Match":
        return ()
    if field.json_schema_extra is None or REQUIRED not in field.json_schema_extra:
        return (PreconditionFailedError,)
    return (PreconditionFailedError, PreconditionRequiredError)
