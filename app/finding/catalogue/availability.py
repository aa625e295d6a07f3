"""When help could start, as reports tell on a day: what search and match show of an offer."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final, Literal, NamedTuple, get_args

import numpy as np

from app.domain.arrays import Array
from app.finding.catalogue.catalogue import Catalogue
from app.finding.catalogue.entries import Available, Entry, kept
from app.finding.catalogue.records import FIRST_DAY, moment_of
from app.kit.schemas import plain_number, write_time
from app.ranking.facts import LONG_AGO, NEVER, NOT_GIVEN
from app.ranking.rules import STALE_AFTER_DAYS

Status = Literal["free", "soon", "waiting", "unknown", "closed"]
STATUSES: Final[tuple[Status, ...]] = get_args(Status)
SOON: Final = timedelta(days=28)

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


def availabilities(offers: Array, stopped: Array, today: int) -> Availabilities:
    """How these offers stand today, for as many children as their records are ready for (`Catalogue.take`).

    `stopped` says where a stop is in force.
    """
    start = expected_start(offers, today)
    free = (start <= today) & _at_once(offers)
    known = np.where(free, _FREE, np.where(start <= today + SOON.days, _SOON, _WAITING))
    status = np.where(offers["observed_on"] < today - STALE_AFTER_DAYS, _UNKNOWN, known)
    closed = stopped | ~offers["accepts_referrals"]
    return Availabilities(np.where(closed, _CLOSED, status), start, unconfirmed(offers, today))


def expected_start(offers: Array, today: int) -> Array:
    """The day on which help can really start by each report, or NEVER: as `ranking.rules.expected_start` of one offer.

    What that says of the first day of all is in the record: on another day it is that day, or that other.
    """
    return np.where(offers["observed_on"] < today - STALE_AFTER_DAYS, NEVER, np.maximum(offers["ready_on"], today))


def _at_once(offers: Array) -> Array:
    """Which reports say themselves that help can start: there is room, or a wait of 0 days.

    What starts on the first day of all starts by room alone: a wait and a next free place count from the report on.
    """
    now: Array = (offers["ready_on"] == FIRST_DAY) | (offers["wait_days"] == 0)
    return now


def unconfirmed(offers: Array, today: int) -> Array:
    """Since when a place should be free that no report has told of; 0 where there is none such.

    Of a report of the 10th that says next free on the 20th, or a wait of 10 days, that is from the 20th on the 20th.
    """
    due = np.where(offers["wait_days"] >= 0, offers["observed_on"] + offers["wait_days"], offers["next_free_on"])
    is_due = (expected_start(offers, today) == today) & (offers["observed_on"] < today)
    return np.where(is_due & ~_at_once(offers), due, 0)


def available_today(catalogue: Catalogue, entries: Sequence[Entry], today: int) -> list[Available]:
    """The availabilities of offers that no stop closes, as they go over the wire to professionals."""
    unwritten = [entry for entry in entries if entry.available.day != today]
    if unwritten:
        write_availabilities(catalogue, unwritten, today)
    return [entry.available for entry in entries]


def write_availabilities(catalogue: Catalogue, entries: Sequence[Entry], today: int) -> None:
    """Writes them: once a day, and again when the offer's capacity changes."""
    offers = catalogue.records(entries)
    available = availabilities(offers, np.zeros(len(entries), np.bool_), today)
    written = show(offers, available, today, [entry.note for entry in entries])
    for entry, shown, due in zip(entries, written, available.due.tolist(), strict=True):
        entry.available = Available(today, kept(shown), due)


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
