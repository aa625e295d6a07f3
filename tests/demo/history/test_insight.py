"""What insight shows of the demo data set, as soon as it is loaded: two years in which something happened each quarter.

These tests read one database, and write nothing to it.
"""

from collections import Counter
from datetime import date
from typing import Any

import pytest

from app.demo.clients import caller_of
from app.domain.dates import add_months
from app.insight.history.service import rebuild
from app.insight.history.tables import KnownReferralRow, NeedRow
from app.reference.lists import reference
from tests.demo.history.conftest import TODAY
from tests.insight.history.random_histories import rows_of
from tests.world import World

Json = dict[str, Any]
FIRST = f"{add_months(TODAY, -23):%Y-%m}"


def _as(world: World, client_id: str) -> dict[str, str]:
    caller = caller_of(client_id)
    owns = {"region": caller.region, "supraregion": caller.supraregion, "institution": caller.institution}
    return world.as_(caller.role, organisation_id=caller.organisation_id, client_id=client_id, **owns)


async def _figures(world: World, name: str, headers: dict[str, str] | None = None, **query: str) -> Json:
    """What a resource answers, to the demo region where nobody else is said."""
    asked = world.http.get(f"/v1/insight/{name}", params=query, headers=headers or _as(world, "demo-region"))
    answer: Json = await world.ok(asked)
    return answer


async def test_the_region_sees_its_norms_each_quarter(told: World) -> None:
    answer = await _figures(told, "norms", firstMonth=FIRST, unit="quarter")
    assert len(answer["totals"]) >= 8
    for quarter in answer["totals"]:
        for norm in ("worker", "course", "help"):
            assert quarter[f"{norm}Due"] > 2, quarter["period"]
            assert 0.1 <= quarter[f"{norm}InTimeShare"] <= 1
        assert quarter["waitingOverNorm"] > 0
        assert quarter["notFitting"] > 0
    for norm in ("worker", "course", "help"):
        due, late, explained = (
            sum(each[f"{norm}{what}"] for each in answer["totals"]) for what in ("Due", "Late", "Explained")
        )
        assert 0.1 * due < late < 0.75 * due
        assert 0.35 * late < explained <= late


async def test_the_region_sees_its_choices_each_quarter(told: World) -> None:
    answer = await _figures(told, "choices", firstMonth=FIRST, unit="quarter")
    for quarter in answer["totals"]:
        assert quarter["helped"] > 2
        assert quarter["firstChoice"] > 0
        assert quarter["nothing"] > 0
        assert quarter["firstChoiceDaysMedian"] is None or 0 < quarter["firstChoiceDaysMedian"] < 350
        judged = [quarter[f"{judge}{fits}"] for judge in ("professional", "family") for fits in ("Yes", "Partly", "No")]
        assert sum(judged) > 0 or quarter["provisional"]
    assert sum(quarter["bridgingOnly"] for quarter in answer["totals"]) > 10


async def test_the_shares_of_choices_are_those_of_the_plans(told: World) -> None:
    years = [
        year
        for region in ("JZ03", "JZ05", "JZ06")
        for year in (await _figures(told, "choices", told.region(region), firstMonth=FIRST, unit="year"))["totals"]
    ]
    helped = sum(each["helped"] for each in years)
    shares = {
        name: sum(each[name] for each in years) / helped
        for name in ("firstChoice", "secondChoice", "thirdChoice", "alternative", "outside", "said")
    }
    assert helped > 150
    assert 0.45 <= shares["firstChoice"] <= 0.62
    assert 0.14 <= shares["secondChoice"] <= 0.24
    assert 0.05 <= shares["thirdChoice"] <= 0.12
    assert 0.05 <= shares["alternative"] <= 0.16
    assert 0.02 <= shares["outside"] <= 0.08
    assert 0.02 <= shares["said"] <= 0.08


async def _waiting(world: World, day: date, region: str) -> Json:
    answer = await _figures(world, "waiting-children", world.region(region), asOf=day.isoformat())
    total: Json = answer["totals"][0]
    return total


async def test_waiting_grew_until_a_year_ago_and_shrinks(told: World) -> None:
    waiting = Counter[int]()
    for region in ("JZ03", "JZ05", "JZ06"):
        for months in range(0, 25, 6):
            waiting[months] += (await _waiting(told, add_months(TODAY, -months), region))["waiting"]
    assert 10 < waiting[24] < waiting[18] < waiting[12]
    assert waiting[12] > waiting[6] > waiting[0]
    assert waiting[0] < 0.85 * waiting[12]


