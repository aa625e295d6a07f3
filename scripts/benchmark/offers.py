"""The offers of a data set, after what is usual for their care type."""

import random
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any, Final

from app.demo.profiles import PROFILES, Profile
from app.reference.lists import reference
from scripts.benchmark.providers import LOCATIONS_EACH, OFFERS_EACH, Provider
from scripts.benchmark.rows import Rows, row_id

_ALL: Final = ["female", "male", "other"]
SENDER: Final = "benchmark"
"""The client of the loaded capacity reports."""


def add_offers(rows: Rows, plan: Provider, today: date) -> None:
    """Its offers, with their capacity reports."""
    for index in range(OFFERS_EACH):
        number = plan.number * OFFERS_EACH + index
        _add_offer(rows, plan, number, plan.care_types[index % len(plan.care_types)])
        _add_reports(rows, plan.rng, number, plan.care_types[index % len(plan.care_types)], today)


def _add_offer(rows: Rows, plan: Provider, number: int, code: str) -> None:
    rng, profile, care_type = plan.rng, PROFILES[code], reference().care_types[code]
    at_home = rng.random() < profile.at_home
    ages = rng.choice(profile.ages)
    skills = rng.sample(profile.specialisations, rng.randint(1, min(4, len(profile.specialisations))))
    exclusions = [each for each in profile.exclusions if each not in skills]
    located = not at_home or rng.random() < 0.8
    rows.add(
        "offers",
        row_id("offer", number),
        row_id("provider", plan.number),
        f"aanbod-{number % OFFERS_EACH}",
        f"{care_type.name.nl} {number}",
        f"{care_type.name.nl} voor jeugdigen van {ages[0]} tot en met {ages[1]} jaar. Verzonnen aanbod, om te meten.",
        code,
        ages[0],
        ages[1],
        _genders(rng, profile),
        sorted(skills),
        sorted(rng.sample(exclusions, min(len(exclusions), rng.choice((0, 0, 1, 1, 2, 3))))),
        row_id("location", plan.number * LOCATIONS_EACH + number % LOCATIONS_EACH) if located else None,
        at_home,
        _service_area(plan) if at_home and rng.random() < 0.6 else None,
        care_type.needs_court_authorisation,
        _product_codes(code)[: rng.randint(1, 3)],
        profile.unit,
    )


def _genders(rng: random.Random, profile: Profile) -> list[str]:
    return [rng.choice(_ALL[:2]), "other"] if rng.random() < profile.one_gender else _ALL


def _service_area(plan: Provider) -> list[str]:
    """Some of the municipalities of its home region."""
    inside = plan.area.municipalities[plan.served[0]]
    return sorted(plan.rng.sample(inside, plan.rng.randint(1, len(inside))))


@cache
def _product_codes(care_type: str) -> list[str]:
    categories = reference().care_types[care_type].category_codes
    return [code for code, each in reference().product_codes.items() if each.category_code in categories][:3]


def _add_reports(rows: Rows, rng: random.Random, number: int, code: str, today: date) -> None:
    """One report or two: most are of the last week, one in eight is stale; one offer in twelve never reported."""
    band = rng.choices(((0, 7), (8, 30), (31, 90), None), (60, 20, 12, 8))[0]
    if band is None:
        return
    places = rng.randint(*PROFILES[code].places)
    accepts = rng.random() < 0.95
    age = rng.randint(*band)
    for days in (age + 30, age) if number % 2 else (age,):
        observed = datetime.combine(today - timedelta(days=days), time(rng.randrange(24)), UTC)
        observed = min(observed, datetime.combine(today, time(), UTC))
        rows.add(
            "capacity_reports",
            row_id("offer", number),
            *_figures(rng, places, today),
            accepts,
            "Bel voor overleg over de start." if rng.random() < 0.05 else None,
            observed,
            observed,
            SENDER,
            False,
        )


def _figures(rng: random.Random, places: int, today: date) -> tuple[Any, ...]:
    """From `places_total` to `wait_days_treatment`: free, free on a later day, a wait, a list, or full."""
    situation = rng.choices(("free", "next", "wait", "list", "full"), (35, 20, 20, 15, 10))[0]
    free = rng.randint(1, max(1, places // 5)) if situation == "free" else 0
    known = rng.random() < 0.85
    waits = situation == "wait"
    return (
        places if known else None,
        places - free if known else None,
        0 if known else None,
        free,
        rng.randint(1, 12) if situation in {"wait", "list"} else 0,
        today + timedelta(days=rng.randint(3, 90)) if situation == "next" else None,
        rng.randint(5, 45) if waits else None,
        rng.randint(0, 75) if waits else None,
    )
