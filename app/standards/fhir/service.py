"""Reading and searching what is given as FHIR."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import numpy as np

from app.domain.dates import dutch_day, dutch_midnight
from app.domain.language import Language, Text
from app.finding.catalogue.availability import availabilities, show
from app.finding.catalogue.catalogue import Catalogue
from app.kit.database.sessions import ReadSession, ReplicaReader
from app.kit.errors import NotFoundError
from app.standards.fhir import repository, resources
from app.standards.fhir.elements import Element, versioned
from app.standards.fhir.parameters import Type
from app.standards.fhir.repository import (
    Found,
    Owner,
    Place,
    Service,
)
from app.standards.fhir.search import Search

_UNKNOWN: Final = {"status": "unknown", "expectedStart": None, "waitDays": None, "observedAt": None}


@dataclass(frozen=True, slots=True)
class View:
    """How resources are to be shown: from what is known now, to whom, and in which language."""

    catalogue: Catalogue
    now: datetime
    language: Language
    public: bool

    @property
    def today(self) -> date:
        """The date in the Netherlands."""
        return dutch_day(self.now)

    @property
    def day_began(self) -> datetime:
        """When today began in the Netherlands, in UTC."""
        return dutch_midnight(self.today)

    def availabilities_of(self, services: Sequence[Service]) -> list[dict[str, Any] | None]:
        """The availability of each of these; None where the offer has ended."""
        given = [each.offer.id for each in services if each.offer.ended_at is None]
        found = iter(self._availabilities(given))
        return [next(found) if each.offer.ended_at is None else None for each in services]

    def _availabilities(self, offer_ids: Sequence[UUID]) -> list[dict[str, Any]]:
        """The availability of each of these offers, by the catalogue's own rules; `unknown` where it has none."""
        slots = [self.catalogue.find_slot(str(each)) for each in offer_ids]
        known = [slot for slot in slots if slot is not None]
        if not known:
            return [dict(_UNKNOWN) for _ in slots]
        given, today = np.array(known), self.today.toordinal()
        offers = self.catalogue.take(given)
        found = availabilities(offers, self.catalogue.stopped(given, today), today)
        notes = [self.catalogue.entry(slot).note for slot in known]
        pairs = zip(show(offers, found, today, notes, public=self.public), found.due.tolist(), strict=True)
        shown = iter([{**each, "unconfirmedSince": due} for each, due in pairs])
        return [dict(_UNKNOWN) if slot is None else next(shown) for slot in slots]


@dataclass(frozen=True, slots=True)
class Page:
    """What was found: how many in all, the resources of the page and what comes with them, and the last one's id."""

    total: int
    matches: list[Element]
    included: list[Element]
    last: UUID | None


async def read(reader: ReplicaReader, type_: Type, id_: UUID, view: View) -> tuple[Element, datetime]:
    """A resource, and when it last changed; `NotFoundError` where there is none."""
    found = await reader(lambda session: repository.find(session, type_, id_, view.day_began))
    if found is None:
        raise NotFoundError(Text(nl=f"{type_}/{id_}", en=f"{type_}/{id_}"))
    return show_all([found], view)[0], found.changed_at


async def search(reader: ReplicaReader, question: Search, view: View) -> Page:
    """The page that was asked for."""

    async def look(session: ReadSession) -> tuple[int, list[Found], list[Found]]:
        total, found = await repository.search(
            session,
            question.type,
            question.conditions,
            view.day_began,
            limit=question.count and question.count + 1,
            after=question.after,
        )
        shown = found[: question.count]
        included = [
            each
            for type_ in sorted(question.includes)
            for each in await repository.list_by_id(session, type_, _named(shown, type_), view.day_began)
        ]
        return total, found, included

    total, found, included = await reader(look)
    matches = show_all(found[: question.count], view)
    last = UUID(matches[-1]["id"]) if len(found) > len(matches) > 0 else None
    return Page(total, matches, show_all(included, view), last)


def _named(found: Sequence[Found], type_: Type) -> list[UUID]:
    """The ids of that type that these refer to."""
    ids: set[UUID | None] = set()
    for each in found:
        if isinstance(each, Service):
            ids.add(each.offer.provider_id if type_ == "Organization" else each.offer.location_id)
        elif isinstance(each, Place):
            ids.add(each.location.provider_id)
    return [each for each in ids if each is not None]


def show_all(found: Sequence[Found], view: View) -> list[Element]:
    """What was found, as resources with their versions."""
    available = iter(view.availabilities_of([each for each in found if isinstance(each, Service)]))
    return [versioned(_show(each, available, view.language), each.changed_at) for each in found]


def _show(found: Found, available: Iterator[dict[str, Any] | None], language: Language) -> Element:
    match found:
        case Service():
            return resources.healthcare_service(found, next(available), language)
        case Place():
            return resources.location(found)
        case Owner():
            return resources.organization(found.provider)
