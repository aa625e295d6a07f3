"""The OpenAPI document: FastAPI's, brought in line with the NL API Design Rules, and served to all.

Added to every operation from what it is (not by hand): the headers of its responses, and the names of its operation.
The errors that it can give stand at its route (`declared_errors`). `openapi/ruleset.yaml` checks the outcome.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final
from weakref import WeakKeyDictionary

from fastapi import FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from starlette.routing import BaseRoute

from app import VERSION
from app.kit.http.declared_errors import PROBLEMS
from app.kit.http.late_routes import include
from app.kit.http.openapi_words import (
    CONTACT,
    DESCRIPTION,
    HEADERS,
    IF_NONE_MATCH,
    INPUT_ERROR,
    PROBLEM,
    TAGS,
    TOKEN_ERROR,
)
from app.kit.http.respond import REQUIRED, respond
from app.kit.http.rights import OPEN
from app.kit.http.routing import router as make_router

_TOKEN = "/oauth/token"
_UNTAGGED = {"/oauth/token", "/matches", "/health/live", "/health/ready"}
"""Of which the answer is new each time, so that it has no ETag."""
_STREAM = "text/event-stream"


def document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI 3.1 document of the application."""
    return describe(
        app.routes,
        "/v1",
        title="Beschikbaarheidswijzer",
        description=DESCRIPTION,
        tags=TAGS,
        webhooks=app.webhooks.routes,
    )


_BOUNDS: Final = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}
"""What pydantic calls the bounds of a number that something looks at before it is one, and what JSON Schema does."""


def describe(
    routes: Sequence[BaseRoute],
    base: str,
    *,
    title: str,
    description: str,
    tags: Mapping[str, str],
    webhooks: Sequence[BaseRoute] = (),
) -> dict[str, Any]:
    """The OpenAPI 3.1 document of `routes` under the path `base`, and of the messages that `webhooks` send."""
    content = get_openapi(
        title=title,
        version=VERSION,
        description=description,
        routes=routes,
        webhooks=webhooks or None,
        tags=[{"name": name, "description": text} for name, text in tags.items()],
        servers=[{"url": base, "description": "This service."}],
        license_info={"name": "EUPL-1.2", "url": "https://eupl.eu/1.2/en"},
    )
    content["info"]["contact"] = CONTACT
    content["paths"] = {path.removeprefix(base): item for path, item in content["paths"].items()}
    for path, item in content["paths"].items():
        for method, operation in item.items():
            _finish(path, method, operation)
    for item in content.get("webhooks", {}).values():
        _finish_message(item["post"])
    _finish_components(content["components"])
    for node in nodes_of(content):
        _tidy(node)
    return content


def _finish(path: str, method: str, operation: dict[str, Any]) -> None:
    operation["operationId"] = operation["summary"].replace(" ", "_").lower()
    operation["summary"] = re.split(r"[.;](?=\s|$)", operation["description"])[0].replace("\n", " ")
    responses = operation["responses"]
    if PROBLEMS not in responses.get("422", {PROBLEMS}):  # FastAPI's own, which is a 400 here
        del responses["422"]
    streams = _STREAM in responses.get("200", {}).get("content", {})
    if method == "get" and path not in _UNTAGGED and not streams:
        operation.setdefault("parameters", []).append(IF_NONE_MATCH)
        responses["304"] = {"description": "The caller has this version already (If-None-Match)."}
    for status, response in responses.items():
        if path == _TOKEN and status >= "400":
            response["content"]["application/json"] = {"schema": {"$ref": "#/components/schemas/TokenError"}}
        response.setdefault("headers", {}).update(_headers(path, status, response))
    operation["responses"] = dict(sorted(responses.items()))
    for parameter in operation.get("parameters", []):
        _finish_parameter(parameter)


def _finish_parameter(parameter: dict[str, Any]) -> None:
    """There is no null in a path, a query or a header: what is not said is left out."""
    schema = parameter["schema"]
    if schema.pop(REQUIRED, False):
        parameter["required"] = True
    options = [option for option in schema.pop("anyOf", []) if option != {"type": "null"}]
    if len(options) > 1:
        schema["anyOf"] = options
    for option in options[:1]:
        schema |= {name: value for name, value in option.items() if name not in schema and len(options) == 1}
    if schema.get("default", ...) is None:
        del schema["default"]


