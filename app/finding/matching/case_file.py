"""A case as a JSON file: all that goes into a ranking and, where it has been ranked, what came out.

It is what `wijzer rank` reads, what the API keeps of a ranking that was shown, and the shape of the worked examples.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from pydantic import AfterValidator, Field, ValidationError

from app.domain.language import Text
from app.finding.matching.case_outcome import CaseOutcome
from app.finding.matching.case_parts import CaseOffer, CaseRequest
from app.kit.schemas import (
    NormDay,
    Schema,
    Whole,
    defaulted,
    described,
    invalid,
)
from app.ranking.model import (
    RULES,
    Offer,
    Policy,
    Request,
)
from app.ranking.rank import DEFAULT_POLICY

FIRST_RULES: Final = 1
"""The version of a case that says none: of release 1.0.0, from before December 2026."""


@dataclass(frozen=True, slots=True)
class Case:
    """All that `rank` asks for."""

    request: Request
    offers: tuple[Offer, ...]
    today: date
    policy: Policy


class CaseError(ValueError):
    """A case that cannot be read: a line for each thing that is wrong, with its JSON Pointer (RFC 6901).

    `problems` are the pairs of a pointer and what is wrong there.
    """

    def __init__(self, *problems: tuple[str, str]) -> None:
        super().__init__("\n".join(f"{pointer or '/'}: {problem}" for pointer, problem in problems))
        self.problems = problems


def _told_apart(offers: list[CaseOffer]) -> list[CaseOffer]:
    twice = [id_ for id_, count in Counter(offer.id for offer in offers).items() if count > 1]
    if twice:
        ids = ", ".join(twice)
        raise invalid("repeated", Text(nl=f"Meer dan één aanbod heet {ids}.", en=f"More than one offer has id {ids}."))
    return offers


class CaseFile(Schema):
    """All that went into a ranking, and what came out: `wijzer rank` reads it and finds the same."""

    rules: Whole = defaulted(FIRST_RULES, "The version of the rules that it is ranked by.", RULES)
    today: NormDay = described("The day, in the Netherlands, on which it is ranked.", "2026-11-22")
    policy: Policy = Field(default=DEFAULT_POLICY, description="Which factors go first.")
    request: CaseRequest = Field(description="The request, as it was then.")
    offers: Annotated[list[CaseOffer], AfterValidator(_told_apart)] = Field(
        description="The candidates, as they stood then."
    )
    expected: CaseOutcome | None = Field(default=None, description="The outcome.")

    @classmethod
    def of(cls, case: Case) -> "CaseFile":
        """The case as a file of this version of the rules, without an outcome."""
        request, offers = CaseRequest.of(case.request), list(map(CaseOffer.of, case.offers))
        return CaseFile.model_construct(
            rules=RULES, today=case.today, policy=case.policy, request=request, offers=offers, expected=None
        )


def read_case(document: object) -> Case:
    """What a case (JSON that was parsed) asks to be ranked; `expected` has to have its shape, and is not compared.

    Raises CaseError: with all that is wrong, or with the release to use where other rules are asked for.
    """
    if isinstance(document, dict):
        _check_rules(document.get("rules", FIRST_RULES))
    try:
        read = CaseFile.model_validate(document)
    except ValidationError as error:
        raise CaseError(*[(pointer(each["loc"]), each["msg"]) for each in error.errors()]) from error
    return Case(read.request.made(), tuple(offer.made() for offer in read.offers), read.today, read.policy)


def _check_rules(rules: object) -> None:
    if rules == FIRST_RULES:
        problem = "this case is of version 1 of the rules, which release 1.0.0 ranks (CHANGELOG.md)"
        raise CaseError(("/rules", f"{problem}; this release ranks version {RULES}"))
    if rules != RULES:
        raise CaseError(
            ("/rules", f"this release ranks version {RULES} of the rules; CHANGELOG.md says which has others")
        )


def pointer(location: tuple[int | str, ...]) -> str:
    """Where in a document something is, as a JSON Pointer (RFC 6901)."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in location)
