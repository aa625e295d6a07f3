"""The referrals of one child of the past, as the service would have kept them.

A step that cannot be taken any more, as when a provider answers after help began elsewhere, changes nothing. Nothing
takes a place of an offer (`counted` is false): the figures that stand are those of the reports.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from app.demo.capacity_reports import SENDER
from app.demo.history.dossier import Dossier
from app.demo.history.sent import StandsFor, offer_row, referral_row
from app.demo.rows import Offer
from app.domain.dates import dutch_day
from app.dossiers.referrals.obstacle_codes import Obstacle
from app.dossiers.referrals.secure_stays import secure_care_of
from app.dossiers.referrals.sibling_group import Family
from app.dossiers.referrals.states import OPEN, DecisionCode, EventCode, Status, next_status
from app.dossiers.referrals.tables import (
    Actor,
    DespiteRow,
    FullReferral,
    ReferralChildRow,
    ReferralEventRow,
    ReferralRow,
    Urgency,
    WithdrawnBecause,
)
from app.dossiers.requests.tables import ProposalRow

_FOLLOWED: Final = ("accept", "withdraw", "start", "end", "correct")
"""After which something may have changed for the request."""
_BECAUSE: Final = "De aanbieder kent het gezin (voorbeeld)."


class Referrals:
    """The referrals of a dossier by a name of our own; each method is a step, recorded at a moment (`at`)."""

    def __init__(self, dossier: Dossier) -> None:
        self._dossier = dossier
        self._sent: dict[str, FullReferral] = {}

    def send(
        self,
        name: str,
        stands_for: StandsFor,
        offer: Offer | None,
        urgency: Urgency,
        despite: Obstacle | None,
        at: datetime,
    ) -> None:
        """Refers the child to an offer, or to help outside the contracts; `despite` says what stands in the way."""
        book, request = self._dossier.book, self._dossier.request
        row = referral_row(self._dossier, name, stands_for, offer, urgency, at)
        child = ReferralChildRow(referral_id=row.id, request_id=request.id, places=1, is_taken_out=False)
        self._sent[name] = FullReferral(
            *(row, offer_row(offer), None, request.child_reference),
            children=[child],
            despite=[],
            concerns=[],
            requests={request.id: request},
            exceptions=[],
            elsewhere=set(),
            sender=None,
        )
        book.keep(row, 0)
        book.keep(child, 0)
        if despite is not None:
            said = {"referral_id": row.id, "reason": despite, "because": _BECAUSE, "actor": "institution"}
            book.add(DespiteRow, **said, at=at, client_id=self._dossier.client_id)
        details = {"despite": [{"reason": despite, "because": _BECAUSE}]} if despite else {}
        self._note(row, "send", "institution", None, details, at)

    def accept(self, name: str, expected_start: date, at: datetime) -> None:
        """The provider has a place; of help outside the contracts the institution says so."""
        values = {"expected_start": expected_start, "accepted_on": dutch_day(at)}
        self._decide(name, "accept", values, {"reserved_at": at, "given_back_at": None}, at)

    def waitlist(self, name: str, expected_start: date, at: datetime) -> None:
        """The provider puts the child on its waiting list."""
        self._decide(name, "waitlist", {"expected_start": expected_start}, {}, at)

    def decline(self, name: str, reason: str, criteria: list[str], specialisations: list[str], at: datetime) -> None:
        """The provider does not take the child; a criterion that it names is proposed as a characteristic."""
        row = self._sent[name].referral
        if next_status(row.status, "decline") is None:
            return
        named = {"decline_criteria": criteria, "decline_specialisations": specialisations}
        self._decide(name, "decline", {"decline_reason": reason, **named}, {"released_at": at}, at)
        for code in criteria:
            said = {"request_id": row.request_id, "code": code, "referral_id": row.id, "proposed_on": dutch_day(at)}
            self._dossier.book.add(
                ProposalRow, **said, provider_name=None, gone_at=None, gone_because=None, client_id=None
            )

    def withdraw(self, name: str, because: WithdrawnBecause, by: str | None, at: datetime) -> None:
        """The institution takes the referral back, or it lapses as help starts `by` another or the request closes."""
        released = {"released_at": at, "released_by": self._sent[by].referral.id if by else None}
        values = {"withdrawn_because": because, "accepted_on": None}
        self._decide(name, "withdraw", values, released, at)

    def start(self, name: str, day: date, at: datetime) -> None:
        """Help has started; where it is more than bridging, what else is open is withdrawn."""
        row = self._sent[name].referral
        self._decide(name, "start", {"started_on": day}, {"started_on": day, "started_at": at}, at)
        if row.status == "started" and not row.is_bridging:
            self._withdraw_open("other-referral-started", name, at)

    def end(self, name: str, day: date, reason: str, at: datetime) -> None:
        """Help has ended."""
        stays = {"ended_on": day, "ended_at": at, "end_reason": reason}
        self._decide(name, "end", {"ended_on": day, "end_reason": reason}, stays, at)

    def correct_start(self, name: str, day: date, at: datetime) -> None:
        """The start gets its right day, which was recorded wrongly before."""
        row = self._sent[name].referral
        if row.status == "started":
            details = {"what": "start", "why": "Dit was de intake.", "old": str(row.started_on), "new": str(day)}
            self._set(name, "correct", row.status, {"started_on": day}, {"started_on": day}, details, at)

    def take_back_decline(self, name: str, at: datetime) -> None:
        """The decline was a mistake: the referral is open again."""
        if self._sent[name].referral.status == "declined":
            values: dict[str, Any] = {"decline_reason": None, "decline_criteria": [], "decline_specialisations": []}
            details = {"what": "decline", "why": "Op de verkeerde aanmelding geantwoord."}
            self._set(name, "correct", "sent", values, {"released_at": None}, details, at)

    def move(self, municipality: str, at: datetime) -> None:
        """The child has another responsible municipality; the referrals that are open follow."""
        request = self._dossier.request
        lived_in = request.municipality_code
        self._dossier.move(municipality, at)
        values = {"municipality_code": municipality, "region_code": request.region_code}
        details = {"old": lived_in, "new": municipality}
        for name in self._of_status(*OPEN):
            self._set(name, "move", self._sent[name].referral.status, values, {}, details, at)

    def close(self, reason: str, at: datetime) -> None:
        """Closes the request, and withdraws what is open; once."""
        if self._dossier.request.closed_on is None:
            self._withdraw_open("request-closed", None, at)
            self._dossier.close(reason, at)

    def end_all(self, reason: str, at: datetime) -> None:
        """All help ends that day, and the request is closed."""
        for name in self._of_status("started"):
            self.end(name, dutch_day(at), reason, at)
        self.close(reason, at)

    def _withdraw_open(self, because: WithdrawnBecause, by: str | None, at: datetime) -> None:
        for name in self._of_status(*OPEN):
            if name != by:
                self.withdraw(name, because, by, at)

    def _of_status(self, *statuses: Status) -> list[str]:
        return [name for name, full in self._sent.items() if full.referral.status in statuses]

    def _decide(
        self, name: str, decision: DecisionCode, values: Mapping[str, Any], stays: Mapping[str, Any], at: datetime
    ) -> None:
        """Takes a decision, where that can be."""
        status = next_status(self._sent[name].referral.status, decision)
        if status is not None:
            self._set(name, decision, status, values, stays, _details(values), at)

    def _set(
        self,
        name: str,
        decision: EventCode,
        status: Status,
        values: Mapping[str, Any],
        stays: Mapping[str, Any],
        details: Mapping[str, Any],
        at: datetime,
    ) -> None:
        """Sets columns of the referral and of the child in it, and brings the request along."""
        row, [child] = self._sent[name].referral, self._sent[name].children
        before = row.status
        for column, value in {**values, "status": status, "version": row.version + 1, "updated_at": at}.items():
            setattr(row, column, value)
        for column, value in stays.items():
            setattr(child, column, value)
        book = self._dossier.book
        book.keep(row, row.version - 1)
        if stays:
            book.keep(child, row.version - 1)
        self._note(row, decision, _actor(row, decision), before, details, at)
        if decision in _FOLLOWED:
            self._follow(at)

    def _note(
        self,
        row: ReferralRow,
        decision: EventCode,
        actor: Actor,
        before: Status | None,
        details: Mapping[str, Any],
        at: datetime,
    ) -> None:
        client_id = SENDER if actor == "provider" else self._dossier.client_id
        event = {"referral_id": row.id, "at": at, "actor": actor, "client_id": client_id, "decision": decision}
        self._dossier.book.add(ReferralEventRow, **event, status=row.status, details=dict(details))
        change = {"field": f"referrals.{row.id}", "old": before, "new": row.status}
        self._dossier.note(at, f"referral-{row.status}", [change])

    def _follow(self, at: datetime) -> None:
        request = self._dossier.request
        family = Family([request], list(self._sent.values()))
        values = {
            "placed_on": family.placed_on(request),
            "help_started_on": family.started_on(request),
            "bridged_on": family.bridged_on(request),
            **secure_care_of(family, request),
        }
        self._dossier.change(at, "followed-referral", values)


def _actor(row: ReferralRow, decision: EventCode) -> Actor:
    if row.withdrawn_because in {"other-referral-started", "request-closed"}:
        return "service"
    is_answer = decision in {"accept", "waitlist", "decline"} or (decision == "correct" and row.status == "sent")
    return "provider" if is_answer and row.provider_id is not None else "institution"


def _details(values: Mapping[str, Any]) -> dict[str, Any]:
    """What was said with a decision, by the names of the interface."""
    names = {
        "expected_start": "expectedStart",
        "decline_reason": "reason",
        "end_reason": "reason",
        "decline_criteria": "criteria",
        "started_on": "date",
        "ended_on": "date",
        "withdrawn_because": "because",
    }
    return {
        names[column]: str(value) if isinstance(value, date) else value
        for column, value in values.items()
        if column in names and value
    }
