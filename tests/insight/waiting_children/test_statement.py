"""The uniform monthly statement: who may see it, what it counts, on any day, as known then and now."""

import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from openpyxl import load_workbook

from app.domain.dates import dutch_day
from app.kit.media_types import XLSX
from app.kit.security.callers import Role
from tests.conftest import SettableClock
from tests.dossiers.referrals.scene import OTHER_GI, brought_to, decide, refer
from tests.insight.children import GI, Child, add_children
from tests.insight.published import AUTUMN, ZUIDWEST, counted, noord_holland, zuidwest
from tests.insight.scene import bring, figures
from tests.world import HOME, World, codes, problem

PATH = "/v1/insight/waiting-children"


async def test_who_may_see_it(world: World) -> None:
    problem(await world.http.get(PATH), 401, "unauthenticated")
    for role in (Role.PROVIDER, Role.REFERRER, Role.ADMIN):
        problem(await world.http.get(PATH, headers=world.as_(role)), 403, "forbidden")
    other = {"region": "JZ06"}
    problem(await world.http.get(PATH, params=other, headers=world.region("JZ03")), 403, "forbidden")
    problem(
        await world.http.get(PATH, params={"region": "JZ01"}, headers=world.as_(Role.SUPRAREGION)), 403, "forbidden"
    )
    of_other = {"institution": str(OTHER_GI["organisation_id"]), "by": "institution"}
    problem(await world.http.get(PATH, params=of_other, headers=world.gi), 403, "forbidden")


async def test_what_cannot_be_asked_is_said(world: World) -> None:
    async def wrong(**query: str) -> dict[str, str]:
        return codes(await world.http.get(PATH, params=query, headers=world.region()))

    assert await wrong(asOf="2026-11-23") == {"#/query/asOf": "in-future"}
    assert await wrong(by="referrer") == {"#/query/by": "not-applicable"}
    assert set(await wrong(by="colour")) == {"#/query/by"}
    assert set(await wrong(region="JZ40")) == {"#/query/region"}


async def test_an_institution_sees_its_own_children_and_a_region_counts(world: World) -> None:
    mine, theirs = await world.add_request(), await world.add_request(world.as_(Role.GI, **OTHER_GI))
    offer = await world.contracted_offer()
    await refer(world, offer, mine)
    own = await figures(world, "waiting-children", world.gi)
    assert [each["childReference"] for each in own["children"]] == [mine["childReference"]]
    assert own["smallCounts"] is None
    [line] = own["children"]
    assert (line["region"], line["municipality"], line["measureKind"]) == ("JZ03", HOME, "protection")
    assert (line["careTypes"], line["referredTo"], line["bridged"]) == (["gezinshuis"], 1, False)
    assert (line["waitingSince"], line["daysWaiting"], line["daysOverNorm"]) == ("2026-11-22", 0, 0)
    region = await figures(world, "waiting-children", by="institution")
    assert region["children"] is None, "a dossier is never a region's"
    assert theirs["childReference"] not in str(region)
    assert {each["code"]: each["waiting"] for each in region["items"]} == {
        str(GI): 1,
        str(OTHER_GI["organisation_id"]): 1,
    }
    assert region["totals"][0]["waiting"] == 2
    elsewhere = await figures(world, "waiting-children", world.region("JZ06"))
    assert elsewhere["totals"][0]["waiting"] == 0
    assert elsewhere["items"] == []


async def test_a_child_counts_once_however_many_referrals_and_wishes_it_has(world: World) -> None:
    wished = [{"careType": each} for each in ("gezinshuis", "pleegzorg-voltijd", "kleinschalige-woonvorm")]
    child = await world.add_request(choices=wished)
    for _ in range(2):
        await refer(world, await world.contracted_offer(), child)
    by_type = await figures(world, "waiting-children", by="care-type")
    assert by_type["overlapping"] is True
    assert [(each["code"], each["waiting"]) for each in by_type["items"]] == [
        ("gezinshuis", 1),
        ("kleinschalige-woonvorm", 1),
        ("pleegzorg-voltijd", 1),
    ]
    assert by_type["totals"][0]["waiting"] == 1
    by_provider = await figures(world, "waiting-children", by="provider")
    assert [each["waiting"] for each in by_provider["items"]] == [1, 1]
    assert (by_provider["totals"][0]["waiting"], by_provider["totals"][0]["referredSeveral"]) == (1, 1)
    assert (await figures(world, "waiting-children", by="region"))["overlapping"] is False


