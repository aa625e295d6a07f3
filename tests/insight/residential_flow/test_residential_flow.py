"""The figures of the flow in residential care over HTTP: in, through, out, and what blocks the way out."""

from datetime import UTC, datetime
from typing import Any

from tests.conftest import SettableClock
from tests.dossiers.referrals.scene import brought_to, decide, refer
from tests.dossiers.referrals.test_corrections import correct
from tests.insight.scene import figures
from tests.world import World

Json = dict[str, Any]
MONTHS: Json = {"firstMonth": "2026-10", "lastMonth": "2026-11"}
LONG_AGO: Json = {"measure": {"type": "21", "imposedOn": "2026-03-02"}}
SECURE: Json = {**LONG_AGO, "courtAuthorisation": True, "courtAuthorisationUntil": "2026-12-20"}
CHOICES = [{"careType": "gezinshuis"}, {"careType": "jeugdzorgplus"}, {"careType": "ambulante-begeleiding"}]


def _at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 9, 0, tzinfo=UTC)


async def _offer(world: World, care_type: str = "gezinshuis", **location: Any) -> Json:
    provider_id = await world.add_provider()
    await world.add_location(provider_id, **location)
    return await world.contracted_offer(provider_id, careType=care_type, locationKey="here")


async def _child(world: World, child: Json | None = None) -> Json:
    return await world.add_request(child=child or LONG_AGO, choices=CHOICES, requestedOn="2026-03-10")


async def _stay(world: World, offer: Json, request: Json, since: str) -> Json:
    """The child's stay, with all that comes before it."""
    choice = 1 + [each["careType"] for each in CHOICES].index(offer["careType"])
    referral = await brought_to(world, await refer(world, offer, request, standsFor=choice), "accepted")
    return await world.ok(decide(world, referral, "start", date=since))


async def _end(world: World, stay: Json, on: str) -> Json:
    return await world.ok(decide(world, stay, "end", date=on))


def _shown(answer: Json, *names: str) -> list[list[float | None]]:
    return [[row[name] for name in names] for row in answer["totals"]]


async def test_in_through_and_out(world: World, clock: SettableClock) -> None:
    clock.now = _at(11, 20)
    offer, elsewhere = await _offer(world), await _offer(world, postcode="3511AA")
    first, second, third = [await _child(world) for _ in range(3)]
    await _end(world, await _stay(world, offer, first, "2026-09-01"), "2026-10-01")
    await _stay(world, elsewhere, first, "2026-10-08")
    await _end(world, await _stay(world, offer, second, "2026-10-02"), "2026-10-12")
    await _end(world, await _stay(world, offer, third, "2026-09-12"), "2026-10-02")
    late = await _stay(world, offer, third, "2026-10-10")
    at_home = await _offer(world, "ambulante-begeleiding")
    await _stay(world, at_home, second, "2026-10-20")

    answer = await figures(world, "residential-flow", **MONTHS)
    assert _shown(answer, "inflow", "outflow", "throughflow", "exit", "present", "outsideProvince") == [
        [3, 3, 1, 2, 2, 1],
        [0, 0, 0, 0, 2, 1],
    ]
    assert _shown(answer, "stayDaysMedian", "stayDaysP90") == [[20, 30], [None, None]]
    by_provider = await figures(world, "residential-flow", by="provider", **MONTHS)
    assert {(row["period"], row["code"]): row["present"] for row in by_provider["items"]} == {
        (month, each["providerId"]): 1 for month in ("2026-10", "2026-11") for each in (offer, elsewhere)
    }
    body = {"status": "closed", "closedReason": "as-planned"}
    path, headers = f"/v1/requests/{third['id']}", world.gi | {"If-Match": "*"}
    await world.ok(world.http.patch(path, json=body, headers=headers))
    closed = await figures(world, "residential-flow", **MONTHS)
    assert _shown(closed, "outflow", "exit", "present") == [[3, 2, 2], [1, 1, 1]], "whose dossier closed is out"
    assert late["status"] == "started"


