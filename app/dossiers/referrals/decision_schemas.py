"""A decision on a referral as it comes in: which fields go with it, and what a decline has to name."""

from collections.abc import Collection
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, ValidationInfo, WithJsonSchema, field_validator

from app.domain.language import Text
from app.dossiers.referrals.despite_schemas import EXAMPLE, EachOnce
from app.dossiers.referrals.states import DecisionCode
from app.kit.schemas import (
    FreeText,
    NormDay,
    Schema,
    Unique,
    check_applies,
    described,
    invalid,
)
from app.reference.decline_rules import check_criteria, check_named
from app.reference.lists import reference
from app.reference.schemas import DeclinedForCriteria, DeclinedForSpecialisations

Rule = Literal["required", "optional"]
_TAKES: Final[dict[DecisionCode, dict[str, Rule]]] = {
    "see": {},
    "accept": {"expected_start": "optional", "despite": "optional"},
    "waitlist": {"expected_start": "required", "despite": "optional"},
    "decline": {"reason": "required", "criteria": "optional", "specialisations": "optional"},
    "delay": {"expected_start": "required"},
    "left": {"date_": "required"},
    "withdraw": {"only": "optional"},
    "start": {"date_": "required", "despite": "optional"},
    "end": {"date_": "required", "reason": "required", "only": "optional"},
}
"""What is said with a decision; a note goes with any of them."""


def _reason_codes() -> dict[str, Collection[str]]:
    return {"decline": reference().decline_reasons, "end": reference().closing_reasons}


def _reasons() -> list[str]:
    return [*reference().decline_reasons, *reference().closing_reasons]


class DecisionIn(Schema):
    """A decision on a referral; which fields go with it depends on the decision."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"decision": "waitlist", "expectedStart": "2026-12-14", "note": "Vanaf januari is er weer ruimte."}
            ]
        }
    )

    decision: DecisionCode = described(
        "Of the provider: see, accept, waitlist, decline, delay (the start slips), left (the child has gone, which the "
        "institution confirms with end); of the institution: withdraw, start, end.",
        "waitlist",
    )
    expected_start: NormDay | None = Field(
        default=None,
        validate_default=True,
        description="waitlist, delay, and where known accept: when the help is expected to start.",
        examples=["2026-12-14"],
    )
    date_: NormDay | None = Field(
        default=None,
        validate_default=True,
        alias="date",
        description="start: the first real help contact, of residential care the day after the first night, never "
        "an intake (Regeling Jeugdwet, bijlage 2); end, left: the last day. Not in the future.",
        examples=["2026-12-15"],
    )
    reason: Annotated[str, WithJsonSchema({"type": "string", "enum": _reasons(), "examples": ["no-place"]})] | None = (
        Field(
            default=None,
            validate_default=True,
            description="decline: a decline reason; end: a closing reason.",
            examples=["contra-indication"],
        )
    )
    only: Annotated[list[UUID], Field(min_length=1), Unique] | None = Field(
        default=None,
        validate_default=True,
        description="withdraw, end: the requests that are meant, of a referral for several children; all unless said.",
        examples=[["b1f6c0de-6a0e-4c59-8a3f-0c7d1e2f3a4b"]],
    )
    criteria: DeclinedForCriteria = None
    specialisations: DeclinedForSpecialisations = None
    despite: EachOnce | None = Field(
        default=None,
        validate_default=True,
        description="accept, waitlist, start: where the match would leave the offer out now (the 409 names the "
        "reasons), why it is right all the same, for each reason that was not explained yet.",
        examples=[EXAMPLE],
    )
    note: FreeText | None = Field(
        default=None,
        description="What else there is to say, without anything about who the child is.",
        examples=["Vanaf januari is er weer ruimte."],
    )

    @field_validator("expected_start", "date_", "reason", "only", "criteria", "specialisations", "despite")
    @classmethod
    def _goes_with_the_decision(cls, value: object, others: ValidationInfo) -> object:
        if "decision" in others.data:
            rule = _TAKES[others.data["decision"]].get(str(others.field_name))
            if rule != "optional":
                check_applies(cls, value, others, applies=rule == "required")
        return value

    @field_validator("reason")
    @classmethod
    def _is_of_the_list(cls, reason: str | None, others: ValidationInfo) -> str | None:
        known = _reason_codes().get(others.data.get("decision", ""))
        if reason is not None and known is not None and reason not in known:
            text = Text(
                nl=f"De code {reason!r} staat niet in de lijst die bij dit besluit hoort.",
                en=f"The code {reason!r} is not in the list of this decision.",
            )
            raise invalid("unknown-code", text)
        return reason

    @field_validator("criteria")
    @classmethod
    def _names_the_contra_indication(cls, criteria: list[str] | None, others: ValidationInfo) -> list[str] | None:
        check_criteria(others.data.get("reason"), criteria)
        return criteria

    @field_validator("specialisations")
    @classmethod
    def _names_what_does_not_fit(cls, named: list[str] | None, others: ValidationInfo) -> list[str] | None:
        check_named(others.data.get("reason"), others.data.get("criteria"), named)
        return named
