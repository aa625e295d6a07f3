"""Which language the human-readable texts of an answer are in."""

from functools import lru_cache
from typing import Annotated

from fastapi import Depends, Request

from app.domain.language import Language
from app.kit.http.accept import preferences


def language_of(request: Request) -> Language:
    """Dutch, unless `Accept-Language` prefers English over it (RFC 9110 section 12.5.4)."""
    return _preferred(request.headers.get("accept-language", ""))


@lru_cache(1024)
def _preferred(accepted: str) -> Language:
    weights: dict[str, float] = {}
    for each in preferences(accepted):
        primary = each.name.partition("-")[0]
        weights[primary] = max(each.weight, weights.get(primary, 0.0))
    rest = weights.get("*", 0.0)
    return "en" if weights.get("en", rest) > weights.get("nl", rest) else "nl"


async def _language(request: Request) -> Language:
    return language_of(request)


InLanguage = Annotated[Language, Depends(_language)]
"""`nl` or `en`, as the caller prefers."""
