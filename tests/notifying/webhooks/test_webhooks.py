"""Keeping webhooks through the API: each organisation its own, and a secret that is shown once."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from app.kit.security.callers import Role
from app.notifying.webhooks.secrets import Vault
from app.notifying.webhooks.service import MOST_WEBHOOKS
from app.notifying.webhooks.targets import Targets
from tests.notifying.webhooks.conftest import add_webhook, deliveries
from tests.notifying.webhooks.receiver import Json, Receiver
from tests.world import World, codes, problem

PATH = "/v1/webhooks"
BODY: Json = {"url": "https://hook.example.nl/wijzer?bron=1", "types": ["capacity.changed"]}
NOBODYS = str(uuid4())

OPERATIONS: list[tuple[str, str, Json | None]] = [
    ("GET", "/{id}", None),
    ("PATCH", "/{id}", {"types": ["referral.sent"]}),
    ("DELETE", "/{id}", None),
    ("POST", "/{id}/secret-rotations", None),
    ("POST", "/{id}/test-events", None),
    ("GET", "/{id}/deliveries", None),
    ("POST", "/{id}/deliveries/1/redeliveries", None),
]


async def post(world: World, body: Json, headers: dict[str, str] | None = None) -> httpx.Response:
    return await world.http.post(PATH, json=body, headers=headers or world.gi)


async def ask(world: World, operation: tuple[str, str, Json | None], id_: str, headers: dict[str, str]) -> Any:
    method, path, body = operation
    headers = headers | ({"If-Match": "*"} if method == "PATCH" else {})
    return await world.http.request(method, PATH + path.format(id=id_), json=body, headers=headers)


@pytest.mark.parametrize("operation", [("GET", "", None), ("POST", "", BODY), *OPERATIONS])
async def test_takes_a_token(world: World, operation: tuple[str, str, Json | None]) -> None:
    problem(await ask(world, operation, NOBODYS, {}), 401, "unauthenticated")


OTHERS = {
    "another organisation": {"role": Role.GI, "organisation_id": UUID(int=99)},
    "another role of the same": {"role": Role.LOCAL_TEAM, "organisation_id": UUID(int=2)},
    "a provider": {"role": Role.PROVIDER, "organisation_id": UUID(int=2)},
    "an admin": {"role": Role.ADMIN},
}


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
async def test_anothers_webhook_does_not_exist(
    world: World, receiver: Receiver, operation: tuple[str, str, Json | None], other: str
) -> None:
    webhook = await add_webhook(world, receiver)
    headers = world.as_(**OTHERS[other])  # type: ignore[arg-type]  # of the table
    problem(await ask(world, operation, webhook["id"], headers), 404, "not-found")
    problem(await ask(world, operation, NOBODYS, world.gi), 404, "not-found")
    assert (await world.ok(world.http.get(PATH, headers=headers)))["items"] == []
    (own,) = (await world.ok(world.http.get(PATH, headers=world.gi)))["items"]
    assert own["types"] == webhook["types"]


async def test_another_provider_of_the_same_organisation_has_its_own(world: World, receiver: Receiver) -> None:
    """Its tokens are those of an external issuer, which may know the two as one organisation."""
    one, two = await world.add_provider(), await world.add_provider()
    webhook = await add_webhook(world, receiver, headers=world.provider(one))
    problem(await world.http.get(f"{PATH}/{webhook['id']}", headers=world.provider(two)), 404, "not-found")


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"url": "http://hook.example.nl.evil.example/"}, {"#/url": "not-https"}),
        ({"url": "https://127.0.0.2/"}, {"#/url": "private-address"}),
        ({"url": "https://[::ffff:169.254.169.254]/"}, {"#/url": "private-address"}),
        ({"url": "https://user:geheim@hook.example.nl/"}, {"#/url": "url"}),
        ({"url": "https://hook.example.nl/#x"}, {"#/url": "url"}),
        ({"url": "https:///x"}, {"#/url": "url"}),
        ({"url": "https://0177.0.0.1/"}, {"#/url": "url"}),
        ({"url": "https://hook.example.nl:99999/"}, {"#/url": "url"}),
        ({"url": "file:///etc/passwd"}, {"#/url": "url"}),
        ({"url": "gopher://127.0.0.1/"}, {"#/url": "url"}),
        ({"url": "//hook.example.nl/"}, {"#/url": "url"}),
        ({"url": "https://hook.example.nl/ x\r\nHost: y"}, {"#/url": "pattern"}),
        ({"url": "https://hook.example.nl/" + "x" * 2000}, {"#/url": "too-long"}),
        ({"url": "https://hook.example.nl/111222333"}, {"#/url": "bsn"}),
        ({"types": []}, {"#/types": "too-few"}),
        ({"types": ["capacity.changed"] * 2}, {"#/types": "repeated"}),
        ({"types": ["webhook.test"]}, {"#/types/0": "unknown-code"}),
        ({"careTypes": ["bestaat-niet"], "regions": ["JZ99"]}, {"#/careTypes/0": "x", "#/regions/0": "x"}),
        ({"careTypes": [], "regions": [], "providers": []}, {"#/careTypes": "x", "#/regions": "x", "#/providers": "x"}),
        ({"providers": ["x"]}, {"#/providers/0": "x"}),
        ({"description": "kind 111222333"}, {"#/description": "bsn"}),
        ({"secret": "whsec_x", "active": False}, {"#/secret": "unknown-field", "#/active": "unknown-field"}),
        ({"url": None, "types": None}, {"#/url": "x", "#/types": "x"}),
    ],
)
async def test_bad_input(world: World, change: Json, errors: dict[str, str]) -> None:
    async def itself(host: str, _: int) -> list[str]:
        return [host.strip("[]")] if host[0] in "0123456789[:" else ["192.0.2.1"]

    world.change(targets=Targets(["hook.example.nl"], itself))
    found = codes(await post(world, BODY | change))
    assert found.keys() == errors.keys()
    assert {found[pointer] for pointer, code in errors.items() if code != "x"} == set(errors.values()) - {"x"}
    assert (await world.ok(world.http.get(PATH, headers=world.gi)))["items"] == []


async def test_a_webhook_is_made_and_its_secret_shown_once(world: World) -> None:
    filters = {"careTypes": ["gezinshuis"], "regions": ["JZ03"], "providers": [NOBODYS], "description": "Rooster"}
    with capture_logs() as logs:
        answer = await post(world, BODY | filters)
    made = answer.json()
    secret = made.pop("secret")
    assert (answer.status_code, answer.headers["cache-control"]) == (201, "no-store")
    assert made == BODY | filters | {
        "id": made["id"],
        "active": True,
        "disabledBecause": None,
        "previousSecretUntil": None,
        "createdAt": "2026-11-22T10:00:00Z",
    }
    read = await world.http.get(answer.headers["location"], headers=world.gi)
    assert (read.json(), read.headers["etag"]) == (made, answer.headers["etag"])
    (listed,) = (await world.ok(world.http.get(PATH, headers=world.gi)))["items"]
    assert listed == made
    for hidden in (secret, "bron=1", "hook.example.nl"):
        assert hidden not in str(logs)


async def kept(world: World) -> str:
    """All that the database keeps of webhooks and answers, as text."""
    async with world.parts.database.read() as session:
        rows = await session.execute(
            text(
                "SELECT w::text FROM webhooks w UNION ALL SELECT encode(body, 'escape') "
                "FROM stored_answers UNION ALL SELECT a::text FROM stored_answers a"
            )
        )
        return "\n".join(str(row[0]) for row in rows)


async def test_the_same_key_gives_the_same_secret_and_the_database_has_it_nowhere(world: World) -> None:
    headers = world.gi | {"Idempotency-Key": "een-sleutel"}
    first, again = await post(world, BODY, headers), await post(world, BODY, headers)
    assert (again.status_code, again.json(), again.headers["etag"]) == (201, first.json(), first.headers["etag"])
    assert again.headers["cache-control"] == "no-store"
    path = f"{PATH}/{first.json()['id']}/secret-rotations"
    headers = world.gi | {"Idempotency-Key": "een-andere"}
    new, same = [await world.ok(world.http.post(path, headers=headers)) for _ in range(2)]
    assert new == same
    assert (await post(world, BODY, world.gi | {"Idempotency-Key": "een-sleutel"})).json() == first.json()
    everything = await kept(world)
    assert first.json()["id"] in everything
    for secret in (first.json()["secret"], new["secret"]):
        assert secret.removeprefix("whsec_") not in everything
    assert len((await world.ok(world.http.get(PATH, headers=world.gi)))["items"]) == 1


async def test_a_patch_changes_what_it_names(world: World, receiver: Receiver) -> None:
    webhook = await add_webhook(world, receiver, careTypes=["gezinshuis"])
    path = f"{PATH}/{webhook['id']}"
    problem(await world.http.patch(path, json={"active": False}, headers=world.gi), 428, "if-match-required")
    headers = world.gi | {"If-Match": '"1"'}
    body: Json = {"active": False, "careTypes": None, "types": ["watch.matched"], "url": BODY["url"]}
    answer = await world.http.patch(path, json=body, headers=headers)
    assert answer.headers["etag"] == '"2"'
    expected = webhook | body | {"disabledBecause": "owner"}
    del expected["secret"]
    assert answer.json() == expected
    problem(await world.http.patch(path, json={"active": True}, headers=headers), 412, "stale-version")


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"url": None, "types": None, "active": None}, {"#/url": "null", "#/types": "null", "#/active": "null"}),
        ({"url": "https://192.0.2.1/"}, {"#/url": "private-address"}),
        ({"secret": "x"}, {"#/secret": "unknown-field"}),
    ],
)
async def test_a_patch_is_checked(world: World, receiver: Receiver, body: Json, errors: dict[str, str]) -> None:
    webhook = await add_webhook(world, receiver)
    world.change(targets=Targets([]))
    headers = world.gi | {"If-Match": "*"}
    assert codes(await world.http.patch(f"{PATH}/{webhook['id']}", json=body, headers=headers)) == errors


async def test_a_deleted_webhook_is_gone_with_its_deliveries(world: World, receiver: Receiver) -> None:
    webhook = await add_webhook(world, receiver)
    path = f"{PATH}/{webhook['id']}"
    await world.ok(world.http.post(f"{path}/test-events", headers=world.gi))
    answer = await world.http.delete(path, headers=world.gi)
    assert (answer.status_code, answer.content) == (204, b"")
    problem(await world.http.get(path, headers=world.gi), 404, "not-found")
    async with world.parts.database.read() as session:
        assert await session.scalar(text("SELECT count(*) FROM webhook_deliveries")) == 0


async def test_a_test_event_is_a_delivery_to_this_webhook_alone(world: World, receiver: Receiver) -> None:
    webhook, other = await add_webhook(world, receiver), await add_webhook(world, receiver)
    path = f"{PATH}/{webhook['id']}"
    sent = await world.ok(world.http.post(f"{path}/test-events", headers=world.gi))
    assert await deliveries(world, webhook) == [sent]
    assert await deliveries(world, other) == []
    assert (sent["type"], sent["subject"], sent["state"]) == ("webhook.test", webhook["id"], "pending")
    assert (sent["attempts"], sent["lastError"], sent["dueAt"]) == (0, None, "2026-11-22T10:00:00Z")
    headers = world.gi | {"If-Match": "*"}
    await world.ok(world.http.patch(path, json={"active": False}, headers=headers))
    problem(await world.http.post(f"{path}/test-events", headers=world.gi), 409, "conflict")
    problem(await world.http.post(f"{path}/deliveries/{sent['id']}/redeliveries", headers=world.gi), 409, "conflict")
    elsewhere = f"{PATH}/{other['id']}/deliveries/{sent['id']}/redeliveries"
    problem(await world.http.post(elsewhere, headers=world.gi), 404, "not-found")


async def test_deliveries_come_in_pages_and_by_state(world: World, receiver: Receiver) -> None:
    webhook = await add_webhook(world, receiver)
    path = f"{PATH}/{webhook['id']}"
    sent = [await world.ok(world.http.post(f"{path}/test-events", headers=world.gi)) for _ in range(3)]
    first = await world.ok(world.http.get(f"{path}/deliveries?limit=2&state=pending", headers=world.gi))
    second = await world.ok(world.http.get(first["_links"]["next"]["href"], headers=world.gi))
    assert [*first["items"], *second["items"]] == sent[::-1]
    assert await deliveries(world, webhook, query="?state=dead") == []
    assert codes(await world.http.get(f"{path}/deliveries?state=weg", headers=world.gi)) == {
        "#/query/state": "unknown-code"
    }


@pytest.mark.parametrize("hours", [-1, 169, 1.5, "24"])
async def test_an_overlap_has_its_limits(world: World, receiver: Receiver, hours: object) -> None:
    webhook = await add_webhook(world, receiver)
    sent = world.http.post(f"{PATH}/{webhook['id']}/secret-rotations", json={"overlapHours": hours}, headers=world.gi)
    assert codes(await sent).keys() == {"#/overlapHours"}


async def test_without_a_key_there_are_no_webhooks(world: World) -> None:
    world.change(vault=Vault([]))
    assert "WEBHOOK_KEYS" in problem(await post(world, BODY), 503, "unavailable")["detail"]


async def test_an_organisation_has_so_many_at_most_also_when_it_makes_them_at_once(committing_world: World) -> None:
    world = committing_world
    answers = await asyncio.gather(*(post(world, BODY) for _ in range(MOST_WEBHOOKS + 3)))
    assert sorted(answer.status_code for answer in answers) == [201] * MOST_WEBHOOKS + [409] * 3
    other = world.as_(Role.GI, organisation_id=UUID(int=99))
    assert (await post(world, BODY, other)).status_code == 201