async def test_an_end_that_is_dated_back_was_not_known_then(world: World, clock: SettableClock) -> None:
    clock.now = _at(10, 5)
    stay = await _stay(world, await _offer(world), await _child(world), "2026-10-01")
    clock.now = _at(11, 10)
    ended = await _end(world, stay, "2026-11-10")
    clock.now = _at(11, 12)
    await world.ok(correct(world, ended, "end", "2026-10-20"))
    names = ("inflow", "outflow", "present", "stayDaysMedian")
    assert _shown(await figures(world, "residential-flow", known="then", **MONTHS), *names) == [
        [1, 0, 1, None],
        [0, 0, 0, None],
    ]
    assert _shown(await figures(world, "residential-flow", known="now", **MONTHS), *names) == [
        [1, 1, 0, 19],
        [0, 0, 0, None],
    ]
    await world.ok(correct(world, ended, "end"))
    assert _shown(await figures(world, "residential-flow", **MONTHS), *names) == [[1, 0, 1, None], [0, 0, 1, None]]


async def test_what_blocks_the_way_out(world: World, clock: SettableClock) -> None:
    clock.now = _at(10, 5)
    offer, secure = await _offer(world), await _offer(world, "jeugdzorgplus")
    said, asked, sought, still = [await _child(world) for _ in range(4)]
    for child in (said, asked, sought, still):
        await _stay(world, offer, child, "2026-10-01")
    kept = await _child(world, SECURE)
    await _stay(world, secure, kept, "2026-10-01")
    clock.now = _at(10, 20)
    explanation = {"clock": "help", "cause": "outflow-blocked", "text": "Er is geen woning."}
    await world.ok(world.http.post(f"/v1/requests/{said['id']}/explanations", json=explanation, headers=world.gi))
    step = {"step": "local-team", "reason": "outflow-blocked", "asked": "Waar kan dit kind wonen?"}
    await world.ok(world.http.post(f"/v1/requests/{asked['id']}/escalations", json=step, headers=world.gi))
    step |= {"reason": "waiting-list"}
    await world.ok(world.http.post(f"/v1/requests/{still['id']}/escalations", json=step, headers=world.gi))
    next_place = await refer(world, await _offer(world), sought)
    clock.now = _at(11, 22)
    names = ("present", "blocked", "blockedSaid", "blockedSought", "blockedSecure", "blockedShare")
    answer = await figures(world, "residential-flow", **MONTHS)
    assert _shown(answer, *names) == [[5, 3, 2, 1, 0, 0.6], [5, 4, 2, 1, 1, 0.8]], "the secure place: six weeks before"
    await world.ok(decide(world, next_place, "accept"))
    headers = world.gi | {"If-Match": "*"}
    milestone = world.http.put(
        f"/v1/requests/{kept['id']}/milestones/next-place", json={"date": "2026-11-20"}, headers=headers
    )
    await world.ok(milestone)
    answer = await figures(world, "residential-flow", **MONTHS)
    assert _shown(answer, *names) == [[5, 3, 2, 1, 0, 0.6], [5, 2, 2, 0, 0, 0.4]]


async def test_secure_care_over_six_months_counts_from_the_first_place(world: World, clock: SettableClock) -> None:
    clock.now = _at(11, 22)
    first, second = await _offer(world, "jeugdzorgplus"), await _offer(world, "jeugdzorgplus")
    child, other, exactly = [await _child(world, SECURE) for _ in range(3)]
    await _end(world, await _stay(world, first, child, "2026-04-30"), "2026-08-01")
    await _stay(world, second, child, "2026-08-01")
    await _end(world, await _stay(world, first, other, "2026-04-30"), "2026-08-01")
    await _stay(world, second, other, "2026-08-03")
    await _stay(world, first, exactly, "2026-05-22")
    answer = await figures(world, "residential-flow", by="care-type", **MONTHS)
    assert _shown(answer, "present", "secure", "secureOverSixMonths") == [[3, 3, 1], [3, 3, 1]]
    [october, november] = answer["items"]
    assert (october["code"], october["name"]) == ("jeugdzorgplus", "JeugdzorgPlus (gesloten jeugdhulp)")
    assert november["secureOverSixMonths"] == 1
