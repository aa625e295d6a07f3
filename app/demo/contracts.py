"""How the demo providers' help is bought, and where nobody may be placed for a time.

Contracts run by calendar year and stops by month, as they mostly do; so they shift at New Year and on the
first of the month only.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from app.demo.plan import Plan, nearest_regions
from app.demo.rows import (
    Contract,
    Location,
    Offer,
    Stop,
    demo_id,
    dice,
)
from app.domain.dates import add_months
from app.reference.lists import reference


def contracts(plan: Plan, offered: list[Offer], today: date) -> Iterator[Contract]:
    """The contract that stands, and for some an expired one, one yet to start, or a municipality's own."""
    yield _main(plan, offered, today.year)
    if plan.kind != "regional" or plan.own:
        return
    other = next(region for region in nearest_regions(plan.home) if region not in plan.served)
    if plan.number % 6 == 1:
        yield _extra(plan, "former", [other], (date(today.year - 3, 1, 1), date(today.year - 1, 12, 31)))
    if plan.number % 9 == 2:
        yield _extra(plan, "coming", [other], (date(today.year + 1, 1, 1), None))
    if plan.number % 5 == 3:
        yield _single(plan, offered, other, today.year)


def _main(plan: Plan, offered: list[Offer], year: int) -> Contract:
    """The provider's own contract; one in five names its care types, one in four its product codes."""
    number = plan.number
    lapsed = plan.kind == "light" and number % 5 == 0
    return Contract(
        id=demo_id("contract", f"{plan.key}/main"),
        provider_id=demo_id("provider", plan.key),
        kind=plan.kind,
        regions=list(plan.served),
        municipalities=[plan.light_municipality] if plan.light_municipality else [],
        care_types=sorted(set(plan.care_types)) if number % 5 == 0 else None,
        product_codes=sorted({code for offer in offered for code in offer.product_codes}) if number % 4 == 0 else [],
        valid_from=date(year - 1 - number % 3, 1, 1),
        valid_to=date(year - 1, 12, 31) if lapsed else _last_day(number, year),
        ceiling_reached=number % 13 in {1, 7} and not plan.own,
        ceiling_exempts_measure=number % 13 in {1, 11},
    )


def _last_day(number: int, year: int) -> date | None:
    """Most have no end; one in twelve ends with this year, one in six with the next."""
    years = {0: 0, 4: 1, 8: 1}.get(number % 12)
    return None if years is None else date(year + years, 12, 31)


def _extra(plan: Plan, name: str, regions: list[str], period: tuple[date, date | None]) -> Contract:
    return Contract(
        id=demo_id("contract", f"{plan.key}/{name}"),
        provider_id=demo_id("provider", plan.key),
        kind="regional",
        regions=regions,
        municipalities=[],
        care_types=None,
        product_codes=[],
        valid_from=period[0],
        valid_to=period[1],
        ceiling_reached=False,
        ceiling_exempts_measure=False,
    )


def _single(plan: Plan, offered: list[Offer], region: str, year: int) -> Contract:
    """A light contract of one municipality nearby, for one care type (maatwerkcontract)."""
    rng = dice("single", plan.key)
    offer = rng.choice(offered)
    return Contract(
        id=demo_id("contract", f"{plan.key}/single"),
        provider_id=demo_id("provider", plan.key),
        kind="light",
        regions=[],
        municipalities=[rng.choice(reference().municipalities_of(region))],
        care_types=[offer.care_type],
        product_codes=offer.product_codes,
        valid_from=date(year, 1, 1),
        valid_to=date(year + 1, 12, 31),
        ceiling_reached=False,
        ceiling_exempts_measure=False,
    )


_REASONS = {
    "provider": "Personeelstekort: tijdelijk geen nieuwe plaatsingen.",
    "region": "De regio onderzoekt signalen over de kwaliteit.",
    "inspectorate": "Verscherpt toezicht door de inspectie (voorbeeld).",
}
_STOPPED = range(9, 80, 5)
"""The numbers of the providers with a stop."""


def stops(plan: Plan, places: list[Location], offered: list[Offer], today: date) -> Iterator[Stop]:
    """A stop at some of the regional providers: past, in force or to come; on all, one place or one offer."""
    if plan.kind != "regional" or plan.number not in _STOPPED:
        return
    turn = _STOPPED.index(plan.number)
    imposed_by = ("provider", "region", "inspectorate")[turn % 3]
    on_location, on_offer = turn % 4 in {1, 3}, turn % 4 == 2
    starts_on, ends_on = _period(turn, today)
    yield Stop(
        id=demo_id("stop", plan.key),
        provider_id=demo_id("provider", plan.key),
        location_id=places[0].id if on_location else None,
        offer_id=offered[turn % len(offered)].id if on_offer else None,
        starts_on=starts_on,
        ends_on=ends_on,
        imposed_by=imposed_by,
        region_code=plan.home if imposed_by == "region" else None,
        reason=_REASONS[imposed_by],
    )


def _period(turn: int, today: date) -> tuple[date, date | None]:
    """By turns in force with an end, past, in force without an end, and to come."""
    first = today.replace(day=1)
    day = timedelta(days=1)
    periods = (
        (add_months(first, -1), add_months(first, 2) - day),
        (add_months(first, -5), add_months(first, -2) - day),
        (add_months(first, -2), None),
        (add_months(first, 1), add_months(first, 4) - day),
    )
    return periods[(turn // 3) % 4]
