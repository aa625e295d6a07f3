"""Whatever happens to referrals: the figures of declines are what plain Python counts of it."""

from collections.abc import Iterator
from datetime import date

from app.domain.dates import dutch_day
from app.dossiers.referrals.obstacle_codes import OBSTACLES
from app.insight.answers.periods import Period
from app.insight.declines.definition import DECLINES
from tests.conftest import SettableClock
from tests.insight.played import Known, Played, Row, check_figures, for_histories, within
from tests.world import World

KINDS = ("refer", "refer", "answer", "answer", "answer", "withdraw", "start", "correct")


def rows(known: Known, period: Period, last: date) -> Iterator[Row]:
    """The referrals to providers."""
    for referral in known.referrals.values():
        if referral.offer is None:
            continue
        answers = [(dutch_day(at), decision) for at, decision in referral.answers]
        first = answers[0][0] if answers else None
        day, decision = answers[-1] if answers else (None, None)
        decided = within(day, period, last) and decision != "waitlist"
        sent = within(referral.sent_on, period, last)
        despite = {each["reason"] for each in referral.shown["despite"]}
        declined = referral.shown["declined"] or {"reason": "none", "criteria": []}
        names = {f"despite{code.title().replace('-', '')}": code in despite for code in OBSTACLES}
        yield Row(
            codes={
                "provider": [referral.offer["providerId"]],
                "care-type": [referral.offer["careType"]],
                "region": [known.requests[referral.child["id"]]["child"]["region"]],
                "reason": [declined["reason"]],
                "criterion": declined["criteria"],
            },
            counts={
                "sent": sent,
                "answered": within(first, period, last),
                "decided": decided,
                "accepted": decided and decision == "accept",
                "declined": decided and decision == "decline",
                "despite": sent and bool(despite),
                "despiteAccepted": sent and bool(despite) and decision == "accept",
                "despiteDeclined": sent and bool(despite) and decision == "decline",
                **{name: sent and is_so for name, is_so in names.items()},
            },
            days={"answered": (first - referral.sent_on).days} if first else {},
        )


async def test_the_figures_are_what_happened(world: World, clock: SettableClock) -> None:
    async def check(played: Played) -> None:
        await check_figures(played, DECLINES, rows)

    await for_histories(world, clock, KINDS, check)
