"""What the page of a referral shows: the offer, what its provider gets to see of the child, what stands in the way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.domain.dates import YearMonth, whole_years
from app.dossiers.referrals.obstacle_codes import LABELS, OBSTACLES
from app.dossiers.requests.schemas import RequestOut
from app.reference.lists import reference
from app.web.shell.offers import place_of
from app.web.shell.words import NOTHING, child_in_words

URGENCIES: Final = {"regular": "Regulier", "urgent": "Spoed", "crisis": "Crisis"}
_ORDINALS: Final = ("Eerste", "Tweede", "Derde")


@dataclass(frozen=True, slots=True)
class Addressee:
    """The offer that is referred to."""

    id: str
    name: str
    care_type: str
    provider: str
    place: str
    warnings: list[str]


def addressee(item: Mapping[str, Any]) -> Addressee:
    """An item of `GET /availability` as the one that is referred to."""
    offer = item["offer"]
    return Addressee(
        offer["id"],
        offer["name"],
        offer["careTypeName"],
        item["provider"]["name"],
        place_of(offer),
        [each["detail"] for each in item["warnings"]],
    )


def told(child: RequestOut, today: date) -> list[tuple[str, str]]:
    """What the provider gets to see of the child."""
    lists = reference()
    age = whole_years(YearMonth.parse(child.child.birth_month), today)
    known = lists.municipalities.get(child.child.municipality)
    needs = [lists.specialisations[each].name.nl for each in child.needs]
    characteristics = [lists.exclusion_criteria[each].name.nl for each in child.characteristics]
    return [
        ("Jeugdige", child_in_words(child.child.gender, age)),
        ("Gemeente", known.name if known else child.child.municipality),
        ("Moet kunnen", ", ".join(needs) or NOTHING),
        ("Bijzonderheden", ", ".join(characteristics) or NOTHING),
        *([("Samen met", f"{len(child.siblings)} van het gezin")] if child.siblings else []),
    ]


def stands_for(child: RequestOut) -> list[tuple[str, str]]:
    """What the referral can be to the child."""
    names = [reference().care_types[each.care_type].name.nl for each in child.choices]
    choices = [(str(at), f"{_ORDINALS[at - 1]} keuze: {name}") for at, name in enumerate(names, start=1)]
    return [*choices, ("alternative", "Alternatief voor de keuzen"), ("bridging", "Overbrugging tot de hulp start")]


def obstacles(reasons: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """What stands in the way: each reason with its words, and what is said of it."""
    return [(each, LABELS[each].nl, reasons[each]) for each in OBSTACLES if each in reasons]
