"""What a simulation takes of the demo data set's last year, held against the dossiers and reports themselves.

The figures are counted here in Python of the rows as they were written, where the service counts what insight keeps.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from app.cli import main
from app.domain.dates import dutch_day, dutch_midnight
from app.insight.past_year.counts import Days
from app.insight.past_year.service import past_year
from app.kit import clock
from app.simulation.history import FromHistory, world_of
from app.simulation.model import World
from tests.demo.history.conftest import TODAY
from tests.world import World as Service

FIRST = TODAY - timedelta(days=365)
FEWEST = 5
Row = Mapping[Any, Any]

CAME = """
    SELECT requested_on AS since, choices, region_code FROM requests
    UNION ALL
    SELECT r.needed_again_on, q.choices, q.region_code FROM reopenings r JOIN requests q ON q.id = r.request_id
"""
REFERRED = """
    SELECT r.care_type, r.stands_for, r.sent_at, r.accepted_on, r.decline_reason, r.status, q.region_code, q.closed_on,
           c.started_on, c.ended_on, c.released_at,
           (SELECT min(e.at) FROM referral_events e
            WHERE e.referral_id = r.id AND e.decision IN ('accept', 'decline', 'waitlist')) AS answered_at
    FROM referrals r
    JOIN referral_children c ON c.referral_id = r.id
    JOIN requests q ON q.id = c.request_id
"""
OFFERED = """
    SELECT o.id, o.care_type, o.unit, o.ended_at, c.places_total, c.places_free, c.observed_at, m.region_code
    FROM offers o
    LEFT JOIN locations l ON l.id = o.location_id
    LEFT JOIN municipalities m ON m.code = l.municipality_code
    LEFT JOIN current_capacities c ON c.offer_id = o.id
