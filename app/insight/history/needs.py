"""From a dossier as it was known to the child's needs of help, as `insight_needs` holds them. Pure."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

from app.domain.dates import dutch_day
from app.dossiers.requests.clock_model import Agreed, Clock
from app.dossiers.requests.clock_model import Facts as ClockFacts
from app.dossiers.requests.clocks import clocks
from app.insight.history.dossiers import Dossier, Facts, Stay, day_of
from app.insight.history.spells import joined
from app.insight.history.tables import LAST_DAY
from app.reference.lists import reference

Values = dict[str, Any]
"""The columns of a row, without what says which it is and when it was known."""

_PREVENTIVE: Final = "preventive"


def needs_of(dossier: Dossier) -> dict[int, Values]:
    """The needs of one child by number: the first from the request, each other from a day when help was needed again.

    Asked on 1 March, helped on 1 May, needed again on 1 September: 0 from March, helped in May, and 1 from September.
    """
    starts = _starts(dossier)
    return {
        number: _need(dossier, number, since, until)
        for number, (since, until) in enumerate(pairwise([*starts, LAST_DAY]))
    }


def _starts(dossier: Dossier) -> list[date]:
    requested_on = date.fromisoformat(dossier.request["requested_on"])
    return [requested_on, *(each.needed_again_on for each in dossier.reopenings)]


def _need(dossier: Dossier, number: int, since: date, until: date) -> Values:
    request = dossier.request
    is_last = number == len(dossier.reopenings)
    help_on = day_of(request, "help_on") if is_last else dossier.reopenings[number].helped_on
    helping = _helping(dossier, since if number else date.min, until, help_on)
    measure = reference().measures.get(request["measure_type"] or "")
    norms = _norms(request, since if number else None, help_on)
    closed_on = day_of(request, "closed_on") if is_last else None
    return {
        "organisation_id": UUID(request["organisation_id"]),
        "child_reference": request["child_reference"],
        "municipality_code": request["municipality_code"],
        "region_code": request["region_code"],
        "measure_type": request["measure_type"],
        "measure_kind": measure.kind if measure else None,
        "imposed_on": day_of(request, "measure_imposed_on"),
        "since": since,
        "care_types": [each["careType"] for each in request["choices"]],
        **_due(norms, number),
        "help_due": norms["help"].due_on if "help" in norms else None,
        "help_on": help_on,
        **_help(helping, help_on),
        **_judged(dossier, help_on, until),
        "closed_on": closed_on,
        "closed_reason": request["closed_reason"] if closed_on else None,
        "bridged": _bridged(dossier, since, until),
        "explained": sorted({each.clock for each in dossier.explained if since <= each.on < until}),
        "details": _details(dossier, since, until),
    }


def _norms(request: Facts, again: date | None, help_on: date | None) -> dict[str, Clock]:
    """The norms of the inspectorates by name, as the clocks of requests have them; none where the measure has none."""
    measure = reference().measures.get(request["measure_type"] or "")
    facts = ClockFacts(
        requested_on=date.fromisoformat(request["requested_on"]),
        imposed_on=day_of(request, "measure_imposed_on"),
        informed_on=day_of(request, "measure_informed_on"),
        is_preventive=measure is not None and measure.kind == _PREVENTIVE,
        needed_by=day_of(request, "needed_by"),
        needed_again_on=again,
        protection_worker_on=day_of(request, "protection_worker_on"),
        course_on=day_of(request, "course_on"),
        help_on=help_on,
    )
    shown = clocks(facts, Agreed(), date.min)
    return {clock.name: clock for clock in shown if clock.norm == "inspectorates"}


def _due(norms: dict[str, Clock], number: int) -> Values:
    """The terms of the protection worker and the course, of the first need alone."""
    values: Values = {}
    for name, clock in (("worker", norms.get("protection-worker")), ("course", norms.get("course"))):
        applies = clock if number == 0 else None
        values[f"{name}_due"] = applies.due_on if applies else None
        values[f"{name}_on"] = applies.done_on if applies else None
    return values


def _helping(dossier: Dossier, since: date, until: date, help_on: date | None) -> Stay | None:
    """The referral whose help began when the help did; None where the institution says so itself."""
    started = [
        (on, stay)
        for stay in dossier.stays
        if not _is_bridging(stay)
        and not stay.child["released_at"]
        and (on := day_of(stay.child, "started_on")) is not None
        and since <= on < until
    ]
    first = min(started, key=lambda each: (each[0], str(each[1].referral["id"])), default=None)
    return first[1] if first is not None and first[0] == help_on else None


def _help(helping: Stay | None, help_on: date | None) -> Values:
    """What the help is, and when it ended."""
    if helping is None:
        kind = None if help_on is None else "said"
        return {"help_as": kind, "help_care_type": None, "help_provider_id": None, "help_ended_on": None}
    provider = helping.referral["provider_id"]
    return {
        "help_as": stands_for(helping),
        "help_care_type": helping.referral["care_type"],
        "help_provider_id": UUID(provider) if provider else None,
        "help_ended_on": day_of(helping.child, "ended_on"),
    }


def stands_for(stay: Stay) -> str:
    """What a referral stands for: '1', '2' or '3' (the choice), 'alternative', 'outside' or 'bridging'."""
    choice = stay.referral["choice"]
    return str(choice) if choice else str(stay.referral["stands_for"])


def _is_bridging(stay: Stay) -> bool:
    return bool(stay.referral["stands_for"] == "bridging")


def _judged(dossier: Dossier, help_on: date | None, until: date) -> Values:
    """The last judgement of each side on the help of this need."""
    last = {each.by: each.fits for each in dossier.judgements if help_on is not None and help_on <= each.on < until}
    return {"judged_professional": last.get("professional"), "judged_family": last.get("family")}


def _bridged(dossier: Dossier, since: date, until: date) -> list[tuple[date, date]]:
    """The stretches in which something bridged the wait; the day on which it ended is in none of them.

    What the institution says itself goes on from the day that it says.
    """
    said = day_of(dossier.request, "bridging_said_on")
    spells = [(max(said, since), until)] if said is not None else []
    spells += [
        (max(started, since), min(day_of(stay.child, "ended_on") or until, until))
        for stay in dossier.stays
        if _is_bridging(stay)
        and not stay.child["released_at"]
        and (started := day_of(stay.child, "started_on")) is not None
    ]
    return joined(spells)


def _details(dossier: Dossier, since: date, until: date) -> Values:
    """What is shown of one child: the steps of the ladder, the causes, and its referrals, each with its days."""
    return {
        "steps": [
            {"step": each["step"], "from": on.isoformat(), "to": each["outcome_on"]}
            for each in dossier.escalations
            if since <= (on := dutch_day(datetime.fromisoformat(each["opened_at"]))) < until
        ],
        "causes": [
            {"clock": each.clock, "cause": each.cause, "on": each.on.isoformat()}
            for each in dossier.explained
            if since <= each.on < until
        ],
        "referred": [_referred(stay) for stay in dossier.stays if since <= sent_on(stay) < until],
    }


def _referred(stay: Stay) -> Values:
    over_on = over_day(stay)
    return {
        "to": stay.referral["provider_id"] or stay.referral["id"],
        "from": sent_on(stay).isoformat(),
        "until": over_on.isoformat() if over_on else None,
    }


def sent_on(stay: Stay) -> date:
    """The day on which a referral was sent."""
    return dutch_day(datetime.fromisoformat(stay.referral["sent_at"]))


def over_day(stay: Stay) -> date | None:
    """The day on which a child was declined, withdrawn, taken out, or on which its help ended; None while it is in."""
    released = stay.child["released_at"]
    if released is not None:
        return dutch_day(datetime.fromisoformat(released))
    return day_of(stay.child, "ended_on")


def days_between(first: date, last: date) -> Iterator[date]:
    """Each day from the first to the last."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)
