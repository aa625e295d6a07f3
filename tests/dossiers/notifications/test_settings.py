"""What an organisation is told by mail: set by itself, of kinds that it can be told of, at an address of its own."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from app.kit.security.callers import Role
from tests.notifying.contacts.test_contacts import CONTACT
from tests.notifying.contacts.test_contacts import put as put_contact
from tests.world import World, codes, problem

PATH = "/v1/me/notification-settings"
OWN = {Role.PROVIDER, Role.GI, Role.LOCAL_TEAM, Role.REGION, Role.SUPRAREGION, Role.NATIONAL}


async def put(
    world: World, *mails: tuple[str, str], headers: dict[str, str] | None = None, etag: str = "*"
) -> httpx.Response:
    body = {"mails": [{"kind": kind, "address": address} for kind, address in mails]}
    return await world.http.put(PATH, json=body, headers={"If-Match": etag, **(headers or world.gi)})


async def test_whose_they_are(world: World) -> None:
    problem(await world.http.get(PATH), 401, "unauthenticated")
    problem(await put(world, headers={"Authorization": ""}), 401, "unauthenticated")
    for role in Role:
        read, written = await world.http.get(PATH, headers=world.as_(role)), await put(world, headers=world.as_(role))
        assert (read.status_code, written.status_code) == ((200, 200) if role in OWN else (403, 403)), role


@pytest.mark.parametrize(
    ("role", "mails", "expected"),
    [
        (Role.GI, [("referral", "desk")], {"#/mails/0/kind": "not-applicable"}),
        (Role.LOCAL_TEAM, [("notice", "desk"), ("call", "desk")], {"#/mails/1/kind": "not-applicable"}),
        (Role.REGION, [("notice", "desk"), ("answer", "desk")], {"#/mails/1/kind": "not-applicable"}),
        (Role.LOCAL_TEAM, [("answer", "team")], {"#/mails/0/address": "not-applicable"}),
        (Role.GI, [("alles", "iedereen")], {"#/mails/0/kind": "unknown-code", "#/mails/0/address": "unknown-code"}),
        (Role.GI, [("answer", "team"), ("answer", "team")], {"#/mails": "repeated"}),
    ],
)
async def test_bad_input_is_named(
    world: World, role: Role, mails: list[tuple[str, str]], expected: dict[str, str]
) -> None:
    headers = world.as_(role)
    await world.ok(put_contact(world, {"name": "Balie", "email": "balie@example.org"}, headers))
    assert codes(await put(world, *mails, headers=headers)) == expected
    assert await world.ok(world.http.get(PATH, headers=headers)) == {"mails": []}


async def test_a_mail_needs_an_address(world: World) -> None:
    problem(await put(world, ("notice", "team")), 409, "no-mail-address")
    await world.ok(put_contact(world, CONTACT | {"email": None}))
    problem(await put(world, ("notice", "team"), ("answer", "desk")), 409, "no-mail-address")
    assert await world.ok(put(world, ("notice", "team")))
    provider = world.provider(await world.add_provider())
    told = problem(await put(world, ("referral", "desk"), headers=provider), 409, "no-mail-address")
    assert "/v1/providers" in told["detail"]


async def test_is_set_on_the_version_that_was_read_and_is_each_ones_own(world: World) -> None:
    await world.ok(put_contact(world, CONTACT))
    read = await world.http.get(PATH, headers=world.gi)
    assert (read.json(), read.headers["etag"]) == ({"mails": []}, '"0"')
    problem(await world.http.put(PATH, json={"mails": []}, headers=world.gi), 428, "if-match-required")
    answer = await put(world, ("answer", "team"), etag='"0"')
    assert answer.json() == {"mails": [{"kind": "answer", "address": "team"}]}
    problem(await put(world, etag='"0"'), 412, "stale-version")
    again = await world.http.get(PATH, headers=world.gi)
    assert (again.json(), again.headers["etag"]) == (answer.json(), answer.headers["etag"])
    others: list[dict[str, Any]] = [{"organisation_id": UUID(int=77)}, {}]
    for role, owns in zip((Role.GI, Role.LOCAL_TEAM), others, strict=True):
        assert await world.ok(world.http.get(PATH, headers=world.as_(role, **owns))) == {"mails": []}
