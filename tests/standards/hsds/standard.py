"""The published specification as a judge: its own schemas, formats checked, and no property that it does not know."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema_rs import Draft202012, Draft202012Validator, Registry

SCHEMAS = Path(__file__).parent / "specification" / "schema"
_BASE = "https://standard.test/"
_MILLISECONDS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@cache
def published_api() -> dict[str, Any]:
    """The OpenAPI document of the specification."""
    content: dict[str, Any] = json.loads((SCHEMAS / "openapi.json").read_text())
    return content


@cache
def _registry() -> Registry:
    """The schemas, closed; with the two properties that the compiled ones add to the objects of an answer."""
    files = [path for path in SCHEMAS.glob("*.json") if path.name != "openapi.json"]
    schemas = {path.name: json.loads(path.read_text()) for path in files}
    schemas["organization.json"]["properties"]["services"] = {"type": "array", "items": {"$ref": "service.json"}}
    schemas["service_at_location.json"]["properties"]["service"] = {"$ref": "service.json"}
    for schema in schemas.values():
        schema["additionalProperties"] = False
    return Registry([(_BASE + name, schema) for name, schema in schemas.items()], draft=Draft202012)


def checker(schema: dict[str, Any]) -> Draft202012Validator:
    """A validator that checks formats as well, and of moments that they have milliseconds, as the standard asks."""
    formats = {"date-time": lambda text: _MILLISECONDS.fullmatch(text) is not None}
    return Draft202012Validator(schema, registry=_registry(), validate_formats=True, formats=formats)


def is_format(name: str, text: str) -> bool:
    """Whether a text is of a format of JSON Schema."""
    return checker({"type": "string", "format": name}).is_valid(text)


@cache
def _object(kind: str) -> Draft202012Validator:
    return checker({"$ref": f"{_BASE}{kind}.json"})


@cache
def _page(kind: str) -> Draft202012Validator:
    """A page of the API Reference with all that it may say; `empty` is required since 3.1.1."""
    properties = published_api()["components"]["schemas"]["Page"]["properties"]
    contents = {"type": "array", "items": {"$ref": f"{_BASE}{kind}.json"}}
    whole = properties | {"contents": contents}
    return checker({"type": "object", "properties": whole, "required": [*whole], "additionalProperties": False})


def errors_of(kind: str, content: Any) -> list[str]:
    """What the schema `kind`.json of the specification has against this object."""
    return written(_object(kind), content)


def page_errors(kind: str, page: Any) -> list[str]:
    """What the specification has against this page of objects of a kind."""
    return written(_page(kind), page)


def written(validator: Draft202012Validator, content: Any) -> list[str]:
    """The errors that a validator finds, with where they are."""
    return [f"{error.instance_path}: {error.message[:300]}" for error in validator.iter_errors(content)]
