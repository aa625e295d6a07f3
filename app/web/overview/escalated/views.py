"""Requests that stand before a step, as the pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.dates import YearMonth, dutch_day, whole_years
from app.dossiers.escalations.schemas import EscalatedRequest, EscalationOut
from app.reference.lists import reference
from app.web.overview.children import choices_in_words, needs_in_words, refusals_in_words, step_in_words, who
from app.web.overview.lights import LightShown, light_shown
from app.web.shell.words import day


@dataclass(frozen=True, slots=True)
class Step:
    """A step that the request was put before: what was asked and what came out."""

    name: str
    opened: str
    reason: str
    asked: str
    taken_by: str | None
    outcome: str | None
    questions: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Escalated:
    """A request before the own step."""

    id: str
    who: str
    institution: str
    light: LightShown | None
    since: str
    choices: Sequence[str]
    needs: str
    siblings: int
    steps: Sequence[Step]
    refusals: Sequence[str]

    @property
    def now(self) -> Step:
        """The step that it stands before."""
        return self.steps[-1]


def escalated_of(request: EscalatedRequest, today: date) -> Escalated:
    """A request as the party sees it whose step it is."""
    child = request.child
    return Escalated(
        id=str(request.id),
        who=who(whole_years(YearMonth.parse(child.birth_month), today), child.municipality, child.gender),
        institution=request.organisation or "instelling onbekend",
        light=light_shown(request.light) if request.light in {"green", "amber", "red"} else None,
        since=day(request.requested_on),
        choices=choices_in_words(request.choices),
        needs=needs_in_words(request.needs),
        siblings=request.sibling_count,
        steps=[_step(each) for each in request.escalations],
        refusals=refusals_in_words(request.refusals),
    )


def _step(escalation: EscalationOut) -> Step:
    cause = reference().waiting_causes.get(escalation.reason)
    return Step(
        name=step_in_words(escalation.step) or "",
        opened=day(dutch_day(escalation.opened_at)),
        reason=cause.name.nl if cause else escalation.reason,
        asked=escalation.asked,
        taken_by=escalation.taken_by,
        outcome=escalation.outcome,
        questions=[(each.question, each.answer) for each in escalation.questions],
    )
