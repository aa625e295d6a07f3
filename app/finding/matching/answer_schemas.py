"""A ranking as it is answered: results, alternatives, and what was left out and why."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.finding.catalogue.schemas import (
    ShownAvailability,
    ShownContract,
    ShownOffer,
    ShownProvider,
)
from app.finding.matching.case_outcome import Decider, Factors
from app.finding.matching.wording.warnings import WarningCode
from app.kit.schemas import (
    Moment,
    Schema,
    described,
)
from app.notifying.contacts.opening_hours import EXAMPLE, OpeningHours
from app.ranking.model import (
    RULES,
    Need,
    Policy,
    Reason,
)
from app.supply.capacity.schemas import ExpectedWaitOut

ShownExpectedWait = Annotated[
    ExpectedWaitOut | None,
    Field(
        description="Our estimate that took the place of the stated wait to intake; null where the offer's reports say "
        "too little, and absent unless `waitSource` is `expected`."
    ),
]


class Warning_(Schema):  # noqa: N801 - Warning is a builtin
    """What to know before choosing."""

    code: WarningCode = described("For machines.", "figures-old")
    detail: str = described("For people, in the language asked for.", "De cijfers zijn 9 dagen oud.")


class MatchResult(Schema):
    """An offer in its place in the ranking."""

    rank: int = described("Its place, from 1.", 1)
    offer: ShownOffer = Field(description="The offer.")
    provider: ShownProvider = Field(description="Its provider.")
    availability: ShownAvailability = Field(description="When help could start, for one child.")
    choice: int = described("Which choice it answers.", 1)
    expected_start: date | None = described("The first day of real help, as far as is known.", "2026-12-14")
    within_norm: bool = described("Whether that is known and within the norm.", True)
    distance_km: float | None = described("Distance; 0 where the help comes to the child.", 12.4)
    contract: ShownContract | None = Field(description="The best contract that covers the child.")
    factors: Factors = Field(description="What the order is made of.")
    decided_by: Decider | None = described("The first factor on which it beats the next; null for the last.", "delay")
    explanation: str = described(
        "Why it stands here, in one sentence.", "Boven nr. 2: eerste keus in plaats van tweede."
    )
    warnings: list[Warning_] = Field(description="What to know before choosing.")
    expected_wait: ShownExpectedWait = None


class Desk(Schema):
    """Whom to ask, and how they are reached."""

    of: Literal["region", "provider"] = described("Whose desk it is.", "region")
    organisation: str = described("What the jeugdregio or the provider is called.", "Kop van Noord-Holland")
    name: str | None = described("What the desk is called; null where that is not said.", "Toegang Kop")
    phone: str | None = described("Its telephone number.", "0223 000 000")
    email: str | None = described("Its e-mail address.", "toegang@example.org")
    opening_hours: list[OpeningHours] = described("When it can be reached; empty where that is not said.", [EXAMPLE])


class MatchAlternative(Schema):
    """An offer that would be possible if one thing were arranged."""

    offer: ShownOffer = Field(description="The offer.")
    provider: ShownProvider = Field(description="Its provider.")
    availability: ShownAvailability = Field(description="When help could start, for one child.")
    choice: int = described("Which choice it answers.", 1)
    expected_start: date | None = described("The first day of real help, as far as is known.", "2026-12-14")
    distance_km: float | None = described("Distance; 0 where the help comes to the child.", 12.4)
    reason: Reason = described("The one reason that excludes it.", "not-contracted")
    needs: Need = described("What would have to be arranged.", "light-contract")
    ask: Desk = Field(description="Who can arrange it: the desk of the child's region, or the provider's intake desk.")
    explanation: str = described(
        "What to arrange, with whom, and how they are reached.", "Regel een licht contract met gemeente Den Helder."
    )
    expected_wait: ShownExpectedWait = None


class ReasonCount(Schema):
    """How many offers a reason excludes."""

    reason: Reason = described("The reason.", "age")
    count: int = described("Offers that it excludes, also where others do too.", 4)
    detail: str = described("The reason in words.", "Leeftijd past niet")


class ExcludedOffer(Schema):
    """An offer that was excluded."""

    offer_id: UUID = described("The offer.", "0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21")
    name: str = described("What it is called.", "Gezinshuis De Duinen")
    provider_name: str = described("Whose it is.", "Demo Jeugdhulp De Vuurtoren")
    choice: int = described("Which choice it would have answered.", 1)
    reasons: list[Reason] = described("Every reason that excludes it.", ["age", "too-far"])


class Excluded(Schema):
    """The offers that were excluded."""

    total: int = described("How many.", 12)
    by_reason: list[ReasonCount] = Field(description="How many by reason; one offer can count in several.")
    offers: list[ExcludedOffer] | None = Field(
        default=None, description="Every one of them, where `explain` was asked."
    )


class MatchAnswer(Schema):
    """The ranking. It advises; the jeugdbeschermer decides (Jeugdwet art. 3.5)."""

    generated_at: Moment = Field(description="When it was made.", examples=["2026-11-22T09:00:00Z"])
    rules: int = described("The version of the rules that made it.", RULES)
    policy: Policy = described("Which factors went first.", "timely-first")
    wait_source: Literal["expected"] | None = Field(
        default=None,
        description="That our estimates took the place of stated waits; absent where they did not.",
        examples=["expected"],
    )
    deadline: date = described("When help is due by the norm.", "2027-01-12")
    results: list[MatchResult] = Field(description="The offers that fit, best first.")
    alternatives: list[MatchAlternative] = Field(description="What would be possible, best first.")
    excluded: Excluded = Field(description="What was excluded.")
