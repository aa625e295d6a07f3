"""An excerpt of the catalogue: a child is ranked by it as by the catalogue of the moment that it was taken at."""

import ast
from pathlib import Path
from typing import Any

import pytest

import app.ranking
from app.finding.catalogue import excerpt
from app.finding.catalogue.catalogue import Catalogue
from app.finding.catalogue.excerpt import Excerpt, take_excerpt, unpack
from app.finding.catalogue.records import numbers
from app.finding.matching.candidates import Offered, candidates_for
from app.finding.matching.schemas import MatchRequest
from app.finding.matching.service import ranked_request
from app.ranking.derived_dates import Norm
from app.ranking.facts_of_offers import asked_by
from app.ranking.model import Request
from app.ranking.rank import Ranking
from tests.conftest import NOW
from tests.world import World, match_request

FACTS = Path(app.ranking.__file__).with_name("facts.py")
CARRIED = {
    "OfferFacts": {*excerpt.FIXED, *excerpt.REPORT, "number", "stops"},
    "Term": set(excerpt.TERM),
    "Closed": set(excerpt.CLOSED),
}


@pytest.mark.parametrize("name", CARRIED)
def test_carries_all_that_the_rules_ask(name: str) -> None:
    tree = ast.parse(FACTS.read_text())
    [found] = [each for each in tree.body if isinstance(each, ast.ClassDef) and each.name == name]
    fields = {
        each.target.id for each in found.body if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
    }
    assert CARRIED[name] == fields


def ranking(catalogue: Offered, request: Request) -> Ranking:
    norm, known = Norm.of(request, NOW.date()), numbers()
    asked = asked_by(request, norm, known.specialisations, known.criteria)
    return Ranking(request, norm, asked, candidates_for(catalogue, request), ())


def by_catalogue(catalogue: Catalogue, request: Request) -> tuple[object, ...]:
    found = ranking(catalogue, request)
    return [(catalogue.entry(each[0]).id, *each[1:]) for each in found.listed()], found.excluded()


def by_excerpt(taken: Excerpt, request: Request) -> tuple[object, ...]:
    found = ranking(taken, request)
    return [(taken.offers[each[0]].id, *each[1:]) for each in found.listed()], found.excluded()


async def offers(world: World) -> list[dict[str, Any]]:
    """Of each kind that the rules tell apart: contracted, stopped, of a municipality, far away, at home, without."""
    made = [
        await world.contracted_offer(),
        await world.contracted_offer(specialisations=["trauma"]),
        await world.add_offer(),
    ]
    await world.add_stop(made[0]["providerId"], imposedBy="provider")
    other = await world.add_offer(atHome=True, serviceArea=["GM0400", "GM0363"])
    await world.add_contract(other["providerId"], regions=[], municipalities=["GM0400"], ceiling={"reached": True})
    far = await world.add_provider()
    await world.add_location(far, postcode="6211AA")
    named = await world.add_offer(far, locationKey="here")
    return [*made, other, named]


def requests_for(named: list[dict[str, Any]]) -> list[Request]:
    choices = [
        [{"careType": "gezinshuis"}],
        [{"careType": "kleinschalige-woonvorm"}, {"careType": "gezinshuis", "offerId": named[-1]["id"]}],
        [{"careType": "gezinshuis", "providerId": named[-1]["providerId"], "maxDistanceKm": 30}],
    ]
    bodies = [match_request(choices=each, wishes=["trauma"]) for each in choices]
    bodies.append(match_request(child={"municipality": "GM0363", "postcode": "1011"}))
    return [ranked_request(MatchRequest.model_validate(each)) for each in bodies]


async def test_ranks_as_the_catalogue_of_its_moment(committing_world: World) -> None:
    world = committing_world
    made = await offers(world)
    for each in made[1:]:
        await world.report(each, placesFree=1, placesTotal=4)
    catalogue, requests = world.parts.follower.catalogue, requests_for(made)
    keys = {(each.child.region, choice.care_type) for each in requests for choice in each.choices}
    named = {(choice.offer_id, choice.provider_id) for each in requests for choice in each.choices}
    before = [by_catalogue(catalogue, each) for each in requests]
    taken = take_excerpt(catalogue, keys, named)
    await world.report(made[1], placesFree=0, waitDaysIntake=300)
    await world.add_stop(made[2]["providerId"])
    kept = unpack(taken.packed())
    assert [by_excerpt(kept, each) for each in requests] == before
    assert [by_catalogue(catalogue, each) for each in requests] != before
    assert any(listed for listed, _ in before)
