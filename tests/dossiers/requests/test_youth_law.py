"""Until when youth law holds for a child, and the warning half a year before."""

from datetime import UTC, date, datetime

import pytest

from app.domain.dates import YearMonth
from app.dossiers.requests.youth_law import youth_law_ends
from tests.conftest import SettableClock
from tests.world import World

BORN = YearMonth(2009, 5)


@pytest.mark.parametrize(
    ("forms", "extended_help", "expected"),
    [
        ({"12"}, False, [(18, "2027-05-01", "adulthood")]),
        ({"12", "11"}, False, [(18, "2027-05-01", "adulthood"), (21, "2030-05-01", "foster-care")]),
        ({"12"}, True, [(18, "2027-05-01", "adulthood"), (23, "2032-05-01", "extended-help")]),
        (
            {"11"},
            True,
            [
                (18, "2027-05-01", "adulthood"),
                (21, "2030-05-01", "foster-care"),
                (23, "2032-05-01", "extended-help"),
            ],
        ),
    ],
)
def test_ends_at_18_21_and_23(forms: set[str], extended_help: bool, expected: list[tuple[int, str, str]]) -> None:
    ends = youth_law_ends(BORN, forms, extended_help=extended_help)
    assert [(end.age, end.on.isoformat(), end.ground) for end in ends] == expected


@pytest.mark.parametrize(
    ("today", "near"), [("2026-10-31", False), ("2026-11-01", True), ("2027-05-01", True), ("2030-01-01", True)]
)
def test_is_near_from_six_months_before(today: str, near: bool) -> None:
    [end] = youth_law_ends(BORN, set(), extended_help=False)
    assert end.is_near(date.fromisoformat(today)) is near


@pytest.mark.parametrize(
    ("day", "codes"),
    [
        ("2026-10-31", []),
        ("2026-11-01", ["youth-law-ends"]),
        ("2027-04-30", ["youth-law-ends"]),
        ("2027-05-01", ["youth-law-ended"]),
    ],
)
async def test_a_request_warns_of_it(world: World, clock: SettableClock, day: str, codes: list[str]) -> None:
    clock.now = datetime.fromisoformat(f"{day}T10:00:00").replace(tzinfo=UTC)
    made = await world.add_request(child={"birthMonth": "2009-05", "measure": None})
    assert made["youthLawEnds"] == [{"age": 18, "on": "2027-05-01", "ground": "adulthood"}]
    assert [each["code"] for each in made["warnings"]] == codes


async def test_the_warning_is_in_the_callers_language(world: World, clock: SettableClock) -> None:
    made = await world.add_request(child={"birthMonth": "2009-05"}, choices=[{"careType": "pleegzorg-voltijd"}])
    assert [each["age"] for each in made["youthLawEnds"]] == [18, 21]
    assert made["warnings"][0]["detail"].startswith("De Jeugdwet eindigt voor deze jeugdige op 1 mei 2027 (18 jaar)")
    path, english = f"/v1/requests/{made['id']}", world.gi | {"Accept-Language": "en"}
    clock.now = datetime(2028, 1, 1, tzinfo=UTC)
    assert (await world.ok(world.http.get(path, headers=english)))["warnings"] == [], "18 is past, 21 is far"
    clock.now = datetime(2030, 1, 1, tzinfo=UTC)
    [warning] = (await world.ok(world.http.get(path, headers=english)))["warnings"]
    assert warning["detail"].startswith("Youth law ends for this child on 1 May 2030 (at the age of 21)")
