"""Supply once more, from its definition: offer by offer, report by report, in Python, with nothing of the product."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

Figures = dict[str, Any]
ADDED_UP = ("places_total", "places_occupied", "places_free")
"""Of what the days of a month are added up."""


def day_of(moment: datetime) -> date:
    return moment.astimezone(ZoneInfo("Europe/Amsterdam")).date()


@dataclass(frozen=True)
class Report:
    """What was reported; one that was `counted` from a referral says so, and when. In the order in which they came."""

    observed: datetime
    received: datetime
    free: int = 1
    total: int | None = None
    occupied: int | None = None
    reserved: int | None = None
    waiting: int | None = None
    intake: int | None = None
    treatment: int | None = None
    accepts: bool = True
    counted: datetime | None = None

    @property
    def since(self) -> datetime:
        return self.counted or self.observed


@dataclass(frozen=True)
class State:
    """What an offer is; `ended` since a day."""

    care_type: str = "gezinshuis"
    region: str = "JZ03"
    unit: str = "places"
    ended: date | None = None


@dataclass
class Offer:
    """An offer with its whole past."""

    provider: UUID
    made: datetime
    states: list[tuple[datetime, State]]
    reports: list[Report] = field(default_factory=list)
    id: UUID = field(default_factory=uuid4)

    @property
    def now(self) -> State:
        return self.states[-1][1]

    def on(self, day: date) -> State | None:
        """What it was when a day ended; None where it was not given then."""
        past = [state for at, state in self.states if day_of(at) <= day]
        state = past[-1] if past and day_of(self.made) <= day else None
        return None if state is None or (state.ended is not None and state.ended <= day) else state

    def stood(self, day: date, known: date) -> Report | None:
        """The report that stood when a day ended, as was known when another did."""
        found: Report | None = None
        for report in self.reports:
            if day_of(report.since) <= day and day_of(report.received) <= known:
                found = report if found is None or report.since >= found.since else found
        return found


def days_figures(offers: Iterable[Offer], day: date, known: date) -> dict[tuple[Any, ...], Figures]:
    """The figures of a day by region and care type."""
    groups: dict[tuple[Any, ...], list[tuple[State, Report | None]]] = defaultdict(list)
    for offer in offers:
        if (state := offer.on(day)) is not None:
            groups[state.region, state.care_type].append((state, offer.stood(day, known)))
    return {key: _figures(group, day) for key, group in groups.items()}


def months_figures(offers: Iterable[Offer], day: date, known: date) -> dict[tuple[Any, ...], Figures]:
    """The figures of a day by provider, region and care type, with the waits."""
    groups: dict[tuple[Any, ...], list[tuple[State, Report | None]]] = defaultdict(list)
    for offer in offers:
        if (state := offer.on(day)) is not None:
            groups[offer.provider, state.region, state.care_type].append((state, offer.stood(day, known)))
    return {key: _figures(group, day) | {"waits": _waits(group, day)} for key, group in groups.items()}


def added_up(offers: Sequence[Offer], first: date, last: date, known: date) -> dict[tuple[Any, ...], Figures]:
    """The places of all of these days together, by region and care type."""
    found: dict[tuple[Any, ...], Figures] = {}
    for day in all_days(first, last):
        for key, figures in days_figures(offers, day, known).items():
            sums = found.setdefault(key, dict.fromkeys(ADDED_UP, 0))
            found[key] = {name: sums[name] + figures[name] for name in ADDED_UP}
    return found


def _age(report: Report, day: date) -> int:
    return (day - day_of(report.observed)).days


def _figures(group: list[tuple[State, Report | None]], day: date) -> Figures:
    ages = [None if report is None else _age(report, day) for _, report in group]
    known = [(state, report) for state, report in group if report is not None and _age(report, day) <= 30]
    places = [report for state, report in known if state.unit != "hours-per-week"]
    return {
        "offers": len(group),
        "fresh": sum(age is not None and age < 8 for age in ages),
        "ageing": sum(age is not None and 8 <= age < 31 for age in ages),
        "stale": sum(age is not None and age >= 31 for age in ages),
        "missing": ages.count(None),
        "closed": sum(not report.accepts for _, report in known),
        "counted": len(places),
        "places_total": sum(report.total or 0 for report in places),
        "places_occupied": sum(report.occupied or 0 for report in places),
        "places_reserved": sum(report.reserved or 0 for report in places),
        "places_free": sum(report.free for report in places),
        "places_open": sum(max(0, report.free - (report.waiting or 0)) for report in places if report.accepts),
        "waiting_count": sum(report.waiting or 0 for _, report in known),
    }


def _waits(group: list[tuple[State, Report | None]], day: date) -> list[int]:
    return sorted(
        (report.intake or 0) + (report.treatment or 0)
        for _, report in group
        if report is not None
        and _age(report, day) <= 30
        and (report.intake is not None or report.treatment is not None)
    )


def all_days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
