"""Cursors: what goes in comes out, and whatever a caller makes up is refused."""

import base64
import json
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.errors import InvalidInputError
from app.kit.pages import decode_cursor, encode_cursor
from tests.world import World, codes

VALUES: dict[type, st.SearchStrategy[Any]] = {
    str: st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])),
    int: st.integers(-(2**63), 2**63 - 1),
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    UUID: st.uuids(),
    date: st.dates(),
    datetime: st.datetimes(timezones=st.just(UTC)),
}
KEYS = st.lists(st.sampled_from(list(VALUES)), min_size=1, max_size=4).flatmap(
    lambda kinds: st.tuples(st.just(kinds), st.tuples(*(VALUES[kind] for kind in kinds)))
)


def cursor(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode()


@given(KEYS)
def test_a_key_comes_back_from_its_cursor(drawn: tuple[list[type], tuple[Any, ...]]) -> None:
    kinds, key = drawn
    written = encode_cursor("/v1/things", key)
    assert decode_cursor(written, "/v1/things", kinds) == list(key)
    assert [type(part) for part in decode_cursor(written, "/v1/things", kinds)] == kinds
    assert written.replace("-", "").replace("_", "").isalnum(), "it goes into a URL as it is"
    with pytest.raises(InvalidInputError):
        decode_cursor(written, "/v1/others", kinds)


@given(st.text())
def test_no_text_gets_further_than_a_refusal(text: str) -> None:
    try:
        key = decode_cursor(text, "/v1/things", [str, UUID])
    except InvalidInputError:
        return
    assert [type(part) for part in key] == [str, UUID]


@pytest.mark.parametrize(
    "made_up",
    [
        "x",
        "é",
        "%00",
        cursor("JZ03"),
        cursor({"after": "JZ03"}),
        cursor([]),
        encode_cursor("/v1/regions", ["JZ03", "JZ04"]),
        encode_cursor("/v1/regions", [3]),
        encode_cursor("/v1/regions", [None]),
        encode_cursor("/v1/regions", [True]),
        encode_cursor("/v1/regions", [["JZ03"]]),
        encode_cursor("/v1/regions", ["JZ03\x00"]),
        encode_cursor("/v1/regions", ["JZ03"])[:-4],
    ],
)
async def test_a_cursor_that_is_made_up_is_refused(world: World, made_up: str) -> None:
    answer = await world.http.get("/v1/regions", params={"cursor": made_up})
    assert codes(answer) == {"#/query/cursor": "invalid-cursor"}


async def test_a_cursor_of_another_list_is_refused(world: World) -> None:
    made = await world.ok(world.http.get("/v1/regions?limit=1"))
    path = "/v1/organisations?" + made["_links"]["next"]["href"].partition("?")[2]
    assert codes(await world.http.get(path, headers=world.admin)) == {"#/query/cursor": "invalid-cursor"}


@pytest.mark.parametrize("key", [["\x00", str(UUID(int=1))], ["A", 2**63], ["A", "x"], ["A", 1], [1, str(UUID(int=1))]])
async def test_nothing_odd_reaches_the_database(world: World, key: list[Any]) -> None:
    answer = await world.http.get(
        "/v1/organisations", params={"cursor": encode_cursor("/v1/organisations", key)}, headers=world.admin
    )
    assert codes(answer) == {"#/query/cursor": "invalid-cursor"}


@pytest.mark.parametrize(
    ("limit", "code"),
    [
        ("0", "out-of-range"),
        ("201", "out-of-range"),
        ("-1", "out-of-range"),
        ("veel", "type"),
        ("1.5", "type"),
        ("", "type"),
    ],
)
async def test_a_page_has_1_to_200_items(world: World, limit: str, code: str) -> None:
    assert codes(await world.http.get(f"/v1/regions?limit={limit}")) == {"#/query/limit": code}


async def test_links_keep_the_question(world: World) -> None:
    href = "/v1/municipalities?region=JZ03&limit=2"
    first = await world.http.get(href)
    links = first.json()["_links"]
    assert links["self"]["href"] == href
    assert links["next"]["href"].startswith("/v1/municipalities?region=JZ03&limit=2&cursor=")
    assert first.headers["link"] == f'<{links["next"]["href"]}>; rel="next"'
    second = await world.ok(world.http.get(links["next"]["href"]))
    assert second["_links"]["self"]["href"] == links["next"]["href"]
    assert {each["region"] for each in second["items"]} == {"JZ03"}
