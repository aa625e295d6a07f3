"""What was asked of regions and providers to make an alternative possible for a child of the past."""

from datetime import date, datetime, timedelta
from functools import partial
from random import Random
from typing import Any, Final, Literal, TypeAlias
from uuid import UUID

from app.demo.capacity_reports import SENDER
from app.demo.history.agenda import days
from app.demo.history.life import Life
from app.demo.rows import Offer, demo_id
from app.domain.dates import dutch_day, whole_years
from app.dossiers.agreements.default_terms import ARRANGEMENT_ANSWER_DAYS
from app.dossiers.arrangements.states import AFTER, DecisionCode, EndedBecause, Kind, Status
from app.dossiers.arrangements.tables import ArrangementRow
from app.dossiers.referrals.obstacle_codes import Obstacle
from app.kit.working_days import add_working_days
from app.supply.contracts.tables import ContractRow

Decision: TypeAlias = DecisionCode | Literal["end"]

_KIND_OF: Final[dict[Obstacle, Kind]] = {
    "not-contracted": "light-contract",
    "budget-ceiling": "ceiling-exception",
    "too-far": "longer-distance",
    "age": "provider-consent",
}
OBSTACLES: Final[tuple[Obstacle, ...]] = ("not-contracted", *_KIND_OF)
"""What mostly stands in the way of an alternative: that the offer is not contracted twice as often as the others."""
_SHARES: Final[dict[Decision, int]] = {"grant": 68, "refuse": 18, "withdraw": 8, "end": 6}
"""What is decided, of a hundred times; `end`: nobody waited for it any more."""
_CONTRACT_DAYS: Final = 60
"""How long a light contract of the past holds; one that would hold today is not made, as that changes every match."""
_ASKED_BY_USERS: Final = ("JZ03", 30)
"""The region of the demo client, and the days in which nothing is asked of it: what waits there is what users ask."""
_WHY: Final[dict[Status, str | None]] = {
    "refused": "Er is een gecontracteerd alternatief.",
    "granted": "Akkoord, voor de duur van de hulp.",
    "withdrawn": None,
    "ended": None,
}


def arrange(life: Life, name: str, offer: Offer, reason: Obstacle, decided_on: date, rng: Random) -> None:
    """Tells what was asked for an alternative, and what was decided about it by that day."""
    region, quiet = _ASKED_BY_USERS
    asked_on = max(decided_on - days(rng.choice((1, 2, 3, 4, 5, 7, 9, 14))), life.child.asked_on + days(1))
    if life.child.region == region and asked_on >= life.today - timedelta(days=quiet):
        return
    arranging = _Arranging(life, name, offer, reason)
    asked_on = life.agenda.put(asked_on, arranging.ask)
    decision = rng.choices(list(_SHARES), list(_SHARES.values()))[0]
    if decision == "grant" and arranging.kind == "light-contract" and decided_on + days(_CONTRACT_DAYS) >= life.today:
        decision = "refuse"
    life.agenda.put(max(decided_on, asked_on), partial(arranging.decide, decision))


class _Arranging:
    """One question, and the answer."""

    def __init__(self, life: Life, name: str, offer: Offer, reason: Obstacle) -> None:
        self.kind = _KIND_OF[reason]
        self._life = life
        self._offer = offer
        self._reason = reason
        self._id = demo_id("arrangement", f"{life.child.key}/{name}")
        self._row: dict[str, Any] = {}

    def ask(self, at: datetime) -> None:
        """Puts the question."""
        child, request, today = self._life.child, self._life.dossier.request, dutch_day(at)
        organisation = child.institution.organisation
        self._row = self._life.dossier.book.add(
            ArrangementRow,
            id=self._id,
            request_id=request.id,
            organisation_id=organisation.id,
            institution=organisation.institution or organisation.name,
            offer_id=self._offer.id,
            provider_id=self._offer.provider_id,
            care_type=self._offer.care_type,
            kind=self.kind,
            reason=self._reason,
            age=whole_years(child.birth_month, today),
            gender=child.gender,
            municipality_code=request.municipality_code,
            region_code=request.region_code,
            needs=list(child.needs),
            asked_why="Enige plek die past (voorbeeld).",
            asked_at=at,
            asked_by=child.institution.client_id,
            amber_from=add_working_days(today, (3 * ARRANGEMENT_ANSWER_DAYS + 3) // 4),
            due_on=add_working_days(today, ARRANGEMENT_ANSWER_DAYS),
            status="asked",
            **dict.fromkeys(("decided_at", "decided_by", "decided_why", "days_taken", "valid_to", "contract_id")),
            ended_because=None,
            version=1,
            created_at=at,
            updated_at=at,
        )
        self._note(None, at)

    def decide(self, decision: Decision, at: datetime) -> None:
        """Answers it; what nobody waits for any more ends."""
        ended: EndedBecause = "help-started"
        status: Status = "ended" if decision == "end" else AFTER[decision]
        is_answer = decision in {"grant", "refuse"}
        self._row |= {
            "status": status,
            "decided_at": at,
            "decided_by": SENDER if is_answer else self._life.child.institution.client_id,
            "decided_why": _WHY[status],
            "days_taken": (dutch_day(at) - dutch_day(self._row["asked_at"])).days,
            "ended_because": ended if status == "ended" else None,
            "version": 2,
            "updated_at": at,
        }
        if status == "granted" and self.kind == "light-contract":
            valid_to = dutch_day(at) + timedelta(days=_CONTRACT_DAYS)
            self._row |= {"valid_to": valid_to, "contract_id": self._contract(dutch_day(at), valid_to, at)}
        self._note("asked", at)

    def _contract(self, valid_from: date, valid_to: date, at: datetime) -> UUID:
        contract_id = demo_id("contract", str(self._id))
        self._life.dossier.book.add(
            ContractRow,
            id=contract_id,
            provider_id=self._offer.provider_id,
            kind="light",
            regions=[],
            municipalities=[self._row["municipality_code"]],
            care_types=[self._offer.care_type],
            product_codes=self._offer.product_codes,
            valid_from=valid_from,
            valid_to=valid_to,
            ceiling_reached=False,
            ceiling_exempts_measure=False,
            arrangement_id=self._id,
            version=1,
            created_at=at,
            updated_at=at,
        )
        return contract_id

    def _note(self, before: str | None, at: datetime) -> None:
        change = {"field": f"arrangements.{self._id}", "old": before, "new": self._row["status"]}
        self._life.dossier.note(at, f"arrangement-{self._row['status']}", [change])
