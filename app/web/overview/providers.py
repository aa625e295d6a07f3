"""Providers that a form is about: found by words of their name, and called by it."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from app.insight.answers.names import names_of
from app.kit.database.sessions import ReadSession
from app.supply.providers import service
from app.supply.providers.schemas import ProviderQuery
from app.web.overview.areas import Option
from app.web.shell.forms import check_form

MOST: Final = 20
_MOST_LISTED: Final = 200


async def find(session: ReadSession, words: str) -> list[Option]:
    """The providers that have these words in their name, a few at most; none without words."""
    if not words.strip():
        return []
    rows = await service.list_providers(session, check_form(ProviderQuery, {"q": words, "limit": MOST}), None)
    return [Option(str(row.id), row.name) for row in rows]


async def in_regions(session: ReadSession, regions: Iterable[str]) -> list[Option]:
    """The providers that give help in these regions, by name, as many as a list to choose from can hold."""
    asked = sorted(regions)
    if not asked:
        return []
    rows = await service.list_providers(
        session, check_form(ProviderQuery, {"region": asked, "limit": _MOST_LISTED}), None
    )
    return [Option(str(row.id), row.name) for row in rows]


async def named(session: ReadSession, ids: Iterable[UUID]) -> dict[str, str]:
    """The names of providers by id."""
    return await names_of(session, "provider", {str(each) for each in ids})


async def name_of(session: ReadSession, provider_id: str) -> str | None:
    """The name of a provider that a form sends; None where there is none, or it is no id."""
    try:
        found = await named(session, [UUID(provider_id)])
    except ValueError:
        return None
    return next(iter(found.values()), None)
