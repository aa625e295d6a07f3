"""Escalations as they go over the wire."""

from datetime import date
from typing import Annotated, Final, Self
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from app.domain.language import Text
from app.domain.traces import Kind, find_traces
from app.dossiers.agreements.steps import Step
from app.dossiers.escalations.states import OutcomeKind
from app.dossiers.referrals.schemas import Refusal
from app.dossiers.requests.schemas import ShownRequest
from app.kit.schemas import (
    Answer,
    Day,
    FreeText,
    Moment,
    Name,
    NoBsn,
    NotNull,
    Schema,
    Unique,
    described,
    invalid,
)
from app.reference.lists import reference
from app.reference.schemas import CareTypeCode, ExclusionCode, RegionField, WaitingCauseCode

_TEAM = "4f2a6c1e-8b3d-5e7f-9a0b-1c2d3e4f5a6b"

Words = Annotated[FreeText, Field(min_length=1)]
TeamReference = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$", examples=["ret-westfriesland"]), NoBsn
]
"""A reference of a team, without spaces; never a person's name."""


class OutsideOffer(Schema):
    """Help outside the contracts (maatwerk)."""

    provider_name: Name = described("Who gives it.", "Demo Gezinshuizen De Horizon")
    description: Words = described("What it is.", "Plek in een gezinshuis vanaf 1 december, met een licht contract.")


_KINDS: Final[dict[Kind, Text]] = {
    "date": Text(nl="de datum", en="the date"),
    "birth": Text(nl="de geboorte", en="the birth"),
    "email": Text(nl="het e-mailadres", en="the e-mail address"),
    "phone": Text(nl="het telefoonnummer", en="the phone number"),
    "postcode": Text(nl="de postcode", en="the postcode"),
    "address": Text(nl="het adres", en="the address"),
    "link": Text(nl="de link", en="the link"),
    "number": Text(nl="het nummer of kenmerk", en="the number or reference"),
    "person": Text(nl="de naam", en="the name"),
    "place": Text(nl="de plaats of instelling", en="the place or institution"),
}


def _leads_to_nobody(text: str) -> str:
    lists = reference()
    places = [*(each.name for each in lists.municipalities.values()), *lists.institutions]
    found = find_traces(text, places)
    if found:
        named = Text(
            nl=", ".join(f'{_KINDS[each.kind].nl} "{each.found}"' for each in found),
            en=", ".join(f'{_KINDS[each.kind].en} "{each.found}"' for each in found),
        )
        detail = Text(
            nl=f"Dit leest iedereen, en het kan naar een jeugdige leiden. Haal weg of zeg anders: {named.nl}.",
            en=f"Everybody reads this, and it may lead to a child. Take out or say otherwise: {named.en}.",
        )
        raise invalid("leads-to-child", detail)
    return text


class OutcomeLesson(Schema):
    """What worked, for others whose search is stuck; nothing in it leads to a child, an institution or a place."""

    care_types: Annotated[list[CareTypeCode], Field(min_length=1), Unique] = Field(
        description="The care types that were looked for.", examples=[["gezinshuis"]]
    )
    characteristics: Annotated[list[ExclusionCode], Unique] = Field(
        default=[], description="What made offers say no.", examples=[["brandstichting"]]
    )
    causes: Annotated[list[WaitingCauseCode], Unique] = Field(
        default=[], description="Why help was waited for.", examples=[["contra-indication"]]
    )
    text: Annotated[Words, AfterValidator(_leads_to_nobody)] = described(
        "What worked: no names, dates, places or numbers.",
        "Een tweede begeleider gaf vertrouwen.",
    )


class EscalationIn(Schema):
    """A request to put before a step of the ladder."""

    step: Step = described("The step.", "local-team")
    reason: WaitingCauseCode = Field(description="Why the child waits.")
    asked: Words = described("What is asked of the team.", "Wie heeft een gezinshuis voor twee kinderen samen?")
    skip_reason: Words | None = Field(
        default=None,
        description="Why steps before it were skipped, where they were.",
        examples=["Het lokale team is al betrokken."],
    )
    local_team: UUID | None = Field(
        default=None,
        description="Of the step local-team: the organisation that is asked, which reads the request for as long as "
        "the step is open. Unless said: the caller where it is one, or the one local team that it is shared with.",
        examples=[_TEAM],
    )


