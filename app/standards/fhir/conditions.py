"""What a search parameter asks of the rows of a type: the repository's conditions."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from app.domain.words import search_text, singular
from app.kit.database.text_search import search_text as searched
from app.reference.lists import reference
from app.reference.tables import MunicipalityRow
from app.standards.fhir.parameters import (
    Condition,
    Span,
    Token,
    Type,
)
from app.standards.fhir.vocabulary import (
    AGB,
    CARE_TYPE,
    KVK,
    LOCATION_KEY,
    OFFER_KEY,
    SPECIALISATION,
    STATES,
    TERMINOLOGY,
    URI,
)
from app.supply.offers.tables import OfferRow
from app.supply.providers.tables import LocationRow, ProviderRow

Made = Callable[[Any], ColumnElement[bool]]
"""The condition that a value makes."""

_TRUE: Final = (None, f"{TERMINOLOGY}/special-values")
_ACTIVE: Final = (None, "http://hl7.org/fhir/location-status")
_MUNICIPALITY: Final = (
    select(MunicipalityRow.name)
    .where(MunicipalityRow.code == LocationRow.municipality_code)
    .correlate(LocationRow)
    .scalar_subquery()
)
_CITY: Final[ColumnElement[str]] = func.coalesce(func.nullif(LocationRow.city, ""), _MUNICIPALITY)


def holds(type_: Type, condition: Condition, changed_at: ColumnElement[datetime]) -> ColumnElement[bool]:
    """That one of the values of the condition holds for a row of the type."""
    made = _MAKERS[type_](condition, changed_at)
    return or_(false(), *(false() if value is None else made(value) for value in condition.values))


def _of_services(condition: Condition, changed_at: ColumnElement[datetime]) -> Made:
    ended = OfferRow.ended_at
    makers: dict[str, Made] = {
        "_id": lambda value: OfferRow.id == value,
        "_lastUpdated": lambda value: _within(changed_at, value),
        "identifier": lambda value: _has_key(value, OFFER_KEY, OfferRow.id, OfferRow.provider_id, OfferRow.key),
        "name": lambda value: _text(OfferRow.name, value, condition.modifier),
        "active": lambda value: _boolean(value, ended.is_(None), ended.is_not(None)),
        "location": lambda value: OfferRow.location_id == value,
        "organization": lambda value: OfferRow.provider_id == value,
        "service-type": lambda value: _coded(value, CARE_TYPE, lambda code: OfferRow.care_type == code, true()),
        "characteristic": lambda value: _coded(
            value,
            SPECIALISATION,
            lambda code: OfferRow.specialisations.contains([code]),
            func.cardinality(OfferRow.specialisations) > 0,
        ),
    }
    return makers[condition.name]


def _of_places(condition: Condition, changed_at: ColumnElement[datetime]) -> Made:
    row, modifier = LocationRow, condition.modifier
    makers: dict[str, Made] = {
        "_id": lambda value: row.id == value,
        "_lastUpdated": lambda value: _within(changed_at, value),
        "identifier": lambda value: _has_key(value, LOCATION_KEY, row.id, row.provider_id, row.key),
        "name": lambda value: _text(row.name, value, modifier),
        "address-city": lambda value: _text(_CITY, value, modifier),
        "address-postalcode": lambda value: _text(row.postcode, "".join(value.split()).upper(), modifier),
        "address-state": lambda value: _in_state(value, modifier),
        "organization": lambda value: row.provider_id == value,
        "status": lambda value: true() if value.system in _ACTIVE and value.code == "active" else false(),
    }
    return makers[condition.name]


def _of_owners(condition: Condition, changed_at: ColumnElement[datetime]) -> Made:
    makers: dict[str, Made] = {
        "_id": lambda value: ProviderRow.id == value,
        "_lastUpdated": lambda value: _within(changed_at, value),
        "identifier": _registered,
        "name": lambda value: _text(ProviderRow.name, value, condition.modifier),
        "active": lambda value: _boolean(value, true(), false()),
    }
    return makers[condition.name]


_MAKERS: Final[dict[Type, Callable[[Condition, ColumnElement[datetime]], Made]]] = {
    "HealthcareService": _of_services,
    "Location": _of_places,
    "Organization": _of_owners,
}


def _within(moment: ColumnElement[datetime], span: Span) -> ColumnElement[bool]:
    """How a moment relates to the span, by the prefixes of the standard."""
    inside = and_(moment >= span.start, moment < span.end)
    return {
        "eq": inside,
        "ne": not_(inside),
        "gt": moment >= span.end,
        "sa": moment >= span.end,
        "ge": moment >= span.start,
        "lt": moment < span.start,
        "eb": moment < span.start,
        "le": moment < span.end,
    }[span.prefix]


def _boolean(token: Token, yes: ColumnElement[bool], no: ColumnElement[bool]) -> ColumnElement[bool]:
    if token.system not in _TRUE:
        return false()
    return {"true": yes, "false": no}.get(token.code or "", false())


def _coded(
    token: Token, system: str, has: Callable[[str], ColumnElement[bool]], has_any: ColumnElement[bool]
) -> ColumnElement[bool]:
    """That it has the code; where a system is asked for alone (`system|`), that it has any code of that."""
    if token.system not in {None, system}:
        return false()
    if token.code is None:
        return has_any if token.system else false()
    return has(token.code)


def _is_urn(token: Token, id_: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    if token.system not in {None, URI} or not (token.code or "").startswith("urn:uuid:"):
        return false()
    return id_ == _uuid(str(token.code).removeprefix("urn:uuid:"))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _has_key(
    token: Token,
    system: str,
    id_: InstrumentedAttribute[UUID],
    provider_id: InstrumentedAttribute[UUID],
    key: InstrumentedAttribute[str],
) -> ColumnElement[bool]:
    """That it is known by this identifier: ours, or its provider's key."""
    if token.code is None and token.system in {system, URI}:
        return true()
    owner, _, own_key = (token.code or "").partition("/")
    if token.system in {None, system} and own_key:
        return and_(provider_id == _uuid(owner), key == own_key)
    return _is_urn(token, id_)


def _registered(token: Token) -> ColumnElement[bool]:
    """That a provider is known by this identifier: ours, or a number that it was given."""
    given = ((AGB, ProviderRow.agb_code), (KVK, ProviderRow.kvk_number))
    if token.code is None:
        any_of = {URI: true()} | {system: column.is_not(None) for system, column in given}
        return any_of.get(token.system or "", false())
    numbers = [column == token.code for system, column in given if token.system in {None, system}]
    return or_(_is_urn(token, ProviderRow.id), *numbers)


def _text(column: ColumnElement[str] | InstrumentedAttribute[Any], value: str, modifier: str) -> ColumnElement[bool]:
    """Without case, accents and hyphens, and in the plural as in the singular, unless `:exact` is asked."""
    if modifier == "exact":
        return column == value
    *before, last = search_text(value).split(" ")
    wanted = " ".join([*before, singular(last)])
    text = searched(column)
    return text.contains(wanted, autoescape=True) if modifier else text.startswith(wanted, autoescape=True)


def _in_state(value: str, modifier: str) -> ColumnElement[bool]:
    tests: dict[str, Callable[[str], bool]] = {
        "exact": lambda state: state == value,
        "contains": lambda state: search_text(value) in search_text(state),
        "": lambda state: search_text(state).startswith(search_text(value)),
    }
    provinces = [code for code, state in STATES.items() if tests[modifier](state)]
    inside = [each.code for each in reference().municipalities.values() if each.province_code in provinces]
    return LocationRow.municipality_code.in_(inside)
