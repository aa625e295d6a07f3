"""The dossier of one child of the past, as the service would have kept it: what is told changes rows of the book.

The steps come in the order of their moments. What follows for the request from its referrals is asked of the product
itself (`Family`, `secure_care_of`, `norm_changes`).
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from app.demo.history.book import Book
from app.demo.history.children import Child
from app.demo.rows import demo_id
from app.domain.dates import dutch_day
from app.dossiers.agreements.expert_network import expert_network
from app.dossiers.agreements.steps import STEPS, Step
from app.dossiers.escalations.states import OutcomeKind
from app.dossiers.escalations.tables import EscalationRow
from app.dossiers.requests.clock_model import Agreed, ClockName, first
from app.dossiers.requests.clocks import clocks, norm_changes
from app.dossiers.requests.entry_schemas import Milestone
from app.dossiers.requests.history import FIELDS, facts_of
from app.dossiers.requests.tables import (
    ChoiceVersionRow,
    ExplanationRow,
    Fits,
    Judge,
    JudgementRow,
    ReopeningRow,
    RequestEventRow,
    RequestRow,
)
from app.dossiers.requests.views import MILESTONES
from app.finding.matching.schemas import Choice
from app.reference.lists import reference

_ASKED: Final = "Wie heeft een plek, of weet er een?"
_SKIPPED: Final = "Dat team zoekt al mee."
_OUTCOMES: Final[Mapping[OutcomeKind, str]] = {
    "help": "Er is een plek gevonden.",
    "explanation": "Er is nu geen plek; het waarom is met het gezin besproken.",
    "question": "Is de school akkoord met een andere plek?",
}
_EXPLAINED: Final = "Alle aanbieders in de regio zijn gevraagd (voorbeeld)."
_FOUND_NOTHING: Final[dict[str, Any]] = {
    "help_said_on": None,
    "help_started_on": None,
    "placed_on": None,
    "next_place_said_on": None,
    "local_team_on": None,
    "expert_team_on": None,
}
_EXPERT_TEAM: Final = STEPS.index("expert-team")


class Dossier:
    """One request, and what is told of it; each method is a step, recorded at a moment (`at`)."""

    def __init__(self, book: Book, child: Child, at: datetime) -> None:
        self.book = book
        self.child = child
        self.client_id = child.institution.client_id
        self.request = _request(child, at)
        self.escalations: dict[Step, EscalationRow] = {}
        self._reopenings = 0
        self.request.norm_amber_from, self.request.norm_red_from = norm_changes(facts_of(self.request))
        book.keep(self.request, 0)
        version = {"request_id": self.request.id, "number": 1, "choices": self.request.choices}
        book.add(ChoiceVersionRow, **version, stated_at=at, client_id=self.client_id)
        self.note(at, "created", [])

    def note(self, at: datetime, what: str, changes: Sequence[Mapping[str, Any]]) -> None:
        """Adds to the history of the request."""
        values = {"request_id": self.request.id, "at": at, "client_id": self.client_id, "what": what}
        self.book.add(RequestEventRow, **values, changes=list(changes))

    def change(self, at: datetime, what: str, values: Mapping[str, Any]) -> None:
        """Sets those values of the request that differ, with what follows from them, as a new version of it."""
        row = self.request
        given = dict(values)
        said, started = (given.get(name, getattr(row, name)) for name in ("help_said_on", "help_started_on"))
        given["help_on"] = first(said, started)
        differing = {name: value for name, value in given.items() if getattr(row, name) != value}
        if not differing:
            return
        before = {name: getattr(row, name) for name in differing}
        for name, value in differing.items():
            setattr(row, name, value)
        row.norm_amber_from, row.norm_red_from = norm_changes(facts_of(row))
        row.version += 1
        row.updated_at = at
        self.book.keep(row, row.version - 1)
        changes = [
            {"field": FIELDS[name], "old": _plain(before[name]), "new": _plain(differing[name])}
            for name in FIELDS
            if name in differing
        ]
        self.note(at, what, changes)

    def set_milestone(self, name: Milestone, day: date, at: datetime) -> None:
        """Says when something happened, for the first time or anew."""
        self.change(at, "milestone-set", {MILESTONES[name]: day})

    def move(self, municipality: str, at: datetime) -> None:
        """The child has another responsible municipality."""
        region = reference().municipalities[municipality].region
        self.change(at, "changed", {"municipality_code": municipality, "region_code": region})

    def authorise(self, until: date, at: datetime) -> None:
        """The judge has authorised secure care until a day."""
        self.change(at, "changed", {"court_authorisation_until": until})

    def explain(self, clock: ClockName, cause: str, at: datetime) -> None:
        """Why a clock passed its norm, where it has."""
        now = {each.name: each for each in clocks(facts_of(self.request), Agreed(), dutch_day(at))}
        if clock not in now or (now[clock].light != "red" and now[clock].on_time is not False):
            return
        said = {"request_id": self.request.id, "clock": clock, "cause": cause, "text": _EXPLAINED}
        self.book.add(ExplanationRow, **said, at=at, client_id=self.client_id)
        self.note(at, "explained", [{"field": f"explanations.{clock}", "old": None, "new": cause}])

    def judge(self, by: Judge, fits: Fits, at: datetime) -> None:
        """Whether the help fits."""
        said = {"request_id": self.request.id, "by": by, "fits": fits, "on": dutch_day(at), "word": None}
        self.book.add(JudgementRow, **said, at=at, client_id=self.client_id)
        self.note(at, "judged", [{"field": f"judgements.{by}", "old": None, "new": fits}])

    def reopen(self, needed_again_on: date, at: datetime) -> None:
        """Help is needed again after it broke down."""
        self._reopenings += 1
        said = {"request_id": self.request.id, "number": self._reopenings, "helped_on": self.request.help_on}
        why = "De plek hield geen stand (voorbeeld)."
        self.book.add(ReopeningRow, **said, needed_again_on=needed_again_on, why=why, at=at, client_id=self.client_id)
        self.change(at, "needed-again", {**_FOUND_NOTHING, "needed_again_on": needed_again_on})

    def close(self, reason: str, at: datetime) -> None:
        """Closes the request."""
        self.change(at, "closed", {"closed_reason": reason, "closed_on": dutch_day(at)})

    def escalate(self, step: Step, cause: str, at: datetime) -> None:
        """Puts the request before a step of the ladder, where it is open and has not come so far before."""
        rank, highest = STEPS.index(step), max(map(STEPS.index, self.escalations), default=-1)
        if rank <= highest or self.request.closed_on is not None:
            return
        row = EscalationRow(
            id=demo_id("escalation", f"{self.child.key}/{step}"),
            request_id=self.request.id,
            step=step,
            opened_at=at,
            reason=cause,
            asked=_ASKED,
            skip_reason=_SKIPPED if rank > highest + 1 else None,
            questions=[],
            supraregion=expert_network(self.request.region_code, None) if step == "supraregional-network" else None,
            version=1,
            created_at=at,
            updated_at=at,
        )
        self.escalations[step] = row
        self.book.keep(row, 0)
        today, is_high = dutch_day(at), rank >= _EXPERT_TEAM
        values = {
            "escalated_to": step,
            "local_team_on": self.request.local_team_on or today,
            "expert_team_on": self.request.expert_team_on or (today if is_high else None),
        }
        self.change(at, "escalated", values)

    def conclude(self, step: Step, kind: OutcomeKind, lesson: str | None, at: datetime) -> None:
        """Says what came out of a step that is open, and what others may learn of that."""
        row, request = self.escalations.get(step), self.request
        if row is None or row.outcome is not None or request.closed_on is not None:
            return
        row.outcome, row.outcome_kind, row.outcome_on = _OUTCOMES[kind], kind, dutch_day(at)
        if lesson is not None:
            row.lesson_id, row.lesson_year, row.lesson_text = demo_id("lesson", str(row.id)), at.year, lesson
            row.lesson_care_types = [choice["careType"] for choice in request.choices]
            row.lesson_characteristics, row.lesson_causes = list(request.characteristics), [row.reason]
        row.version += 1
        row.updated_at = at
        self.book.keep(row, row.version - 1)
        fields = {"outcome": row.outcome, "outcomeKind": kind, "outcomeOn": row.outcome_on.isoformat()}
        changes = [{"field": f"escalations.{step}.{name}", "old": None, "new": new} for name, new in fields.items()]
        self.note(at, "escalation-changed", changes)
        standing = [each for each, other in self.escalations.items() if other.outcome is None]
        self.change(at, "escalation-ended", {"escalated_to": max(standing, key=STEPS.index, default=None)})


def _request(child: Child, at: datetime) -> RequestRow:
    kind = child.kind
    choices = [Choice.model_validate({"careType": code}).model_dump(mode="json") for code in kind.choices]
    return RequestRow(
        id=child.request_id,
        organisation_id=child.institution.organisation.id,
        child_reference=f"oud-{child.key}",
        birth_month=str(child.birth_month),
        gender=child.gender,
        municipality_code=child.municipality,
        region_code=child.region,
        measure_type=child.measure,
        measure_imposed_on=child.imposed_on,
        court_authorisation=kind.is_secure,
        choices=choices,
        choices_version=1,
        first_choice=choices[0],
        needs=list(child.needs),
        wishes=[],
        characteristics=list(child.characteristics),
        places=1,
        extended_help=False,
        requested_on=child.asked_on,
        version=1,
        created_at=at,
        updated_at=at,
    )


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
