"""What stands of a provider, read back as JSON and as the table of the template, changed, and sent again."""

import io
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from openpyxl import load_workbook

from app.kit.media_types import XLSX
from app.kit.security.callers import Role
from tests.conftest import SettableClock
from tests.supply.capacity_reports.sending import current, send, statuses
from tests.supply.capacity_reports.tables import opened
from tests.world import World, problem

FULL = {
    "placesTotal": 8,
    "placesOccupied": 5,
    "placesReserved": 1,
    "placesFree": 2,
    "waitingCount": 1,
    "nextFreeOn": "2026-12-14",
    "waitDaysIntake": 7,
    "waitDaysTreatment": 14,
    "acceptsReferrals": False,
}
NOTES = [
    *("=1+1", "- geen crisis", "'=x", "'s avonds", 'Groep; "Noord",\nboven', "@home", "+31 88 000 0123"),
    *("#N/B", "'#N/A", "# 3", "boven\r\nen onder"),
]
KEYS = ["1E3", "0012", "3-12", "2024-01-01", "mrt-24", "3-mei", "1.5", "waar", "1234567890123456", "12", "mei-huis"]


def _path(provider: str) -> str:
    return f"/v1/providers/{provider}/capacity"


@pytest.fixture
async def provider(world: World) -> str:
    """A provider with an offer for each of the notes, one in hours and one that was never reported."""
    made = await world.add_provider()
    for number, note in enumerate(NOTES):
        await world.report(await world.add_offer(made, f"o{number:x}"), **FULL, note=note)
    await world.report(await world.add_offer(made, "p-uren", unit="hours-per-week"), placesFree=2.5, placesTotal=20)
    await world.add_offer(made, "q-nooit")
    return made


async def test_keys_that_a_spreadsheet_rewrites_come_back_too(world: World) -> None:
    made = await world.add_provider()
    for key in KEYS:
        await world.report(await world.add_offer(made, key), placesFree=1)
    for accept in ("text/csv", XLSX):
        answer = await _table(world, made, accept)
        back = await send(world, world.provider(made), answer.content)
        assert statuses(back) == ["unchanged"] * len(KEYS)
        cells = [[cell for cell in record.cells if cell] for record in opened(answer.content).records]
        assert {row[1] for row in cells[1:] if row[0] == made} == {"12", "mei-huis"}, "what Excel leaves as it is"


async def _table(world: World, provider: str, accept: str, language: str = "nl") -> Any:
    headers = world.provider(provider) | {"Accept": accept, "Accept-Language": language}
    answer = await world.http.get(_path(provider), headers=headers)
    assert answer.status_code == 200, answer.text
    return answer


async def test_who_may_read_it(world: World, provider: str) -> None:
    for path in (_path(provider), f"/v1/providers/{provider}/locations"):
        problem(await world.http.get(path), 401, "unauthenticated")
        for role in Role:
            allowed = 403 if role is Role.REFERRER else 200
            assert (await world.http.get(path, headers=world.as_(role))).status_code == allowed
        problem(await world.http.get(path.replace(provider, str(uuid4())), headers=world.gi), 404, "not-found")


async def test_each_offer_with_what_stands(world: World, provider: str) -> None:
    answer = await world.ok(world.http.get(_path(provider), headers=world.region()))
    items = {item["offerKey"]: item for item in answer["items"]}
    assert list(items) == [*(f"o{number:x}" for number in range(len(NOTES))), "p-uren", "q-nooit"]
    assert {name: items["o0"][name] for name in FULL} == FULL
    assert (items["o0"]["note"], items["o0"]["observedAt"]) == ("=1+1", "2026-11-22T10:00:00Z")
    assert (items["p-uren"]["placesFree"], items["p-uren"]["unit"]) == (2.5, "hours-per-week")
    assert {items["q-nooit"][name] for name in (*FULL, "note", "observedAt")} == {None}
    page = await world.ok(world.http.get(f"{_path(provider)}?limit=8", headers=world.gi))
    rest = await world.ok(world.http.get(page["_links"]["next"]["href"], headers=world.gi))
    assert [item["offerKey"] for item in page["items"] + rest["items"]] == list(items)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("media_type", ["text/csv; charset=utf-8", XLSX])
async def test_a_table_that_comes_back_as_it_was_says_nothing_new(
    world: World, provider: str, clock: SettableClock, media_type: str, language: str
) -> None:
    answer = await _table(world, provider, media_type.partition(";")[0], language)
    assert answer.headers["content-type"] == media_type
    assert answer.content.startswith(b"PK" if media_type == XLSX else b"\xef\xbb\xbf")
    before = await world.ok(world.http.get(_path(provider), headers=world.gi))
    clock.now += timedelta(days=25)
    back = await send(world, world.provider(provider), answer.content)
    assert statuses(back) == ["unchanged"] * (len(NOTES) + 2)
    after = await world.ok(world.http.get(_path(provider), headers=world.gi))
    for old, new in zip(before["items"], after["items"], strict=True):
        assert old | {"observedAt": new["observedAt"]} == new
    assert [item["observedAt"] for item in after["items"]] == ["2026-12-17T10:00:00Z"] * (len(NOTES) + 1) + [None]


