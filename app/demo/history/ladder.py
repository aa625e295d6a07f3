"""What is done when help is not found: why it is late, and the steps of the ladder that the child is put before."""

from datetime import date
from functools import partial
from random import Random
from typing import Final

from app.demo.history.agenda import days, working_day
from app.demo.history.arranging import OBSTACLES, arrange
from app.demo.history.life import Life, Need, chance
from app.dossiers.agreements.steps import Step
from app.dossiers.escalations.states import OutcomeKind

_STEPS: Final[tuple[tuple[Step, int, int, float], ...]] = (
    ("local-team", 30, 50, 0.4),
    ("expert-team", 65, 100, 0.5),
    ("supraregional-network", 125, 165, 0.55),
    ("national", 190, 240, 0.6),
)
"""Each step with the days after which it is asked, and in which share of the cases."""
_NO_NATIONAL: Final = "JZ03"
"""The region of the demo client: the national steps there are those that its users take."""
_CAUSES: Final = {
    "waiting-list": 30,
    "no-suitable-offer": 26,
    "staff-shortage": 12,
    "contra-indication": 12,
    "prefers-first-choice": 6,
    "not-tailored": 5,
    "no-contract": 4,
    "budget-ceiling": 3,
    "transition-18": 2,
}
_OUTCOMES: Final[tuple[OutcomeKind | None, ...]] = ("help", "explanation", "question", None)
"""What comes out; None: nothing before help began."""
_LESSONS: Final = (
    "Een tweede begeleider in de eerste weken gaf de groep vertrouwen.",
    "Twee aanbieders samen konden wat geen van beide alleen durfde.",
    "Eerst een weekend logeren, daarna pas de verhuizing.",
    "De gemeente gaf vooraf zekerheid over de bekostiging.",
)


def explain_delay(life: Life, need: Need) -> None:
    """Tells why help comes after its norm, where it does."""
    rng = life.child.dice(f"delay-{need.number}")
    due_on = life.help_due(need.since if need.number else None)
    if due_on is not None and need.help_on > due_on and chance(rng, 0.75):
        life.agenda.put(due_on + days(rng.randint(1, 25)), partial(life.dossier.explain, "help", _cause(rng)))


def escalate(life: Life, need: Need) -> None:
    """Tells the steps that the child is put before until help begins, and what comes out of them."""
    rng = life.child.dice(f"ladder-{need.number}")
    for step, first, last, share in _STEPS:
        opened_on = working_day(need.since + days(rng.randint(first, last)))
        is_asked = chance(rng, share) and opened_on < need.help_on
        if is_asked and (step != "national" or life.child.region != _NO_NATIONAL):
            life.agenda.put(opened_on, partial(life.dossier.escalate, step, _cause(rng)))
            _conclude(life, step, opened_on, need.help_on, rng)
    if need.wait > 120 and chance(rng, 0.5):
        _ask_in_vain(life, need, rng)


def _conclude(life: Life, step: Step, opened_on: date, help_on: date, rng: Random) -> None:
    kind = rng.choices(_OUTCOMES, (9, 8, 2, 5))[0]
    if kind is None:
        return
    took = days(rng.randint(6, 40))
    on = max(opened_on, min(opened_on + took, help_on - days(3)))
    lesson = rng.choice(_LESSONS) if kind == "help" and chance(rng, 0.3) else None
    life.agenda.put(on, partial(life.dossier.conclude, step, kind, lesson))


def _ask_in_vain(life: Life, need: Need, rng: Random) -> None:
    """Asks for a place outside the contracts, or further away, that was not taken in the end."""
    offer = life.supply.other_for(life.child, life.child.kind.choices[0], rng)
    if offer is not None:
        reason = rng.choice(OBSTACLES)
        arrange(life, f"{need.number}/in-vain", offer, reason, need.since + days(rng.randint(50, 110)), rng)


def _cause(rng: Random) -> str:
    return rng.choices(list(_CAUSES), list(_CAUSES.values()))[0]
