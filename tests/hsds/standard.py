"""The published specification as a judge: its own schemas, formats checked, and no property that it does not know."""

import json
import re
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

SCHEMAS = Path(__file__).parent / "specification" / "schema"
_BASE = "https://standard.test/"
_RFC3986 = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+")
_RFC5321 = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z0-9-]+")

FORMATS = FormatChecker()


@FORMATS.checks("uri")
def _is_uri(value: object) -> bool:
    return isinstance(value, str) and _RFC3986.fullmatch(value) is not None


@FORMATS.checks("email")
def _is_email(value: object) -> bool:
    return isinstance(value, str) and _RFC5321.fullmatch(value) is not None


@FORMATS.checks("date-time", raises=ValueError)
def _is_date_time(value: object) -> bool:
    """RFC 3339, with the milliseconds that the standard asks for."""
    given = str(value)
    return re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", given) is not None and bool(
        datetime.fromisoformat(given)
    )


@cache
def published_api() -> dict[str, Any]:
    """The OpenAPI document of the specification."""
    content: dict[str, Any] = json.loads((SCHEMAS / "openapi.json").read_text())
    return content


@cache
def _registry() -> Registry[Any]:
    """The schemas, closed; with the two properties that the compiled ones add to the objects of an answer."""
    schemas = {path.name: json.loads(path.read_text()) for path in SCHEMAS.glob("*.json") if path.name != "openapi.json"}
    schemas["organization.json"]["properties"]["services"] = {"type": "array", "items": {"$ref": "service.json"}}
    schemas["service_at_location.json"]["properties"]["service"] = {"$ref": "service.json"}
    for name, schema in schemas.items():
        schema["$id"] = _BASE + name
        schema["additionalProperties"] = False
    resources = [(_BASE + name, Resource(schema, DRAFT202012)) for name, schema in schemas.items()]
    return Registry().with_resources(resources)


def errors_of(kind: str, content: Any) -> list[str]:
    """What the schema `kind`.json of the specification has against this object."""
    validator = Draft202012Validator(
        {"$ref": f"{_BASE}{kind}.json"}, registry=_registry(), format_checker=FORMATS
    )
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(content)]


def page_errors(kind: str, page: Any) -> list[str]:
    """What the specification has against this page of objects of a kind; `empty` is required since 3.1.1."""
    envelope = published_api()["components"]["schemas"]["Page"]
    asked = envelope | {"required": [*envelope["properties"], "contents"]}
    found = [error.message for error in Draft202012Validator(asked).iter_errors(page)]
    unknown = page.keys() - envelope["properties"].keys() - {"contents"}
    found += [f"{name} is no property of a page" for name in unknown]
    return found + [error for each in page["contents"] for error in errors_of(kind, each)]
