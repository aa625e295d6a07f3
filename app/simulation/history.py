"""A world of an installation's own history.

What is taken over is kept in a file, so nothing in it rests on few children: a kind of help that fewer than five chose
first is left out, and so is a reason that fewer than five were refused for; a share or a number of days that follows
from fewer than five is not taken over, and stays as assumed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from app.insight.past_year.counts import Days, PastYear
from app.insight.suppression.lattice import FEWEST
from app.ranking.rules import STALE_AFTER_DAYS
from app.simulation.model import YEAR, Help, World

_NO_PLACE: Final = "no-place"
"""The refusal that follows in the simulation from where the places are."""


class TooLittleHistoryError(ValueError):
    """No kind of help was the first choice of five children."""


@dataclass(frozen=True, slots=True)
class FromHistory:
    """A world, and the names of what in it follows from the history; the rest is as assumed."""

    world: World
    taken: frozenset[str]


def world_of(year: PastYear, assumed: World) -> FromHistory:
    """`assumed` with all that the year tells; `TooLittleHistoryError` where it does not tell who asks for what."""
    chosen = {code: count for code, count in sorted(year.first_choices.items()) if count >= FEWEST}
    if not chosen:
        raise TooLittleHistoryError(f"no kind of help was the first choice of {FEWEST} children in the last year")
    told: dict[str, Any] = {
        "children": sum(chosen.values()),
        **_scarcity(year, chosen),
        **_reporting(year),
        **_refusals(year),
    }
    for name, days in (("answer", year.answers), ("intake", year.intakes)):
        told |= {} if days.count < FEWEST else {name: round(days.days / days.count, 1)}
    world = replace(assumed, **told)
    kinds = tuple(_help(year, world, code, count) for code, count in chosen.items())
    return FromHistory(replace(world, help=kinds), frozenset(told) | {"help"})


def _help(year: PastYear, world: World, care_type: str, chosen: int) -> Help:
    """A kind of help; as many offers as its places are spread over where an offer is as large as they are now."""
    share, stay = chosen / world.children, _stay(year, world, care_type)
    places, known = world.children * share * stay / YEAR / world.scarcity, year.places.get(care_type)
    size = known.total / known.offers if known else 1.0
    return Help(care_type, share, stay, max(1, round(places / size)))


def _stay(year: PastYear, world: World, care_type: str) -> float:
    """How long one stays on average: days of help for each stay that ended; those that go on are in it.

    Of a kind of which too few ended, as of all kinds together; where these are too few, as assumed on average.
    """
    everything = Days(sum(each.count for each in year.stays.values()), sum(each.days for each in year.stays.values()))
    for days in (year.stays.get(care_type, Days(0, 0)), everything):
        if days.count >= FEWEST:
            return float(max(1, round(days.days / days.count)))
    return float(round(sum(each.share * each.stay for each in world.help)))


def _scarcity(year: PastYear, care_types: Mapping[str, int]) -> dict[str, float]:
    """The share of the places that is taken: of a queue that does not grow without end that is what is asked of it."""
    known = [each for code, each in year.places.items() if code in care_types]
    total, taken = sum(each.total for each in known), sum(each.taken for each in known)
    return {"scarcity": round(taken / total, 2)} if taken / max(total, 1) >= 0.01 else {}


def _reporting(year: PastYear) -> dict[str, float]:
    """How many offers report, and how often those do whose figures are mostly too old to go by, and the others."""
    every = [each for each in year.reporting if each is not None]
    if not every:
        return {}
    stale, fresh = ([each for each in every if (each > STALE_AFTER_DAYS) is is_stale] for is_stale in (True, False))
    told = {"taking_part": round(len(every) / len(year.reporting), 2), "stale": round(len(stale) / len(every), 2)}
    for name, days in (("stale_after", stale), ("report_every", fresh)):
        told |= {name: max(round(sum(days) / len(days), 1), 0.1)} if days else {}
    return told


def _refusals(year: PastYear) -> dict[str, Any]:
    """Which share is refused though there may be a place, and why."""
    reasons = {code: count for code, count in sorted(year.refused.items()) if code != _NO_PLACE}
    refused, told = sum(reasons.values()), dict[str, Any]()
    if refused >= FEWEST and year.not_refused >= FEWEST:
        told["refusal"] = round(refused / (refused + year.not_refused), 2)
    often = {code: count for code, count in reasons.items() if count >= FEWEST}
    if often:
        told["refusals"] = tuple((code, round(count / sum(often.values()), 2)) for code, count in often.items())
    return told
