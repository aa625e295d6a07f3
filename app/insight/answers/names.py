"""The names of the codes that figures are broken down by."""

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from app.insight.answers import repository
from app.insight.answers.definitions import Dimension
from app.kit.database.sessions import ReadSession
from app.reference.lists import reference

_OUTSIDE: Final = "buiten de contracten"
_NONE: Final[Mapping[Dimension, str]] = {
    "region": "geen of meer dan één jeugdregio",
    "provider": _OUTSIDE,
    "care-type": _OUTSIDE,
}
"""What stands for no code: of an offer that is in several regions, and of help that nobody here gives."""


async def names_of(session: ReadSession, by: Dimension, codes: Collection[str]) -> dict[str, str]:
    """The names of these codes, of those that have one; in Dutch, the language of the reference lists."""
    lists = reference()
    if by in {"institution", "provider"}:
        ids = [UUID(code) for code in codes if code]
        read = repository.list_institution_names if by == "institution" else repository.list_provider_names
        return {"": _NONE.get(by, "")} | await read(session, ids)
    named = {
        "region": {each.code: each.name for each in lists.regions.values()},
        "from-region": {each.code: each.name for each in lists.regions.values()},
        "supraregion": {each.code: each.name for each in lists.supraregions.values()},
        "municipality": {each.code: each.name for each in lists.municipalities.values()},
        "care-type": {each.code: each.name.nl for each in lists.care_types.values()},
        "reason": {each.code: each.name.nl for each in lists.decline_reasons.values()},
        "criterion": {each.code: each.name.nl for each in lists.exclusion_criteria.values()},
        "cause": {each.code: each.name.nl for each in lists.waiting_causes.values()},
    }.get(by, {})
    return {code: named[code] for code in codes if code in named} | {"": _NONE.get(by, "")}
