"""A case as a JSON file: all that goes into a ranking and, where it has been ranked, what came out.

It is what `wijzer rank` reads, what the API keeps of a ranking that was shown, and the shape of the worked examples.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, Final

from pydantic import AfterValidator, Field, ValidationError

from app.allocation.expected_wait import ExpectedWait
from app.domain.language import Text
from app.finding.matching.case_outcome import CaseOutcome
from app.finding.matching.case_parts import CaseExpectedWait, CaseOffer, CaseRequest
from app.kit.schemas import (
    NormDay,
    Schema,
    Whole,
    defaulted,
    described,
    invalid,
)
from app.ranking.facts_of_offers import with_expected_wait
from app.ranking.model import (
    RULES,
    Offer,
    Policy,
    Request,
    WaitSource,
)
from app.ranking.rank import DEFAULT_POLICY

FIRST_RULES: Final = 1
"""The version of a case that says none: of release 1.0.0, from before December 2026."""


@dataclass(frozen=True, slots=True)
class Case:
    """All that `rank` asks for; `offers` are as their providers stated them.

    `expected` are our estimates by the id of the offer, where `wait_source` says that these are ranked by.
    """

    request: Request
    offers: tuple[Offer, ...]
    today: date
    policy: Policy
    wait_source: WaitSource = "stated"
    expected: Mapping[str, ExpectedWait] = field(default_factory=dict)

    @property
    def ranked_offers(self) -> list[Offer]:
        """The offers as they are ranked: with our estimate in the place of the stated wait to intake, where asked."""
        if self.wait_source == "stated":
            return list(self.offers)
        return [self._by_ours(offer) for offer in self.offers]

    def _by_ours(self, offer: Offer) -> Offer:
        wait, capacity = self.expected.get(offer.id), offer.capacity
        if wait is None or capacity is None:
            return offer
        return replace(offer, capacity=with_expected_wait(capacity, wait.days, self.today))


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
    wait_source: WaitSource = Field(
        default="stated",
        exclude_if=lambda source: source == "stated",
        description="`expected` where our estimates took the place of the stated waits to intake; else absent.",
        examples=["expected"],
    )
    expected_waits: dict[str, CaseExpectedWait] = Field(
        default={},
        exclude_if=lambda waits: not waits,
        description="Our estimates, by the id of the offer; absent where the stated waits are ranked by.",
    )
    expected: CaseOutcome | None = Field(default=None, description="The outcome.")

    @classmethod
    def of(cls, case: Case) -> "CaseFile":
        """The case as a file of this version of the rules, without an outcome."""
        request, offers = CaseRequest.of(case.request), list(map(CaseOffer.of, case.offers))
        return CaseFile.model_construct(
            rules=RULES,
            today=case.today,
            policy=case.policy,
            request=request,
            offers=offers,
            wait_source=case.wait_source,
            expected_waits={offer_id: CaseExpectedWait.of(wait) for offer_id, wait in case.expected.items()},
            expected=None,
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
    return Case(
        read.request.made(),
        tuple(offer.made() for offer in read.offers),
        read.today,
        read.policy,
        read.wait_source,
        {offer_id: wait.made() for offer_id, wait in read.expected_waits.items()},
    )


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
