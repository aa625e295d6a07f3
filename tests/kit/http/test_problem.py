"""Every error is a problem: which, in whose language, with all that is wrong at once."""

from collections.abc import AsyncIterator
from urllib.parse import unquote
from uuid import UUID

import pytest
from fastapi import Request
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from app.kit.database.sessions import connect
from app.kit.http.dependencies import Writing
from app.kit.http.language import language_of
from app.kit.security.callers import Right, Role
from app.kit.validation import input_errors, pointer
from app.main import create_app
from app.settings import Settings
from tests.conftest import (
    SavepointDatabase,
    SettableClock,
    asking,
    serving,
)
from tests.world import (
    World,
    codes,
    match_request,
    problem,
)

ORGANISATIONS = "/v1/organisations"


@pytest.fixture
async def failing(settings: Settings, database: SavepointDatabase, clock: SettableClock) -> AsyncIterator[World]:
    """The service with endpoints that fail."""
    app = create_app(settings, database=database, clock=clock)

    @app.get("/v1/raises", include_in_schema=False)
    async def raises() -> None:
        raise KeyError("geheim")

    @app.post("/v1/half", include_in_schema=False)
    async def half(session: Writing) -> None:
        await session.execute(text("UPDATE regions SET name = 'half'"))
        raise KeyError("geheim")

    async with asking(app) as made:
        yield made


# --- of HTTP itself


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1", "/v1/nothing?x=1", "/v2/regions", "/regions"])
async def test_an_unknown_path(world: World, path: str) -> None:
    content = problem(await world.http.get(path), 404, "not-found")
    assert content["instance"] == path.partition("?")[0]
    assert content["title"] == "Niet gevonden"


@pytest.mark.parametrize(
    "path", ["/v1/regions/", "/v1/me/", "/v1/postcodes/1781/", "/v1/openapi.json/", "/v1//regions"]
)
async def test_a_trailing_slash_is_another_path_and_no_redirect(world: World, path: str) -> None:
    answer = await world.http.get(path, headers=world.gi)
    problem(answer, 404, "not-found")
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/v1/regions", {"GET"}),
        ("DELETE", "/v1/organisations", {"GET", "POST"}),
        ("PUT", f"/v1/organisations/{UUID(int=1)}", {"GET", "PATCH"}),
        ("GET", f"/v1/organisations/{UUID(int=1)}/clients/duinen-epd", {"PUT", "DELETE"}),
        ("GET", "/v1/matches", {"POST"}),
        ("POST", "/v1/openapi.json", {"GET"}),
        ("POST", "/metrics", {"GET"}),
        ("BREW", "/v1/me", {"GET"}),
    ],
)
async def test_a_method_that_a_path_does_not_have(world: World, method: str, path: str, allowed: set[str]) -> None:
    answer = await world.http.request(method, path)
    problem(answer, 405, "method-not-allowed")
    assert set(answer.headers["allow"].split(", ")) == allowed


async def test_a_body_that_says_that_it_is_too_large(world: World, settings: Settings) -> None:
    for size, status in ((settings.max_body_bytes + 1, 413), (settings.max_body_bytes, 400)):
        body = b'{"name": "' + b"x" * (size - 12) + b'"}'
        headers = world.admin | {"Content-Type": "application/json"}
        answer = await world.http.post(ORGANISATIONS, content=body, headers=headers)
        assert answer.status_code == status
        if status == 413:
            problem(answer, 413, "body-too-large")


async def test_a_body_that_turns_out_to_be_too_large(world: World, settings: Settings) -> None:
    sent = 0

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(100):
            sent += 1
            yield b" " * 65_536

    headers = world.admin | {"Content-Type": "application/json"}
    answer = await world.http.post(ORGANISATIONS, content=chunks(), headers=headers)
    problem(answer, 413, "body-too-large")
    assert "content-length" not in answer.request.headers
    assert sent * 65_536 < settings.max_body_bytes + 3 * 65_536, "the rest is not read"


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "json", None]
)
async def test_a_body_that_is_not_called_json(world: World, media_type: str | None) -> None:
    headers = world.admin | ({"Content-Type": media_type} if media_type else {})
    answer = await world.http.post(ORGANISATIONS, content=b'{"name": "X", "role": "gi"}', headers=headers)
    problem(answer, 415, "unsupported-media-type")
    assert answer.headers["accept"] == "application/json"


