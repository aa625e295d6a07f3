"""A measure by its kind and its days: which clocks a child has, and from which day each counts."""

from typing import Any

import httpx
import pytest

from app.reference.lists import reference
from tests.dossiers.agreements.test_agreements import DEFAULT
from tests.dossiers.referrals.scene import items, refer, request_of
from tests.world import World, codes, match_request, request_body

Json = dict[str, Any]

MEASURE = {"type": "21", "imposedOn": "2026-10-12"}
FULL = MEASURE | {"informedOn": "2026-10-14", "startedOn": "2026-10-19"}
NORMS = ["protection-worker", "course", "help"]
TERMS = ["local-team", "expert-team"]


async def _patch(world: World, made: Json, child: Json) -> httpx.Response:
    headers = world.gi | {"If-Match": "*"}
    return await world.http.patch(f"/v1/requests/{made['id']}", json={"child": child}, headers=headers)


async def _agree(world: World, **fields: Any) -> None:
    body = DEFAULT | {"contactLocalTeamDays": 14, "expertTeamDays": 42, **fields}
    headers = world.region() | {"If-Match": "*"}
    await world.ok(world.http.put("/v1/regions/JZ03/agreements", json=body, headers=headers))


def _starts(made: Json) -> dict[str, tuple[str, str, str]]:
    return {each["clock"]: (each["startsFrom"], each["startsOn"], each["dueOn"]) for each in made["clocks"]}


@pytest.mark.parametrize("code", list(reference().measures))
async def test_protection_and_probation_carry_the_norms_and_preventive_none(world: World, code: str) -> None:
    made = await world.add_request(child={"measure": {"type": code, "imposedOn": "2026-10-12"}})
    expected = [] if code == "31" else NORMS
    assert [each["clock"] for each in made["clocks"]] == expected
    listed = await items(world, "/v1/breakthrough-list", world.gi)
    assert [each["requestId"] for each in listed] == ([made["id"]] if expected else [])


async def test_the_terms_of_a_region_hold_without_a_measure_where_it_agreed_so(world: World) -> None:
    children: list[Json] = [{"measure": None}, {"measure": {"type": "31", "imposedOn": "2026-11-16"}}]
    none, preventive = [await world.add_request(child=child, requestedOn="2026-10-12") for child in children]
    await _agree(world)
    assert [(await request_of(world, each))["clocks"] for each in (none, preventive)] == [[], []]
    assert await items(world, "/v1/requests?light=red", world.gi) == []
    await _agree(world, alsoWithoutMeasure=True)
    assert _starts(await request_of(world, none)) == {
        "local-team": ("requestedOn", "2026-10-12", "2026-10-26"),
        "expert-team": ("requestedOn", "2026-10-12", "2026-11-23"),
    }
    assert _starts(await request_of(world, preventive))["expert-team"] == ("imposedOn", "2026-11-16", "2026-12-28")
    late = await items(world, "/v1/requests?light=red", world.gi)
    assert {each["id"] for each in late} == {none["id"], preventive["id"]}
    assert await items(world, "/v1/breakthrough-list", world.gi) == [], "that is of the inspectorates' norms"


async def test_a_measure_of_another_kind_brings_and_takes_the_norms(world: World) -> None:
    made = await world.add_request(child={"measure": MEASURE | {"type": "31"}})
    assert (made["clocks"], made["light"]) == ([], None)
    changed = (await _patch(world, made, {"measure": MEASURE})).json()
    assert ([each["clock"] for each in changed["clocks"]], changed["light"]) == (NORMS, "red")
    assert [each["id"] for each in await items(world, "/v1/requests?light=red", world.gi)] == [made["id"]]
    again = (await _patch(world, made, {"measure": MEASURE | {"type": "31"}})).json()
    assert (again["clocks"], again["light"]) == ([], None)
    assert await items(world, "/v1/requests?light=red", world.gi) == []


