"""The outcome of a proposal as JSON: `expected` of a case, and what `wijzer propose` prints."""

from datetime import date
from typing import Any

from pydantic import Field

from app.allocation.model import RULES, Change, Help, Line, Method, Proposal
from app.domain.language import Text
from app.kit.schemas import Answer, described
from app.ranking.model import Need


class Words(Answer):
    """A sentence in both languages."""

    nl: str = described("In Dutch.", "Een plek erbij voor dit kind bij o07.")
    en: str = described("In English.", "One place more for this child at o07.")


class HelpsOut(Answer):
    """The one change that would help a child without a place."""

    change: Help = described("What kind of change; `report`: one that says when help can start.", "place")
    offer: str = described("At which offer.", "o07")
    places: int = described("How many places it lacks; 0 where it is not about places.", 1)
    needs: Need | None = described("What a contract or an exception takes.", None)
    text: Words = Field(description="In words.")


class ProposedLineOut(Answer):
    """What is proposed for a child; of a child without a place most is null."""

    child: str = described("The child.", "k1")
    offer: str | None = described("Where it goes.", "o07")
    choice: int | None = described("Which of its choices that answers.", 1)
    starts_on: date | None = described("The first day on which help can start.", "2027-01-18")
    days_late: int = described("Days after the norm; without a place those until the horizon.", 0)
    rank: int | None = described("The place of the offer on the child's own list.", 1)
    reason: Words = Field(description="Why, in a sentence.")
    helps: HelpsOut | None = Field(description="What would help a child without a place, if one thing does.")


class PriceOut(Answer):
    """What a method comes to for all children together."""

    placed: int = described("Children with a place.", 12)
    late: int = described("Children whose help starts after the norm, those without a place by the horizon.", 3)
    days_late: int = described("Days after the norm of all together.", 95)
    first_choices: int = described("Children who get a first choice.", 9)
    envy: int = described("Children who could point to a place that went to a child behind them, or to nobody.", 0)


class EffectOut(Answer):
    """A change, and what the same proposal with it comes to."""

    change: Change = described("What kind of change.", "place")
    offer: str = described("At which offer.", "o07")
    child: str | None = described("For which child, of an exception.", None)
    needs: Need | None = described("What would have to be arranged.", None)
    days_saved: int = described("Days fewer after the norm, of all together.", 41)
    placed: int = described("Children more with a place.", 1)
    late: int = described("Children more who are late; below 0: fewer.", -1)


class ProposalOutcome(Answer):
    """A proposal: advice, of which nothing happens by itself."""

    rules: int = described("The version of the rules that it was made by.", RULES)
    lines: list[ProposedLineOut] = Field(description="A line a child, by the child's id.")
    prices: dict[Method, PriceOut] = Field(description="What each method comes to.")
    effects: list[EffectOut] = Field(description="The changes that would do most, the best first.")
    proven: bool = described("Whether the least lateness is surely the least there is.", True)


def write_proposal(proposal: Proposal) -> dict[str, Any]:
    """The proposal in the shape of `ProposalOutcome`, as JSON."""
    outcome = ProposalOutcome(
        rules=RULES,
        lines=[_line(each) for each in proposal.lines],
        prices={method: PriceOut.model_validate(each) for method, each in proposal.prices.items()},
        effects=[EffectOut.model_validate(each) for each in proposal.effects],
        proven=proposal.proven,
    )
    return outcome.model_dump(mode="json")


def _line(line: Line) -> ProposedLineOut:
    helps = line.helps and HelpsOut(**{**line.helps._asdict(), "text": _words(line.helps.text)})
    return ProposedLineOut(**{**line._asdict(), "reason": _words(line.reason), "helps": helps})


def _words(text: Text) -> Words:
    return Words(nl=text.nl, en=text.en)