async def test_who_waits_for_a_care_type_or_a_provider(world: World) -> None:
    twice = [{"careType": "gezinshuis", "maxDistanceKm": 20}, {"careType": "gezinshuis"}]
    one = await world.add_request(choices=[{"careType": "pleegzorg-voltijd"}, {"careType": "gezinshuis"}])
    await world.add_request(choices=twice)
    await world.add_request(choices=[{"careType": "pleegzorg-voltijd"}])
    offer = await world.contracted_offer()
    await refer(world, offer, one, standsFor=2)
    for by in ("region", "care-type", "municipality"):
        found = await figures(world, "waiting-children", by=by, careType="gezinshuis")
        assert ([each["waiting"] for each in found["items"]], found["totals"][0]["waiting"]) == ([2], 2), by
    own = await figures(world, "waiting-children", world.gi, careType="gezinshuis", provider=offer["providerId"])
    assert [each["childReference"] for each in own["children"]] == [one["childReference"]]
    assert own["totals"][0]["waiting"] == 1
    by_type = await figures(world, "waiting-children", by="care-type")
    assert {each["code"]: each["waiting"] for each in by_type["items"]} == {"gezinshuis": 2, "pleegzorg-voltijd": 2}


async def test_what_is_said_of_a_late_child(world: World, clock: SettableClock) -> None:
    child = await world.add_request()
    path = f"/v1/requests/{child['id']}"
    clock.now += timedelta(days=95)
    today = dutch_day(clock.now)
    said = {"clock": "help", "cause": "waiting-list", "text": "Overal een wachtlijst."}
    await world.ok(world.http.post(f"{path}/explanations", json=said, headers=world.gi))
    asked = {"step": "expert-team", "reason": "waiting-list", "asked": "Wie?", "skipReason": "Haast."}
    await world.ok(world.http.post(f"{path}/escalations", json=asked, headers=world.gi))
    offer = await world.contracted_offer()
    referral = await brought_to(world, await refer(world, offer, child, standsFor="bridging"), "accepted")
    await world.ok(decide(world, referral, "start", date=today.isoformat()))
    [line] = (await figures(world, "waiting-children", world.gi))["children"]
    assert (line["daysWaiting"], line["causes"], line["explanation"]) == (95, ["waiting-list"], said["text"])
    assert (line["step"], line["bridged"]) == ("expert-team", True)
    [total] = (await figures(world, "waiting-children"))["totals"]
    assert {name: total[name] for name in ("overNorm", "overNormExplained", "bridged", "stepExpertTeam")} == {
        "overNorm": 1,
        "overNormExplained": 1,
        "bridged": 1,
        "stepExpertTeam": 1,
    }
    [by_cause] = (await figures(world, "waiting-children", by="cause"))["items"]
    assert (by_cause["code"], by_cause["name"], by_cause["waiting"]) == (
        "waiting-list",
        "Wachtlijst bij de aanbieder",
        1,
    )
    yesterday = (today - timedelta(days=1)).isoformat()
    [before] = (await figures(world, "waiting-children", world.gi, asOf=yesterday))["children"]
    assert (before["causes"], before["explanation"], before["step"], before["bridged"]) == ([], None, None, False)


async def test_a_correction_shows_as_a_revision(world: World, clock: SettableClock) -> None:
    """Somebody says on the day that help started; three days later that it was another child."""
    child = await world.add_request()
    path, headers = f"/v1/requests/{child['id']}/milestones/help", world.gi | {"If-Match": "*"}
    clock.now += timedelta(days=10)
    day = dutch_day(clock.now).isoformat()
    await world.ok(world.http.put(path, json={"date": day}, headers=headers))
    assert (await figures(world, "waiting-children", asOf=day))["totals"][0]["waiting"] == 0
    clock.now += timedelta(days=3)
    await world.ok(world.http.delete(path, headers=headers))
    assert (await figures(world, "waiting-children", asOf=day, known="then"))["totals"][0]["waiting"] == 0
    assert (await figures(world, "waiting-children", asOf=day, known="now"))["totals"][0]["waiting"] == 1


