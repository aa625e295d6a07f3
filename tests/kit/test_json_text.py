"""JSON as real systems send it: what means one thing is taken, what means two is refused, and errors say where."""

from typing import Any

import pytest

from app.kit.errors import InvalidInputError
from app.kit.json_text import read_json
from tests.world import World, codes

JSON = {"Content-Type": "application/json"}
NDJSON = {"Content-Type": "application/x-ndjson"}
BOM = b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (BOM + b'{"a": 1}', {"a": 1}),
        (b'[{"a": 1}, {"a": 1}]', [{"a": 1}, {"a": 1}]),
        (b'{"a": {"a": 1}}', {"a": {"a": 1}}),
        (b" 1.0 ", 1.0),
        ('"\\ud83d\\ude00é"'.encode(), "😀é"),
    ],
)
def test_what_means_one_thing_is_read(raw: bytes, value: Any) -> None:
    assert read_json(raw) == value


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b'{"a": 1, "a": 1}', {"#/a": "duplicate-field"}),
        (b'{"a": 1, "\\u0061": 2}', {"#/a": "duplicate-field"}),
        (
            b'[{"b": {"c": 1, "c": 2}}, {"d/e": 1, "d/e": 2}]',
            {"#/0/b/c": "duplicate-field", "#/1/d~1e": "duplicate-field"},
        ),
        (b'[{"a": "}", "a": [1, {"x": 2}], "a": 3},\n{"c": {}}]', {"#/0/a": "duplicate-field"}),
        (b'[{"a": 1, "a": 1}, {', {"#": "invalid-json"}),
        (b'[{"a": 1, "a": 1}, NaN]', {"#": "invalid-json"}),
        (b'{"a": NaN}', {"#": "invalid-json"}),
        (b'{"a": -Infinity}', {"#": "invalid-json"}),
        (b"{'a': 1}", {"#": "invalid-json"}),
        (b'{"a": 01}', {"#": "invalid-json"}),
        (b'{"a": "\t"}', {"#": "invalid-json"}),
        (b"1 2", {"#": "invalid-json"}),
        ('{"a": 1}'.encode("utf-16"), {"#": "unreadable"}),
        (b"[" * 100_000, {"#": "unreadable"}),
        (b"9" * 5000, {"#": "unreadable"}),
    ],
)
def test_what_does_not_is_refused(raw: bytes, found: dict[str, str]) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read_json(raw)
    assert {each.pointer: each.code for each in refused.value.errors} == found


@pytest.mark.parametrize("query", ["", "?explain=true"])
async def test_an_error_says_its_line_and_character(world: World, query: str) -> None:
    headers = world.gi | JSON | {"Accept-Language": "en"}
    answer = await world.http.post(
        f"/v1/matches{query}", content=b'{\n  "child": {},\n  "choices" []}', headers=headers
    )
    assert codes(answer) == {"#": "invalid-json"}
    assert "line 3, character 13" in answer.json()["errors"][0]["detail"]


async def test_a_field_that_is_there_twice_and_a_bad_line_say_on_which_line(world: World) -> None:
    twice = b'[{"a": "\\"\\\\",\n "b": {"c": 1,\n\n "c"\n: 2}},\n {"a": 1, "a": 2, "a": 3}]'
    with pytest.raises(InvalidInputError) as refused:
        read_json(twice)
    told = [(each.pointer, each.detail.en.partition("(")[2][:6]) for each in refused.value.errors]
    assert told == [("#/0/b/c", "line 4"), ("#/1/a", "line 6")]
    lines = b'{"placesFree": 1}\n\n{"placesFree" 1}\n{"placesFree": 1, "placesFree": 2}\n'
    answer = await world.http.post("/v1/capacity-reports", content=lines, headers=world.admin | NDJSON)
    first, second, third = [item["problem"]["errors"][0] for item in answer.json()["items"]]
    assert first["code"] == "missing"
    assert (second["pointer"], "(regel 3, teken 15)" in second["detail"]) == ("#/line/3", True)
    assert (third["pointer"], "(regel 4)" in third["detail"]) == ("#/line/4/placesFree", True)


async def test_no_operation_takes_the_last_of_two(world: World) -> None:
    offer = await world.add_offer()
    own = world.provider(offer["providerId"]) | JSON
    twice = b'{"placesFree": 1, "placesFree": 3}'
    answer = await world.http.put(f"/v1/offers/{offer['id']}/capacity", content=twice, headers=own)
    assert codes(answer) == {"#/placesFree": "duplicate-field"}
    match = b'{"child": {"gender": "male", "gender": "female"}, "choices": []}'
    assert codes(await world.http.post("/v1/matches", content=match, headers=world.gi | JSON)) == {
        "#/child/gender": "duplicate-field"
    }
    listed = b'[{"offerId": "%b", "placesFree": 1, "placesFree": 3}]' % offer["id"].encode()
    answer = await world.http.post("/v1/capacity-reports", content=listed, headers=own)
    assert codes(answer) == {"#/0/placesFree": "duplicate-field"}
    batch = b'{"requests": [{"key": "a", "key": "b"}]}'
    path = f"/v1/providers/{offer['providerId']}/offers/_batch"
    assert codes(await world.http.post(path, content=batch, headers=own)) == {"#/requests/0/key": "duplicate-field"}


async def test_a_line_is_refused_on_its_own(world: World) -> None:
    offer = await world.add_offer()
    good = b'{"offerId": "%b", "placesFree": 2.0}' % offer["id"].encode()
    twice = good.replace(b"}", b', "placesFree": 3}')
    own = world.provider(offer["providerId"])
    sent = BOM + good + b"\n" + twice + b"\n{]\n"
    answer = await world.ok(world.http.post("/v1/capacity-reports", content=sent, headers=own | NDJSON))
    problems = [line["problem"] and line["problem"]["errors"][0] for line in answer["items"]]
    assert problems[0] is None
    assert (problems[1]["pointer"], problems[1]["code"]) == ("#/line/2/placesFree", "duplicate-field")
    assert (problems[2]["pointer"], problems[2]["code"]) == ("#/line/3", "invalid-json")
    standing = await world.ok(world.http.get(f"/v1/offers/{offer['id']}/capacity", headers=own))
    assert standing["placesFree"] == 2


@pytest.mark.parametrize(
    ("number", "taken"), [(b"2.0", 2), (b"2e0", 2), (b"2.5", None), (b"true", None), (b"1e99", None)]
)
async def test_a_whole_number_may_be_written_with_a_point(world: World, number: bytes, taken: int | None) -> None:
    offer = await world.add_offer()
    path, own = f"/v1/offers/{offer['id']}/capacity", world.provider(offer["providerId"]) | JSON
    answer = await world.http.put(path, content=BOM + b'{"placesFree": ' + number + b"}", headers=own)
    if taken is None:
        assert codes(answer).keys() == {"#/placesFree"}
    else:
        assert answer.json()["placesFree"] == taken
