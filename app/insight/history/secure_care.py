"""Secure care in a dossier as it was known: since when it lasts, and by when the next place has to be known. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from app.dossiers.requests.clock_model import Agreed, first
from app.dossiers.requests.clock_model import Facts as ClockFacts
from app.dossiers.requests.secure_care import secure_clocks
from app.insight.history.dossiers import Dossier, Stay, day_of


def secure_care_of(dossier: Dossier, stay: Stay) -> dict[str, Any]:
    """The columns of secure care of a referral; those of the next place while it is the child's last stay in it.

    The term is the same for each region, so that figures can be compared: that of the regional plans.
    """
    since = _since(_secure(dossier.stays), stay)
    request = dossier.request
    if since is None or since != day_of(request, "secure_since"):
        return {"secure_since": since, "next_place_due": None, "next_place_on": None}
    next_place_on = first(day_of(request, "next_place_said_on"), day_of(request, "next_place_found_on"))
    facts = ClockFacts(
        requested_on=date.fromisoformat(request["requested_on"]),
        imposed_on=None,
        authorised_until=day_of(request, "court_authorisation_until"),
        secure_since=since,
    )
    [due_on] = [each.due_on for each in secure_clocks(facts, Agreed(), date.min) if each.name == "next-place"]
    return {"secure_since": since, "next_place_due": due_on, "next_place_on": next_place_on}


def _secure(stays: Sequence[Stay]) -> list[tuple[date, date | None, Stay]]:
    """The stays in secure care that began, with their first and last day, the first first."""
    found = [
        (started_on, day_of(stay.child, "ended_on"), stay)
        for stay in stays
        if stay.place.is_secure
        and not stay.child["released_at"]
        and (started_on := day_of(stay.child, "started_on")) is not None
    ]
    return sorted(found, key=lambda each: (each[0], each[1] or date.max))


def _since(secure: Sequence[tuple[date, date | None, Stay]], stay: Stay) -> date | None:
    """Since when the child is in secure care in this stay: what follows within a day on another is one stay with it."""
    since = next((started_on for started_on, _, each in secure if each is stay), None)
    for started_on, ended_on, _ in reversed(secure):
        is_joined = since is not None and (ended_on is None or ended_on >= since - timedelta(days=1))
        if is_joined and since is not None and started_on < since:
            since = started_on
    return since
