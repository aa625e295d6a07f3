"""All machines tell the database's time, however wrong their own clocks are."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import UUID

import jwt
import pytest

from app.kit.clock import Clock, DatabaseClock, system_clock
from app.kit.database.sessions import Database, connect
from app.kit.security.callers import Caller, Role, claims_of
from app.kit.security.tokens import LEEWAY, Tokens, signing_key
from app.main import create_app
from app.settings import Settings
from tests.conftest import NOW, SettableClock, asking
from tests.kit.database.test_limits import put, two_offers
from tests.world import World

WRONG = [timedelta(seconds=-120), timedelta(seconds=120)]


def clock_that_is(wrong: timedelta) -> Clock:
    """A machine's clock."""
    return lambda: system_clock() + wrong


@asynccontextmanager
async def machine(settings: Settings, url: str, wrong: timedelta) -> AsyncIterator[World]:
    """The service on a machine whose clock is wrong."""
    database: Database = connect(url, pool_size=3)
    async with asking(create_app(settings, database=database, own_clock=clock_that_is(wrong))) as made:
        yield made
    await database.close()


def test_what_the_database_tells_narrows_the_difference_down() -> None:
    moments = iter([NOW + timedelta(milliseconds=4), NOW + timedelta(milliseconds=10), NOW, NOW])
    clock = DatabaseClock(lambda: next(moments))
    clock.hear(NOW + timedelta(seconds=120, milliseconds=3), asked=NOW)
    clock.hear(NOW + timedelta(seconds=120, milliseconds=9), asked=NOW + timedelta(milliseconds=8))
    differs = clock() - NOW
    assert timedelta(seconds=119, milliseconds=999) <= differs <= timedelta(seconds=120, milliseconds=1)
    assert clock() - NOW == differs


@pytest.mark.parametrize("wrong", WRONG)
async def test_a_report_by_a_machine_that_is_wrong_stands(
    settings: Settings, fresh_database_url: str, wrong: timedelta
) -> None:
    async with (
        machine(settings, fresh_database_url, timedelta()) as right,
        machine(settings, fresh_database_url, wrong) as other,
    ):
        offer, _ = await two_offers(right)
        for free, world in enumerate((right, other, right, other)):
            answer = await put(world, offer, free)
            assert answer.json()["placesFree"] == free, "the report that came in last"
            observed = datetime.fromisoformat(answer.json()["observedAt"])
            assert abs(observed - system_clock()) < timedelta(seconds=60)


async def test_a_report_of_now_is_never_older_than_what_stands(
    world: World, clock: SettableClock, subtests: pytest.Subtests
) -> None:
    """Also where the clock that told "now" was ahead, as that of a database that is failed over from."""
    offer, _ = await two_offers(world)
    url = f"/v1/offers/{offer}/capacity"
    bulk = [{"offerId": offer, "placesTotal": 4, "placesFree": 3}]
    ways = {
        "PUT": ("PUT", url, {"placesTotal": 4, "placesFree": 3}),
        "PATCH": ("PATCH", url, {"placesFree": 3}),
        "many": ("POST", "/v1/capacity-reports", bulk),
        "confirmed": ("POST", f"{url}/confirmations", None),
    }
    for day, (name, (method, path, body)) in enumerate(ways.items(), start=1):
        with subtests.test(name):
            clock.now = NOW + timedelta(days=day)
            first = (await put(world, offer, 3 if name == "confirmed" else 1)).json()
            clock.now = NOW
            answer = await world.http.request(method, path, json=body, headers=world.admin)
            assert answer.status_code < 300, answer.text
            standing = (await world.http.get(url, headers=world.admin)).json()
            assert standing["placesFree"] == 3
            assert standing["observedAt"] == first["observedAt"]


def token_of(settings: Settings, *, begins: timedelta, lifetime: timedelta, **claims: object) -> str:
    """A token of ours, issued so long after now."""
    caller = claims_of(Caller("test-gi", UUID(int=1), Role.GI))
    return Tokens(settings).issue({**caller, **claims}, system_clock() + begins, lifetime)


MINUTE = timedelta(minutes=1)
A_LITTLE = timedelta(seconds=LEEWAY - 20)
TOO_MUCH = timedelta(seconds=LEEWAY + 20)


@pytest.mark.parametrize(
    ("begins", "lifetime", "good"),
    [
        (A_LITTLE, MINUTE, True),  # iat
        (TOO_MUCH, MINUTE, False),
        (-MINUTE - A_LITTLE, MINUTE, True),  # exp
        (-MINUTE - TOO_MUCH, MINUTE, False),
        (timedelta(), timedelta(seconds=900), True),
        (timedelta(), timedelta(seconds=901), False),  # for longer than any token is given out for
    ],
)
async def test_a_token_is_held_against_the_time_with_leeway(
    settings: Settings, begins: timedelta, lifetime: timedelta, *, good: bool
) -> None:
    token = token_of(settings, begins=begins, lifetime=lifetime)
    assert (await Tokens(settings).verify(token, "http://test") is not None) is good


@pytest.mark.parametrize(("later", "good"), [(A_LITTLE, True), (TOO_MUCH, False)])
async def test_a_token_that_is_not_to_be_used_yet(settings: Settings, later: timedelta, *, good: bool) -> None:
    token = token_of(settings, begins=timedelta(), lifetime=MINUTE, nbf=system_clock() + later)
    assert (await Tokens(settings).verify(token, "http://test") is not None) is good


@pytest.mark.parametrize("name", ["iat", "exp", "nbf"])
async def test_a_time_that_is_no_time(settings: Settings, name: str) -> None:
    good = jwt.decode(token_of(settings, begins=timedelta(), lifetime=MINUTE), options={"verify_signature": False})
    token = jwt.encode({**good, name: "now"}, signing_key(settings), algorithm="ES256")
    assert await Tokens(settings).verify(token, "http://test") is None


@pytest.mark.parametrize("wrong", WRONG)
async def test_machines_take_each_others_tokens(settings: Settings, fresh_database_url: str, wrong: timedelta) -> None:
    async with (
        machine(settings, fresh_database_url, timedelta()) as right,
        machine(settings, fresh_database_url, wrong) as other,
    ):
        for issuer, reader in ((right, other), (other, right)):
            tokens = issuer.parts.tokens
            token = tokens.issue(claims_of(Caller("test-gi", UUID(int=1), Role.GI)), issuer.parts.clock())
            headers = {"Authorization": f"Bearer {token}"}
            assert (await reader.http.get("/v1/offers", headers=headers)).status_code == 200