async def test_each_clock_says_from_which_day_it_counts(world: World) -> None:
    await _agree(world)
    made = await world.add_request(child={"measure": FULL}, requestedOn="2026-11-02")
    assert made["child"]["measure"] == FULL
    assert _starts(made) == {
        "protection-worker": ("informedOn", "2026-10-14", "2026-10-21"),
        "course": ("imposedOn", "2026-10-12", "2026-11-23"),
        "help": ("imposedOn", "2026-10-12", "2027-01-12"),
        "local-team": ("requestedOn", "2026-11-02", "2026-11-16"),
        "expert-team": ("startedOn", "2026-10-19", "2026-11-30"),
    }


async def test_left_out_days_stay_with_the_same_measure_and_are_unknown_of_another(world: World) -> None:
    made = await world.add_request(child={"measure": FULL})

    async def after(measure: Json | None) -> Json | None:
        answer = await _patch(world, made, {"measure": measure})
        assert answer.status_code == 200, answer.text
        kept: Json | None = answer.json()["child"]["measure"]
        return kept

    assert await after(MEASURE) == FULL
    assert await after(MEASURE | {"informedOn": None}) == FULL | {"informedOn": None}
    assert await after(MEASURE | {"informedOn": "2026-10-13"}) == FULL | {"informedOn": "2026-10-13"}
    other = MEASURE | {"imposedOn": "2026-11-16"}
    assert await after(other) == other | {"informedOn": None, "startedOn": None}
    assert await after(FULL) == FULL
    assert await after(None) is None
    history = await items(world, f"/v1/requests/{made['id']}/history", world.gi)
    last = {each["field"]: (each["old"], each["new"]) for each in history[-1]["changes"]}
    assert last == {
        "child.measure.type": ("21", None),
        "child.measure.imposedOn": ("2026-10-12", None),
        "child.measure.informedOn": ("2026-10-14", None),
        "child.measure.startedOn": ("2026-10-19", None),
    }


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ({"informedOn": "2026-10-11"}, [("informedOn", "order")]),
        ({"informedOn": "2026-10-12", "startedOn": "2026-10-12"}, []),
        ({"informedOn": "2026-11-22", "startedOn": "2026-11-22"}, []),
        (
            {"informedOn": "2026-11-23", "startedOn": "2026-10-11"},
            [("informedOn", "in-future"), ("startedOn", "order")],
        ),
        (
            {"imposedOn": "2026-11-24", "informedOn": "2026-11-23"},
            [("imposedOn", "in-future"), ("informedOn", "in-future"), ("informedOn", "order")],
        ),
        ({"informedOn": "gisteren", "startedOn": "2026"}, [("informedOn", "format"), ("startedOn", "format")]),
    ],
)
async def test_days_that_cannot_be_are_refused_all_at_once(
    world: World, days: Json, expected: list[tuple[str, str]]
) -> None:
    made = await world.add_request()
    measure = MEASURE | days
    sent = [
        await world.http.post("/v1/requests", json=request_body(child={"measure": measure}), headers=world.gi),
        await _patch(world, made, {"measure": measure}),
    ]
    for answer in sent:
        found = [] if answer.is_success else [(each["pointer"], each["code"]) for each in answer.json()["errors"]]
        assert found == [(f"#/child/measure/{name}", code) for name, code in expected]


async def test_a_match_asks_no_more_than_it_needs(world: World) -> None:
    sent = world.http.post("/v1/matches", json=match_request(child={"measure": FULL}), headers=world.gi)
    assert codes(await sent) == {
        "#/child/measure/informedOn": "unknown-field",
        "#/child/measure/startedOn": "unknown-field",
    }
    made = await world.add_request(child={"measure": FULL})
    answer = await world.ok(world.http.get(f"/v1/requests/{made['id']}/matches", headers=world.gi))
    assert answer["deadline"] == "2027-01-12"


async def test_a_provider_is_told_nothing_of_the_measure(world: World) -> None:
    offer = await world.contracted_offer()
    await world.add_contract(offer["providerId"])
    made = await world.add_request(child={"measure": FULL})
    referral = await refer(world, offer, made)
    path = f"/v1/referrals/{referral['id']}"
    shown = (await world.http.get(path, headers=world.provider(offer["providerId"]))).text
    assert not [day for day in FULL.values() if f'"{day}"' in shown]
