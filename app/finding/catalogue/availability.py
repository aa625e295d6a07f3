"""When help could start, as reports tell on a day: what search and match show of an offer."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final, Literal, NamedTuple, get_args

import numpy as np

from app.finding.catalogue.catalogue import Catalogue
from app.finding.catalogue.entries import Entry, kept
from app.finding.catalogue.records import moment_of
from app.kit.schemas import plain_number, write_time
from app.ranking.columns import (
    LONG_AGO,
    NEVER,
    NOT_GIVEN,
    Array,
)
from app.ranking.derived_dates import STALE_AFTER_DAYS, expected_start

Status = Literal["free", "soon", "waiting", "unknown", "closed"]
STATUSES: Final[tuple[Status, ...]] = get_args(Status)
SOON: Final = timedelta(days=28)

_FIRST_DAY: Final = 1
_FREE, _SOON, _WAITING, _UNKNOWN, _CLOSED = range(len(STATUSES))
_SHOWN = (
    "observed_on",
    "observed_at",
    "wait_days",
    "wait_days_intake",
    "wait_days_treatment",
    "places_total",
    "places_free",
    "waiting_count",
)
_NOT_PUBLIC: Final = ("placesTotal", "placesFree", "waitingCount", "note")


class Availabilities(NamedTuple):
    """How offers stand on a day: the place of each one's status in STATUSES, and its start, NEVER where unknown.

    `due` is as `unconfirmed` gives it.
    """

    status: Array
    start: Array
    due: Array


def availabilities(offers: Array, stopped: Array, today: int, places: int = 1) -> Availabilities:
    """How these offers stand today, for so many places; `stopped` says where a stop is in force."""
    start = expected_start(offers, today, places)
    free = (start <= today) & _at_once(offers, places)
    known = np.where(free, _FREE, np.where(start <= today + SOON.days, _SOON, _WAITING))
    status = np.where(offers["observed_on"] < today - STALE_AFTER_DAYS, _UNKNOWN, known)
    closed = stopped | ~offers["accepts_referrals"]
    return Availabilities(np.where(closed, _CLOSED, status), start, unconfirmed(offers, today, places))


def _at_once(offers: Array, places: int) -> Array:
    """Which reports say themselves that so many children can start: there is room, or a wait of 0 days.

    What starts on the first day of all starts by room alone: a wait and a next free place count from the report on.
    """
    by_room: Array = expected_start(offers, _FIRST_DAY, places) == _FIRST_DAY
    now: Array = by_room | (offers["wait_days"] == 0)
    return now


def unconfirmed(offers: Array, today: int, places: int) -> Array:
    """Since when a place should be free that no report has told of; 0 where there is none such.

    Of a report of the 10th that says next free on the 20th, or a wait of 10 days, that is from the 20th on the 20th.
    """
    due = np.where(offers["wait_days"] >= 0, offers["observed_on"] + offers["wait_days"], offers["next_free_on"])
    is_due = (expected_start(offers, today, places) == today) & (offers["observed_on"] < today)
    return np.where(is_due & ~_at_once(offers, places), due, 0)


def shown_today(catalogue: Catalogue, entries: Sequence[Entry], today: int) -> list[bytes]:
    """The availabilities of offers that no stop closes, as they go over the wire to professionals.

    Each is written once a day, and again when the offer's capacity changes.
    """
    new = [entry for entry in entries if entry.available[0] != today]
    if new:
        offers = catalogue.records(new)
        available = availabilities(offers, np.zeros(len(new), np.bool_), today)
        for entry, shown in zip(new, show(offers, available, today, [entry.note for entry in new]), strict=True):
            entry.available = today, kept(shown)
    return [entry.available[1] for entry in entries]


def show(
    offers: Array, found: Availabilities, today: int, notes: Sequence[str | None], *, public: bool = False
) -> list[dict[str, Any]]:
    """The availabilities as they go over the wire, `notes` those of the reports; for the public without counts and
    notes."""
    columns = [found.status, found.start, *(offers[name] for name in _SHOWN)]
    rows = zip(notes, *[column.tolist() for column in columns], strict=True)
    shown = [_show(today, *row) for row in rows]
    if public:
        for each in shown:
            for name in _NOT_PUBLIC:
                del each[name]
    return shown


def _show(
    today: int,
    note: str | None,
    status: int,
    start: int,
    observed_on: int,
    observed_at: int,
    waits: int,
    intake: int,
    treatment: int,
    total: float,
    free: float,
    waiting: int,
) -> dict[str, Any]:
    reported = observed_on != LONG_AGO
    return {
        "status": STATUSES[status],
        "expectedStart": None if start == NEVER else date.fromordinal(start),
        "waitDays": _given(waits),
        "waitDaysIntake": _given(intake),
        "waitDaysTreatment": _given(treatment),
        "observedAt": write_time(moment_of(observed_at)) if reported else None,
        "ageDays": today - observed_on if reported else None,
        "placesTotal": None if total == NOT_GIVEN else plain_number(total),
        "placesFree": plain_number(free) if reported else None,
        "waitingCount": waiting if reported and waiting != NOT_GIVEN else None,
        "note": note,
    }


def _given(number: int) -> int | None:
    return None if number == NOT_GIVEN else number
