"""The factors of a candidate, and which of two goes before the other."""

from math import ceil
from typing import Final

from app.ranking.facts import NEVER, Asked, Candidate, OfferFacts
from app.ranking.rules import distance_km

PERIOD_DAYS: Final = 28
UNKNOWN_PERIODS: Final = 3
UNKNOWN: Final = 9999


def weigh(found: Candidate, asked: Asked) -> None:
    """Fills in the factors and the distance."""
    delay, wait, days = UNKNOWN_PERIODS, UNKNOWN_PERIODS, UNKNOWN
    if found.start != NEVER:
        delay = max(-((asked.limit - found.start) // PERIOD_DAYS), 0)
        days = found.start - asked.today
        wait = days // PERIOD_DAYS
    found.distance = distance_km(asked, found.offer)
    rounded_km = UNKNOWN if found.distance < 0 else ceil(found.distance)
    lacking = count_bits(asked.wishes & ~found.offer.specialisations)
    age = report_age(found.offer, asked.today)
    found.factors = [delay, found.choice, lacking, found.contract, wait, rounded_km, days, age]


def count_bits(bits: int) -> int:
    """How many there are."""
    count = 0
    while bits:
        bits &= bits - 1
        count += 1
    return count


def report_age(offer: OfferFacts, today: int) -> int:
    """How many days old the offer's report is, UNKNOWN where there is none."""
    return today - offer.observed_on if offer.reported else UNKNOWN


def best_of(found: list[Candidate], asked: Asked, order: list[int], most: int) -> list[Candidate]:
    """The best of these candidates, weighed: at most so many, best first.

    They are compared by the factors of these numbers in turn, and then by id. Most of a long list is worse than the
    last of the few that are kept, and is looked at once.
    """
    kept: list[Candidate] = []
    for each in found:
        weigh(each, asked)
        if len(kept) == most:
            if not kept or not goes_before(each, kept[-1], order):
                continue
            kept.pop()
        low, high = 0, len(kept)
        while low < high:
            middle = (low + high) // 2
            if goes_before(each, kept[middle], order):
                high = middle
            else:
                low = middle + 1
        kept.insert(low, each)
    return kept


def goes_before(one: Candidate, other: Candidate, order: list[int]) -> bool:
    """Whether it is the better of the two by the first factor, in that order, on which they differ; else by id."""
    for factor in order:
        mine, its = one.factors[factor], other.factors[factor]
        if mine != its:
            return mine < its
    return one.offer.id < other.offer.id