"""
REPORTED = "SELECT offer_id, observed_at FROM capacity_reports WHERE counted_at IS NULL"


def _in_year(day: date | None) -> bool:
    return day is not None and FIRST <= day < TODAY


async def _rows(service: Service, statement: str) -> list[Row]:
    async with service.parts.database.read() as session:
        return list((await session.execute(text(statement))).mappings().all())


async def _taken(service: Service, region: str | None = None) -> FromHistory:
    async with service.parts.database.read() as session:
        return world_of(await past_year(session, TODAY, region), World())


def _stays(referred: list[Row]) -> dict[str, Days]:
    """Of each kind of help the days of the year on which children had it, and how many stays ended."""
    ended, days = Counter[str](), Counter[str]()
    for each in referred:
        if each["started_on"] is not None and each["stands_for"] != "bridging" and each["care_type"] is not None:
            until = each["ended_on"] or each["closed_on"] or TODAY
            days[each["care_type"]] += max((min(until, TODAY) - max(each["started_on"], FIRST)).days, 0)
            ended[each["care_type"]] += _in_year(until)
    return {care_type: Days(ended[care_type], count) for care_type, count in days.items() if count}


@pytest.mark.parametrize("region", [None, "JZ03"])
async def test_who_came_and_for_what_is_of_the_dossiers(told: Service, region: str | None) -> None:
    came = [each for each in await _rows(told, CAME) if region in {None, each["region_code"]}]
    counted = Counter(each["choices"][0]["careType"] for each in came if _in_year(each["since"]))
    often = {care_type: count for care_type, count in counted.items() if count >= FEWEST}
    assert min(counted.values()) < FEWEST, "some are left out"
    found = await _taken(told, region)
    assert found.world.children == sum(often.values())
    assert {each.care_type: round(each.share * found.world.children) for each in found.world.help} == often


async def test_how_long_children_stay_is_of_the_referrals(told: Service) -> None:
    stays = _stays(await _rows(told, REFERRED))
    async with told.parts.database.read() as session:
        year = await past_year(session, TODAY, None)
    assert {care_type: days for care_type, days in year.stays.items() if days.days} == stays
    for each in (await _taken(told)).world.help:
        own = stays[each.care_type]
        days = (
            own
            if own.count >= FEWEST
            else Days(*map(sum, zip(*((s.count, s.days) for s in stays.values()), strict=True)))
        )
        assert each.stay == round(days.days / days.count)


async def test_answers_refusals_and_intakes_are_of_the_referrals(told: Service) -> None:
    referred, world = await _rows(told, REFERRED), (await _taken(told)).world
    answered = [each for each in referred if each["answered_at"] and _in_year(dutch_day(each["answered_at"]))]
    took = [(dutch_day(each["answered_at"]) - dutch_day(each["sent_at"])).days for each in answered]
    assert world.answer == round(sum(took) / len(took), 1)
    reasons = Counter(each["decline_reason"] for each in answered)
    not_refused = reasons.pop(None)
    del reasons["no-place"]
    assert world.refusal == round(reasons.total() / (reasons.total() + not_refused), 2)
    often = {reason: count for reason, count in reasons.items() if count >= FEWEST}
    assert dict(world.refusals) == {reason: round(count / sum(often.values()), 2) for reason, count in often.items()}
    intakes = [
        (each["started_on"] - each["accepted_on"]).days
        for each in referred
        if _in_year(each["started_on"]) and each["accepted_on"] and each["stands_for"] != "bridging"
    ]
    assert world.intake == round(sum(intakes) / len(intakes), 1)


async def test_places_and_how_offers_report_are_of_the_reports(told: Service) -> None:
    offers, end = await _rows(told, OFFERED), dutch_midnight(TODAY)
    moments = defaultdict[Any, list[datetime]](list)
    for report in await _rows(told, REPORTED):
        if _in_year(dutch_day(report["observed_at"])):
            moments[report["offer_id"]].append(report["observed_at"])
    every = {offer: (end - min(each)).total_seconds() / 86_400 / len(each) for offer, each in moments.items()}
    stale = [each for each in every.values() if each > 30]
    found = await _taken(told)
    world = found.world
    assert world.taking_part == round(len(every) / len(offers), 2) < 1
    assert world.stale == round(len(stale) / len(every), 2) > 0
    assert world.stale_after == round(sum(stale) / len(stale), 1)
    assert world.report_every == round((sum(every.values()) - sum(stale)) / (len(every) - len(stale)), 1)
    kinds = {each.care_type: each for each in world.help}
    sized = [
        each
        for each in offers
        if each["care_type"] in kinds and each["places_total"] and each["unit"] != "hours-per-week"
        if dutch_day(each["observed_at"]) >= TODAY - timedelta(days=30)
    ]
    total = sum(each["places_total"] for each in sized)
    assert world.scarcity == round(1 - sum(each["places_free"] for each in sized) / total, 2)
    for care_type, each in kinds.items():
        own = [offer["places_total"] for offer in sized if offer["care_type"] == care_type]
        needed = world.children * each.share * each.stay / 365 / world.scarcity
        assert each.offers == max(1, round(needed / (sum(own) / len(own))))


async def test_all_that_history_tells_is_taken_and_named(told: Service) -> None:
    named = {"children", "help", "scarcity", "taking_part", "stale", "stale_after", "report_every"}
    assert (await _taken(told)).taken == named | {"answer", "intake", "refusal", "refusals"}


def test_the_command_keeps_the_world_and_says_what_of_it_is_history(
    told_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", told_url)
    monkeypatch.setenv("DEMO", "true")
    monkeypatch.setattr(clock, "system_clock", lambda: dutch_midnight(TODAY))
    kept = tmp_path / "year.json"
    asked = ["simulate", "--from-history", "--region", "JZ03", "--seeds", "1", "--behaviour", "phone"]
    done = CliRunner().invoke(main, [*asked, "--processes", "1", "--scarcity", "0.9", "--json", str(kept)])
    assert done.exit_code == 0, done.output
    written = json.loads(kept.read_text())
    assert written["world"]["scarcity"] == 0.9
    assert {"children", "help", "stale"} <= set(written["history"])
    assert not {"scarcity", "known"} & set(written["history"]), "said, and assumed"
    assert {each["care_type"] for each in written["world"]["help"]} >= {"gezinshuis"}
    refused = CliRunner().invoke(main, [*asked[:2], "--region", "JZ99"])
    assert (refused.exit_code, "JZ99" in refused.output) == (2, True)
