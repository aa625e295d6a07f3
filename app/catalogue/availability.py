"""When help could start, as a report tells today: what search and match show of an offer."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from app.kit.schemas import write_time
from app.matching.ranking.derived import STALE_AFTER_DAYS, expected_start, report_age
from app.matching.ranking.model import Offer

Status = Literal["free", "soon", "waiting", "unknown", "closed"]
SOON = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Availability:
    """`age_days` is that of the report, None where there is none."""

    status: Status
    expected_start: date | None
    age_days: int | None


def availability(offer: Offer, today: date) -> Availability:
    """How the offer stands today, for one place."""
    capacity = offer.capacity
    age = None if capacity is None else report_age(capacity, today)
    start = None if capacity is None or age is None else expected_start(capacity, age, 1, today)
    return Availability(_status(offer, start, age, today), start, age)


def _status(offer: Offer, start: date | None, age: int | None, today: date) -> Status:
    if offer.capacity is not None and not offer.capacity.accepts_referrals:
        return "closed"
    if any(stop.starts_on <= today and (stop.ends_on is None or today <= stop.ends_on) for stop in offer.stops):
        return "closed"
    if age is None or age > STALE_AFTER_DAYS:
        return "unknown"
    if start is None or start > today + SOON:
        return "waiting"
    return "free" if start <= today else "soon"


def show(offer: Offer, found: Availability, *, public: bool = False) -> dict[str, Any]:
    """The availability as it goes over the wire; for the public without counts."""
    capacity = offer.capacity
    waits = [] if capacity is None else [capacity.wait_days_intake, capacity.wait_days_treatment]
    known = [days for days in waits if days is not None]
    shown: dict[str, Any] = {
        "status": found.status,
        "expectedStart": found.expected_start,
        "waitDays": sum(known) if known else None,
        "observedAt": None if capacity is None else write_time(capacity.observed_at),
        "ageDays": found.age_days,
    }
    if not public:
        shown["placesFree"] = None if capacity is None else capacity.places_free
        shown["waitingCount"] = None if capacity is None else capacity.waiting_count
    return shown