async def test_the_published_counts_of_noord_holland(world: World) -> None:
    await add_children(world, noord_holland())
    found = await figures(
        world, "waiting-children", world.as_(Role.NATIONAL), asOf=AUTUMN.isoformat(), supraregion="noord-holland"
    )
    for region, number in counted().items():
        own = await figures(world, "waiting-children", world.region(region), asOf=AUTUMN.isoformat(), by="municipality")
        assert own["totals"][0]["overNorm"] == number, region
    assert found["totals"][0]["overNorm"] == sum(counted().values())
    own = await figures(world, "waiting-children", world.region("JZ11"), asOf=AUTUMN.isoformat(), by="municipality")
    assert {each["name"]: each["overNorm"] for each in own["items"]} == {
        "Bloemendaal": 1,
        "Haarlem": 7,
        "Zandvoort": 1,
    }


async def test_the_published_counts_of_zuidwest_with_what_moved_between(world: World) -> None:
    await add_children(world, zuidwest())
    headers = world.as_(Role.SUPRAREGION, supraregion="zuidwest")
    for day, number in ZUIDWEST.items():
        for known in ("then", "now"):
            found = await figures(world, "waiting-children", headers, asOf=day.isoformat(), known=known)
            assert found["totals"][0]["overNorm"] == number, (day, known)


async def test_a_day_is_a_dutch_day_and_the_last_day_of_the_norm_is_in_it(world: World) -> None:
    since = date(2026, 8, 1)
    await add_children(world, [Child(HOME, since)])
    last = await figures(world, "waiting-children", asOf="2026-11-01")
    after = await figures(world, "waiting-children", asOf="2026-11-02")
    assert (last["totals"][0]["overNorm"], after["totals"][0]["overNorm"]) == (0, 1)


@pytest.mark.parametrize("language", ["nl", "en"])
async def test_as_a_table(world: World, language: str) -> None:
    await add_children(world, [Child(HOME, date(2026, 8, 1), care_types=("gezinshuis", "pleegzorg-voltijd"))])
    await bring(world)
    wants = {"Accept": "text/csv", "Accept-Language": language}
    answer = await world.http.get(PATH, headers=world.gi | wants)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    [row] = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";" if language == "nl" else ",")
    assert list(row.values())[:3] == ["2026-11-22", "Kop van Noord-Holland", "Den Helder"]
    assert row["dagen boven de norm" if language == "nl" else "days over the norm"] == "21"
    counts = await world.http.get(PATH, headers=world.region() | wants)
    rows = list(
        csv.DictReader(io.StringIO(counts.content.decode("utf-8-sig")), delimiter=";" if language == "nl" else ",")
    )
    assert [each["code"] for each in rows] == ["", "JZ03"]
    assert {each["wachten" if language == "nl" else "waiting"] for each in rows} == {"1"}
    book = await world.http.get(PATH, headers=world.region() | {"Accept": XLSX, "Accept-Language": language})
    first, notes = load_workbook(io.BytesIO(book.content)).worksheets
    assert first.max_row == 3
    assert notes.max_row == 13, "each figure is defined"


async def test_each_answer_says_what_it_rests_on(world: World) -> None:
    await world.add_request()
    answer = await figures(world, "waiting-children")
    assert answer["sourceAt"] == "2026-11-22T10:00:00Z"
    assert {each["name"] for each in answer["definitions"]} == set(answer["totals"][0]) - {
        "period",
        "firstDay",
        "lastDay",
        "provisional",
    }
    [before] = answer["completeness"]
    assert "november 2026" in before["what"]
    await world.ok(world.http.post("/v1/deliveries", json={"month": "2026-11"}, headers=world.gi))
    [after] = (await figures(world, "waiting-children"))["completeness"]
    assert (before["known"], after["known"], after["of"]) == (0, 1, before["of"])
    listed = await world.ok(world.http.get("/v1/deliveries", params={"month": "2026-11"}, headers=world.region()))
    assert len(listed["items"]) == after["of"]


async def test_one_statement_gathers_all(world: World, statements: list[str]) -> None:
    await add_children(
        world, [replace(Child(HOME, date(2026, 8, 1)), organisation_id=UUID(int=number)) for number in range(20)]
    )
    await bring(world)
    statements.clear()
    await world.ok(world.http.get(PATH, params={"by": "institution"}, headers=world.region()))
    assert len([each for each in statements if "insight_needs" in each]) == 1
    assert len(statements) <= 10