async def test_a_table_that_is_changed_and_sent_back(world: World, provider: str) -> None:
    answer = await _table(world, provider, "text/csv")
    lines = answer.content.decode("utf-8-sig").split("\r\n")
    assert lines[-2] == f";{provider};q-nooit;;;;;;;;;;;"
    lines[-2] = f";{provider};q-nooit;;;;3;;;;;;;"
    uren = lines[-3]
    assert ";20;;;2,5;" in uren
    lines[-3] = uren.replace(";2,5;", ";1,5;")
    back = await send(world, world.provider(provider), "\r\n".join(lines))
    assert statuses(back) == ["unchanged"] * len(NOTES) + ["accepted", "accepted"]
    items = (await world.ok(world.http.get(_path(provider), headers=world.gi)))["items"]
    assert [(item["placesTotal"], item["placesFree"]) for item in items[-2:]] == [(20, 1.5), (None, 3)]


async def test_a_workbook_has_numbers_dates_and_no_formulas(world: World, provider: str) -> None:
    answer = await _table(world, provider, XLSX)
    assert answer.headers["content-type"] == XLSX
    assert answer.headers["content-disposition"] == 'attachment; filename="capaciteit.xlsx"'
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    heading, *rows = sheet.iter_rows()
    found = [{name.value: cell for name, cell in zip(heading, row, strict=True)} for row in rows]
    assert [row["toelichting"].value for row in found[: len(NOTES)]] == [
        f"'{note}" if note in {"'=x", "#N/B", "'#N/A"} else note.replace("\r", "") for note in NOTES
    ]
    assert {row["toelichting"].data_type for row in found[: len(NOTES)]} == {"s"}
    assert (found[0]["plekkenVrij"].value, found[-2]["plekkenVrij"].value) == (2, 2.5)
    assert found[0]["eerstvolgendVrijOp"].value == datetime(2026, 12, 14)  # noqa: DTZ001 - as Excel has dates
    assert (found[0]["neemtAanmeldingenAan"].value, found[-2]["neemtAanmeldingenAan"].value) == ("nee", "ja")


async def test_a_table_with_an_emptied_cell(world: World, provider: str) -> None:
    heading = "aanbiederId;aanbodSleutel;plekkenVrij;neemtAanmeldingenAan;toelichting;aantalWachtenden"
    rows = [f"{provider};o0;2;nee;;1", f"{provider};o1;;nee;x;1", f"{provider};o2;2;;x;1", f"{provider};q-nooit;1;;;"]
    back = await send(world, world.provider(provider), "\n".join([heading, *rows]))
    assert statuses(back) == ["accepted", "rejected", "rejected", "accepted"]
    pointers = [item["problem"]["errors"][0]["pointer"] for item in back.json()["items"][1:3]]
    assert pointers == ["#/line/3/plekkenVrij", "#/line/4/neemtAanmeldingenAan"]
    items = (await world.ok(world.http.get(_path(provider), headers=world.gi)))["items"]
    assert items[0]["note"] is None
    assert {name: items[0][name] for name in FULL} == FULL
    assert items[-1]["acceptsReferrals"] is True


async def test_the_locations_of_a_provider(world: World) -> None:
    provider = await world.add_provider()
    made = [await world.add_location(provider, key, name=f"Huis {key}") for key in ("b", "a", "c")]
    path = f"/v1/providers/{provider}/locations"
    answer = await world.ok(world.http.get(path, headers=world.provider(provider)))
    assert answer["items"] == sorted(made, key=lambda each: str(each["key"]))
    page = await world.ok(world.http.get(f"{path}?limit=2", headers=world.gi))
    rest = await world.ok(world.http.get(page["_links"]["next"]["href"], headers=world.gi))
    assert [item["key"] for item in page["items"] + rest["items"]] == ["a", "b", "c"]


async def test_a_file_with_only_keys_and_places_free(world: World) -> None:
    """The example of the issue, word for word: after a closed intake with 12 waiting."""
    offer = await world.add_offer(key="duinen")
    closed = {"placesTotal": 6, "acceptsReferrals": False, "waitingCount": 12, "note": "Vol.", "waitDaysIntake": 90}
    await world.report(offer, placesFree=0, **closed)
    body = f"aanbiederId;aanbodSleutel;plekkenVrij\n{offer['providerId']};duinen;1\n"
    back = await send(world, world.provider(offer["providerId"]), body)
    assert statuses(back) == ["accepted"]
    assert [hint["code"] for hint in back.json()["items"][0]["hints"]] == ["waiting-first"]
    standing = await current(world, offer)
    assert {name: standing[name] for name in closed} == closed
    assert standing["placesFree"] == 1


async def test_a_next_place_that_did_not_come_is_told_when_the_table_comes_back(
    world: World, clock: SettableClock
) -> None:
    offer = await world.add_offer()
    await world.report(offer, placesFree=0, nextFreeOn="2026-12-01")
    answer = await _table(world, offer["providerId"], "text/csv")
    clock.now += timedelta(days=20)
    back = await send(world, world.provider(offer["providerId"]), answer.content)
    assert statuses(back) == ["unchanged"]
    assert [hint["code"] for hint in back.json()["items"][0]["hints"]] == ["next-free-passed"]
