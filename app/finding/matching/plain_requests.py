"""The question for a ranking as it mostly comes: good in every field, and naming no offer or provider.

It is read past `schemas.MatchRequest`, which takes twenty times as long; a test holds the one against the other.
"""

from collections.abc import Set
from datetime import date
from typing import Annotated, Final, NamedTuple

from msgspec import UNSET, Meta, UnsetType
from msgspec.json import Decoder

from app.domain.dates import YearMonth, add_months
from app.finding.matching.schemas import MONTHS_UNBORN
from app.kit.plain_json import Plain, read_plain
from app.ranking import model
from app.reference.lists import Reference, reference

_FIRST_YEAR: Final = 1990
_LAST_YEAR: Final = 2100
_FIRST_DAY: Final = date(1900, 1, 1)
_LAST_DAY: Final = date(2999, 12, 31)
_Month = Annotated[str, Meta(pattern="^[12][0-9]{3}-(?:0[1-9]|1[0-2])\\Z")]
_Pc4 = Annotated[str, Meta(pattern="^[1-9][0-9]{3}\\Z")]
_Km = Annotated[float, Meta(ge=0, le=400)]


class PlainMeasure(Plain, frozen=True):
    """A child-protection measure."""

    type: str
    imposed_on: date


class PlainChild(Plain, frozen=True):
    """The child."""

    birth_month: _Month
    gender: model.ChildGender
    municipality: str
    postcode: _Pc4 | UnsetType | None = UNSET
    measure: PlainMeasure | UnsetType | None = UNSET
    court_authorisation: bool | UnsetType = UNSET


class PlainChoice(Plain, frozen=True):
    """A kind of help, at any offer."""

    care_type: str
    offer_id: UnsetType | None = UNSET
    provider_id: UnsetType | None = UNSET
    max_distance_km: _Km | UnsetType | None = UNSET


class PlainRequest(Plain, frozen=True):
    """What is asked for a child."""

    child: PlainChild
    choices: Annotated[list[PlainChoice], Meta(min_length=1, max_length=3)]
    needs: list[str] | UnsetType = UNSET
    wishes: list[str] | UnsetType = UNSET
    characteristics: list[str] | UnsetType = UNSET
    places: Annotated[int, Meta(ge=1, le=20)] | UnsetType = UNSET
    needed_by: date | UnsetType | None = UNSET
    policy: model.Policy | UnsetType = UNSET
    limit: Annotated[int, Meta(ge=1, le=200)] | UnsetType = UNSET


class Asked(NamedTuple):
    """The request in the ranking's own terms, and how it is ranked and shown."""

    request: model.Request
    policy: model.Policy
    limit: int


_DECODER: Final = Decoder(PlainRequest)


def read(raw: bytes, today: date) -> Asked | None:
    """What a body asks on that day; None where it is not plainly good."""
    body = read_plain(_DECODER, raw)
    if body is None:
        return None
    lists = reference()
    child, choices = _child(body.child, lists, today), _choices(body.choices, lists)
    needs, wishes = _codes(body.needs, lists.specialisations.keys()), _codes(body.wishes, lists.specialisations.keys())
    characteristics = _codes(body.characteristics, lists.exclusion_criteria.keys())
    if child is None or choices is None or needs is None or wishes is None or characteristics is None:
        return None
    needed_by = body.needed_by or None
    if needed_by is not None and not _FIRST_DAY <= needed_by <= _LAST_DAY:
        return None
    request = model.Request(child, choices, needs, wishes, characteristics, body.places or 1, needed_by)
    return Asked(request, body.policy or "timely-first", body.limit or 20)


def _child(child: PlainChild, lists: Reference, today: date) -> model.Child | None:
    """The child, where it is known by codes and days that there are, and that have come."""
    municipality = lists.municipalities.get(child.municipality)
    month = YearMonth(int(child.birth_month[:4]), int(child.birth_month[5:]))
    is_born = month <= YearMonth.of(add_months(today, MONTHS_UNBORN))
    if municipality is None or not _FIRST_YEAR <= month.year <= _LAST_YEAR or not is_born:
        return None
    measure = child.measure or None
    if measure is not None and not (measure.type in lists.measures and _FIRST_DAY <= measure.imposed_on <= today):
        return None
    area = lists.postcodes.get(child.postcode) if child.postcode else None
    return model.Child(
        birth_month=month,
        gender=child.gender,
        municipality=child.municipality,
        region=municipality.region,
        origin=area.point if area else None,
        measure=model.Measure(measure.type, measure.imposed_on) if measure else None,
        court_authorisation=child.court_authorisation or False,
    )


def _choices(choices: list[PlainChoice], lists: Reference) -> tuple[model.Choice, ...] | None:
    found = []
    for each in choices:
        if each.care_type not in lists.care_types:
            return None
        most_km = None if each.max_distance_km is UNSET else each.max_distance_km
        found.append(model.Choice(each.care_type, max_distance_km=most_km))
    return tuple(found)


def _codes(given: list[str] | UnsetType, known: Set[str]) -> frozenset[str] | None:
    """The codes, each of which there is and is named once; none where none were given."""
    if not given:
        return frozenset()
    codes = frozenset(given)
    return codes if len(codes) == len(given) and known >= codes else None
