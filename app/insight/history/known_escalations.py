"""From a dossier as it was known to its steps of the ladder, as `insight_escalations` holds them. Pure."""

from datetime import date, datetime
from uuid import UUID

from app.domain.dates import dutch_day
from app.dossiers.agreements.steps import STEPS
from app.dossiers.requests.clock_model import first
from app.insight.history.dossiers import Dossier, Facts, day_of
from app.insight.history.needs import Values, needs_of


def escalations_of(dossier: Dossier) -> dict[UUID, Values]:
    """The escalations of one child, by id."""
    needs = list(needs_of(dossier).values())
    return {UUID(each["id"]): _values(dossier, each, needs) for each in dossier.escalations}


def _values(dossier: Dossier, escalation: Facts, needs: list[Values]) -> Values:
    request, opened_on = dossier.request, _opened_on(escalation)
    need = next((each for each in reversed(needs) if each["since"] <= opened_on), needs[0])
    lapsed_on = first(need["help_on"], need["closed_on"])
    outcome_on = day_of(escalation, "outcome_on")
    return {
        "organisation_id": UUID(request["organisation_id"]),
        "municipality_code": request["municipality_code"],
        "region_code": request["region_code"],
        "care_type": request["choices"][0]["careType"],
        "step": escalation["step"],
        "cause": escalation["reason"],
        "opened_on": opened_on,
        "over_on": outcome_on or (max(opened_on, lapsed_on) if lapsed_on else None),
        "outcome": _outcome(escalation, outcome_on, lapsed_on),
        "raised_on": _raised_on(dossier, escalation),
        "is_lesson": escalation["lesson_id"] is not None,
    }


def _opened_on(escalation: Facts) -> date:
    return dutch_day(datetime.fromisoformat(escalation["opened_at"]))


def _outcome(escalation: Facts, outcome_on: date | None, lapsed_on: date | None) -> str | None:
    if outcome_on is not None:
        return str(escalation["outcome_kind"] or "unsaid")
    return None if lapsed_on is None else "lapsed"


def _raised_on(dossier: Dossier, escalation: Facts) -> date | None:
    """The first day on which the child was put before a higher step after this one."""
    rank, opened_at = STEPS.index(escalation["step"]), datetime.fromisoformat(escalation["opened_at"])
    later = [
        _opened_on(each)
        for each in dossier.escalations
        if STEPS.index(each["step"]) > rank and datetime.fromisoformat(each["opened_at"]) >= opened_at
    ]
    return min(later, default=None)
