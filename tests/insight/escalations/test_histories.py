"""Whatever happens to escalations: the figures of the ladder are what plain Python counts of it."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

from app.domain.dates import dutch_day
from app.dossiers.agreements.steps import STEPS
from app.insight.answers.periods import Period
from app.insight.escalations.definition import ESCALATIONS
from app.reference.lists import reference
from tests.conftest import SettableClock
from tests.insight.played import Known, Played, Row, by_then, check_figures, for_histories, within
from tests.world import World

Json = dict[str, Any]
KINDS = (
    *("escalate", "escalate", "escalate", "outcome", "outcome", "outcome", "outcome"),
    *("place", "correct", "close", "reopen", "again"),
)
FIGURES: Final = {
    "help": "outcomeHelp",
    "explanation": "outcomeExplanation",
    "question": "outcomeQuestion",
    None: "outcomeUnsaid",
}


def opened_on(escalation: Json) -> date:
    return dutch_day(datetime.fromisoformat(escalation["openedAt"]))


def lapsed_on(escalation: Json, request: Json) -> date | None:
    """When help began, or the dossier closed, in the need that the step was asked in."""
    again = [date.fromisoformat(each["neededAgainOn"]) for each in request["reopenings"]]
    number = sum(on <= opened_on(escalation) for on in again)
    if number < len(again):
        return max(opened_on(escalation), date.fromisoformat(request["reopenings"][number]["helpedOn"]))
    days = [each["date"] for each in request["milestones"] if each["name"] == "help"]
    days += [request["closedOn"]] if request["closedOn"] else []
    return max(opened_on(escalation), date.fromisoformat(min(days))) if days else None


def rows(known: Known, period: Period, last: date) -> Iterator[Row]:
    """The escalations."""
    for escalation in known.escalations.values():
        request = known.requests[escalation["requestId"]]
        outcome_on = date.fromisoformat(escalation["outcomeOn"]) if escalation["outcomeOn"] else None
        over_on = outcome_on or lapsed_on(escalation, request)
        figure = "lapsed" if outcome_on is None else FIGURES[escalation["outcomeKind"]]
        raised = [
            opened_on(each)
            for each in known.escalations.values()
            if each["requestId"] == request["id"]
            and STEPS.index(each["step"]) > STEPS.index(escalation["step"])
            and each["openedAt"] >= escalation["openedAt"]
        ]
        ended = within(over_on, period, last)
        yield Row(
            codes={
                "step": [escalation["step"]],
                "region": [reference().municipalities[request["child"]["municipality"]].region],
                "care-type": [request["choices"][0]["careType"]],
            },
            counts={
                "opened": within(opened_on(escalation), period, last),
                "ended": ended,
                figure: ended,
                "lessons": ended and escalation["lesson"] is not None,
                "raised": within(min(raised, default=None), period, last),
                "open": opened_on(escalation) <= last and not by_then(over_on, last),
            },
            days={"ended": (over_on - opened_on(escalation)).days} if over_on else {},
        )


async def test_the_figures_are_what_happened(world: World, clock: SettableClock) -> None:
    async def check(played: Played) -> None:
        await check_figures(played, ESCALATIONS, rows)

    await for_histories(world, clock, KINDS, check)
