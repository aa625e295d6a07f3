"""Whatever happens to referrals: the figures of referrals are what plain Python counts of it."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from app.domain.dates import dutch_day
from app.insight.answers.periods import Period
from app.insight.referrals.definition import REFERRALS
from app.reference.lists import reference
from tests.conftest import SettableClock
from tests.insight.played import Known, Played, Referred, Row, by_then, check_figures, for_histories, within
from tests.world import World

KINDS = ("refer", "refer", "answer", "answer", "withdraw", "start", "end", "correct", "close", "reopen")
GI = UUID(int=len("gi"))
"""Of the world's institution, which is not registered here: who refers is not known."""
ANSWERED = {"accept": "accepted", "decline": "declined"}


def rows(known: Known, period: Period, last: date) -> Iterator[Row]:
    """All referrals, also outside the contracts."""
    for referral in known.referrals.values():
        shown, offer = referral.shown, referral.offer
        municipality = reference().municipalities[shown["child"]["municipality"]]
        answers = [(at, dutch_day(at), decision) for at, decision in referral.answers]
        is_late = bool(answers) and answers[0][0] >= referral.due_at
        answered = bool(answers) and offer is not None and within(answers[0][1], period, last)
        decided = ANSWERED.get(answers[-1][2]) if answers and within(answers[-1][1], period, last) else None
        sent, started = (within(day, period, last) for day in (referral.sent_on, referral.day("startedOn")))
        over_on, how = referral.over or (None, None)
        is_open = by_then(referral.sent_on, last) and not any(
            by_then(day, last) for day in (over_on, referral.day("startedOn"))
        )
        is_unanswered = offer is not None and not (answers and answers[0][1] <= last)
        crisis = shown["summary"]["urgency"] == "crisis"
        place = place_of(referral)
        yield Row(
            codes={
                "region": [municipality.region],
                "municipality": [municipality.code],
                "provider": [shown["providerId"] or "outside"],
                "institution": [str(GI)],
                "referrer": ["07"],
                "care-type": [offer["careType"] if offer else "outside"],
                "from-region": [municipality.region] if place else [],
                "to-region": [place[0] if place else "none"],
            },
            counts={
                "sent": sent,
                **placed("sent", referral, is_so=sent),
                "sentCrisis": sent and crisis,
                "answered": answered,
                "answeredInTime": answered and not is_late,
                "answeredLate": answered and is_late,
                "accepted": decided == "accepted",
                "declined": decided == "declined",
                "withdrawn": within(over_on, period, last) and how == "withdrawn",
                "started": started,
                **placed("started", referral, is_so=started),
                "open": is_open,
                "openCrisis": is_open and crisis,
                "openOverdue": is_open and is_unanswered and dutch_day(referral.due_at) <= last,
            },
        )


def place_of(referral: Referred) -> tuple[str, str] | None:
    """The region and the province of the offer's location."""
    location = referral.offer and referral.offer["location"]
    if not location:
        return None
    municipality = reference().municipalities[location["municipality"]]
    return municipality.region, municipality.province_code


def placed(name: str, referral: Referred, *, is_so: bool) -> dict[str, bool]:
    """Where the offer is."""
    own = reference().municipalities[referral.shown["child"]["municipality"]]
    place = place_of(referral)
    return {
        f"{name}OwnRegion": is_so and place is not None and place[0] == own.region,
        f"{name}OtherRegion": is_so and place is not None and place[0] != own.region,
        f"{name}PlaceUnknown": is_so and place is None,
        f"{name}OutsideProvince": is_so and place is not None and place[1] != own.province_code,
    }


async def test_the_figures_are_what_happened(world: World, clock: SettableClock) -> None:
    async def check(played: Played) -> None:
        await check_figures(played, REFERRALS, rows)

    await for_histories(world, clock, KINDS, check)