class EscalationPatch(Schema):
    """What changes of an escalation; what is left out stays. An outcome ends it; an answer puts it before the step
    again."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"takenBy": "ret-westfriesland", "outcome": "Plek in een gezinshuis.", "outcomeKind": "help"}]
        }
    )

    taken_by: TeamReference | None = Field(default=None, description="The team that took it.")
    outcome: Words | None = Field(
        default=None, description="What came out; null: nothing yet.", examples=["Plek gevonden buiten de regio."]
    )
    outcome_kind: OutcomeKind | None = Field(
        default=None,
        description="What kind of outcome: help was arranged, it is explained why not, or a question goes back.",
        examples=["help"],
    )
    outcome_on: Day | None = Field(
        default=None, description="The day of the outcome; today unless said.", examples=["2026-12-04"]
    )
    offer: OutsideOffer | None = Field(
        default=None,
        description="Help outside the contracts that the team offers.",
        examples=[{"providerName": "Demo Gezinshuizen De Horizon", "description": "Plek in een gezinshuis."}],
    )
    lesson: OutcomeLesson | None = Field(
        default=None,
        description="What others may learn of the outcome, without saying of whom; null: nothing, or no more.",
        examples=[{"careTypes": ["gezinshuis"], "text": "Een tweede begeleider gaf vertrouwen."}],
    )
    answer: Annotated[Words | None, NotNull] = Field(
        default=None,
        description="Of the institution: the answer to the question that was referred back.",
        examples=["De school is akkoord."],
    )

    @model_validator(mode="after")
    def _day_of_an_outcome(self) -> Self:
        if self.outcome_on is not None and self.outcome is None:
            text = Text(
                nl="Een datum (outcomeOn) hoort bij een uitkomst (outcome).", en="outcomeOn goes with an outcome."
            )
            raise invalid("goes-with-outcome", text)
        if self.answer is not None and {"outcome", "outcome_kind", "outcome_on", "lesson"} & self.model_fields_set:
            text = Text(
                nl="Een antwoord (answer) neemt de uitkomst weg; stuur geen nieuwe mee.",
                en="An answer takes the outcome away; send no other with it.",
            )
            raise invalid("goes-without-outcome", text)
        return self


class QuestionOut(Answer):
    """A question that a step referred back, and its answer."""

    question: str = described("What the step had to know.", "Is de school akkoord?")
    asked_on: date = described("When it was asked.", "2026-11-24")
    answer: str = described("What the institution answered.", "De school is akkoord.")
    answered_on: date = described("When the step got it back.", "2026-11-25")


class EscalationOut(Answer):
    """A step that a request was put before."""

    id: UUID = described("Our id.", "d4c3b2a1-9f8e-4d7c-8b6a-5f4e3d2c1b0a")
    request_id: UUID = described("The request.", "b1f6c0de-6a0e-4c59-8a3f-0c7d1e2f3a4b")
    step: Step = described("The step.", "local-team")
    opened_at: Moment = Field(description="When it was put before the team.", examples=["2026-11-22T09:00:00Z"])
    reason: WaitingCauseCode = Field(description="Why the child waits.")
    asked: str = described("What is asked of the team.", "Wie heeft een gezinshuis voor twee kinderen samen?")
    skip_reason: str | None = described("Why steps before it were skipped.", None)
    local_team: UUID | None = described("Of the step local-team: who is asked, where that is known here.", None)
    supraregion: str | None = described("Of the step supraregional-network: whose network is asked.", None)
    taken_by: TeamReference | None = Field(description="The team that took it.")
    outcome: str | None = described("What came out; null while it is open.", None)
    outcome_kind: OutcomeKind | None = described("What kind of outcome that is; null while it is not said.", None)
    outcome_on: date | None = described("The day of the outcome.", None)
    offer: OutsideOffer | None = Field(description="Help outside the contracts that the team offers.")
    lesson: OutcomeLesson | None = Field(description="What others may learn of it.")
    questions: list[QuestionOut] = Field(description="What it referred back before and had answered, in order.")


class EscalatedRequest(ShownRequest):
    """A request as those see it before whose step it stands: in full, save what its institution calls the child."""

    organisation_id: UUID = described("Whose it is.", "9c1c6d0a-7a55-5a0f-8f2b-1a4c0d9e7b33")
    organisation: str | None = described("Its name, where it is registered here.", "De Jeugd- en Gezinsbeschermers")
    sibling_count: int = described("The other open requests of its sibling group.", 0)
    escalations: list[EscalationOut] = Field(description="The steps up to this one that it was put before, in order.")
    refusals: list[Refusal] = Field(description="Who would not take the child, and why; the first comes first.")


class StepCount(Answer):
    """How many times requests were put before one step, and what came out."""

    step: Step = described("The step.", "expert-team")
    total: int = described("How many times.", 9)
    open: int = described("Of these, those that nothing came out of yet.", 2)
    help: int = described("Help was arranged.", 4)
    explanation: int = described("It was explained why not.", 1)
    question: int = described("A question went back, which has no answer yet.", 1)
    other: int = described("Something came out, and not of what kind.", 1)


class EscalationCounts(Answer):
    """The escalations of a region's own children, counted."""

    region: RegionField = Field(description="The jeugdregio of the children.")
    total: int = described("How many there are.", 9)
    by_step: list[StepCount] = Field(description="By step, from the first; those without any are left out.")
