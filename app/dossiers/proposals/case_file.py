"""The case of a proposal as a JSON file: all that goes into it and, where it has been made, what came out.

It is what `wijzer propose` reads; `case_packing` writes it.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Annotated, Final

import numpy as np
from pydantic import Field, StringConstraints, ValidationError

from app.allocation.model import CANDIDATE, NEED_CODES, RULES, Beyond, Case, Child, KeptOut, Method, Places
from app.dossiers.proposals.case_outcome import ProposalOutcome
from app.finding.matching.case_file import CaseError, pointer
from app.kit.schemas import NormDay, Schema, Whole, YesNo, defaulted, described
from app.ranking.model import Need, Reason

MOST_DAYS: Final = 3660
"""How far from today a due day may lie, and the horizon: about ten years."""
MOST_SEED: Final = 2**53 - 1
"""The largest whole number that every reader of JSON keeps exactly."""

Id = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class ProposalCaseCandidate(Schema):
    """An offer for a child, as its ranking found it."""

    offer: Id = described("The offer.", "o07")
    choice: Whole = described("Which choice it answers.", 1, ge=1, le=3)
    starts_on: NormDay = described("The first day on which help can start.", "2027-01-18")
    distance: Whole = defaulted(0, "Whole km, rounded up; 9999 where unknown.", 13, ge=0, le=9999)
    wishes: Whole = defaulted(0, "Wishes that the offer lacks.", 1, ge=0, le=100)
    needs: Need | None = Field(default=None, description="What would have to be arranged first; null where it fits.")


class ProposalCaseBeyond(Schema):
    """The best offer for a child that has none within the horizon."""

    offer: Id = described("The offer.", "o07")
    starts_on: NormDay | None = Field(
        default=None,
        description="The first day on which help can start, after the horizon; null where not known.",
        examples=["2027-05-01"],
    )
    needs: Need | None = Field(default=None, description="What would have to be arranged first; null where it fits.")


class ProposalCaseKeptOut(Schema):
    """Why there is no offer at all for a child, not even if one thing were arranged."""

    offers: Whole = described("Offers of its choices, none of which would do.", 14, ge=0, le=200_000)
    reason: Reason | None = Field(default=None, description="What keeps most of them out; null where there are none.")
    by_reason: Whole = defaulted(0, "How many that keeps out.", 9, ge=0, le=200_000)


class ProposalCaseChild(Schema):
    """A child that waits."""

    id: Id = described("What it is called here; no name.", "k1")
    due_on: NormDay = described("When help is due by the norm.", "2026-12-20")
    waiting_since: NormDay = described("When its request was made.", "2026-09-20")
    crisis: YesNo = defaulted(False, "Whether it is in a crisis.", False)
    measure: YesNo = defaulted(False, "Whether a child-protection measure binds it.", True)
    group: Id | None = defaulted(None, "Siblings who go to one offer, all or none, have the same.", "g1")
    places: Whole = defaulted(1, "Places that it takes up.", 1, ge=1, le=1000)
    candidates: list[ProposalCaseCandidate] = Field(description="Its offers, best first.")
    beyond: ProposalCaseBeyond | None = Field(default=None, description="Without candidates: what there is later.")
    kept_out: ProposalCaseKeptOut | None = Field(default=None, description="Without either: why there is nothing.")


class ProposalCasePlaces(Schema):
    """How many children an offer can take."""

    offer: Id = described("The offer.", "o07")
    places: Whole = described("Places that are free and that nobody was promised.", 2, ge=0, le=100_000)


class ProposalCase(Schema):
    """All that goes into a proposal, and what came out: `wijzer propose` reads it and finds the same."""

    rules: Whole = defaulted(RULES, "The version of the rules of proposals.", RULES)
    ranking_rules: Whole | None = defaulted(None, "The version of the rules that the candidates were ranked by.", 2)
    product_version: str | None = defaulted(None, "The version of the service that made it.", "1.1.0", max_length=100)
    today: NormDay = described("The day, in the Netherlands, on which it is made.", "2027-01-04")
    horizon: NormDay = described("A child without a place counts as helped on this day.", "2027-04-05")
    method: Method = described("Whose lines are proposed; both have their price.", "stable")
    seed: Whole = described("Decides between equals.", 20270104, ge=0, le=MOST_SEED)
    changes: Whole = defaulted(0, "How many changes are tried at most.", 10, ge=0, le=100)
    children: list[ProposalCaseChild] = Field(description="The children.", max_length=20_000)
    places: list[ProposalCasePlaces] = Field(description="The offers with their places.", max_length=200_000)
    expected: ProposalOutcome | None = Field(default=None, description="The outcome.")

    def made(self) -> Case:
        """The case in the allocation's own terms. Raises CaseError with all that is wrong with it."""
        problems = list(self._problems())
        if problems:
            raise CaseError(*problems)
        number = {each.offer: at for at, each in enumerate(self.places)}
        records = [
            (number[each.offer], each.starts_on.toordinal(), each.distance, each.choice, each.wishes, _code(each.needs))
            for child in self.children
            for each in child.candidates
        ]
        return Case(
            today=self.today,
            horizon=self.horizon,
            method=self.method,
            seed=self.seed,
            children=tuple(_child(each) for each in self.children),
            places=tuple(Places(each.offer, each.places) for each in self.places),
            candidates=np.array(records, CANDIDATE),
            first=np.cumsum([0, *(len(each.candidates) for each in self.children)]).astype(np.int64),
            changes=self.changes,
        )

    def _problems(self) -> Iterator[tuple[str, str]]:
        yield from _twice("/children", [each.id for each in self.children])
        yield from _twice("/places", [each.offer for each in self.places])
        if not 0 <= (self.horizon - self.today).days <= MOST_DAYS:
            yield "/horizon", f"lies before today, or more than {MOST_DAYS} days after it"
        offers = {each.offer for each in self.places}
        for at, child in enumerate(self.children):
            yield from self._problems_of(f"/children/{at}", child, offers)

    def _problems_of(self, at: str, child: ProposalCaseChild, offers: set[str]) -> Iterator[tuple[str, str]]:
        if abs((child.due_on - self.today).days) > MOST_DAYS:
            yield f"{at}/dueOn", f"lies more than {MOST_DAYS} days from today"
        if child.waiting_since > self.today:
            yield f"{at}/waitingSince", "has not come"
        if child.beyond is not None and child.beyond.starts_on is not None and child.beyond.starts_on <= self.horizon:
            yield f"{at}/beyond/startsOn", "lies within the horizon; put the offer among the candidates"
        yield from _twice(f"{at}/candidates", [each.offer for each in child.candidates])
        for number, each in enumerate(child.candidates):
            if each.offer not in offers:
                yield f"{at}/candidates/{number}/offer", f"{each.offer} is not among the places; say how many it has"
            if not self.today <= each.starts_on <= self.horizon:
                yield f"{at}/candidates/{number}/startsOn", "lies before today or after the horizon; leave it out"


