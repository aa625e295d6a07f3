"""The names of the codes that figures are broken down by."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Final
from uuid import UUID

from app.dossiers.agreements.steps import STEP_NAMES
from app.insight.answers import repository
from app.insight.answers.definitions import Dimension
from app.kit.database.sessions import ReadSession
from app.reference.lists import reference

NONE: Final = "none"
"""The code of what has none: of a child without a measure, of a referral that was not declined."""
OUTSIDE: Final = "outside"
"""The code of help outside the contracts, which has no provider or care type here."""

_OUTSIDE: Final = {OUTSIDE: "hulp buiten de contracten", "": "hulp buiten de contracten"}
_KINDS: Final = {
    "protection": "jeugdbescherming",
    "youth-probation": "jeugdreclassering",
    "preventive": "preventief",
    NONE: "geen maatregel",
    "light-contract": "licht contract",
    "ceiling-exception": "uitzondering op een budgetplafond",
    "longer-distance": "grotere afstand",
    "provider-consent": "instemming van de aanbieder",
}
"""Of measures, and of arrangements."""


async def names_of(session: ReadSession, by: Dimension, codes: Collection[str]) -> dict[str, str]:
    """The names of these codes, of those that have one; in Dutch, the language of the reference lists."""
    if by in {"institution", "provider"}:
        ids = list(_ids(codes))
        read = repository.list_institution_names if by == "institution" else repository.list_provider_names
        named: Mapping[str, str] = _OUTSIDE | await read(session, ids)
    else:
        named = _named(by)
    return {code: named[code] for code in codes if code in named}


def _ids(codes: Iterable[str]) -> Iterator[UUID]:
    """Those of the codes that are ids: an institution that is not registered here goes by its name."""
    for code in codes:
        with suppress(ValueError):
            yield UUID(code)


def _named(by: Dimension) -> Mapping[str, str]:
    lists = reference()
    regions = {each.code: each.name for each in lists.regions.values()}
    named: dict[Dimension, Mapping[str, str]] = {
        "region": regions | {"": "geen of meer dan één jeugdregio"},
        "from-region": regions,
        "to-region": regions | {NONE: "plaats niet bekend"},
        "supraregion": {each.code: each.name for each in lists.supraregions.values()},
        "municipality": {each.code: each.name for each in lists.municipalities.values()},
        "care-type": {each.code: each.name.nl for each in lists.care_types.values()} | _OUTSIDE,
        "reason": {each.code: each.name.nl for each in lists.decline_reasons.values()} | {NONE: "niet afgewezen"},
        "criterion": {each.code: each.name.nl for each in lists.exclusion_criteria.values()},
        "cause": {each.code: each.name.nl for each in lists.waiting_causes.values()},
        "referrer": {each.code: each.name.nl for each in lists.referrers.values()},
        "step": {step: name.nl for step, name in STEP_NAMES.items()},
        "kind": _KINDS,
    }
    return named.get(by, {})
