"""Children over a norm, as the page shows them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.dossiers.breakthrough.schemas import OverNorm
from app.web.overview.children import (
    CLOCKS,
    choices_in_words,
    needs_in_words,
    refusals_in_words,
    step_in_words,
    who,
)
from app.web.shell.words import count, day


@dataclass(frozen=True, slots=True)
class Possible:
    """An offer that fits, or would: its name and address, whose it is and how they are reached, and what it takes."""

    name: str
    address: str
    provider: str
    phone: str | None
    start: str
    explanation: str


@dataclass(frozen=True, slots=True)
class Child:
    """A child over a norm; `decide` says whether the expert team is asked to decide now."""

    id: str
    who: str
    institution: str
    over: str
    norms: str
    step: str | None
    decide: bool
    choices: Sequence[str]
    needs: str
    refusals: Sequence[str]
    results: Sequence[Possible]
    alternatives: Sequence[Possible]


def child_of(item: Mapping[str, Any]) -> Child:
    """An item of `GET /breakthrough-list` as the page shows it."""
    about = OverNorm.model_validate({name: item[name] for name in _NAMES})
    return Child(
        id=str(about.request_id),
        who=who(about.age, about.municipality),
        institution=about.organisation or "instelling onbekend",
        over=f"{count(about.days_over, 'dag', 'dagen')} over de norm, sinds {day(about.over_norm_since)}",
        norms=", ".join(CLOCKS.get(each.clock, each.clock) for each in about.clocks),
        step=step_in_words(about.escalated_to),
        decide=about.escalated_to == "expert-team",
        choices=choices_in_words(about.choices),
        needs=needs_in_words(about.needs),
        refusals=refusals_in_words(about.refusals),
        results=_possible(item["results"]),
        alternatives=_possible(item["alternatives"]),
    )


_NAMES = tuple(field.alias or name for name, field in OverNorm.model_fields.items())


def _possible(items: Iterable[Any]) -> list[Possible]:
    return [
        Possible(
            name=each["offer"]["name"],
            address=f"/aanbod/{each['offer']['id']}",
            provider=each["provider"]["name"],
            phone=each["provider"]["contact"]["phone"],
            start="start onbekend" if each["expectedStart"] is None else f"vanaf {day(each['expectedStart'])}",
            explanation=each["explanation"],
        )
        for each in items
    ]