async def test_waiting_children_are_of_every_sort(told: World) -> None:
    total = Counter[str]()
    for region in ("JZ03", "JZ05", "JZ06"):
        found = await _waiting(told, add_months(TODAY, -12), region)
        total.update({name: figure for name, figure in found.items() if isinstance(figure, int)})
    assert total["waiting"] > total["withNorm"] > total["overNorm"] > total["overNormExplained"] > 5
    assert total["bridged"] > 5
    assert min(total[name] for name in ("referredNone", "referredOne", "referredSeveral")) > 3
    steps = ("stepLocalTeam", "stepExpertTeam", "stepSupraregionalNetwork", "stepNational")
    assert min(total[name] for name in steps) > 0
    for by, least in (("municipality", 3), ("institution", 3), ("care-type", 8), ("cause", 3)):
        answer = await _figures(told, "waiting-children", asOf=add_months(TODAY, -12).isoformat(), by=by)
        assert sum(each["waiting"] > 0 for each in answer["items"]) >= least, by


async def test_what_was_known_then_differs_from_what_is_known_now(told: World) -> None:
    for name, figure, least in (("choices", "helped", 3), ("norms", "helpInTime", 1), ("norms", "courseInTime", 1)):
        now, then = [(await _figures(told, name, firstMonth=FIRST, known=known))["totals"] for known in ("now", "then")]
        differing = [one["period"] for one, other in zip(now, then, strict=True) if one[figure] != other[figure]]
        assert len(differing) >= least, (name, figure)


async def test_the_other_regions_have_figures_too(told: World) -> None:
    helped = Counter[str]()
    for region in reference().supraregions["noord-holland"].regions:
        answer = await _figures(told, "choices", told.region(region), firstMonth=FIRST, unit="year")
        helped[region] = sum(each["helped"] for each in answer["totals"])
    assert min(helped.values()) > 5
    assert {region for region, _ in helped.most_common(3)} == {"JZ03", "JZ05", "JZ06"}


@pytest.mark.parametrize("region", ["JZ03", "JZ05"])
async def test_supply_has_figures_of_every_month(told: World, region: str) -> None:
    headers = told.region(region)
    asked = {"firstMonth": FIRST}
    capacity = (await _figures(told, "capacity", headers, **asked))["totals"]
    freshness = (await _figures(told, "freshness", headers, **asked))["totals"]
    supply = (await _figures(told, "supply", headers, **asked))["totals"]
    waits = (await _figures(told, "waiting-times", headers, **asked))["totals"]
    assert [len(each) for each in (capacity, freshness, supply, waits)] == [24] * 4
    most = max(each["placesTotal"] for each in capacity)
    for month in capacity:
        assert 0.8 * most < month["placesTotal"] <= most
        assert 0 < month["placesFree"] < 0.2 * month["placesTotal"]
        assert month["placesTotalAverage"] > 0.8 * most
    for month in freshness:
        assert month["fresh"] > 3
        assert month["stale"] < 0.2 * month["offers"]
    assert sum(month["stale"] > 0 for month in freshness) > 12
    assert all(month["placesOpen"] > 0 and month["waiting"] > 0 for month in supply)
    assert all(20 < month["reportedWaitMedian"] < 150 for month in waits)


async def test_an_institution_has_a_past_of_its_own(told: World) -> None:
    answer = await _figures(told, "choices", _as(told, "demo-gi"), firstMonth=FIRST, unit="year")
    assert sum(each["helped"] for each in answer["totals"]) > 4


async def test_insight_is_what_the_job_would_make(told: World) -> None:
    async with told.parts.database.write() as session:
        before = [await rows_of(session, table) for table in (NeedRow, KnownReferralRow)]
        await rebuild(session, told.parts.clock())
        assert [await rows_of(session, table) for table in (NeedRow, KnownReferralRow)] == before
        await session.rollback()


async def test_dossiers_of_the_past_are_read_as_any_other(told: World) -> None:
    headers = _as(told, "demo-gi")
    closed = (await told.ok(told.http.get("/v1/requests?status=closed", headers=headers)))["items"]
    own = [each for each in closed if each["childReference"].startswith("oud-")]
    assert len(own) > 4
    for request in own:
        path = f"/v1/requests/{request['id']}"
        history = (await told.ok(told.http.get(f"{path}/history", headers=headers)))["items"]
        assert (history[0]["what"], history[-1]["what"]) == ("created", "closed")
        assert all(each["light"] in {"done", "red", "amber", "green"} for each in request["clocks"])
        assert (await told.ok(told.http.get(f"{path}/choices", headers=headers)))["items"]
        referrals = (await told.ok(told.http.get(f"/v1/referrals?request={request['id']}", headers=headers)))["items"]
        for referral in referrals:
            events = (await told.ok(told.http.get(f"/v1/referrals/{referral['id']}/history", headers=headers)))["items"]
            assert events[0]["decision"] == "send"
        assert {each["status"] for each in referrals} <= {"declined", "withdrawn", "ended"}
