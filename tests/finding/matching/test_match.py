"""POST /matches on a real database: who may, what is refused, which offers are candidates, what is said of them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.finding.matching.answer_schemas import MatchAnswer
from app.kit.security.callers import Role
from tests.conftest import SettableClock
from tests.world import (
    World,
    codes,
    match_request,
    problem,
    request_body,
)


async def _offer(world: World, *, contract: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """An offer that is contracted for JZ03 and has a free place, unless said."""
    offer = await world.add_offer(**fields)
    if contract is not None or "contract" not in fields:
        await world.add_contract(offer["providerId"], **(contract or {}))
    await world.report(offer)
    return offer


def _ids(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["offer"]["id"] for entry in entries]


async def test_needs_a_token(world: World) -> None:
    problem(await world.http.post("/v1/matches", json=match_request()), 401, "unauthenticated")


@pytest.mark.parametrize("role", [Role.PROVIDER, Role.REGION, Role.SUPRAREGION, Role.INSPECTORATE, Role.ADMIN])
async def test_is_for_referrers_alone(world: World, role: Role) -> None:
    problem(await world.http.post("/v1/matches", json=match_request(), headers=world.as_(role)), 403, "forbidden")


async def test_a_local_team_may_ask_too(world: World) -> None:
    await world.match(headers=world.as_(Role.LOCAL_TEAM))


async def test_lists_all_errors_at_once(world: World) -> None:
    body = match_request(
        child={"birthMonth": "2014-13", "municipality": "GM9999", "postcode": "0123", "name": "Jan", "bsn": "x"},
        choices=[{"careType": "gezinshuizen", "maxDistanceKm": -1}],
        needs=["trauma", "trauma"],
        wishes=["magie"],
        characteristics=["brand"],
        places=0,
        neededBy="2026-11-22T10:00:00Z",
        policy="cheapest-first",
        limit=201,
    )
    answer = await world.http.post("/v1/matches?uitleg=ja", json=body, headers=world.gi)
    assert codes(answer) == {
        "#/child/birthMonth": "invalid",
        "#/child/municipality": "unknown-code",
        "#/child/postcode": "pc4",
        "#/child/name": "unknown-field",
        "#/child/bsn": "unknown-field",
        "#/choices/0/careType": "unknown-code",
        "#/choices/0/maxDistanceKm": "out-of-range",
        "#/needs": "repeated",
        "#/wishes/0": "unknown-code",
        "#/characteristics/0": "unknown-code",
        "#/places": "out-of-range",
        "#/neededBy": "format",
        "#/policy": "unknown-code",
        "#/limit": "out-of-range",
        "#/query/uitleg": "unknown-query-key",
    }


async def test_needs_one_to_three_choices(world: World) -> None:
    for number, code in ((0, "too-few"), (4, "too-many")):
        body = match_request(choices=[{"careType": "gezinshuis"}] * number)
        answer = await world.http.post("/v1/matches", json=body, headers=world.gi)
        assert codes(answer) == {"#/choices": code}


@pytest.mark.parametrize("path", ["/v1/matches", "/v1/requests"])
@pytest.mark.parametrize("code", ["99", "OTS", "11 ", "", "123456782"])
async def test_refuses_a_measure_that_is_not_in_the_list(world: World, path: str, code: str) -> None:
    child = {"measure": {"type": code, "imposedOn": "2026-10-12"}}
    body = match_request(child=child) if path == "/v1/matches" else request_body(child=child)
    answer = await world.http.post(path, json=body, headers=world.gi)
    assert codes(answer) == {"#/child/measure/type": "unknown-code"}
    (error,) = answer.json()["errors"]
    assert repr(code) in error["detail"]
    assert "/v1/measures" in error["detail"]


async def test_takes_every_measure_of_the_list(world: World) -> None:
    listed = (await world.ok(world.http.get("/v1/measures")))["items"]
    assert listed
    for measure in listed:
        await world.match(child={"measure": {"type": measure["code"], "imposedOn": "2026-10-12"}})


async def test_the_answer_is_as_documented(world: World) -> None:
    await _offer(world)
    await _offer(world, specialisations=["trauma"])
    uncontracted = await world.add_offer()
    answer = await world.http.post("/v1/matches?explain=true", json=match_request(wishes=["trauma"]), headers=world.gi)
    content = MatchAnswer.model_validate_json(answer.content)
    assert answer.headers["cache-control"] == "no-store"
    assert content.rules == 2
    assert content.generated_at.isoformat() == "2026-11-22T10:00:00+00:00"
    assert content.deadline.isoformat() == "2027-01-12"
    assert [result.rank for result in content.results] == [1, 2]
    assert content.excluded.total == 1
    assert content.excluded.offers is not None
    assert str(content.excluded.offers[0].offer_id) == uncontracted["id"]
    assert content.excluded.offers[0].reasons == ["not-contracted"]


async def test_excluded_offers_are_listed_only_where_asked(world: World) -> None:
    await world.add_offer()
    assert "offers" not in (await world.match())["excluded"]


async def test_says_in_one_sentence_why_an_offer_stands_where_it_stands(world: World) -> None:
    late = await _offer(world)
    await world.report(late, placesFree=0, waitDaysTreatment=80)
    timely = await _offer(world)
    content = await world.match()
    assert _ids(content["results"]) == [timely["id"], late["id"]]
    assert content["results"][0]["decidedBy"] == "delay"
    assert content["results"][0]["explanation"] == (
        "Boven nr. 2: start op 22 november 2026, op tijd (norm: uiterlijk 12 januari 2027); "
        "nr. 2 start op 10 februari 2027, ruim 4 weken te laat."
    )
    assert content["results"][1]["decidedBy"] is None
    sent = world.http.post("/v1/matches", json=match_request(), headers=world.gi | {"Accept-Language": "en"})
    assert (await world.ok(sent))["results"][0]["explanation"].startswith("Above no. 2: ")


async def test_warns_of_what_to_know_before_choosing(world: World, clock: SettableClock) -> None:
    offer = await world.add_offer(careType="jeugdzorgplus", ageMax=23)
    await world.add_contract(offer["providerId"], kind="light", regions=[], municipalities=["GM0400"])
    await world.report(offer, observedAt="2026-11-10T10:00:00Z", placesFree=0, waitDaysIntake=90)
    content = await world.match(
        child={"birthMonth": "2009-01", "courtAuthorisation": True}, choices=[{"careType": "jeugdzorgplus"}]
    )
    told = {warning["code"]: warning["detail"] for warning in content["results"][0]["warnings"]}
    assert list(told) == ["figures-old", "start-after-norm", "turns-18", "court-authorisation", "light-contract"]
    assert "12 dagen" in told["figures-old"]
    clock.now = clock.now.replace(year=2027)
    content = await world.match(
        child={"birthMonth": "2011-01", "courtAuthorisation": True}, choices=[{"careType": "jeugdzorgplus"}]
    )
    assert "start-unknown" in {warning["code"] for warning in content["results"][0]["warnings"]}


async def test_the_municipality_decides_the_contracts_and_the_postcode_the_distance(world: World) -> None:
    here = await _offer(world)
    amsterdam = await world.add_provider()
    await world.add_location(amsterdam, "here", postcode="1011AB")
    there = await world.add_offer(amsterdam, locationKey="here")
    await world.report(there)
    await world.add_contract(amsterdam, regions=["JZ13"])
    of_den_helder = await world.match(child={"postcode": "1011"})
    assert _ids(of_den_helder["results"]) == [here["id"]]
    assert of_den_helder["results"][0]["distanceKm"] > 60
    of_amsterdam = await world.match(child={"municipality": "GM0363", "postcode": "1781"})
    assert _ids(of_amsterdam["results"]) == [there["id"]]
    assert of_amsterdam["results"][0]["distanceKm"] > 60


async def test_an_unknown_postcode_is_an_unknown_distance(world: World) -> None:
    await _offer(world)
    content = await world.match(child={"postcode": "1000"}, choices=[{"careType": "gezinshuis", "maxDistanceKm": 1}])
    assert content["results"][0]["distanceKm"] is None
    assert [warning["code"] for warning in content["results"][0]["warnings"]] == ["distance-unknown"]
    assert content["results"][0]["factors"]["distance"] == 9999


async def test_a_contract_of_one_municipality_covers_its_children_only(world: World) -> None:
    offer = await world.add_offer()
    await world.add_contract(offer["providerId"], regions=[], municipalities=["GM0400"])
    await world.report(offer)
    assert _ids((await world.match())["results"]) == [offer["id"]]
    of_schagen = await world.match(child={"municipality": "GM0441"})
    assert of_schagen["results"] == []
    assert of_schagen["excluded"]["byReason"] == [
        {
            "reason": "not-contracted",
            "count": 1,
            "detail": "Geen geldig contract voor de gemeente of regio van het kind",
        }
    ]


async def test_a_contract_for_other_care_covers_nothing_here(world: World) -> None:
    offer = await world.add_offer()
    await world.add_contract(offer["providerId"], careTypes=["pleegzorg-voltijd"])
    await world.report(offer)
    assert (await world.match())["results"] == []


async def test_an_uncontracted_offer_nearby_is_an_alternative_with_words_on_whom_to_ask(world: World) -> None:
    provider = await world.add_provider(name="Demo De Linde")
    await world.add_location(provider, "here", postcode="1811AB")
    nearby = await world.add_offer(provider, locationKey="here")
    far = await world.add_provider()
    await world.add_location(far, "here", postcode="6211AB")
    maastricht = await world.add_offer(far, locationKey="here")
    content = await world.match()
    assert _ids(content["alternatives"]) == [nearby["id"]]
    assert content["alternatives"][0]["needs"] == "light-contract"
    assert content["alternatives"][0]["explanation"].endswith(
        "geen contract met Demo De Linde dat voor het kind geldt: regel een licht contract met gemeente Den Helder."
    )
    unsaid: dict[str, Any] = {"name": None, "phone": None, "email": None, "openingHours": []}
    assert content["alternatives"][0]["ask"] == {"of": "region", "organisation": "Kop van Noord-Holland", **unsaid}
    named = await world.match(choices=[{"careType": "gezinshuis", "offerId": maastricht["id"]}])
    assert _ids(named["alternatives"]) == [maastricht["id"]]
    of_provider = await world.match(choices=[{"careType": "gezinshuis", "providerId": far}])
    assert _ids(of_provider["alternatives"]) == [maastricht["id"]]


async def test_an_alternative_says_how_whoever_can_arrange_it_is_reached(world: World) -> None:
    desk = {"intakeDesk": "Aanmeldteam", "phone": "088 000 0123", "email": "aanmelden@example.org"}
    provider = await world.add_provider(name="Demo De Linde", contact=desk)
    await world.add_offer(provider, ageMin=13)
    (alternative,) = (await world.match(child={"birthMonth": "2009-05"}))["alternatives"]
    assert alternative["ask"]["phone"] is None
    hours = [{"days": ["mon"], "opens": "09:00", "closes": "12:30"}]
    said = {"name": "Toegang Kop", "phone": "0223 000 000", "email": "toegang@example.org", "openingHours": hours}
    put = world.http.put("/v1/me/contact", json=said, headers=world.region() | {"If-Match": "*"})
    await world.ok(put)
    (alternative,) = (await world.match(child={"birthMonth": "2009-05"}))["alternatives"]
    assert alternative["ask"] == {"of": "region", "organisation": "Kop van Noord-Holland", **said}
    assert alternative["explanation"].endswith(" Contact: Toegang Kop, 0223 000 000, toegang@example.org.")
    await world.add_contract(provider)
    (alternative,) = (await world.match())["alternatives"]
    assert alternative["needs"] == "provider-consent"
    name, reached = desk.pop("intakeDesk"), desk
    assert alternative["ask"] == {"of": "provider", "organisation": "Demo De Linde", "name": name, **reached} | {
        "openingHours": []
    }
    assert alternative["explanation"].endswith(" Contact: Aanmeldteam, 088 000 0123, aanmelden@example.org.")


async def test_a_regions_stop_binds_its_own_children_only(world: World) -> None:
    offer = await world.add_offer()
    await world.add_contract(offer["providerId"], regions=["JZ03", "JZ06"])
    await world.report(offer)
    await world.add_stop(offer["providerId"], world.region("JZ06"), imposedBy="region")
    assert _ids((await world.match())["results"]) == [offer["id"]]
    of_alkmaar = await world.match(child={"municipality": "GM0361"})
    assert [each["reason"] for each in of_alkmaar["excluded"]["byReason"]] == ["placement-stop"]


@pytest.mark.parametrize("target", ["provider", "location", "offer"])
async def test_a_stop_closes_what_it_is_on(world: World, target: str) -> None:
    offer = await _offer(world)
    await world.add_location(offer["providerId"], "there")
    other = await world.add_offer(offer["providerId"], locationKey="there")
    await world.report(other)
    on = {"provider": {}, "location": {"locationKey": "here"}, "offer": {"offerId": offer["id"]}}[target]
    await world.add_stop(offer["providerId"], **on)
    assert _ids((await world.match())["results"]) == ([] if target == "provider" else [other["id"]])


async def test_a_stop_that_is_over_or_has_not_begun_closes_nothing(world: World) -> None:
    offer = await _offer(world)
    await world.add_stop(offer["providerId"], None, **{"from": "2026-10-01", "to": "2026-11-21"})
    await world.add_stop(offer["providerId"], None, **{"from": "2026-11-23"})
    assert _ids((await world.match())["results"]) == [offer["id"]]


async def test_a_reached_ceiling_excludes_but_not_a_child_with_a_measure_that_it_exempts(world: World) -> None:
    offer = await _offer(world, contract={"ceiling": {"reached": True, "exemptsMeasure": True}})
    assert _ids((await world.match())["results"]) == [offer["id"]]
    without = await world.match(child={"measure": None})
    assert _ids(without["alternatives"]) == [offer["id"]]
    assert without["alternatives"][0]["needs"] == "ceiling-exception"


async def test_offers_that_have_ended_are_no_candidates(world: World) -> None:
    offer = await _offer(world)
    await world.http.delete(f"/v1/offers/{offer['id']}", headers=world.provider(offer["providerId"]))
    content = await world.match(choices=[{"careType": "gezinshuis", "providerId": offer["providerId"]}])
    assert content["results"] == []
    assert content["excluded"]["total"] == 0


async def test_a_choice_of_nothing_is_refused_where_it_stands(world: World) -> None:
    kept, ended, nobody = await _offer(world), await _offer(world), "00000000-0000-0000-0000-000000000001"
    await world.http.delete(f"/v1/offers/{ended['id']}", headers=world.provider(ended["providerId"]))
    choices: list[dict[str, Any]] = [
        {"careType": "gezinshuis", "offerId": ended["id"]},
        {"careType": "logeren", "offerId": nobody, "providerId": kept["providerId"]},
        {"careType": "logeren", "offerId": kept["id"], "providerId": nobody},
    ]
    answer = await world.http.post("/v1/matches", json=match_request(choices=choices), headers=world.gi)
    assert codes(answer) == {
        "#/choices/0/offerId": "unknown-offer",
        "#/choices/1/offerId": "unknown-offer",
        "#/choices/2/offerId": "other-care-type",
        "#/choices/2/providerId": "unknown-provider",
    }


async def test_days_that_have_not_come_are_refused(world: World, clock: SettableClock) -> None:
    offer = await _offer(world)
    clock.now = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)  # half past eleven at night in the Netherlands
    decline = {"offerId": offer["id"], "declinedOn": "2026-11-22", "reason": "no-place"}
    measure = {"type": "21", "imposedOn": "2026-11-22"}
    await world.match(child={"measure": measure, "birthMonth": "2027-08"}, declines=[decline])
    body = match_request(
        child={"measure": measure | {"imposedOn": "2026-11-23"}, "birthMonth": "2027-09"},
        declines=[decline, decline | {"declinedOn": "2026-11-23"}],
    )
    assert codes(await world.http.post("/v1/matches", json=body, headers=world.gi)) == {
        "#/child/birthMonth": "in-future",
        "#/child/measure/imposedOn": "in-future",
        "#/declines/1/declinedOn": "in-future",
    }
    clock.now = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # half past midnight: it is the 23rd
    body["child"]["birthMonth"] = "2027-08"
    await world.ok(world.http.post("/v1/matches", json=body, headers=world.gi))


async def test_limit_cuts_the_list_and_the_explanation_still_names_the_next(world: World) -> None:
    for _ in range(3):
        await _offer(world)
    content = await world.match(limit=1)
    assert len(content["results"]) == 1
    assert content["results"][0]["explanation"].startswith("Boven nr. 2")


async def test_asks_the_database_nothing(world: World, statements: list[str]) -> None:
    for _ in range(5):
        await _offer(world)
    statements.clear()
    content = await world.match(choices=[{"careType": code} for code in ("gezinshuis", "pleegzorg-voltijd", "logeren")])
    assert len(content["results"]) == 5
    assert statements == []


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
async def test_dates_at_the_end_of_the_calendar_are_refused(world: World, day: str) -> None:
    body = match_request(child={"measure": {"type": "21", "imposedOn": day}}, neededBy=day)
    answer = await world.http.post("/v1/matches", json=body, headers=world.gi)
    assert codes(answer) == {"#/child/measure/imposedOn": "out-of-range", "#/neededBy": "out-of-range"}


async def test_the_farthest_dates_that_are_taken_can_be_ranked(world: World) -> None:
    offer = await world.add_offer()
    await world.add_contract(offer["providerId"], validFrom="0001-01-01", validTo="9999-12-31")
    await world.add_stop(offer["providerId"], None, **{"from": "0001-01-01", "to": "2020-01-01"})
    await world.add_stop(offer["providerId"], None, **{"from": "9999-12-31", "to": "9999-12-31"})
    await world.report(offer, placesFree=0, nextFreeOn="2999-12-31")
    for day in ("1900-01-01", "2999-12-31"):
        measure = {"type": "21", "imposedOn": "1900-01-01"}
        await world.match(child={"birthMonth": "2027-08", "measure": measure}, neededBy=day)
    content = await world.match(child={"birthMonth": "1990-01"})
    assert [each["reason"] for each in content["excluded"]["byReason"]] == ["age"]


async def test_a_choice_that_contradicts_itself_is_refused(world: World) -> None:
    offer, other = await _offer(world), await world.add_provider()
    named = {"careType": "gezinshuis", "offerId": offer["id"], "providerId": offer["providerId"]}
    body = match_request(choices=[named | {"careType": "logeren", "providerId": other}, named])
    assert codes(await world.http.post("/v1/matches", json=body, headers=world.gi)) == {
        "#/choices/0/offerId": "other-care-type",
        "#/choices/0/providerId": "other-provider",
    }
    assert _ids((await world.match(choices=[named]))["results"]) == [offer["id"]]


async def test_an_offer_that_declined_is_asked_again_and_not_found(world: World) -> None:
    offer = await _offer(world)
    decline = {"offerId": offer["id"], "declinedOn": "2026-11-21", "reason": "need-too-heavy"}
    content = await world.match(declines=[decline])
    assert content["results"] == []
    assert content["excluded"]["byReason"][0]["reason"] == "declined-earlier"
    [alternative] = content["alternatives"]
    assert (alternative["offer"]["id"], alternative["needs"]) == (offer["id"], "ask-again")
    assert alternative["explanation"].startswith(
        f"{alternative['provider']['name']} weigerde dit kind op 21 november 2026 (zorgvraag te zwaar voor dit aanbod):"
    )
    for lapsed in ({"declinedOn": "2026-10-25"}, {"reason": "no-place"}):  # it has reported today
        assert _ids((await world.match(declines=[decline | lapsed]))["results"]) == [offer["id"]]


async def test_a_bad_decline_is_named(world: World) -> None:
    body = match_request(declines=[{"offerId": "x", "declinedOn": "gisteren", "reason": "zomaar"}])
    assert codes(await world.http.post("/v1/matches", json=body, headers=world.gi)) == {
        "#/declines/0/offerId": "format",
        "#/declines/0/declinedOn": "format",
        "#/declines/0/reason": "unknown-code",
    }


async def test_any_offer_fits_a_child_whose_gender_is_unknown(world: World) -> None:
    offer = await _offer(world, genders=["male"])
    assert (await world.match(child={"gender": "other"}))["results"] == []
    assert _ids((await world.match(child={"gender": "unknown"}))["results"]) == [offer["id"]]