def _headers(path: str, status: str, response: dict[str, Any]) -> dict[str, Any]:
    """The headers of every response like this one, by name, as references to components."""
    names = ["API-Version"]
    has_tag = status in {"200", "201", "202"} and path not in _UNTAGGED and _STREAM not in response.get("content", {})
    if has_tag or status == "304":
        names.append("ETag")
    if status in {"429", "503"}:
        names.append("Retry-After")
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _finish_message(operation: dict[str, Any]) -> None:
    """Of what others are told: they answer as they like, and it is JSON of a type of its own."""
    operation["operationId"] = "tell_" + re.sub(r"\W", "_", operation["summary"].lower())
    operation["summary"] = operation["description"].removesuffix(".")
    operation["responses"] = {"2XX": {"description": "The receiver took it; what it says beside that is not read."}}
    content = operation["requestBody"]["content"]
    content["application/cloudevents+json"] = content.pop("application/json")


def _finish_components(components: dict[str, Any]) -> None:
    schemas: dict[str, Any] = {}
    for own_name, schema in components["schemas"].items():
        if own_name in {"HTTPValidationError", "ValidationError"}:
            continue
        name = _public_name(own_name)
        if name in schemas:
            raise ValueError(f"two schemas are called {name} for users; {own_name} needs another name")
        schemas[name] = schema
    for name, schema in schemas.items():
        schema.setdefault("description", f"A page of a list: {name}.")
    components["schemas"] = schemas | {"Problem": PROBLEM, "InputError": INPUT_ERROR, "TokenError": TOKEN_ERROR}
    components["headers"] = HEADERS


def nodes_of(node: Any) -> Iterator[dict[str, Any]]:
    """Every object in a document, save what its examples show: an example with a `title` keeps it."""
    if isinstance(node, dict):
        yield node
        for name, value in list(node.items()):
            if name != "examples":
                yield from nodes_of(value)
    elif isinstance(node, list):
        for value in node:
            yield from nodes_of(value)


def _public_name(name: str) -> str:
    """The name of a schema for users: `Page_RegionOut_` is a RegionPage, `RegionOut` a Region."""
    whole, _, part = name.removesuffix("_").partition("_")
    return _public_name(part) + whole if part else whole.removesuffix("Out")


def _tidy(node: dict[str, Any]) -> None:
    """Drops generated titles, names schemas for users, and writes "this or null" as two types, bounds by name."""
    if isinstance(node.get("title"), str) and "openapi" not in node and "version" not in node:
        del node["title"]
    if isinstance(node.get("$ref"), str):
        place, _, name = node["$ref"].rpartition("/")
        node["$ref"] = f"{place}/{_public_name(name)}"
    _flatten_nullable(node)
    for name, keyword in _BOUNDS.items():
        if isinstance(node.get(name), int | float):
            node[keyword] = node.pop(name)


def _flatten_nullable(node: dict[str, Any]) -> None:
    """Writes "this or null" as one schema with two types, where "this" is a plain type."""
    options = node.get("anyOf")
    if not isinstance(options, list) or len(options) != 2 or {"type": "null"} not in options:
        return
    other = next(option for option in options if option != {"type": "null"})
    if isinstance(other.get("type"), str):
        del node["anyOf"]
        for key, value in other.items():
            node.setdefault(key, value)
        node["type"] = [other["type"], "null"]
        if "enum" in node:
            node["enum"] = [*node["enum"], None]


def install(app: FastAPI) -> None:
    """Serves the document at /v1/openapi.json, to every origin."""
    publish(app, "/v1", document)


def publish(app: FastAPI, base: str, make: Callable[[FastAPI], dict[str, Any]]) -> None:
    """Serves the document that `make` makes of the application, once it is asked for, at `base`/openapi.json, to every
    origin.

    The operation takes the application from the request: FastAPI remembers operations for as long as the process
    lives, and with one that held its application it would keep that, with all that it has in memory.
    """
    router, made = make_router("OpenAPI", OPEN), WeakKeyDictionary[FastAPI, dict[str, Any]]()

    @router.get("/openapi.json", include_in_schema=False)
    async def get_openapi_document(request: Request) -> Response:
        if request.app not in made:
            made[request.app] = make(request.app)
        headers = {"Access-Control-Allow-Origin": "*"}
        return respond(request, made[request.app], headers=headers, cache="public, max-age=3600")

    include(app, router, base)
