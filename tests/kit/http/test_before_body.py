"""Who calls is looked at before a body is read, at every operation that takes one."""

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.types import Message

from app.kit.security.callers import Role
from app.settings import Settings
from tests.world import World

OPEN = {"/v1/oauth/token", "/aanmelden/demo", "/afmelden"}
"""Where somebody comes who is not known yet, or no more; the last two read no token and little."""
SAFE = {"GET", "HEAD", "OPTIONS"}


def operations(app: FastAPI) -> Iterator[tuple[str, str]]:
    """The method and a path of every operation that may bring a body."""
    for route in iter_route_contexts(app.routes):
        for method in sorted((route.methods or set()) - SAFE):
            yield method, re.sub(r"\{[^}]+\}", "00000000-0000-0000-0000-000000000001", str(route.path))


class Asked:
    """An exchange that ends where the body would be read."""

    def __init__(self) -> None:
        self.has_read = False
        self.status = 0

    async def receive(self) -> Message:
        self.has_read = True
        return {"type": "http.request", "body": b"{}", "more_body": False}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]


async def ask(world: World, method: str, path: str, headers: dict[str, str]) -> Asked:
    asked = Asked()
    given = {"host": "test", "content-type": "application/json", "content-length": "1000000"} | headers
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "scheme": "http",
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in given.items()],
        "client": ("127.0.0.1", 1),
        "server": ("test", 80),
        "app": world.app,
    }
    await world.app(scope, asked.receive, asked.send)
    return asked


async def test_somebody_unknown_is_refused_before_the_body(world: World) -> None:
    """Pages lead to where one signs in, with a 303 or a 401 that says so."""
    asked = 0
    for method, path in operations(world.app):
        if path in OPEN:
            continue
        answer = await ask(world, method, path, {"sec-fetch-site": "same-origin"})
        assert (answer.status in {401, 303}, answer.has_read) == (True, False), (method, path, answer.status)
        asked += 1
    assert asked >= 100


@pytest.mark.parametrize("role", Role)
async def test_a_role_that_may_not_is_refused_before_the_body(world: World, role: Role) -> None:
    headers, refused = world.as_(role), 0
    for method, path in operations(world.app):
        answer = await ask(world, method, path, headers)
        if answer.status == 403 and path.startswith("/v1/"):
            refused += 1
            assert not answer.has_read, (method, path)
    assert refused > 10


async def test_a_form_of_another_site_is_refused_before_the_body(world: World) -> None:
    for method, path in operations(world.app):
        if not path.startswith(("/v1/", "/fhir", "/hsds")):
            answer = await ask(world, method, path, {"sec-fetch-site": "cross-site"})
            assert (answer.status, answer.has_read) == (403, False), (method, path)


async def test_too_much_is_refused_by_what_its_head_says(world: World) -> None:
    for method, path in operations(world.app):
        answer = await ask(world, method, path, world.admin | {"content-length": "999999999"})
        assert (answer.status, answer.has_read) == (413, False), (method, path)


async def test_a_token_is_counted_once_however_often_it_is_looked_at(world: World, settings: Settings) -> None:
    """An operation with a body looks at it before the body and after."""
    limited = settings.model_copy(update={"rate_limit": "2/hour"})
    world.change(settings=limited, rate_limit=type(world.parts.rate_limit)("2/hour"))

    body = {"name": "Regio", "role": "region", "regionCode": "JZ03"}
    answers = [await world.http.post("/v1/organisations", json=body, headers=world.admin) for _ in range(3)]

    assert [answer.status_code == 429 for answer in answers] == [False, False, True]
