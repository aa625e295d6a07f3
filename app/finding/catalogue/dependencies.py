"""What an endpoint that asks the catalogue is given."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, NamedTuple

from fastapi import Depends, Request

from app.domain.dates import dutch_day
from app.domain.language import Language
from app.finding.catalogue.follower import Follower
from app.kit.http.language import language_of
from app.kit.http.parts import KitParts, parts_of


@dataclass(frozen=True, kw_only=True)
class CatalogueParts(KitParts):
    """With the follower that keeps this worker's catalogue."""

    follower: Follower


class CatalogueContext(NamedTuple):
    """What a question to the catalogue is asked with: one dependency, because it is asked so often."""

    follower: Follower
    now: datetime
    language: Language

    @property
    def today(self) -> date:
        """The date in the Netherlands at that moment."""
        return dutch_day(self.now)


def context_of(request: Request) -> CatalogueContext:
    """What this request asks the catalogue with."""
    parts = parts_of(request.app, CatalogueParts)
    return CatalogueContext(parts.follower, parts.clock(), language_of(request))


async def _context(request: Request) -> CatalogueContext:
    return context_of(request)


Context = Annotated[CatalogueContext, Depends(_context)]
"""This worker's follower of the catalogue, the moment of the request, and the language that the caller prefers."""
