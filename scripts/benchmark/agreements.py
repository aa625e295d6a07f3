"""The contracts and placement stops of a data set."""

import random
from datetime import date, timedelta
from typing import Final

from scripts.benchmark.providers import CONTRACTS_EACH, LOCATIONS_EACH, OFFERS_EACH, Provider
from scripts.benchmark.rows import Rows, row_id

_STOPPED: Final = 0.06
_REASON: Final = "Personeelstekort: tijdelijk geen nieuwe plaatsingen."


def add_contracts(rows: Rows, plan: Provider, today: date) -> None:
    """Its contracts: the one that stands, then former, coming and partial ones, and those of single municipalities.

    None touches a region that its provider does not serve, so that they add rows to weigh and no candidates.
    """
    for index in range(CONTRACTS_EACH):
        rng = plan.rng
        light = plan.kind == "light" or (index > 0 and rng.random() < 0.55)
        whole = index == 0 or (plan.kind != "regional" and rng.random() < 0.2)
        region = plan.served[index % len(plan.served)]
        reached = rng.random() < 0.12
        rows.add(
            "contracts",
            row_id("contract", plan.number * CONTRACTS_EACH + index),
            row_id("provider", plan.number),
            "light" if light else plan.kind,
            [] if light else list(plan.served) if whole else [region],
            [rng.choice(plan.area.municipalities[region])] if light else [],
            None if index == 0 or rng.random() < 0.1 else sorted(rng.sample(plan.care_types, rng.randint(1, 3))),
            [],
            *_period(rng, index, today),
            reached,
            reached and rng.random() < 0.4,
        )


def _period(rng: random.Random, index: int, today: date) -> tuple[date, date | None]:
    """By calendar year, as contracts mostly run: one in three is over, one in ten yet to start."""
    year = today.year
    if index == 0:
        return date(year - rng.randint(1, 3), 1, 1), rng.choice((None, None, None, date(year + 1, 12, 31)))
    state = rng.choices(("former", "standing", "coming"), (33, 57, 10))[0]
    if state == "former":
        return date(year - 3, 1, 1), date(year - 1, 12, 31)
    if state == "coming":
        return date(year + 1, 1, 1), None
    return date(year - 1, 1, 1), rng.choice((None, date(year, 12, 31), date(year + 2, 12, 31)))


def add_stops(rows: Rows, plan: Provider, today: date) -> None:
    """For some a stop: of the whole provider, of a location or of an offer; over, in force or to come."""
    rng = plan.rng
    if rng.random() >= _STOPPED:
        return
    scope = rng.choice(("provider", "location", "offer", "offer"))
    by = rng.choice(("provider", "provider", "region", "inspectorate"))
    starts = today + timedelta(days=rng.randint(-60, 20))
    rows.add(
        "placement_stops",
        row_id("stop", plan.number),
        row_id("provider", plan.number),
        row_id("location", plan.number * LOCATIONS_EACH) if scope == "location" else None,
        row_id("offer", plan.number * OFFERS_EACH + rng.randrange(OFFERS_EACH)) if scope == "offer" else None,
        starts,
        None if rng.random() < 0.5 else starts + timedelta(days=rng.randint(7, 90)),
        by,
        plan.served[0] if by == "region" else None,
        _REASON,
    )
