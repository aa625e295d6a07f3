"""Whatever happens to stays: the figures of the flow in residential care are what plain Python counts of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from app.domain.dates import add_months, dutch_day
from app.insight.answers.periods import Period
from app.insight.residential_flow.definition import RESIDENTIAL_FLOW
from app.reference.lists import reference
from tests.conftest import SettableClock
from tests.insight.played import Known, Played, Referred, Row, by_then, check_figures, for_histories, within
from tests.insight.referrals.test_histories import place_of
from tests.world import World

KINDS = (
    *("place", "place", "place", "refer", "answer", "end", "end", "correct", "close", "reopen", "again"),
    *("explain", "escalate"),
)
RESIDENTIAL: Final = {"gezinshuis", "jeugdzorgplus"}
SECURE: Final = "jeugdzorgplus"


@dataclass(frozen=True)
class Stayed:
    """A stay, as it was known."""

    referral: Referred
    care_type: str
    child: str
    first: date
    until: date | None


def stays_of(known: Known) -> list[Stayed]:
    """The stays that began; what runs while the dossier is closed is over then."""
    found = []
    for referral in known.referrals.values():
        first = referral.day("startedOn")
        if referral.offer is None or first is None or referral.offer["careType"] not in RESIDENTIAL:
            continue
        child = known.requests[referral.child["id"]]
        closed_on = date.fromisoformat(child["closedOn"]) if child["closedOn"] else None
        until = referral.day("endedOn") or (max(first, closed_on) if closed_on else None)
        found.append(Stayed(referral, referral.offer["careType"], child["id"], first, until))
    return found


def since(stay: Stayed, others: list[Stayed]) -> date:
    """The first day of an unbroken stay in secure care."""
    first = stay.first
    for _ in others:
        for each in others:
            end = each.referral.day("endedOn")
            joins = end is None or end + timedelta(days=1) >= first
            if each.child == stay.child and each.care_type == SECURE and each.first < first and joins:
                first = each.first
    return first


def is_said(stay: Stayed, known: Known, last: date) -> bool:
    explained = [on for child, cause, on in known.explained if (child, cause) == (stay.child, "outflow-blocked")]
    asked = [
        dutch_day(datetime.fromisoformat(each["openedAt"]))
        for each in known.escalations.values()
        if (each["requestId"], each["reason"]) == (stay.child, "outflow-blocked")
    ]
    return any(stay.first <= on <= last for on in [*explained, *asked])


def is_sought(stay: Stayed, known: Known, last: date) -> bool:
    return any(
        other.child["id"] == stay.child
        and other is not stay.referral
        and other.offer is not None
        and other.offer["careType"] in RESIDENTIAL
        and other.sent_on <= last
        and not by_then(other.over[0] if other.over else None, last)
        and not by_then(other.day("startedOn"), last)
        and not (
            other.shown["status"] in {"accepted", "started", "ended"}
            and by_then(dutch_day(next(at for at, each in other.answers if each == "accept")), last)
        )
        for other in known.referrals.values()
    )


def has_no_next_place(stay: Stayed, known: Known, last: date, first: date) -> bool:
    """By the clock of the request, where it is about this stay."""
    clocks = [each for each in known.requests[stay.child]["clocks"] if each["clock"] == "next-place"]
    if not clocks or date.fromisoformat(clocks[0]["startsOn"]) != first:
        return False
    done_on = date.fromisoformat(clocks[0]["doneOn"]) if clocks[0]["doneOn"] else None
    return date.fromisoformat(clocks[0]["dueOn"]) < last and not by_then(done_on, last)


def rows(known: Known, period: Period, last: date) -> Iterator[Row]:
    """The stays."""
    stays = stays_of(known)
    for stay in stays:
        own = reference().municipalities[stay.referral.shown["child"]["municipality"]]
        is_out = within(stay.until, period, last)
        goes_through = stay.until is not None and any(
            other.child == stay.child
            and other is not stay
            and stay.until <= other.first <= stay.until + timedelta(days=7)
            for other in stays
        )
        present = stay.first <= last and not by_then(stay.until, last)
        secure, place = stay.care_type == SECURE, place_of(stay.referral)
        assert place is not None
        first = since(stay, stays) if secure else stay.first
        said, sought = is_said(stay, known, last), is_sought(stay, known, last)
        stuck = secure and has_no_next_place(stay, known, last, first)
        yield Row(
            codes={
                "region": [own.region],
                "care-type": [stay.care_type],
                "provider": [stay.referral.shown["providerId"]],
            },
            counts={
                "inflow": within(stay.first, period, last),
                "outflow": is_out,
                "throughflow": is_out and goes_through,
                "exit": is_out and not goes_through,
                "present": present,
                "outsideProvince": present and place[1] != own.province_code,
                "secure": present and secure,
                "secureOverSixMonths": present and secure and add_months(first, 6) < last,
                "blocked": present and (said or sought or stuck),
                "blockedSaid": present and said,
                "blockedSought": present and sought,
                "blockedSecure": present and stuck,
            },
            days={"outflow": (stay.until - stay.first).days} if stay.until else {},
        )


async def test_the_figures_are_what_happened(world: World, clock: SettableClock) -> None:
    async def check(played: Played) -> None:
        await check_figures(played, RESIDENTIAL_FLOW, rows)

    await for_histories(world, clock, KINDS, check)
