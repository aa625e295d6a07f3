"""Whose figures a caller sees: a region its own, an institution its own, those above them all of theirs."""

from collections.abc import Collection, Mapping
from typing import Final

from app.domain.language import Text
from app.insight.answers.definitions import Dimension, Resource
from app.insight.answers.questions import Scope
from app.insight.answers.schemas import Whose
from app.kit.errors import ForbiddenError, InputError, InvalidInputError
from app.kit.security.callers import Caller, Role
from app.reference.lists import reference

_OTHER_REGION: Final = Text(
    nl="U ziet alleen de cijfers van uw eigen regio's.", en="You see the figures of your own regions alone."
)
_OTHER_OWNER: Final = Text(nl="U ziet alleen uw eigen cijfers.", en="You see your own figures alone.")
_NO_FILTER: Final = Text(
    nl="Deze cijfers zijn niet naar {by} uit te splitsen of te beperken; wel naar: {possible}.",
    en="These figures cannot be broken down by {by} or confined to one; they can by: {possible}.",
)
_TOO_FINE: Final = Text(
    nl="Voor uw rol kan maar één verdeling tegelijk, beneden de regio; laat {names} weg.",
    en="For your role one breakdown at a time is possible, below the region; leave out {names}.",
)
_OVERLAPPING: Final = Text(
    nl="Voor uw rol is dit niet naar {by} uit te splitsen of te beperken: een kind staat dan in meer rijen, waaruit "
    "kleine aantallen zouden volgen.",
    en="For your role this cannot be broken down by {by} or confined to one: a child then stands in several rows, from "
    "which small counts would follow.",
)
_FILTERS: Final[Mapping[Dimension, str]] = {
    "municipality": "municipality",
    "institution": "institution",
    "provider": "provider",
    "care-type": "care_type",
}
"""The dimensions that figures can be confined to a code of, with the name of the field that asks it."""


def scope_of(caller: Caller) -> Scope:
    """What a caller sees; `ForbiddenError` where that is nothing."""
    match caller.role:
        case Role.REGION:
            return Scope(regions=frozenset([caller.region or ""]), sees_small=True)
        case Role.GI | Role.LOCAL_TEAM:
            return Scope(organisation_id=caller.organisation_id, sees_small=True)
        case Role.PROVIDER:
            return Scope(provider_id=caller.provider_id)
        case Role.SUPRAREGION:
            return Scope(regions=frozenset(reference().supraregions[caller.supraregion or ""].regions))
    return Scope()


def regions_asked(scope: Scope, asked: Whose) -> frozenset[str] | None:
    """The regions that are asked of; None: all. `ForbiddenError` for one that the caller does not see."""
    named = frozenset([asked.region]) if asked.region else None
    if asked.supraregion:
        together = frozenset(reference().supraregions[asked.supraregion].regions)
        named = together if named is None else named & together
    if named is None:
        return scope.regions
    if scope.regions is not None and not named <= scope.regions:
        raise ForbiddenError(_OTHER_REGION)
    return named


def sees(caller: Caller, asked: Whose) -> bool:
    """Whether a caller sees the figures of these regions: a region does not see those of its supraregion together."""
    try:
        regions_asked(scope_of(caller), asked)
    except ForbiddenError:
        return False
    return True


def filters_asked(resource: Resource, scope: Scope, by: Dimension, asked: Whose) -> dict[Dimension, str]:
    """The codes that figures are confined to, by dimension.

    `InvalidInputError` for one that the resource does not have, or that is finer than the caller may see;
    `ForbiddenError` for another's.
    """
    given = {name: str(value) for name, field in _FILTERS.items() if (value := getattr(asked, field)) is not None}
    errors = [_impossible(resource, name) for name in given if name not in resource.by]
    if by not in resource.by:
        errors.append(_impossible(resource, by, "#/query/by"))
    finer = [name for name in given if name != by]
    if resource.is_of_children and not scope.sees_small and len(finer) + (by not in {"region", "supraregion"}) > 1:
        names = ", ".join(sorted(finer))
        errors.append(InputError("#/query", "too-fine", _TOO_FINE.format(names=names)))
    if resource.is_of_children and not scope.sees_small:
        errors += _overlaps(resource, scope, by, given)
    if errors:
        raise InvalidInputError(*errors)
    _check_own(scope, given)
    return given


def _overlaps(resource: Resource, scope: Scope, by: Dimension, given: Collection[Dimension]) -> list[InputError]:
    """What cannot be asked of somebody who sees no small counts, since one child may be in several of its rows."""
    is_own = by in resource.of_others and scope.regions is not None and len(scope.regions) == 1
    several = resource.overlapping - {"supraregion"}
    asked = {name: f"#/query/{_camel(name)}" for name in given} | ({} if is_own else {by: "#/query/by"})
    return [
        InputError(where, "overlapping", _OVERLAPPING.format(by=name))
        for name, where in asked.items()
        if name in several
    ]


def _impossible(resource: Resource, name: Dimension, pointer: str | None = None) -> InputError:
    text = _NO_FILTER.format(by=name, possible=", ".join(resource.by))
    return InputError(pointer or f"#/query/{_camel(name)}", "not-applicable", text)


def _camel(name: str) -> str:
    first, *rest = name.split("-")
    return first + "".join(part.capitalize() for part in rest)


def _check_own(scope: Scope, given: Mapping[Dimension, str]) -> None:
    owned = {"institution": scope.organisation_id, "provider": scope.provider_id}
    for name, own in owned.items():
        code = given.get(name)  # type: ignore[call-overload]  # both are dimensions
        if own is not None and code is not None and code != str(own):
            raise ForbiddenError(_OTHER_OWNER)
