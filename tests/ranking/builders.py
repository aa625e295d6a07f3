"""An ordinary request and an offer that fits it; a test says what is different."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from app.domain.dates import YearMonth
from app.domain.geo import Point
from app.ranking import rules
from app.ranking.derived_dates import Norm
from app.ranking.facts_of_offers import Codes, asked_by, facts_of
from app.ranking.model import (
    Capacity,
    Child,
    Choice,
    Contract,
    Location,
    Measure,
    Offer,
    Outcome,
    Policy,
    Request,
)
from app.ranking.rank import rank

TODAY = date(2026, 11, 22)
NO_CODES = Codes(())
HOME = Point(52.63, 4.75)

MEASURE = Measure("21", date(2026, 11, 1))
CHILD = Child(birth_month=YearMonth(2014, 11), gender="female", municipality="GM0361", region="JZ06", origin=HOME)
REGIONAL = Contract("regional", date(2026, 1, 1), regions=frozenset({"JZ06"}))


def day(days: int) -> date:
    """So many days from today."""
    return TODAY + timedelta(days=days)


def north(km: float) -> Location:
    """A place so far north of the child's."""
    return Location("GM0361", HOME.latitude + km / 111.19508, HOME.longitude)


def a_child(**different: Any) -> Child:
    return replace(CHILD, **different)


def a_request(**different: Any) -> Request:
    return replace(Request(CHILD, (Choice("gezinshuis"),)), **different)


def a_contract(**different: Any) -> Contract:
    return replace(REGIONAL, **different)


def a_report(age: int = 0, **different: Any) -> Capacity:
    """A report so many days old; with a place free unless said otherwise."""
    observed_at = datetime.combine(day(-age), time(9), UTC)
    return replace(Capacity(observed_at, places_free=1, places_total=4), **different)


def starting(days: int, age: int = 0) -> Capacity:
    """A report from which the expected start is so many days from today."""
    return a_report(age, wait_days_treatment=days + age)


def an_offer(id: str = "a", **different: Any) -> Offer:  # noqa: A002 -- the name of the field
    offer = Offer(
        id=id,
        provider_id="p1",
        care_type="gezinshuis",
        age_min=0,
        age_max=18,
        genders=frozenset({"female", "male", "other"}),
        contracts=(REGIONAL,),
        capacity=a_report(),
        location=north(9.5),
    )
    return replace(offer, **different)


def outcome_of(*offers: Offer, policy: Policy = "timely-first", **different: Any) -> Outcome:
    """The outcome of ranking the offers for a request that differs so."""
    return rank(a_request(**different), offers, today=TODAY, policy=policy)


def order_of(outcome: Outcome) -> list[str]:
    """The ids of the results, best first."""
    return [result.offer.id for result in outcome.results]


def choice_of(offer: Offer, choices: tuple[Choice, ...]) -> int:
    """The number, from 1, of the first of these choices that the offer belongs to; 0 where it belongs to none."""
    asked = asked_by(a_request(choices=choices), Norm(TODAY, TODAY, TODAY), NO_CODES, NO_CODES)
    return rules.choice_of(asked.choices, facts_of(offer, 0, NO_CODES, NO_CODES, []))
