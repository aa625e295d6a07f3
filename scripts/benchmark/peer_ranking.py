"""The peer's ranking: the product's rules, written down a second time without any care for speed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import ceil
from typing import Any, Final

from sqlalchemy import RowMapping

from app.domain.dates import YearMonth, add_months, whole_years
from app.domain.geo import Point, distance_km
from app.finding.matching.schemas import MatchRequest
from app.reference.lists import reference

_KINDS: Final = ("regional", "supraregional", "national", "light")
_UNKNOWN: Final = 9999
_FRONTS: Final = {
    "timely-first": (),
    "choice-first": ("choice",),
    "soonest-first": ("start", "choice"),
    "nearest-first": ("delay", "distance", "choice"),
}


@dataclass(frozen=True, slots=True)
class Ranked:
    """A result, with its factors in their usual order."""

    offer: RowMapping
    factors: dict[str, int]
    start: date | None
    distance: float | None
    contract: str


def rank(
    body: MatchRequest, candidates: Iterable[tuple[RowMapping, Sequence[RowMapping], Sequence[RowMapping]]], today: date
) -> list[Ranked]:
    """The offers that fit, best first."""
    fitting = [_ranked(body, *each, today) for each in candidates]
    front = _FRONTS[body.policy]

    def key(ranked: Ranked) -> tuple[Any, ...]:
        rest = [value for name, value in ranked.factors.items() if name not in front]
        return (*(ranked.factors[name] for name in front), *rest, str(ranked.offer["id"]))

    return sorted((each for each in fitting if each is not None), key=key)


def _ranked(
    body: MatchRequest, offer: RowMapping, contracts: Sequence[RowMapping], stops: Sequence[RowMapping], today: date
) -> Ranked | None:
    choice = next(n for n, each in enumerate(body.choices, start=1) if each.care_type == offer["care_type"])
    start = _start(offer, body.places, today)
    on = start or today
    contract = _contract(body, offer, contracts, on)
    distance = _distance(body, offer)
    most = body.choices[choice - 1].max_distance_km
    too_far = most is not None and distance is not None and distance > most
    if contract is None or too_far or not _fits(body, offer, on) or _is_closed(offer, stops, (today, on)):
        return None
    factors = {
        "delay": 3 if start is None else max(0, ceil((start - _limit(body, today)).days / 28)),
        "choice": choice,
        "wishes": len(set(body.wishes) - set(offer["specialisations"])),
        "contract": _KINDS.index(contract),
        "wait": 3 if start is None else (start - today).days // 28,
        "distance": _UNKNOWN if distance is None else ceil(distance),
        "start": _UNKNOWN if start is None else (start - today).days,
        "age-of-report": _UNKNOWN if offer["observed_at"] is None else _age(offer, today),
    }
    return Ranked(offer, factors, start, distance, contract)


def _age(offer: RowMapping, today: date) -> int:
    observed: datetime = offer["observed_at"]
    return (today - observed.astimezone(UTC).date()).days


def _start(offer: RowMapping, places: int, today: date) -> date | None:
    if offer["observed_at"] is None or _age(offer, today) > 30:
        return None
    intake, treatment = offer["wait_days_intake"], offer["wait_days_treatment"]
    if intake is not None or treatment is not None:
        return today + timedelta(days=max(0, (intake or 0) + (treatment or 0) - _age(offer, today)))
    room = offer["places_free"] - offer["waiting_count"]
    if room >= places:
        return today
    next_free: date | None = offer["next_free_on"]
    if next_free is not None and room + 1 >= places:
        return max(today, next_free)
    return None


def _limit(body: MatchRequest, today: date) -> date:
    measure = body.child.measure
    deadline = body.needed_by or add_months(measure.imposed_on if measure else today, 3)
    return max(deadline, today + timedelta(days=7))


def _contract(body: MatchRequest, offer: RowMapping, contracts: Sequence[RowMapping], on: date) -> str | None:
    """The kind of the best contract that can be used."""
    usable = [
        contract["kind"]
        for contract in contracts
        if (contract["care_types"] is None or offer["care_type"] in contract["care_types"])
        and contract["valid_from"] <= on
        and (contract["valid_to"] is None or on <= contract["valid_to"])
        and (not contract["ceiling_reached"] or (contract["ceiling_exempts_measure"] and body.child.measure))
    ]
    return min(usable, key=_KINDS.index, default=None)


def _distance(body: MatchRequest, offer: RowMapping) -> float | None:
    if offer["at_home"]:
        return 0.0
    home = reference().postcodes.get(body.child.postcode or "")
    if home is None or offer["latitude"] is None:
        return None
    return distance_km(home.point, Point(offer["latitude"], offer["longitude"]))


def _fits(body: MatchRequest, offer: RowMapping, on: date) -> bool:
    child = body.child
    age = whole_years(YearMonth.parse(child.birth_month), on)
    total = offer["places_total"]
    return (
        offer["age_min"] <= age <= offer["age_max"]
        and child.gender in offer["genders"]
        and set(body.needs) <= set(offer["specialisations"])
        and not set(body.characteristics) & set(offer["exclusion_criteria"])
        and (child.court_authorisation or not offer["needs_court_authorisation"])
        and (offer["service_area"] is None or child.municipality in offer["service_area"])
        and (total is None or total >= body.places)
    )


def _is_closed(offer: RowMapping, stops: Sequence[RowMapping], days: tuple[date, date]) -> bool:
    if offer["accepts_referrals"] is False:
        return True
    return any(
        stop["location_id"] in (None, offer["location_id"])
        and stop["offer_id"] in (None, offer["id"])
        and any(stop["starts_on"] <= day and (stop["ends_on"] is None or day <= stop["ends_on"]) for day in days)
        for stop in stops
    )