@pytest.mark.parametrize(
    "media_type", ["application/json", "Application/JSON; charset=utf-8", "application/merge-patch+json"]
)
async def test_a_body_that_is_called_json(world: World, media_type: str) -> None:
    headers = world.admin | {"Content-Type": media_type}
    answer = await world.http.post(ORGANISATIONS, content=b'{"name": "X", "role": "gi"}', headers=headers)
    assert answer.status_code == 201


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", "missing"),
        (b"{", "invalid-json"),
        (b'{"name": "X",}', "invalid-json"),
        (b"name: X", "invalid-json"),
        (b"null", "type"),
        (b"[]", "type"),
        (b'"X"', "type"),
        (b'{"name": "\xff"}', "unreadable"),
        (b"[" * 100_000, "unreadable"),
        (b'{"name": ' + b"9" * 5000 + b"}", "unreadable"),
        (rb'{"\ud800": 1}', "control-character"),
    ],
)
async def test_a_body_that_is_no_object(world: World, body: bytes, expected: str) -> None:
    headers = world.admin | {"Content-Type": "application/json"}
    answer = await world.http.post(ORGANISATIONS, content=body, headers=headers)
    assert codes(answer) == {"#": expected}


async def test_an_error_of_ours_tells_nothing_of_itself(failing: World) -> None:
    answer = await failing.http.get("/v1/raises")
    content = problem(answer, 500, "internal-error")
    assert "geheim" not in answer.text
    assert "KeyError" not in answer.text
    assert content.keys() == {"type", "title", "status", "detail", "instance"}


async def test_an_error_of_ours_changes_nothing(failing: World, database: SavepointDatabase) -> None:
    problem(await failing.http.post("/v1/half"), 500, "internal-error")
    async with database.read() as session:
        assert await session.scalar(text("SELECT count(*) FROM regions WHERE name = 'half'")) == 0


async def test_a_database_that_is_away(settings: Settings, clock: SettableClock, away_url: str) -> None:
    away = connect(away_url, pool_size=1)
    async with serving(settings, away, clock) as world:
        answer = await world.http.get("/v1/me", headers=world.gi)
        content = problem(answer, 503, "unavailable")
        assert "database" in content["detail"]
        assert int(answer.headers["retry-after"]) > 0
        assert (await world.http.get("/v1/regions")).status_code == 200, "what needs no database goes on"
    await away.engine.dispose()


# --- language


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, "nl"),
        ("", "nl"),
        ("nl", "nl"),
        ("en", "en"),
        ("EN-gb", "en"),
        ("nl-BE", "nl"),
        ("de", "nl"),
        ("de, en;q=0.5", "en"),
        ("nl, en", "nl"),
        ("en, nl", "nl"),  # the same weight: the default
        ("en, nl;q=0.9", "en"),
        ("nl;q=0.8, en;q=0.9", "en"),
        ("nl;q=0.9, en;q=0.8", "nl"),
        ("en-US,en;q=0.9,nl;q=0.8", "en"),
        ("nl;q=0, en;q=0.1", "en"),
        ("en;q=0", "nl"),
        ("en;q=0, *", "nl"),
        ("nl;q=0, *", "en"),
        ("nl;q=0.1, *;q=0.5", "en"),
        ("*", "nl"),
        ("en ; q=1 , nl ; q=0.5", "en"),
        ("en;q=veel", "nl"),
        ("en;level=1", "en"),
        (";;;,,,", "nl"),
    ],
)
def test_language_of(header: str | None, expected: str) -> None:
    headers = [] if header is None else [(b"accept-language", header.encode())]
    assert language_of(Request({"type": "http", "headers": headers})) == expected


async def test_titles_details_and_errors_are_in_the_callers_language(world: World) -> None:
    texts: dict[str, list[str]] = {}
    for language in ("nl", "en"):
        answer = await world.http.get("/v1/regions?limit=0", headers={"Accept-Language": language})
        content = problem(answer, 400, "invalid-input")
        assert answer.headers["content-language"] == language
        assert codes(answer) == {"#/query/limit": "out-of-range"}
        texts[language] = [content["title"], content["detail"], content["errors"][0]["detail"]]
    assert texts == {
        "nl": ["Ongeldige invoer", "De invoer heeft 1 fout; zie errors.", "Minstens 1."],
        "en": ["Invalid input", "The input has 1 error; see errors.", "At least 1."],
    }


@pytest.mark.parametrize(
    ("method", "path", "nl", "en"),
    [
        ("GET", "/v1/nothing", "Niet gevonden", "Not found"),
        ("PATCH", "/v1/regions", "Methode niet toegestaan", "Method not allowed"),
        ("GET", "/v1/raises", "Interne fout", "Internal error"),
        ("GET", "/v1/me", "Geen geldig token", "No valid token"),
        ("GET", "/v1/postcodes/1000", "Niet gevonden", "Not found"),
    ],
)
async def test_other_problems_too(failing: World, method: str, path: str, nl: str, en: str) -> None:
    for language, title in (("nl", nl), ("en", en)):
        answer = await failing.http.request(method, path, headers={"Accept-Language": language})
        assert answer.json()["title"] == title
        assert answer.headers["content-language"] == language


# --- bad input


