"""The questions: the same every time, every one another, and read by the load generator as they were written."""

import json
from datetime import date
from uuid import UUID

from app.finding.matching.schemas import MatchRequest
from app.reference.lists import reference
from scripts.benchmark.dataset import Ground, area
from scripts.benchmark.questions import (
    ADMIN,
    BULK,
    NEW_LINE,
    REFERRERS,
    Question,
    Target,
    bulk_reports,
    capacity_reports,
    lines,
    matches,
    referrer,
    searches,
    token,
)

TODAY = date(2026, 11, 22)
COUNT = 300
TARGETS = [Target(UUID(int=number), UUID(int=number // 10), f"aanbod-{number % 10}") for number in range(6_000)]


def test_are_the_same_every_time() -> None:
    assert list(matches("growing", TODAY, COUNT)) == list(matches("growing", TODAY, COUNT))
    assert list(searches("growing", TODAY, COUNT)) == list(searches("growing", TODAY, COUNT))
    assert list(capacity_reports(TARGETS, COUNT)) == list(capacity_reports(TARGETS, COUNT))


def test_every_match_is_another_and_asks_for_three_choices() -> None:
    bodies = [each.body for each in matches("growing", TODAY, COUNT)]
    assert len(set(bodies)) == COUNT
    requests = [MatchRequest.model_validate_json(body) for body in bodies]
    assert {len({choice.care_type for choice in each.choices}) for each in requests} == {3}
    assert {each.child.gender for each in requests} == {"female", "male", "other"}
    assert any(each.needs for each in requests)
    assert any(each.characteristics for each in requests)
    assert any(each.child.measure is None for each in requests)


def test_children_live_on_the_ground_that_is_asked_for() -> None:
    def regions(ground: Ground) -> set[str]:
        found = (json.loads(each.body)["child"]["municipality"] for each in matches(ground, TODAY, COUNT))
        return {reference().municipalities[code].region for code in found}

    assert regions("steady") == area("steady").keys()
    assert regions("growing") == area("growing").keys()


def test_every_search_is_another() -> None:
    paths = [each.path for each in searches("steady", TODAY, COUNT)]
    assert len(set(paths)) == COUNT
    assert all("limit=50" in path for path in paths)


def test_reports_are_on_many_offers_each_by_its_own_provider() -> None:
    asked = list(capacity_reports(TARGETS, COUNT))
    assert len({each.path for each in asked}) > COUNT * 0.9
    owners = {f"/v1/offers/{each.offer}/capacity": each.owner for each in TARGETS}
    assert [owners[each.path] for each in asked] == [each.asker for each in asked]


def test_a_line_has_what_the_load_generator_sends() -> None:
    asked = [*matches("steady", TODAY, 5), Question("GET", "/v1/x", ADMIN), *bulk_reports(TARGETS, 2)]
    written = list(lines(asked))
    assert [line.split("\t") for line in written] == [
        [each.method, each.path, token(each.asker), each.media_type, each.body.decode().replace("\n", NEW_LINE)]
        for each in asked
    ]
    assert not any("\n" in line for line in written)


def test_a_file_reports_on_as_many_offers_as_it_has_lines() -> None:
    for question in bulk_reports(TARGETS, 5):
        keys = [line.split(",")[:2] for line in question.body.decode().splitlines()[1:]]
        assert len(set(map(tuple, keys))) == len(keys) == BULK
    assert list(bulk_reports(TARGETS, 3)) == list(bulk_reports(TARGETS, 3))


def test_an_asker_keeps_its_token() -> None:
    assert token(referrer(1)) == token(referrer(1 + REFERRERS))
    assert len({token(referrer(number)) for number in range(REFERRERS)}) == REFERRERS
    assert len({token(TARGETS[0].owner), token(TARGETS[10].owner), token(ADMIN)}) == 3
