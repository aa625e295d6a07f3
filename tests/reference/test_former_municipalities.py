"""A municipality that was merged names its successor, wherever a code is asked."""

from typing import Any

import pytest

from app.reference.former_municipalities import instead_of
from app.reference.lists import reference
from tests.world import World


def test_every_successor_is_a_municipality_of_now() -> None:
    lists = reference()
    for former in lists.merged_municipalities.values():
        assert former.code not in lists.municipalities
        assert former.successors
        assert set(former.successors) <= lists.municipalities.keys()
        assert 2015 <= former.since <= 2026
    made_since = {code for each in lists.merged_municipalities.values() for code in each.successors if code > "GM1929"}
    before = len(lists.municipalities) - len(made_since) + len(lists.merged_municipalities)
    assert before == 403, "as many as there were in 2014 (CBS)"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("GM1927", "Molenwaard (GM1927) is in 2019 opgegaan in Molenlanden (GM1978); gebruik die code"),
        ("weesp", "Weesp (GM0457) is in 2022 opgegaan in Amsterdam (GM0363); gebruik die code"),
        ("GM0788", "Boxtel (GM0757), Oisterwijk (GM0824), Tilburg (GM0855) en Vught (GM0865); gebruik de code van de"),
        ("den helder", "Den Helder heeft de code GM0400"),
    ],
)
def test_what_to_use_instead(given: str, said: str) -> None:
    text = instead_of(given)
    assert text is not None
    assert said in text.nl
    assert text.en != text.nl


@pytest.mark.parametrize("given", ["GM9999", "Atlantis", ""])
def test_what_never_was(given: str) -> None:
    assert instead_of(given) is None


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/v1/offers?municipality=GM0457", "unknown-code"),
        ("/v1/offers?municipality=Weesp", "municipality-code"),
        ("/v1/availability?municipality=GM0457&careType=pleegzorg-voltijd", "unknown-code"),
    ],
)
async def test_a_query_says_the_successor(world: World, path: str, code: str) -> None:
    answer = await world.http.get(path, headers=world.gi | {"Accept-Language": "en"})
    assert answer.status_code == 400
    [error] = [each for each in answer.json()["errors"] if each["pointer"].startswith("#/query/municipality")]
    assert error["code"] == code
    assert "Amsterdam (GM0363)" in error["detail"]


async def test_a_body_says_the_successor(world: World) -> None:
    provider = await world.add_provider()
    offer: dict[str, Any] = {"careType": "pleegzorg-voltijd", "name": "x", "serviceArea": ["GM0400", "GM0457"]}
    answer = await world.http.put(f"/v1/providers/{provider}/offers/a", json=offer, headers=world.provider(provider))
    assert answer.status_code == 400
    errors = {each["pointer"]: each["detail"] for each in answer.json()["errors"]}
    assert "Amsterdam (GM0363)" in errors["#/serviceArea/1"]
