"""Names that generators of clients take over: operations, schemas, and what they make of what stands in these."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]  # the package has no types

from app.kit.http.openapi import describe
from app.kit.http.rights import OPEN
from app.kit.http.routing import router as make_router
from app.kit.schemas import Answer

DOCUMENT: dict[str, Any] = json.loads((Path(__file__).parents[2] / "openapi" / "openapi.json").read_text())
SCHEMAS: dict[str, dict[str, Any]] = DOCUMENT["components"]["schemas"]
VOCABULARIES = [
    f"https://json-schema.org/draft/2020-12/meta/{each}"
    for each in ("core", "applicator", "validation", "meta-data", "format-annotation", "content")
]


def operations() -> Iterator[dict[str, Any]]:
    """Every operation, those of webhooks too."""
    for paths in (DOCUMENT["paths"], DOCUMENT["webhooks"]):
        for item in paths.values():
            yield from item.values()


def made_of(path: list[str], schema: dict[str, Any]) -> Iterator[list[str]]:
    """The places in a schema for which a generator makes a class, which it names after the way there."""
    if "$ref" in schema:
        return
    if "enum" in schema or "properties" in schema:
        yield path
    for name, each in schema.get("properties", {}).items():
        yield from made_of([*path, name], each)
    for each in schema.get("anyOf", []):
        yield from made_of(path, each)
    if "items" in schema:
        yield from made_of([*path, "item"], schema["items"])


def alike(path: list[str]) -> str:
    """A name as far as generators tell it from others."""
    return re.sub(r"[^a-z0-9]", "", "".join(path).lower())


def test_no_two_classes_get_one_name() -> None:
    made: dict[str, set[str]] = defaultdict(set)
    for name, schema in SCHEMAS.items():
        for path in [[name], *made_of([name], schema)]:
            made[alike(path)].add("/".join(path))
    for operation in operations():
        for parameter in operation.get("parameters", []):
            for path in made_of([operation["operationId"], parameter["name"]], parameter["schema"]):
                made[alike(path)].add("/".join(path))
    assert {name: places for name, places in made.items() if len(places) > 1} == {}


def test_operations_have_short_names_of_their_own() -> None:
    names = [(operation["tags"][0], operation["operationId"]) for operation in operations()]
    assert len({name for _, name in names}) == len(names)
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+){0,4}", name) for _, name in names)


def test_the_messages_of_webhooks_stand_apart() -> None:
    asked = {tag for item in DOCUMENT["paths"].values() for each in item.values() for tag in each["tags"]}
    told = {tag for item in DOCUMENT["webhooks"].values() for each in item.values() for tag in each["tags"]}
    assert told == {"Webhook messages"}
    assert not asked & told


def test_headers_are_written_as_the_standards_write_them() -> None:
    parameters = [each for operation in operations() for each in operation.get("parameters", [])]
    names = {each["name"] for each in parameters if each["in"] == "header"}
    assert names == {"If-Match", "If-None-Match", "Idempotency-Key", "Last-Event-ID"} | {
        each
        for each in names
        if each.startswith("webhook-")  # Standard Webhooks writes its own in lower case
    }


def test_what_is_not_asked_is_left_out() -> None:
    for operation in operations():
        for parameter in operation.get("parameters", []):
            assert "null" not in json.dumps(parameter["schema"]), (operation["operationId"], parameter["name"])


def test_a_version_is_required_where_its_absence_is_an_error() -> None:
    for operation in operations():
        required = [each["required"] for each in operation.get("parameters", []) if each["name"] == "If-Match"]
        assert required in ([], ["428" in operation["responses"]]), operation["operationId"]


def test_a_token_asks_for_its_grant() -> None:
    assert SCHEMAS["TokenRequest"]["required"] == ["grant_type"]


def keywords_of(schema: Any) -> Iterator[str]:
    """What is said in a schema and in those that it is made of."""
    yield from schema
    for name in ("items", "additionalProperties"):
        if isinstance(schema.get(name), dict):
            yield from keywords_of(schema[name])
    for each in (*schema.get("properties", {}).values(), *schema.get("anyOf", []), *schema.get("oneOf", [])):
        yield from keywords_of(each)


def test_a_schema_is_written_in_the_words_of_json_schema() -> None:
    known = {"discriminator", "example"}  # of OpenAPI itself
    known |= {name for each in VOCABULARIES for name in REGISTRY.contents(each)["properties"]}
    parameters = (each["schema"] for operation in operations() for each in operation.get("parameters", []))
    assert {name for schema in (*SCHEMAS.values(), *parameters) for name in keywords_of(schema)} <= known


def test_two_schemas_of_one_name_are_refused() -> None:
    class Thing(Answer):
        """One."""

    class ThingOut(Answer):
        """Another, which is called the same for users."""

    router = make_router("Capacity", OPEN)

    @router.get("/one", response_model=Thing)
    async def get_one() -> None:
        """One."""

    @router.get("/other", response_model=ThingOut)
    async def get_other() -> None:
        """Another."""

    with pytest.raises(ValueError, match="ThingOut needs another name"):
        describe(router.routes, "", title="", description="", tags={})