def _twice(at: str, ids: Sequence[str]) -> Iterator[tuple[str, str]]:
    twice = [each for each, count in Counter(ids).items() if count > 1]
    if twice:
        yield at, f"more than one is called {', '.join(twice)}"


def _code(need: Need | None) -> int:
    return NEED_CODES.index(need)


def _child(child: ProposalCaseChild) -> Child:
    beyond, kept_out = child.beyond, child.kept_out
    return Child(
        *(child.id, child.due_on, child.waiting_since, child.crisis, child.measure, child.group, child.places),
        beyond=None if beyond is None else Beyond(beyond.offer, beyond.starts_on, beyond.needs),
        kept_out=None if kept_out is None else KeptOut(kept_out.offers, kept_out.reason, kept_out.by_reason),
    )


def read_case(document: object) -> Case:
    """The case that a file (JSON that was parsed) holds; `expected` has to have its shape, and is not compared.

    Raises CaseError: with all that is wrong, or where other rules are asked for.
    """
    if isinstance(document, dict) and document.get("rules", RULES) != RULES:
        raise CaseError(
            ("/rules", f"this release proposes by version {RULES} of the rules; CHANGELOG.md says which has others")
        )
    try:
        read = ProposalCase.model_validate(document)
    except ValidationError as error:
        raise CaseError(*[(pointer(each["loc"]), each["msg"]) for each in error.errors()]) from error
    return read.made()
