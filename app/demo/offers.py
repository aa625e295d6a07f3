"""The demo providers' own rows, their locations and their offers."""

import random
from collections.abc import Iterator, Sequence
from functools import cache

from app.demo.names import STREETS, slug
from app.demo.plan import Plan
from app.demo.profiles import PROFILES, Profile
from app.demo.rows import (
    Location,
    Offer,
    Provider,
    demo_id,
    dice,
)
from app.reference.lists import CareType, PostcodeArea, reference

_GENDERS = ["female", "male", "other"]
_HOME_ONLY = 0.7
"""The share of the offers at home that go no further than the regions that bought them."""


def provider(plan: Plan) -> Provider:
    """The provider of a plan, reachable nowhere: an example domain (RFC 2606) and a number not in use."""
    host = f"{slug(plan.name)}.example.org"
    return Provider(
        id=demo_id("provider", plan.key),
        name=plan.name,
        agb_code=f"{plan.number:08d}",
        kvk_number=f"{plan.number:08d}",
        intake_desk=f"Intakedesk {plan.noun}",
        phone=f"088-0000{plan.number:03d}",
        email=f"intake@{host}",
        website=f"https://{host}",
    )


@cache
def _areas() -> dict[str, list[PostcodeArea]]:
    areas: dict[str, list[PostcodeArea]] = {}
    for area in reference().postcodes.values():
        areas.setdefault(area.municipality, []).append(area)
    return areas


def locations(plan: Plan) -> list[Location]:
    """Two or three places in real municipalities of the plan's regions."""
    return [_location(plan, index, area) for index, area in enumerate(_sites(plan), 1)]


def _sites(plan: Plan) -> list[PostcodeArea]:
    lists = reference()
    if plan.own:
        return [lists.postcodes[pc4] for pc4 in (("1781", "1741", "1811") if plan.number == 1 else ("1811", "1761"))]
    rng = dice("sites", plan.key)
    if plan.light_municipality:
        return [rng.choice(_areas()[plan.light_municipality])]
    if plan.kind == "regional":
        near = lists.municipalities_of(plan.home)
        chosen = rng.sample(near, min(len(near), rng.choice((2, 2, 3))))
        return [rng.choice(_areas()[code]) for code in chosen]
    regions = [plan.home, *rng.sample([region for region in plan.served if region != plan.home], 2)]
    return [rng.choice(_areas()[rng.choice(lists.municipalities_of(region))]) for region in regions]


def _location(plan: Plan, index: int, area: PostcodeArea) -> Location:
    rng = dice("location", plan.key, index)
    return Location(
        id=demo_id("location", f"{plan.key}/{index}"),
        provider_id=demo_id("provider", plan.key),
        key=f"locatie-{index}",
        name=f"{plan.noun} {area.city}",
        street=rng.choice(STREETS),
        house_number=str(rng.randint(1, 199)),
        postcode=area.pc4,
        city=area.city,
        municipality_code=area.municipality,
        latitude=area.point.latitude,
        longitude=area.point.longitude,
    )


def offers(plan: Plan, places: list[Location]) -> Iterator[Offer]:
    """The plan's offers, spread over its locations."""
    area = _service_area(plan)
    for index, code in enumerate(plan.care_types, 1):
        again = code in plan.care_types[: index - 1]
        site = places[(index if again else index - 1) % len(places)]
        yield _offer(plan, index, reference().care_types[code], site, area)


def _service_area(plan: Plan) -> list[str] | None:
    if plan.light_municipality:
        return [plan.light_municipality]
    if plan.kind == "national":
        return None
    return [code for region in plan.served for code in reference().municipalities_of(region)]


def _offer(plan: Plan, index: int, care_type: CareType, site: Location, area: list[str] | None) -> Offer:
    rng = dice("offer", plan.key, index)
    profile = PROFILES[care_type.code]
    ages = profile.ages[0] if plan.own else rng.choice(profile.ages)
    at_home = rng.random() < (round(profile.at_home) if plan.own else profile.at_home)
    genders = [rng.choice(_GENDERS[:2]), "other"] if rng.random() < profile.one_gender else _GENDERS
    known = profile.specialisations
    skills = known[:2] if plan.own else rng.sample(known, rng.randint(1, min(4, len(known))))
    return Offer(
        id=demo_id("offer", f"{plan.key}/{index}"),
        provider_id=demo_id("provider", plan.key),
        key=f"aanbod-{index:02d}",
        name=f"{care_type.name.nl} {site.name}",
        description=_description(care_type, site, ages, skills),
        care_type=care_type.code,
        age_min=ages[0],
        age_max=ages[1],
        genders=_GENDERS if plan.own else genders,
        specialisations=sorted(skills),
        exclusion_criteria=[] if plan.own else _exclusions(rng, profile, set(skills)),
        location_id=site.id,
        at_home=at_home,
        service_area=area if at_home and (plan.own or rng.random() < _HOME_ONLY) else None,
        needs_court_authorisation=care_type.needs_court_authorisation,
        product_codes=_product_codes(rng, care_type),
        unit=profile.unit,
    )


def _exclusions(rng: random.Random, profile: Profile, skills: set[str]) -> list[str]:
    """Up to three criteria, and none that names what the offer is there for."""
    possible = [code for code in profile.exclusions if code not in skills]
    return sorted(rng.sample(possible, min(len(possible), rng.choice((0, 0, 1, 1, 2, 3)))))


@cache
def _codes(category: str) -> list[str]:
    return [each.code for each in reference().product_codes.values() if each.category_code == category]


def _product_codes(rng: random.Random, care_type: CareType) -> list[str]:
    """One to three standard codes of the care type's categories; category 54 has none in the list."""
    possible = [code for category in care_type.category_codes for code in _codes(category)]
    return sorted(rng.sample(possible, min(len(possible), rng.randint(1, 3))))


def _description(care_type: CareType, site: Location, ages: tuple[int, int], skills: Sequence[str]) -> str:
    names = [reference().specialisations[code].name.nl for code in skills]
    return (
        f"{care_type.name.nl} voor jeugdigen van {ages[0]} tot en met {ages[1]} jaar, vanuit {site.city}. "
        f"Ervaring met: {'; '.join(names)}. Verzonnen aanbod, voor de demonstratie."
    )