async def test_all_errors_of_body_query_and_header_come_at_once(world: World) -> None:
    answer = await world.http.post(
        f"{ORGANISATIONS}?x=1&y=2",
        json={"name": "", "rol": "gi", "region": "JZ99"},
        headers=world.admin | {"Idempotency-Key": "a b"},
    )
    assert codes(answer) == {
        "#/query/x": "unknown-query-key",
        "#/query/y": "unknown-query-key",
        "#/header/Idempotency-Key": "pattern",
        "#/name": "too-short",
        "#/role": "missing",
        "#/rol": "unknown-field",
        "#/region": "unknown-code",
    }
    assert "7" in answer.json()["detail"]


async def test_errors_deep_in_a_body_are_pointed_at(world: World) -> None:
    choices = [{"careType": "gezinshuis"}, {"careType": "zorgboerderij", "maxDistanceKm": "ver"}]
    body = match_request(choices=choices, child={"gender": "boy", "measure": {"type": "21"}})
    assert codes(await world.http.post("/v1/matches", json=body, headers=world.gi)) == {
        "#/child/gender": "unknown-code",
        "#/child/measure/imposedOn": "missing",
        "#/choices/1/careType": "unknown-code",
        "#/choices/1/maxDistanceKm": "type",
    }


async def test_an_unknown_code_is_named(world: World) -> None:
    body = match_request(choices=[{"careType": "zorgboerderij"}])
    answer = await world.http.post("/v1/matches", json=body, headers=world.gi)
    (error,) = problem(answer, 400, "invalid-input")["errors"]
    assert "zorgboerderij" in error["detail"]
    assert "/v1/care-types" in error["detail"]


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("a/b", "#/a~1b"),
        ("a~b", "#/a~0b"),
        ("~1", "#/~01"),
        ("twee woorden", "#/twee%20woorden"),
        ("100%", "#/100%25"),
        ("é", "#/%C3%A9"),
        ("{x}", "#/%7Bx%7D"),
        ("#", "#/%23"),
        ('"', "#/%22"),
    ],
)
async def test_a_pointer_is_a_uri_fragment(world: World, field: str, expected: str) -> None:
    body = {"name": "X", "role": "gi", field: 1}
    assert codes(await world.http.post(ORGANISATIONS, json=body, headers=world.admin)) == {expected: "unknown-field"}


@given(st.lists(st.text() | st.integers(min_value=0, max_value=99), min_size=1, max_size=4))
def test_a_pointer_leads_back_to_the_field(parts: list[str | int]) -> None:
    written = pointer(["body", *parts])
    assert written.isascii()
    read = [unquote(each).replace("~1", "/").replace("~0", "~") for each in written.removeprefix("#/").split("/")]
    assert read == [str(part) for part in parts]


def test_an_error_that_has_no_words_of_ours_is_told_as_it_is() -> None:
    (error,) = input_errors([{"type": "value_error", "loc": ("body", "x"), "msg": "no {braces} here", "input": 1}])
    assert (error.pointer, error.code, error.detail.en) == ("#/x", "invalid", "no {braces} here")


@pytest.mark.parametrize(
    ("expected", "dutch"), [("'a', 'b' or 'c'", "'a', 'b' of 'c'"), ("1, 2 or 'other'", "1, 2 of 'other'"), ("1", "1")]
)
def test_what_can_be_chosen_is_listed_in_the_own_language(expected: str, dutch: str) -> None:
    found = {"type": "literal_error", "loc": ("body", "x"), "input": 7, "ctx": {"expected": expected}}
    (error,) = input_errors([found])
    assert error.detail.nl == f"Onbekende waarde 7; kies uit {dutch}."
    assert error.detail.en == f"Unknown value 7; choose {expected}."


PATH_VALUES = {"pc4": "1781", "key": "here", "clientId": "duinen-epd", "region": "JZ05", "name": "help"}


async def test_every_operation_refuses_a_query_key_that_it_does_not_have(world: World) -> None:
    document = await world.ok(world.http.get("/v1/openapi.json"))
    refused = 0
    for template, item in document["paths"].items():
        for method, operation in item.items():
            names = [each["name"] for each in operation.get("parameters", []) if each["in"] == "path"]
            path = "/v1" + template.format(**{name: PATH_VALUES.get(name, str(UUID(int=1))) for name in names})
            for role in Role:
                headers = world.as_(role, provider_id=UUID(int=1), rights=frozenset(Right))
                answer = await world.http.request(method, f"{path}?onbekend=1", json={}, headers=headers)
                if answer.status_code not in {403, 415}:
                    break
            else:
                answer = await world.http.request(method, f"{path}?onbekend=1", data={"grant_type": "x"})
            assert codes(answer).get("#/query/onbekend") == "unknown-query-key", f"{method} {template}"
            refused += 1
    assert refused > 30
